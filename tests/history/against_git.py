#!/usr/bin/env python3
"""tests/history/against_git.py DRIVER [SEEDS]: does runner/history say what git says?

Makes repositories with a fixed seed, asks the driver and git the same questions, and prints in TAP how
many answers are equal and which are not.
"""
import functools
import json
import os
import random
import re
import subprocess
import sys
import tempfile

ENVIRONMENT = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", LC_ALL="C.UTF-8")
WORDS = "amount fee rate total ledger account balance transfer limit entry".split()


def git(where, *arguments, given=None):
    return subprocess.run(["git", "-C", where, *arguments], input=given, env=ENVIRONMENT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout


def ask(driver, where, questions):
    out = subprocess.run([driver], cwd=where, input="".join(q + "\n" for q in questions).encode(),
                         stdout=subprocess.PIPE, env=ENVIRONMENT, check=True).stdout
    answers = [json.loads(line) for line in out.splitlines()]
    if len(answers) != len(questions):
        sys.exit(f"{len(questions)} questions, {len(answers)} answers")
    return answers


# --- texts like code: indented, and with many lines that are there more than once ---


def some_line(rng):
    kind = rng.random()
    indent = "    " * rng.randrange(4)
    if kind < 0.15:
        return ""
    if kind < 0.35:
        return indent + rng.choice(["}", "{", "return 0;", "else {", "break;", "/* */"])
    return f"{indent}{rng.choice(WORDS)}_{rng.randrange(60)} = {rng.choice(WORDS)}({rng.randrange(9)});"


def some_text(rng, lines):
    """A file: its lines with their ends, as bytes."""
    end = b"\r\n" if rng.random() < 0.2 else b"\n"
    text = [some_line(rng).encode() + end for _ in range(lines)]
    if text and rng.random() < 0.2:
        text[-1] = text[-1].rstrip(b"\r\n") or b"x"
    return text


def whole_lines(text):
    return [line if line.endswith(b"\n") else line + b"\n" for line in text]


def edited(rng, text, share):
    """The text with runs of lines put in, taken out, replaced, moved or said twice."""
    left = max(1, int(len(text) * share))
    text = list(text)
    while left > 0:
        at, size = rng.randrange(len(text) + 1), rng.randint(1, min(left, 6))
        deed = rng.randrange(5)
        new = some_text(rng, size) if deed in (0, 1) else []
        if deed >= 3 and len(text) > size:
            block = text[at:at + size]
            if deed == 3:
                del text[at:at + size]
            target = rng.randrange(len(text) + 1)
            text = whole_lines(text)
            text[target:target] = whole_lines(block)
        elif deed == 0:
            text = whole_lines(text[:at]) + whole_lines(new) + text[at:]
        else:
            text[at:at + size] = whole_lines(new)
        left -= size
    if text and rng.random() < 0.1:
        text[-1] = text[-1].rstrip(b"\r\n") or b"y"
    return text


class Tree:
    """The files of a commit: path to (mode, bytes or list of lines)."""

    def __init__(self, rng, files=None):
        self.rng = rng
        self.files = dict(files or {})

    def copy(self):
        return Tree(self.rng, self.files)

    def new_path(self):
        while True:
            folder = self.rng.choice(["", "src/", "src/core/", "lib/", "tëst/", "a b/"])
            path = f"{folder}{self.rng.choice(WORDS)}{self.rng.randrange(40)}{self.rng.choice(['.c', '.py', '.txt', ''])}"
            if path not in self.files and not any(
                    p.startswith(path + "/") or path.startswith(p + "/") for p in self.files):
                return path

    def texts(self):
        return sorted(p for p, (mode, body) in self.files.items() if mode.startswith("100") and isinstance(body, list))

    def add(self):
        rng, kind = self.rng, self.rng.random()
        if kind < 0.06:
            self.files[self.new_path()] = ("100644", rng.randbytes(300) + b"\0" + rng.randbytes(300))
        elif kind < 0.1:
            self.files[self.new_path()] = ("120000", b"src/" + rng.choice(WORDS).encode())
        elif kind < 0.13:
            self.files[self.new_path()] = ("160000", "%040x" % rng.getrandbits(160))
        elif kind < 0.17:
            self.files[self.new_path()] = ("100644", [])
        else:
            self.files[self.new_path()] = ("100644", some_text(rng, rng.randint(1, 120)))

    def edit(self):
        if path := self.pick():
            mode, text = self.files[path]
            self.files[path] = (mode, edited(self.rng, text, self.rng.choice([0.02, 0.1, 0.3, 0.8])))

    def pick(self):
        texts = self.texts()
        return self.rng.choice(texts) if texts else None

    def delete(self):
        if self.files:
            del self.files[self.rng.choice(sorted(self.files))]

    def rename(self):
        if path := self.pick():
            self.files[self.new_path()] = self.files.pop(path)

    def rename_and_edit(self):
        path = self.pick()
        if path and len(self.files[path][1]) >= 20:
            mode, text = self.files.pop(path)
            self.files[self.new_path()] = (mode, edited(self.rng, text, 0.1))

    def move_folder(self):
        for path in [p for p in self.texts() if p.startswith("src/core/")]:
            mode, text = self.files[path]
            new = path.replace("src/core/", "moved/", 1)
            if new not in self.files:
                del self.files[path]
                self.files[new] = (mode, edited(self.rng, text, 0.05) if len(text) > 30 else text)

    def swap(self):
        if (one := self.pick()) and (other := self.pick()):
            self.files[one], self.files[other] = self.files[other], self.files[one]

    def change_ends(self):
        if path := self.pick():
            mode, text = self.files[path]
            crlf = any(line.endswith(b"\r\n") for line in text)
            self.files[path] = (mode, [line.replace(b"\r\n", b"\n") if crlf else line.replace(b"\n", b"\r\n") for line in text])

    def change_mode(self):
        if path := self.pick():
            mode, text = self.files[path]
            self.files[path] = ("100755" if mode == "100644" else "100644", text)

    def become_link(self):
        if path := self.pick():
            self.files[path] = ("120000", b"elsewhere")

    def step(self):
        deeds = [self.edit] * 8 + [self.add] * 3 + [
            self.delete, self.rename, self.rename_and_edit, self.rename_and_edit, self.move_folder, self.swap,
            self.change_ends, self.change_mode, self.become_link]
        for _ in range(self.rng.randint(1, 6)):
            self.rng.choice(deeds)()


class Repository:
    """Commits written through fast-import; numbers are marks."""

    def __init__(self, where, rng):
        self.where, self.rng = where, rng
        self.stream, self.parents, self.trees, self.names = bytearray(), {}, {}, {}

    def commit(self, tree, parents, seconds=None):
        mark = len(self.trees) + 1
        self.parents[mark], self.trees[mark] = parents, tree
        out = self.stream
        out += b"commit refs/heads/c%d\nmark :%d\ncommitter t <t@example.org> %d +0000\ndata 1\nx\n" % (
            mark, mark, seconds or 1700000000 + 60 * mark)
        for word, parent in zip([b"from"] + [b"merge"] * 9, parents):
            out += b"%s :%d\n" % (word, parent)
        out += b"deleteall\n"
        for path, (mode, body) in sorted(tree.files.items()):
            if mode == "160000":
                out += f"M {mode} {body} {path}\n".encode()
            else:
                body = b"".join(body) if isinstance(body, list) else body
                out += f"M {mode} inline {path}\ndata {len(body)}\n".encode() + body + b"\n"
        out += b"\n"
        return mark

    def write(self):
        git(self.where, "init", "-q", "-b", "main", ".")
        git(self.where, "fast-import", "--quiet", given=bytes(self.stream))
        listed = git(self.where, "for-each-ref", "--format=%(refname) %(objectname)").decode().split("\n")
        self.names = {int(line.split()[0][len("refs/heads/c"):]): line.split()[1] for line in listed if line}


# --- what git says ---


def hunks_of(patch, at):
    """The changed lines of the hunks from patch[at] on, and where they end."""
    added, removed = [], []
    while at < len(patch) and patch[at].startswith(b"@@ "):
        old, new = patch[at].split()[1:3]
        old, old_left = [int(n) for n in (old[1:] + b",1").split(b",")[:2]]
        new, new_left = [int(n) for n in (new[1:] + b",1").split(b",")[:2]]
        at += 1
        while old_left > 0 or new_left > 0 or (at < len(patch) and patch[at].startswith(b"\\")):
            sign = patch[at][:1]
            at += 1
            if sign == b"\\":
                continue
            if sign == b"+":
                added.append(new)
            elif sign == b"-":
                removed.append(old)
            old, old_left = (old + 1, old_left - 1) if sign != b"+" else (old, old_left)
            new, new_left = (new + 1, new_left - 1) if sign != b"-" else (new, new_left)
    return added, removed, at


def diff_of_git(where, *wanted):
    """path -> (path before, how, added lines, removed lines); links and submodules have no lines."""
    out = git(where, "-c", "diff.algorithm=myers", "diff", "--raw", "-p", "-z", "--no-color", "--no-ext-diff",
              "--no-textconv", *wanted)
    raw, _, patch = out.partition(b"\0\0") if out else (b"", b"", b"")
    words, at, listed = raw.split(b"\0"), 0, []
    hows = {"A": "added", "D": "deleted", "R": "renamed", "M": "modified", "T": "modified"}
    while at < len(words) and words[at]:
        status = words[at].split()[4].decode()[0]
        paths = words[at + 1:at + (3 if status == "R" else 2)]
        modes = words[at][1:].split()[:2]
        listed.append((status, paths[0].decode(), paths[-1].decode(), [m.startswith(b"100") for m in modes]))
        at += 1 + len(paths)
    lines, at, changes = patch.split(b"\n"), 0, {}
    for status, old, new, files in listed:
        added, removed = [], []
        for _ in range(2 if status == "T" else 1):
            assert lines[at].startswith(b"diff --git "), lines[at]
            at += 1
            while at < len(lines) and not lines[at].startswith((b"diff --git ", b"@@ ")):
                at += 1
            more = hunks_of(lines, at)
            added, removed, at = added + more[0], removed + more[1], more[2]
        changes[new] = (old, hows[status], added if files[1] else [], removed if files[0] else [])
    return changes


def diff_of_driver(answer):
    def numbers(ranges):
        return [n for first, last in ranges for n in range(first, last + 1)]
    assert answer["why_not"] is None, answer
    return {f["path"]: (f["old_path"], f["how"], numbers(f["added"]), numbers(f["removed"])) for f in answer["files"]}


# --- the tests ---


def pairs_of_commits(repository):
    """Parent and child; both sides of a merge; and now and then what lies further apart."""
    for mark, parents in repository.parents.items():
        yield from ((parent, mark) for parent in parents)
        if not parents:
            yield None, mark
        elif repository.rng.random() < 0.3:
            yield repository.rng.randrange(1, mark), mark


def make_history(rng, where, count):
    repository, tree = Repository(where, rng), Tree(rng)
    for _ in range(12):
        tree.add()
    tips = [repository.commit(tree, [])]
    for _ in range(count):
        tip = rng.choice(tips)
        tree = repository.trees[tip].copy()
        tree.step()
        parents = [tip]
        other = rng.choice(tips)
        if other != tip and rng.random() < 0.4:
            for path, what in repository.trees[other].files.items():
                if not any(p.startswith(path + "/") or path.startswith(p + "/") for p in tree.files):
                    tree.files.setdefault(path, what)
            parents.append(other)
        mark = repository.commit(tree, parents)
        if rng.random() < 0.75 or len(tips) > 4:
            tips.remove(tip)
        tips.append(mark)
    repository.write()
    return repository


def compare_changes(driver, seed):
    """Every pair of commits of a generated repository; (how many, how many lines, differences)."""
    with tempfile.TemporaryDirectory() as where:
        repository = make_history(random.Random(seed), where, 30)
        empty = git(where, "hash-object", "-t", "tree", "/dev/null").decode().strip()
        wanted = [(repository.names.get(a), repository.names[b]) for a, b in pairs_of_commits(repository)]
        answers = ask(driver, where, [f"changes {a or '-'} {b}" for a, b in wanted])
        lines, wrong = 0, []
        for (a, b), answer in zip(wanted, answers):
            theirs, ours = diff_of_git(where, a or empty, b), diff_of_driver(answer)
            lines += sum(len(f[2]) + len(f[3]) for f in theirs.values())
            if theirs != ours:
                wrong += [f"seed {seed}: {a}..{b}: {p}: git {theirs.get(p)}, ours {ours.get(p)}"
                          for p in sorted(set(theirs) | set(ours)) if theirs.get(p) != ours.get(p)]
        return len(wanted), lines, wrong



# A glob, and a regular expression that means the same.
GLOBS = {
    "src/**": r"src/.*", "src/core/**": r"src/core/.*", "**/*.py": r"(.*/)?[^/]*\.py", "lib/*.c": r"lib/[^/]*\.c",
    "src/*": r"src/[^/]*", "**": r".*", "l?b/a**": r"l[^/]b/a.*", "[a-m]*/**/fee1.c": r"[a-m][^/]*/(.*/)?fee1\.c",
    "nothing/**": r"nothing/.*", "amount7.c": r"amount7\.c", "src": r"src", "s**": r"s.*",
}


def compare_touches(driver, seed):
    """Every commit of a generated repository beside its first parent."""
    with tempfile.TemporaryDirectory() as where:
        repository, wrong, hits = make_history(random.Random(seed), where, 30), [], 0
        wanted = [(commit, glob) for commit in repository.names.values() for glob in GLOBS]
        answers = ask(driver, where, [f"touches {commit} {glob}" for commit, glob in wanted])
        for (commit, glob), answer in zip(wanted, answers):
            paths = git(where, "show", "--first-parent", "-m", "--no-renames", "--name-only", "--format=", "-z", commit)
            truth = any(re.fullmatch(GLOBS[glob], path) for path in paths.decode().split("\0") if path)
            hits += truth
            if answer != {"error": None, "touches": truth}:
                wrong.append(f"seed {seed}: {glob} in {commit}: git {truth}, ours {answer}")
        return len(wanted), hits, wrong


def make_forks(rng, where, count):
    """Commits that fork and merge, without much in them; the clocks of some run wrong."""
    repository, tips = Repository(where, rng), []
    skewed = rng.random() < 0.3
    for mark in range(1, count + 1):
        parents = [rng.choice(tips[-5:])] if tips else []
        if len(tips) > 2 and rng.random() < 0.35:
            parents = list(dict.fromkeys(parents + rng.sample(tips[-6:], rng.choice([1, 1, 2]))))
        seconds = 1700000000 + 60 * mark + (rng.randrange(-2000, 2000) if skewed else 0)
        repository.commit(Tree(rng, {"f": ("100644", [b"%d\n" % mark])}), parents, seconds)
        tips.append(mark)
    repository.write()
    parents = {p for list_ in repository.parents.values() for p in list_}
    heads = [m for m in repository.names if m not in parents or m == count // 2]
    for mark in repository.names:
        if mark not in heads:
            git(where, "update-ref", "-d", f"refs/heads/c{mark}")
    git(where, "symbolic-ref", "HEAD", f"refs/heads/c{count}")
    return [repository.names[mark] for mark in heads]


@functools.cache
def base_of_git(where, one, other):
    done = subprocess.run(["git", "-C", where, "merge-base", one, other], env=ENVIRONMENT, stdout=subprocess.PIPE)
    return done.stdout.decode().strip() or None


def compare_bases(driver, where, clone, heads, depth):
    """In a clone of that depth every answer is the truth or "shallow"; in a whole one it is the truth."""
    wanted = [(a, b) for a in heads for b in heads]
    counts, wrong = {}, []
    for (a, b), answer in zip(wanted, ask(driver, clone, [f"base {a} {b}" for a, b in wanted])):
        truth = base_of_git(where, a, b)
        counts[answer["end"]] = counts.get(answer["end"], 0) + 1
        fine = answer["base"] == truth and answer["end"] == ("found" if truth else "none")
        if not fine and (depth is None or answer["end"] != "shallow"):
            wrong.append(f"depth {depth}: merge base of {a} and {b}: git {truth}, ours {answer}")
    return counts, wrong


@functools.cache
def first_parents_of_git(where, head):
    return git(where, "rev-list", "--first-parent", "-n", "8", head).decode().split()


def compare_parents(driver, where, clone, heads, depth):
    """As far as the clone reaches, and not further."""
    wrong = []
    for head, answer in zip(heads, ask(driver, clone, [f"parents {head} 8" for head in heads])):
        truth = first_parents_of_git(where, head)
        there = first_parents_of_git(clone, head)
        end = "found" if there == truth else "shallow"
        if answer != {"end": end, "commits": there}:
            wrong.append(f"depth {depth}: first parents of {head}: git {there}, ours {answer}")
    return wrong


def compare_walks(driver, seed):
    with tempfile.TemporaryDirectory() as where, tempfile.TemporaryDirectory() as clones:
        heads, total, wrong = make_forks(random.Random(seed), where, 30), {}, []
        for depth in [None, *range(1, 11)]:
            clone = os.path.join(clones, str(depth))
            shallow = [f"--depth={depth}"] if depth else []
            git(clones, "clone", "-q", "--bare", "--no-single-branch", *shallow, "file://" + where, clone + "/.git")
            counts, failed = compare_bases(driver, where, clone, heads, depth)
            wrong += failed + compare_parents(driver, where, clone, heads, depth)
            total = {end: total.get(end, 0) + counts.get(end, 0) for end in total | counts}
        return total, wrong


def main():
    driver, seeds = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 6
    failed = 0

    def report(number, title, wrong):
        nonlocal failed
        failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {number} {title}")
        for line in wrong[:20]:
            print("# " + line[:600])

    walks = (seeds + 1) // 2
    print(f"1..{seeds + 2 * walks}")
    for seed in range(1, seeds + 1):
        pairs, lines, wrong = compare_changes(driver, seed)
        report(seed, f"{pairs} pairs of commits, {lines} changed lines, as git diff", wrong)
    for seed in range(1, walks + 1):
        ends, wrong = compare_walks(driver, seed)
        report(seeds + seed, f"merge bases and first parents, clones of depth 1 to 10 and whole: {ends}", wrong)
    for seed in range(1, walks + 1):
        commits, hits, wrong = compare_touches(driver, seed)
        report(seeds + walks + seed, f"{commits} times whether a commit touches a path, {hits} do, as git show", wrong)
    sys.exit(failed > 0)


main()
