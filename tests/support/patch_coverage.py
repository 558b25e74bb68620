#!/usr/bin/env python3
"""Coverage of changed lines, recomputed from `git diff` and the XML with nothing of qgate's.

usage: patch_coverage.py QGATE [--cases N] [--first SEED]

For every seed a repository is made: files are added, edited, moved, renamed and deleted on a branch
while main goes on; what is not committed counts as well. One to three Cobertura reports list some of
the lines, each others, by paths of several kinds, or not at all. `qgate check` judges rules on them;
its values, outcomes, untested lines and missing files must be those of this program. Says what
differs; ends with 1 then.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from fractions import Fraction

GIT = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"]
ENVIRONMENT = {k: v for k, v in os.environ.items() if not re.match("CI|GITLAB|GIT_|QGATE", k)}
ENVIRONMENT |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "SOURCE_DATE_EPOCH": "1764547200",
                "LC_ALL": "C.UTF-8"}
FOLDERS = ["src/fees", "src/ledger", "lib", "tests"]
RULES = [  # text of the measure's labels, which reports, which paths
    ("", None, ""),
    ('report="r1"', "r1", ""),
    ('path="src/**"', None, "src/"),
    ('component="ledger"', None, "src/ledger/"),
    ('report="r2", path="lib/**"', "r2", "lib/"),
]


class World:
    """One repository with its reports."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.ending = self.random.choice(["\n", "\n", "\r\n"])
        self.files = {}

    def git(self, *arguments):
        return subprocess.run(GIT + list(arguments), check=True, capture_output=True, env=ENVIRONMENT).stdout

    def line(self):
        r = self.random
        return r.choice(["", "// said here", "}", "return;", f"x = {r.randrange(6)};", f"call{r.randrange(40)}(x);"])

    def lines(self, count):
        return ["int code;"] + [self.line() for _ in range(count)]

    def new_path(self):
        r = self.random
        return f"{r.choice(FOLDERS)}/f{r.randrange(1000)}.{r.choice(['java', 'java', 'kt', 'md'])}"

    def write(self, path):
        text = self.ending.join(self.files[path]) + self.random.choice([self.ending, self.ending, ""])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as out:
            out.write(text)

    def add(self):
        path = self.new_path()
        if path not in self.files:
            self.files[path] = self.lines(self.random.randrange(0, 40))
            self.write(path)

    def edit(self, path):
        r, lines = self.random, self.files[path]
        for _ in range(r.randrange(1, 4)):
            at, size = r.randrange(1, len(lines) + 1), r.randrange(1, 6)
            what = r.choice(["insert", "delete", "change", "move"])
            if what == "insert":
                lines[at:at] = [self.line() for _ in range(size)]
            elif what == "delete":
                del lines[at:at + size]
            elif what == "change":
                lines[at:at + size] = [self.line() for _ in lines[at:at + size]]
            else:
                block = lines[at:at + size]
                del lines[at:at + size]
                to = r.randrange(1, len(lines) + 1)
                lines[to:to] = block
        self.write(path)

    def rename(self, path):
        new = self.new_path()
        if new in self.files or len(self.files[path]) < 12:
            return
        self.files[new] = self.files.pop(path)
        os.remove(path)
        if self.random.random() < 0.5:  # so little that git follows it without doubt
            self.files[new].insert(self.random.randrange(1, len(self.files[new])), self.line())
        self.write(new)

    def change(self):
        path = self.random.choice(sorted(self.files))
        what = self.random.random()
        if what < 0.2:
            self.add()
        elif what < 0.75:
            self.edit(path)
        elif what < 0.9:
            self.rename(path)
        elif len(self.files) > 3:
            del self.files[path]
            os.remove(path)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def make(self, policy):
        self.git("init", "-q", ".")
        for _ in range(self.random.randrange(4, 12)):
            self.add()
        with open(".gitignore", "w", encoding="utf-8") as out:
            out.write("r?.xml\nverdict.json\n")
        with open(".qgate.yml", "w", encoding="utf-8") as out:
            out.write(policy)
        self.commit()
        self.git("checkout", "-q", "-b", "feature")
        for _ in range(self.random.randrange(1, 4)):
            for _ in range(self.random.randrange(1, 4)):
                self.change()
            self.commit()
        if self.random.random() < 0.5:  # main goes on
            self.git("checkout", "-q", "main")
            with open("main.md", "w", encoding="utf-8") as out:
                out.write("main\n")
            self.commit()
            self.git("checkout", "-q", "feature")
        if self.random.random() < 0.4:  # and somebody is at work
            self.change()
            self.git("add", "-A")
            self.edit(self.random.choice(sorted(self.files)))

    def added(self):
        """The lines behind `+`, file by file."""
        base = self.git("merge-base", "main", "HEAD").decode().strip()
        text = self.git("-c", "diff.algorithm=myers", "diff", base, "--").decode()
        found, path, at = {}, None, 0
        for line in text.split("\n"):
            if line.startswith("diff --git "):
                path, at = None, 0
            elif at == 0 and line.startswith("+++ b/"):
                path = line[6:].rstrip("\t")
            elif line.startswith("@@ "):
                at = int(re.match(r"@@ -\S+ \+(\d+)", line).group(1))
            elif at > 0 and line.startswith("+"):
                found.setdefault(path, set()).add(at)
                at += 1
            elif at > 0 and line.startswith(" "):
                at += 1
        return found

    def report(self, name):
        """Writes one; what it says: path, line, hit, branches (covered, total)."""
        r, said, classes = self.random, {}, []
        below = r.choice(["", "src", "/elsewhere/checkout"])
        for path in sorted(self.files):
            if path.endswith(".md") or r.random() < 0.1:
                continue
            lines = said[path] = {}
            for number in range(1, len(self.files[path]) + 1):
                if r.random() < 0.7:
                    total = r.choice([0, 0, 0, 2, 4])
                    lines[number] = (r.random() < 0.8, r.randint(0, total), total)
            shown = path
            if below == "src" and path.startswith("src/"):
                shown = path[4:]
            elif below == "/elsewhere/checkout" and r.random() < 0.5:
                shown = f"{below}/{path}"
            classes.append(f'<class name="c" filename="{shown}"><lines>' + "".join(
                f'<line number="{n}" hits="{int(hit) * r.randint(1, 9)}"' +
                (f' branch="true" condition-coverage="1% ({covered}/{total})"' if total else "") + "/>"
                for n, (hit, covered, total) in lines.items()) + "</lines></class>")
        with open(name + ".xml", "w", encoding="utf-8") as out:
            out.write(f"<coverage><sources><source>{below}</source></sources><packages><package><classes>"
                      + "".join(classes) + "</classes></package></packages></coverage>")
        return said


class Rule:
    def __init__(self, r, labels, report, prefix):
        self.labels, self.report, self.prefix = labels, report, prefix
        self.branches = r.random() < 0.3
        self.least = r.choice([0, 50, 66.7, 80, 90, 100]) or 1
        self.min_lines, self.max_uncovered = r.choice([0, 0, 3, 10]), r.choice([0, 0, 1, 4])
        self.text = f"new(coverage.{'branches' if self.branches else 'lines'}" + \
            (f"{{{labels}}}" if labels else "") + f") >= {self.least}%"

    def yaml(self):
        return (f"      - {{rule: '{self.text}', min_lines: {self.min_lines}, "
                f"max_uncovered: {self.max_uncovered}}}\n")

    def expect(self, added, reports):
        """Outcome, part, whole, untested lines, files that no report saw."""
        said = [r for name, r in reports.items() if self.report in (None, name)]
        known = {os.path.splitext(path)[1] for r in said for path in r}
        touched = any(path.startswith(self.prefix) for path in added)
        total, hit, branches, taken, missed, unseen = 0, 0, 0, 0, set(), []
        for path, lines in sorted(added.items()):
            maps = [r[path] for r in said if path in r]
            if not path.startswith(self.prefix):
                continue
            if not maps:
                if os.path.splitext(path)[1] in known and not path.startswith("tests/"):
                    unseen.append(path)
                continue
            for line in lines:
                states = [m[line] for m in maps if line in m]
                if not states:
                    continue
                total += 1
                branches += max(s[2] for s in states)
                taken += max(s[1] for s in states)
                if any(s[0] for s in states):
                    hit += 1
                else:
                    missed.add((path, line))
        part, whole = (taken, branches) if self.branches else (hit, total)
        return self.outcome(said, touched, total, len(missed), part, whole, unseen), part, whole, missed, unseen

    def outcome(self, said, touched, total, missed, part, whole, unseen):
        if not any(s[2] if self.branches else True for r in said for m in r.values() for s in m.values()):
            return "no_data" if touched or not self.prefix else "not_applicable"
        if unseen:
            return "no_data"
        if total == 0:
            return "not_applicable"
        if total < self.min_lines:
            return "waived"
        if whole == 0:
            return "not_applicable"
        holds = Fraction(100 * part, whole) >= Fraction(str(self.least))
        return "passed" if holds or 0 < self.max_uncovered >= missed else "failed"


def told(ruling):
    """The same of a rule in the verdict."""
    value = ruling["value"] or {}
    missed, unseen = set(), []
    for detail in ruling["details"]:
        finding = detail.get("finding")
        if finding is None:
            unseen.append(detail["subject"])
        else:
            missed |= {(finding["path"], n) for n in range(finding["line"], finding["last_line"] + 1)}
    return ruling["outcome"], value.get("part") or 0, value.get("whole") or 0, missed, unseen


def differences(rule, ruling, wanted, listed):
    outcome, part, whole, missed, unseen = wanted
    got = told(ruling)
    if got[:3] != (outcome, part, whole) or got[4] != unseen:
        yield f"{rule.yaml().strip()}\n    expected {(outcome, part, whole, unseen)}\n    qgate says {got}"
    # a range of untested lines may hold lines that are no code
    elif outcome == "failed" and not rule.branches and {p for p in got[3] if p in listed} != missed:
        yield f"{rule.text}: untested {sorted(missed)}, qgate says {sorted(got[3])}"


def run(qgate, seed):
    world = World(seed)
    rules = [Rule(world.random, *parts) for parts in RULES]
    names = [f"r{i}" for i in range(1, world.random.randint(2, 3) + 1)]
    policy = ("version: 1\ncomponents: {ledger: src/ledger/**}\nreports:\n" +
              "".join(f"  - {{format: cobertura, path: {n}.xml, name: {n}}}\n" for n in names) +
              "gates:\n  - name: new code\n    require:\n" + "".join(rule.yaml() for rule in rules) +
              "      - diff.lines <= 1000000\n")
    world.make(policy)
    reports = {name: world.report(name) for name in names}
    added = {path: lines for path, lines in world.added().items() if path != ".qgate.yml"}
    done = subprocess.run([qgate, "check", "--target", "main", "--output", "json=verdict.json"], env=ENVIRONMENT,
                          capture_output=True, text=True, check=False)
    try:
        with open("verdict.json", encoding="utf-8") as verdict:
            rulings = json.load(verdict)["gates"][0]["rules"]
    except FileNotFoundError:
        return [f"exit {done.returncode}: {done.stderr}"], 0
    found, judged = [], 0
    for rule, ruling in zip(rules, rulings):
        wanted = rule.expect(added, reports)
        picked = [r for name, r in reports.items() if rule.report in (None, name)]
        listed = {(path, line) for r in picked for path, lines in r.items() for line in lines}
        found += differences(rule, ruling, wanted, listed)
        judged += wanted[0] in ("passed", "failed")
    lines = sum(map(len, added.values()))
    if (rulings[-1]["value"] or {}).get("number") != lines:
        found.append(f"diff.lines: {lines}, qgate says {rulings[-1]['value']}")
    return found, judged


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("qgate")
    parser.add_argument("--cases", type=int, default=80)
    parser.add_argument("--first", type=int, default=1)
    options = parser.parse_args()
    qgate, failed, judged = os.path.abspath(options.qgate), 0, 0
    for seed in range(options.first, options.first + options.cases):
        with tempfile.TemporaryDirectory() as place:
            os.chdir(place)
            found, count = run(qgate, seed)
            os.chdir("/")
        judged += count
        failed += len(found) > 0
        for text in found:
            print(f"seed {seed}: {text}")
    print(f"{options.cases} repositories, {judged} rules with a value, {failed} repositories differ")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
