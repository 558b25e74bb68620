#!/usr/bin/env python3
"""ci/check-cookbook.py [--update] QGATE PAGE…: the verdicts that a page shows are what qgate prints.

A comment before a block of a page sets up one run, its parts separated by `;`:

    <!-- run: build/unit.xml=fixtures/junit/cdash/report.xml; stage: deploy; exit: 1 -->

PATH=FILE puts a file of the repository at PATH, PATH= an empty one; then `cut: PATH 60` keeps that many bytes of
it, `branch: NAME` makes the directory a repository on that branch, `tracked: PATH` commits a file in it, `earlier:
PATH=FILE …` is a run before with these files, whose record is the baseline, `change: PATH=FILE` commits one
more on a branch of its own, `stage:` and `with:` add arguments, `at:` is the day of the run, `exit:` the status it must end with. The ```yaml policy block behind
the comment is .qgate.yml (```yaml refused: one that does not load); without one the last of the page is. The next ```text block shows the command and all
that it prints; --update writes it anew.

    <!-- shows: tests/support/teams.sh core; exit: 1 -->

runs the command of the block behind it in the folder core of what that script makes. A page may also name a test as `FILE.bats`: "its title"; it must exist.
"""
import calendar
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUN = re.compile(
    r"^<!-- run:(?P<setup>[^>]*)-->\n"
    r"(?:\n*```yaml (?:policy|refused)\n(?P<policy>(?:.*\n)*?)```\n)?"
    r"(?P<between>(?:(?!^<!-- run:|^```).*\n)*?)"
    r"^```text\n(?P<shown>(?:.*\n)*?)```$",
    re.MULTILINE,
)
SHOWS = re.compile(
    r"^<!-- shows: (?P<script>\S+) (?P<folder>\S+?)(?:; exit: (?P<exit>\d+))? -->\n+"
    r"```text\n(?P<shown>\$ qgate (?P<words>.*)\n(?:.*\n)*?)```$",
    re.MULTILINE,
)
PROOF = re.compile(r'`(\w+\.bats)`:\s+"([^"]+)"')
DAY = "2026-03-02"


def git(place, *arguments):
    who = ["-c", "user.name=shop", "-c", "user.email=shop@example.org", "-c", "commit.gpgsign=false"]
    day = f"{DAY}T00:00:00Z"
    environment = clean_environment() | {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
    subprocess.run(["git", *who, *arguments], cwd=place, env=environment, check=True)


def clean_environment():
    """Nothing of a pipeline or a terminal."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return kept | {"HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}


def put(place, source, path):
    (place / path).parent.mkdir(parents=True, exist_ok=True)
    if source:
        shutil.copyfile(ROOT / source, place / path)
    else:
        (place / path).touch()


def set_up(place, setup, earlier):
    """What the comment says, done; the parts that are about the run are returned."""
    run, files = {}, []
    for part in filter(None, (part.strip() for part in setup.split(";"))):
        word, colon, value = part.partition(": ")
        if colon and "=" not in word:
            run[word] = value
            continue
        path, _, source = part.partition("=")
        files.append((source, path))
        put(place, source, path)
    unknown = run.keys() - {"cut", "branch", "tracked", "earlier", "change", "stage", "with", "at", "exit"}
    if unknown:
        sys.exit(f"run: {', '.join(sorted(unknown))} means nothing")
    if "cut" in run:
        path, size = run["cut"].split()
        (place / path).write_bytes((place / path).read_bytes()[: int(size)])
    if "branch" in run:
        git(place, "init", "-q", "-b", run["branch"])
        git(place, "add", *run.get("tracked", ".qgate.yml").split())
        git(place, "commit", "-q", "-m", "first")
    if "earlier" in run:
        for path, _, source in (part.partition("=") for part in run["earlier"].split()):
            put(place, source, path)
        earlier()
        for source, path in files:
            put(place, source, path)
    if "change" in run:
        path, source = run["change"].split("=")
        git(place, "checkout", "-q", "-b", "change")
        shutil.copyfile(ROOT / source, place / path)
        git(place, "add", path)
        git(place, "commit", "-q", "-m", "change")
    return run


def judge(qgate, policy, setup):
    """The text that the page has to show, and the status with the one that was demanded."""
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        (place / ".qgate.yml").write_text(policy, encoding="utf-8")

        def check(*words, at=DAY):
            day = calendar.timegm(time.strptime(at, "%Y-%m-%d"))
            environment = clean_environment() | {"SOURCE_DATE_EPOCH": str(day), "COLUMNS": "100"}
            return subprocess.run(
                [qgate, "check", *words], cwd=place, env=environment, timeout=20, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
            )

        run = set_up(place, setup, check)
        words = ["--stage", run["stage"]] if "stage" in run else []
        words += run.get("with", "").split()
        done = check(*words, at=run.get("at", DAY))
    said = "\n".join(line.rstrip() for line in done.stdout.splitlines())
    return f"$ qgate {' '.join(['check', *words])}\n{said}\n", done.returncode, int(run.get("exit", "0"))


def show(qgate, script, folder, words):
    """The same for a command in what a script of the repository makes."""
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name) / "shop"
        place.mkdir()
        subprocess.run(["sh", ROOT / script], cwd=place, env=clean_environment(), check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        done = subprocess.run(
            [qgate, *shlex.split(words)], cwd=place / folder, env=clean_environment() | {"COLUMNS": "100"}, timeout=20,
            check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            encoding="utf-8",
        )
    said = "\n".join(line.rstrip() for line in done.stdout.splitlines())
    return f"$ qgate {words}\n{said}\n", done.returncode


def check_page(qgate, page, update):
    """How many things are wrong."""
    text, wrong, policy = page.read_text(encoding="utf-8"), 0, None

    def compared(match, said, status, expected):
        nonlocal wrong
        line = text.count("\n", 0, match.start()) + 1
        if status != expected:
            print(f"{page}:{line}: exit status {status}, expected {expected}\n{said}")
            wrong += 1
        elif said != match["shown"] and not update:
            print(f"{page}:{line}: qgate prints something else (ci/check-cookbook.py --update):\n{said}")
            wrong += 1
        whole, start = match[0], match.start()
        return whole[: match.start("shown") - start] + said + whole[match.end("shown") - start :]

    def run(match):
        nonlocal policy
        policy = match["policy"] or policy
        if policy is None:
            sys.exit(f"{page}:{text.count(chr(10), 0, match.start()) + 1}: a run without a policy")
        return compared(match, *judge(qgate, policy, match["setup"]))

    def shows(match):
        said, status = show(qgate, match["script"], match["folder"], match["words"])
        return compared(match, said, status, int(match["exit"] or "0"))

    updated = SHOWS.sub(shows, RUN.sub(run, text))
    for word, kind in ("run", RUN), ("shows", SHOWS):
        if text.count(f"<!-- {word}:") != len(kind.findall(text)):
            print(f"{page}: a run without a block marked text behind it")
            wrong += 1
    for file, title in PROOF.findall(text):
        title = " ".join(title.split())
        tests = ROOT / "tests/cli" / file
        if not tests.is_file() or f'@test "{title}" {{' not in tests.read_text(encoding="utf-8"):
            print(f'{page}: there is no test "{title}" in tests/cli/{file}')
            wrong += 1
    if update and updated != text:
        page.write_text(updated, encoding="utf-8")
    return wrong


def main():
    arguments = sys.argv[1:]
    update = arguments[:1] == ["--update"]
    qgate, *pages = arguments[update:]
    qgate = str(pathlib.Path(qgate).resolve())
    sys.exit(any([check_page(qgate, pathlib.Path(page), update) for page in pages]))


main()
