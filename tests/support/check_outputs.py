#!/usr/bin/env python3
"""Read what `qgate check --output` wrote as its readers would, and say where it is not what it has to be.

usage: check_outputs.py SCHEMAS DIRECTORY… [--job=URL]

A DIRECTORY holds json, markdown, codequality, junit, metrics, cobertura, annotations, dotenv and terminal: files
named by their format, of one run. Where texts.json is (hostile_texts.py), no text of it may have an effect.
"""
import json
import pathlib
import re
import shlex
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

import jsonschema

from hostile_texts import CONTROLS, SENTINEL, harmless

OUTCOMES = ["passed", "not applicable", "waived", "warned", "no data", "error", "failed"]
MARKER = re.compile(r"<!-- qgate:(?:note|thread) v1 policy=(?:[A-Za-z0-9._/-]|%[0-9A-F]{2})+ "
                    r"stage=(?:[A-Za-z0-9._/+-]|%[0-9A-F]{2})+(?: id=[0-9a-f]{32})? -->")
DETAILS = re.compile(r"<details><summary>[A-Za-z0-9 ,]+</summary>|</details>")
BLOCKS = {"document", "paragraph", "table", "table_header", "table_row", "table_cell", "text", "code", "strong",
          "softbreak", "html_block", "html_inline"}


def need(condition, *what):
    if not condition:
        raise AssertionError(" ".join(map(str, what)))


def has_controls(text):
    return any(unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in CONTROLS for c in text)


def clean_lines(text, what):
    need(text.endswith("\n"), what, "ends without a newline")
    for number, line in enumerate(text[:-1].split("\n"), 1):
        need(not has_controls(line), what, "line", number, "has a control character:", ascii(line))


# --- markdown: the tree that GitLab's own parser makes of it


def parsed(text):
    xml = subprocess.run(
        ["cmark-gfm", "-t", "xml", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist",
         "-e", "footnotes"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    # the parser writes characters that XML does not have
    root = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", xml).replace("\ufffe", "").replace("\uffff", ""))
    for node in root.iter():
        node.tag = node.tag.split("}")[-1]
    return root


def check_node(node, job):
    if node.tag == "link" and job:
        need(node.get("destination") == job, "a link to", node.get("destination"))
        return
    need(node.tag in BLOCKS, "Markdown has a", node.tag)
    text = node.text or ""
    if node.tag == "html_inline":
        need(text in ("<br>", "<sub>", "</sub>"), "HTML:", text)
    elif node.tag == "html_block":
        for line in text.strip().split("\n"):
            need(DETAILS.fullmatch(line) or MARKER.fullmatch(line), "HTML:", line)
    elif node.tag != "code":
        need(SENTINEL not in text, "text outside of a code span:", text)
        need(not re.search(r"[@<>|`*_\[\]{}$#!~\\&]", text), "Markdown's own characters in:", text)


def check_lines(text):
    """What GitLab looks at before it parses: quick actions are lines, with carriage returns deleted."""
    lines = text[:-1].split("\n")
    for line in lines:
        need(not line.startswith("/"), "a quick action:", line)
        need(line == "" or re.match(r"[*|<…A-Z0-9]", line), "a line that begins with text:", line)
        need(not line.endswith("  "), "a hard line break:", line)
    marks = [number for number, line in enumerate(lines) if line.startswith("<!--")]
    need(marks == [len(lines) - 1] and MARKER.fullmatch(lines[-1]), "the marker is not the last line:", marks)
    need(len(text.encode()) < 1 << 20, "a note of", len(text.encode()), "bytes")


def in_the_note(text, spans):
    """A code span shows it as it is, but for more backticks in a row than a span can hold."""
    text = re.sub("`{21}", "`" * 20 + "'", harmless(text))
    return text == "" or any(text.replace("\ufffe", "").replace("\uffff", "") in span for span in spans)


def check_markdown(text, verdict, texts, job):
    clean_lines(text, "markdown")
    check_lines(text)
    need(text.startswith("**qgate: "), "the first line:", text[:80])
    root = parsed(text)
    for node in root.iter():
        check_node(node, job)
    need(root.find("table") is not None or not list(rulings(verdict)), "no table of rules")
    spans = [node.text or "" for node in root.iter("code")]
    for gate in verdict["gates"][:12]:
        need(gate["outcome"] == "passed" or in_the_note(gate["name"], spans), "the gate is not there:", gate["name"])
    if len(texts) == 1 and len(texts[0]) < 100:
        need(in_the_note(texts[0], spans), "no code span shows", ascii(texts[0]))
    word = "warned" if verdict["outcome"] == "passed" and verdict["exit_status"] == 1 else verdict["outcome"]
    need(text.startswith(f"**qgate: {word.replace('_', ' ')}.**"), "the outcome is", word)


# --- what GitLab's widgets read


def rulings(verdict):
    """Gate, rule and outcome as the gate counts it."""
    for gate in verdict["gates"]:
        for rule in gate["rules"]:
            worst = OUTCOMES.index(rule["outcome"].replace("_", " "))
            yield gate, rule, min(worst, 2) if gate["waiver"] else worst


def check_codequality(text, verdict, schema):
    clean_lines(text, "codequality")
    defects = json.loads(text)
    jsonschema.Draft202012Validator(schema).validate(defects)
    prints = [d["fingerprint"] for d in defects]
    need(len(prints) == len(set(prints)), "codequality: a fingerprint stands twice")
    need("<" not in text and "%{" not in text, "codequality: markup for GitLab's widget")
    need(not any(d["location"]["path"].startswith(("/", "../")) for d in defects), "codequality: outside of the repository")
    wrong = any(outcome > 2 for _, _, outcome in rulings(verdict)) or verdict["reason"] or \
        any(r["unread"] for r in verdict["reports"])
    need(bool(defects) == bool(wrong), "codequality lists", len(defects))


def xmllint(*arguments):
    done = subprocess.run(["xmllint", "--noout", "--nonet", *map(str, arguments)], stderr=subprocess.PIPE, check=False)
    need(done.returncode == 0, done.stderr.decode(errors="replace")[:2000])


def check_junit(path, verdict, schemas):
    text = path.read_text(encoding="utf-8")
    clean_lines(text, "junit")
    xmllint("--schema", schemas / "junit.xsd", path)
    root = ElementTree.fromstring(text)
    kinds = {0: None, 1: "skipped", 2: "skipped", 3: "skipped", 4: "error", 5: "error", 6: "failure"}
    expected = [kinds[outcome] for _, _, outcome in rulings(verdict)]
    expected += [kinds[OUTCOMES.index(r["unread"]["outcome"].replace("_", " "))] for r in verdict["reports"] if r["unread"]]
    expected += [kinds[OUTCOMES.index(verdict["outcome"].replace("_", " "))]] if verdict["reason"] else []
    found = [case[0].tag if len(case) else None for case in root.iter("testcase")]
    need(found == expected, "junit:", found, "instead of", expected)
    # GitLab: of cases with one name and class the first is kept; 30 MB; a suite is called after the class
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    need(len(names) == len(set(names)) and all(all(name) for name in names), "junit: names")
    need(path.stat().st_size < 30 * 10 ** 6, "junit: size")
    for node in (root, *root.iter("testsuite")):
        cases = [case[0].tag if len(case) else None for case in node.iter("testcase")]
        counts = [len(cases)] + [cases.count(kind) for kind in ("failure", "error", "skipped")]
        need(counts == [int(node.get(name)) for name in ("tests", "failures", "errors", "skipped")], "junit: counts")


NAME = r"[a-zA-Z_][a-zA-Z0-9_]*"
LABEL = rf'{NAME}="(?:[^"\\\n]|\\[\\"n])*"'
SAMPLE = re.compile(rf"({NAME})(\{{{LABEL}(?:,{LABEL})*\}})? (-?[0-9]+(?:\.[0-9]+)?)")


def metrics_families(text):
    """OpenMetrics 1.0, of gauges only: the values of each family."""
    clean_lines(text, "metrics")
    lines = text[:-1].split("\n")
    need(lines.pop() == "# EOF", "metrics: no # EOF")
    family, families, series, values = None, set(), set(), {}
    for line in lines:
        comment = re.fullmatch(rf"# (TYPE|HELP) ({NAME}) (.+)", line)
        if comment and comment[1] == "TYPE":
            need(comment[3] == "gauge" and comment[2] not in families, "metrics:", line)
            family = comment[2]
            families.add(family)
        elif comment:
            need(comment[2] == family, "metrics:", line)
        else:
            sample = SAMPLE.fullmatch(line)
            need(sample and sample[1] == family, "metrics:", line)
            need((sample[1], sample[2]) not in series, "metrics: twice:", line)
            series.add((sample[1], sample[2]))
            values.setdefault(family, []).append(sample[3])
    return values


def check_metrics(text, verdict):
    """By the format; then as GitLab reads it."""
    values = metrics_families(text)
    need([int(v) for v in values.get("qgate_rule_outcome", [])] == [o for _, _, o in rulings(verdict)],
         "metrics: outcomes of rules")
    need(values["qgate_exit_status"] == [str(verdict["exit_status"])], "metrics: exit status")
    seen = set()
    for line in text[:-1].split("\n")[:-1]:
        words = shlex.split(re.sub(r"#.*$", "", line))
        need(len(words) in (0, 2), "metrics: GitLab reads", words)
        need(not words or words[0] not in seen, "metrics: GitLab has it twice:", words)
        seen.update(words[:1])


def check_cobertura(path, schemas):
    clean_lines(path.read_text(encoding="utf-8"), "cobertura")
    xmllint("--dtdvalid", schemas / "cobertura.dtd", path)
    root = ElementTree.parse(path).getroot()
    # GitLab: 10 MiB; a source without the project's path is not used, and a name without one is a path of the
    # repository as it stands; one bad number ends the file; of a line that stands twice the last one counts
    need(path.stat().st_size <= 10 << 20, "cobertura: size")
    for line in root.iter("line"):
        need(re.fullmatch("[1-9][0-9]*", line.get("number")) and line.get("hits") in ("0", "1"), "cobertura:", line.attrib)
    need([s.text for s in root.iter("source")] == ["."], "cobertura: sources")
    names = [c.get("filename") for c in root.iter("class")]
    need(not any(name.startswith("/") or ".." in name.split("/") for name in names), "cobertura: names", names)
    need(len(names) == len(set(names)), "cobertura: a file stands twice")
    valid = hit = 0
    for file in root.iter("class"):
        numbers = [int(line.get("number")) for line in file.iter("line")]
        need(numbers == sorted(set(numbers)), "cobertura: lines of", file.get("filename"))
        valid += len(numbers)
        hit += sum(int(line.get("hits")) for line in file.iter("line"))
    need([hit, valid] == [int(root.get("lines-" + name)) for name in ("covered", "valid")], "cobertura: counts")


def check_annotations(text, schema, job):
    clean_lines(text, "annotations")
    need(len(text.encode()) < 80 * 1024, "annotations of", len(text.encode()), "bytes")
    links = json.loads(text)
    jsonschema.Draft202012Validator(schema).validate(links)
    for link in (entry["external_link"] for entry in links["qgate"]):
        known = r"https://nvd\.nist\.gov/vuln/detail/CVE-[0-9A-Za-z-]+|https://github\.com/advisories/GHSA-[0-9A-Za-z-]+"
        need(re.fullmatch(known, link["url"]) or (job and link["url"].startswith(job + "/artifacts/file/")),
             "annotations: a link to", link["url"])


def check_dotenv(text, verdict):
    clean_lines(text, "dotenv")
    lines = text[:-1].split("\n")
    need(len(lines) <= 20 and len(text) < 5 * 1024, "dotenv:", len(lines), "variables,", len(text), "bytes")
    found = {}
    for line in lines:
        need(re.fullmatch(r"QGATE_[A-Z_]+=(?:[0-9]+|passed|failed|error|no_data)", line), "dotenv:", line)
        key, value = line.split("=")
        need(key not in found, "dotenv: twice:", key)
        found[key] = value
    need(found["QGATE_OUTCOME"] == verdict["outcome"], "dotenv: outcome")
    beside = {"flaky_tests": "FLAKY_TESTS", "suspected_flaky_tests": "SUSPECTED_FLAKY_TESTS",
              "small_changes": "SMALL_CHANGES", "disclosed": "DISCLOSED"}
    for what, key in beside.items():
        need(int(found["QGATE_" + key]) == verdict["counts"][what], "dotenv:", what)
    for what in ("gates", "rules"):
        for outcome, count in verdict["counts"][what].items():
            need(int(found[f"QGATE_{what.upper()}_{outcome.upper()}"]) == count, "dotenv:", what, outcome)


def check_directory(directory, schemas, job):
    texts = directory / "texts.json"
    texts = json.loads(texts.read_text(encoding="utf-8")) if texts.exists() else []

    def read(name):
        return (directory / name).read_bytes().decode("utf-8")

    def schema(name):
        return json.loads((schemas / f"{name}.schema.json").read_text(encoding="utf-8"))

    verdict = json.loads(read("json"))
    clean_lines(read("json"), "json")
    clean_lines(read("terminal"), "terminal")
    check_markdown(read("markdown"), verdict, texts, job)
    check_codequality(read("codequality"), verdict, schema("codequality"))
    check_junit(directory / "junit", verdict, schemas)
    check_metrics(read("metrics"), verdict)
    check_cobertura(directory / "cobertura", schemas)
    check_annotations(read("annotations"), schema("annotations"), job)
    check_dotenv(read("dotenv"), verdict)


def main():
    job = next((word.split("=", 1)[1] for word in sys.argv[1:] if word.startswith("--job=")), None)
    schemas, *directories = (pathlib.Path(word) for word in sys.argv[1:] if not word.startswith("--"))
    for directory in directories:
        try:
            check_directory(directory, schemas, job)
        except AssertionError as wrong:
            sys.exit(f"{directory}: {wrong}")


if __name__ == "__main__":
    main()
