#!/usr/bin/env python3
"""Texts that want to be more than text, and a build whose reports and policy consist of them.

usage: hostile_texts.py DIRECTORY           write a build of all texts
       hostile_texts.py --each DIRECTORY    write a build of each text: DIRECTORY/0, DIRECTORY/1 …
       hostile_texts.py --some DIRECTORY    write builds of up to 25 texts; issue N is at line N of src/fee.c
       hostile_texts.py --json              print all texts

Every text holds SENTINEL, so that a test can find it wherever it should not be.
"""
import json
import pathlib
import re
import sys
import unicodedata
from xml.sax.saxutils import quoteattr

SENTINEL = "xyzzy"

TEXTS = [text.replace("@@", SENTINEL) for text in (
    # quick actions of GitLab
    "/merge @@",
    "/close\n@@",
    "@@\n/approve",
    "@@\r\n/assign me",
    "@@\r/label ~bug",
    "\r/\rmerge @@",
    "@@\n\n/spend 1h\n\n",
    "</summary>\n\n/merge\n\n@@",
    "`\n/merge\n`@@",
    "\u2028/merge @@\u2029",
    # mentions and references
    "@all @@",
    "@root, look at @@",
    "@@ @group/project",
    "#1 !2 &3 $4 %5 ~6 @@",
    "group/project#1@@ [vulnerability:1] *iteration:1",
    "~\"a label\" %\"a milestone\" @@",
    "@\u200ball @@",
    ":tada: :100: @@",
    # links, images, autolinks
    "[@@](http://evil.example/)",
    "[@@](javascript:alert(1))",
    "![@@](http://evil.example/pixel.png)",
    "[@@]: http://evil.example/",
    "[@@][1]\n\n[1]: http://evil.example/",
    "<http://evil.example/@@>",
    "http://evil.example/@@",
    "www.evil.example/@@",
    "mailto:a@evil.example @@",
    "a@evil.example @@",
    "[[@@]] [[wiki|@@]]",
    "[[ATTACHMENT|../../secret/@@]]",
    # code spans and fences
    "`",
    "``",
    "@@`",
    "`@@",
    "`@@`",
    "a`b``c```d````e @@",
    "``` @@",
    "```\n@@\n```",
    "~~~\n@@",
    "````\n```\n@@\n```\n````",
    "\\`@@\\`",
    "` ` @@ ` `",
    "$`@@`$",
    # tables
    "a|b|@@",
    "a\\|b\\|@@",
    "a\\\\|b\\\\\\|@@",
    "`|`|@@",
    "| a | b |\n|---|---|\n| @@ | d |",
    "@@ |",
    "|",
    "---|---|@@",
    # HTML
    "</details>@@",
    "</summary></details>\n\n# @@",
    "<script>alert('@@')</script>",
    "<img src=x onerror=alert(1) alt=@@>",
    "<a href=http://evil.example/>@@</a>",
    "<b>@@",
    "<br>@@<br/>",
    "&lt;b&gt;@@&lt;/b&gt; &#60;i&#62; &copy;",
    "<style>*{display:none}</style>@@",
    "<?php @@ ?>",
    "<![CDATA[@@]]>",
    "]]>@@",
    "<!DOCTYPE @@>",
    "\"/><failure message=\"@@",
    "' onclick='@@",
    # comments and forged markers
    "<!-- @@",
    "@@ -->",
    "--> @@ <!--",
    "<!-- qgate:note v1 policy=.qgate.yml stage=build -->@@",
    "@@\n<!-- qgate:note v1 policy=.qgate.yml stage=build -->",
    "build --> @@",
    # blocks of Markdown
    "# @@",
    "> @@",
    "- @@",
    "1. @@",
    "- [ ] @@",
    "***",
    "*@@* **@@** _@@_ ~~@@~~",
    "@@\n===",
    "@@  \nnext",
    "@@\\\nnext",
    "    @@",
    "\t@@",
    ":::details\n@@\n:::",
    "---\ntitle: @@\n---",
    "+++\ntitle = '@@'\n+++",
    "[^1]\n\n[^1]: @@",
    "$$\n\\frac{@@}{0}\n$$",
    "$@@$ \\(@@\\)",
    "```mermaid\ngraph TD; @@-->b;\n```",
    "```plantuml\n!include http://evil.example/@@\n```",
    "::include{file=@@}",
    "[[_TOC_]] [TOC] @@",
    "{+ @@ +} [- @@ -]",
    "`#FF0000` @@",
    "%{danger_start}@@%{danger_end}",
    "%{@@}",
    # terminals
    "\x1b[2J\x1b[31m@@",
    "\x1b]0;@@\x07",
    "\x9b31m@@",
    "@@\x00\x08\x7f",
    "section_end:0:@@\r\x1b[0K",
    # order and width
    "\u202egnp.@@",
    "\u2066@@\u2069 \u061c\u200f",
    "\u200b\u200c\u200d\u2060\ufeff@@",
    "\ufffe\uffff\ufdd0@@",
    "e\u0301\u0301\u0301@@ 測試 👩\u200d💻",
    # lines and fields
    "@@\nQGATE_OUTCOME=passed",
    "QGATE_EXIT_STATUS=0 @@",
    "@@\"} 1\nqgate_exit_status 0",
    "@@\"} 1 # {a=\"b\"} 1",
    "@@ # EOF",
    "@@ '\" \\\" \\",
    "@@\\",
    "@@\\n\\\\",
    "$(touch @@) `touch @@`",
    "=cmd|' /C calc'!@@",
    "+1+@@",
    "-1+@@",
    "@SUM(1,@@)",
    # sizes
    "@@" * 180,
    "`" * 150 + "@@",
    "|" * 150 + "@@",
    "<" * 150 + "@@",
    # what is not there
    " ",
    "@@",
)]

CONTROLS = "\u061c\u200e\u200f" + "".join(map(chr, [*range(0x2028, 0x202f), *range(0x2066, 0x206a)]))


def harmless(text):
    """As gates/base/text.h has it."""
    text = text.strip(" \t\n\r")
    text = re.sub("[\t\n\r]", " ", text)
    return "".join("?" if unicodedata.category(c) == "Cc" or c in CONTROLS else c for c in text)


def in_policy(text):
    """Policies with control characters are refused: what is left of the text."""
    return "".join(c for c in text.replace("\ufffe", "").replace("\uffff", "") if ord(c) >= 0x20
                   and not 0x7f <= ord(c) <= 0x9f and c not in CONTROLS).strip() or SENTINEL


def attribute(text):
    """XML takes few control characters; qgate sees to the others."""
    text = quoteattr(text.replace("\0", ""), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
    return "".join(c if ord(c) >= 0x20 else f"&#{ord(c)};" for c in text)


def write_junit(path, texts):
    path.write_text("<testsuites>" + "".join(
        f"<testsuite name={attribute(t)}><testcase classname={attribute(t)} name={attribute(t)} file={attribute(t)}>"
        f"<failure message={attribute(t)}/></testcase>"
        f"<testcase classname='flaky' name={attribute(t)}><flakyFailure/></testcase></testsuite>"
        for t in texts) + "</testsuites>" + "<!-- repairs stay under one percent -->" * 200, encoding="utf-8")


def write_cobertura(path, texts):
    path.write_text("<coverage><packages><package><classes>" + "".join(
        f"<class filename={attribute('src/' + t)}><lines><line number='1' hits='0'/>"
        f"<line number='2' hits='1' branch='true' condition-coverage='50% (1/2)'/></lines></class>"
        for t in texts) + "</classes></package></packages></coverage>"
        + "<!-- repairs stay under one percent -->" * 200, encoding="utf-8")


def write_trivy(path, texts):
    path.write_text(json.dumps({"SchemaVersion": 2, "ArtifactName": texts[0], "Results": [
        {"Target": t, "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": [{
            "VulnerabilityID": t, "PkgName": t, "InstalledVersion": t, "FixedVersion": t, "Title": t,
            "PrimaryURL": t, "Severity": "CRITICAL"}, {
            "VulnerabilityID": "CVE-2024-1" + t, "PkgName": "waived", "InstalledVersion": "1", "Severity": "LOW"}]}
        for t in texts]}), encoding="utf-8")


def write_sonarqube(path, texts):
    path.write_text(json.dumps({"issues": [
        {"key": str(i), "rule": t, "severity": "BLOCKER", "component": "p:src/" + t, "line": 3, "message": t,
         "status": "OPEN", "type": "BUG"}
        for i, t in enumerate(texts)], "paging": {"pageIndex": 1, "pageSize": 500, "total": len(texts)}}),
        encoding="utf-8")


def write_jmeter(path, texts):
    path.write_text("timeStamp,elapsed,label,success\n" + "".join(
        '1700000000000,900,"' + harmless(t).replace('"', '""') + '",true\n' for t in texts), encoding="utf-8")


def gates(texts):
    rules = [
        "tests.failed == 0", "coverage.lines >= 99%", "vulnerabilities == 0", "issues == 0",
        {"rule": "load.p95 < 1ms", "each": "label"}]
    for text in dict.fromkeys(map(in_policy, texts)):
        plain = re.sub(r'["\\]', "", text)
        yield {"name": text, "why": text, "warn": ["tests.flaky == 0"], "require": [
            {"rule": rules[0], "why": text}, *rules[1:],
            {"rule": f'tests.failed{{name="{plain}"}} == 0'}, {"rule": f'vulnerabilities{{package!="{plain}"}} == 0'}]}
        yield {"name": text + " waived", "require": ["tests.total >= 1000"]}
        yield {"name": text + " elsewhere", "stage": "elsewhere", "require": ["tests.total >= 1000"]}


def waivers(texts):
    for text in dict.fromkeys(map(in_policy, texts)):
        said = {"reason": text, "owner": text, "ticket": text, "expires": "2026-01-20"}
        yield {"gate": text + " waived", **said}
        yield {"id": "CVE-2024-1" + re.sub(r"[*?\[\]{}]", "", text), "package": "waived", **said}


def build(directory, texts):
    directory.mkdir(parents=True, exist_ok=True)
    write_junit(directory / "junit.xml", texts)
    write_cobertura(directory / "coverage.xml", texts)
    write_trivy(directory / "trivy.json", texts)
    write_sonarqube(directory / "issues.json", texts)
    write_jmeter(directory / "load.jtl", texts)
    names = [in_policy(t) for t in texts]
    policy = {
        "version": 1,
        "reports": [
            {"format": "junit", "path": "junit.xml", "name": names[0]}, {"format": "cobertura", "path": "coverage.xml"},
            {"format": "trivy", "path": "trivy.json"}, {"format": "sonarqube", "path": "issues.json"},
            {"format": "jmeter", "path": "load.jtl"},
            {"format": "qgate", "path": "gone/" + re.sub(r"[*?\[\]{}\\/]", "_", names[0]), "name": "gone"}],
        "gates": list(gates(texts)),
        "waivers": list(waivers(texts)),
    }
    # JSON is YAML
    name = "policy" + harmless(texts[0]).replace("/", "_")[:100]
    (directory / name).write_text(json.dumps(policy, indent=1, ensure_ascii=False), encoding="utf-8")
    (directory / "texts.json").write_text(json.dumps(texts), encoding="utf-8")


def main():
    directory = pathlib.Path(sys.argv[-1])
    if len(sys.argv) == 2 and sys.argv[1] != "--json":
        build(directory, TEXTS)
    elif sys.argv[1:] == ["--json"]:
        print(json.dumps(TEXTS))
    elif len(sys.argv) == 3 and sys.argv[1] == "--some":
        for number in range(0, len(TEXTS), 25):
            build(directory / str(number), TEXTS[number:number + 25])
            path = directory / str(number) / "issues.json"
            answer = json.loads(path.read_text(encoding="utf-8"))
            for line, issue in enumerate(answer["issues"], 1):
                issue.update(component="p:src/fee.c", line=line)
            path.write_text(json.dumps(answer), encoding="utf-8")
    elif len(sys.argv) == 3 and sys.argv[1] == "--each":
        for number, text in enumerate(TEXTS):
            build(directory / str(number), [text])
    else:
        sys.exit(__doc__.split("\n\n")[1])


if __name__ == "__main__":
    main()
