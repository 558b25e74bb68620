#!/usr/bin/env python3
"""Compare qgate with the tools people would use otherwise: compare.py QGATE INPUTS DEMO REPOSITORY RELEASES GITOPS

INPUTS, DEMO, REPOSITORY, RELEASES and GITOPS are the directories that run.sh wrote. The two commands of a pair take turns, one warm-up and seven runs each; the
smallest figure counts, for others use the machine too. CPU is user plus system time. The numbers qgate reads are
compared with ones counted here, without it.
"""
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

RUNS = 7


def run(command, directory):
    """Wall seconds, CPU seconds and peak MiB of one run; its output is thrown away."""
    nothing = os.open(os.devnull, os.O_RDWR)
    begun = time.perf_counter()
    child = subprocess.Popen(command, cwd=directory, stdin=nothing, stdout=nothing)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    os.close(nothing)
    if child.returncode != 0:
        sys.exit(f"compare: {' '.join(command)}: exit status {child.returncode}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def smallest(pair, directory):
    """For each command of the pair its smallest wall time, CPU time and memory."""
    seen = {0: [], 1: []}
    for turn in range(1 + RUNS):
        for which in (0, 1):
            figures = run(pair[which], directory)
            if turn > 0:
                seen[which].append(figures)
    return [tuple(min(column) for column in zip(*seen[which])) for which in (0, 1)]


def facts_cobertura(path):
    lines, hit, branches, name = set(), set(), {}, None
    tag = re.compile(r'<line number="(\d+)" hits="(\d+)"(?:.*\((\d+)/(\d+)\))?')
    with open(path, encoding="utf-8") as report:
        for text in report:
            if "<class " in text:
                name = text.split('filename="')[1].split('"')[0]
                lines_of = {}
            elif "</class>" in text:
                lines.update((name, number) for number in lines_of)
                hit.update((name, number) for number, hits in lines_of.items() if hits)
            elif "<lines><line" not in text and (found := tag.search(text)):
                number = int(found[1])
                lines_of[number] = max(int(found[2]), lines_of.get(number, 0))
                if found[4]:
                    branches[name, number] = int(found[3]), int(found[4])
    return {"coverage.lines_valid": len(lines), "coverage.lines_covered": len(hit),
            "coverage.files": len({name for name, _ in lines}),
            "coverage.branches_covered": sum(covered for covered, _ in branches.values()),
            "coverage.branches_valid": sum(total for _, total in branches.values())}


def facts_junit(path):
    found = Counter()
    with open(path, encoding="utf-8") as report:
        for text in report:
            for word in ("<testcase ", "<failure", "<skipped", "<flakyFailure", "<testsuite "):
                found[word] += word in text
    return {"tests.total": found["<testcase "], "tests.failed": found["<failure"],
            "tests.skipped": found["<skipped"], "tests.flaky": found["<flakyFailure"],
            "tests.suites": found["<testsuite "]}


def facts_trivy(path):
    with open(path, encoding="utf-8") as report:
        found = [item for result in json.load(report)["Results"] for item in result["Vulnerabilities"]]
    severities = Counter(item["Severity"].lower() for item in found)
    return {"vulnerabilities": len(found), "vulnerabilities.fixable": sum("FixedVersion" in item for item in found),
            **{f"vulnerabilities.{severity}": number for severity, number in severities.items()}}


def facts_jmeter(path):
    """Fields before the first one that may be quoted are enough, and the one word `false`."""
    samples, errors, labels = Counter(), 0, set()
    with open(path, encoding="utf-8") as report:
        next(report)
        for row in report:
            _, elapsed, label, _ = row.split(",", 3)
            samples[int(elapsed)] += 1
            errors += ",text,false," in row
            labels.add(label)
    count, total = sum(samples.values()), sum(ms * n for ms, n in samples.items())

    def rank(percent):
        left = (percent * count + 99) // 100
        for ms in sorted(samples):
            left -= samples[ms]
            if left <= 0:
                return ms

    return {"load.samples": count, "load.errors": errors, "load.min": min(samples), "load.max": max(samples),
            "load.mean": float(f"{total / count:.15g}"), "load.p90": rank(90), "load.p95": rank(95),
            "load.p99": rank(99), "labels": len(labels)}


def differences(qgate, path, facts):
    """Counted in a process of its own: the memory of a child is at least that of the one that starts it."""
    with ProcessPoolExecutor(1) as other:
        wanted = other.submit(facts, path).result()
    answer = json.loads(subprocess.run([qgate, "read", "--json", path], check=True, capture_output=True).stdout)
    measures = answer["measures"] | {"labels": len(answer["labels"].get("label", {}))}
    return [f"{name} is {measures.get(name)}, counted {number}" for name, number in wanted.items()
            if measures.get(name) != number]


SEVERITIES = "reduce (.Results[].Vulnerabilities[].Severity) as $s ({}; .[$s] += 1)"

# what, input, how to count it, reference, what of it counts, limit of the ratio, MiB
PAIRS = (
    ("read Cobertura", "cobertura.xml", facts_cobertura, ["xmllint", "--sax", "--noout"], "CPU", 1.6, 64),
    ("read JUnit", "junit.xml", facts_junit, ["xmllint", "--sax", "--noout"], "CPU", 1.6, 64),
    ("read Trivy", "trivy.json", facts_trivy, ["jq", SEVERITIES], "CPU", 0.2, 64),
    ("read JMeter CSV", "results.jtl", facts_jmeter, ["cut", "-d,", "-f3"], "CPU", 0.7, 32),
    ("check the demo", None, None, ["/usr/bin/python3", "-c", "import xml.etree.ElementTree, json"], "wall", 0.8, None),
)


def report(what, which, ours, theirs, reference, limit, most):
    column = 0 if which == "wall" else 1
    ratio = ours[column] / theirs[column]
    met = ratio <= limit and (most is None or ours[2] < most)
    memory = f"{ours[2]:.0f} MiB" + (f" (< {most})" if most else "")
    print(f"| {what} | {which} | {ours[column]:.3f} s | {reference} {theirs[column]:.3f} s | {ratio:.2f} "
          f"| {limit} | {memory} | {'met' if met else '**missed**'} |", flush=True)


def compare(qgate, inputs, demo, what, name, facts, reference, which, limit, most):
    if name is None:
        here, pair = demo, ([qgate, "check"], reference)
    else:
        path = os.path.join(inputs, name)
        here, pair = inputs, ([qgate, "read", path], reference + [path])
        what += f" ({os.path.getsize(path) / 1e6:.0f} MB)"
        for difference in differences(qgate, path, facts):
            print(f"WRONG: {name}: {difference}", file=sys.stderr)
    ours, theirs = smallest(pair, here)
    report(what, which, ours, theirs, reference[0].split("/")[-1], limit, most)


def compare_change(qgate, repository):
    """Changed lines and their coverage: in a merge request, and of the work tree, where a run is also recorded."""
    check = [qgate, "check", "--no-publish", "--target", "main"]
    request = ["env", "CI=true", "GITLAB_CI=true", "CI_MERGE_REQUEST_IID=1", *check]
    for what, ours, theirs in (("of a merge request", request, ["git", "diff", "main", "side"]),
                               ("of the work tree", check, ["git", "diff", "main"])):
        counted = subprocess.run([*theirs, "--numstat"], cwd=repository, check=True, capture_output=True, text=True).stdout
        lines = sum(int(row.split()[0]) for row in counted.splitlines())
        verdict = json.loads(subprocess.run([*ours, "--quiet", "--output", "json=-"], cwd=repository, check=True,
                                            capture_output=True).stdout)
        found = [rule["value"]["number"] for rule in verdict["gates"][0]["rules"] if rule["measure"] == "diff.lines"]
        if found != [lines]:
            print(f"WRONG: diff.lines is {found}, git counts {lines}", file=sys.stderr)
        report(f"check a change {what}, 100 of 50,000 files", "CPU", *smallest((ours, theirs), repository),
               " ".join(theirs), 8, None)


def measure_hook(qgate, repository):
    """What `git push` waits for."""
    side = subprocess.run(["git", "rev-parse", "side"], cwd=repository, check=True, capture_output=True, text=True).stdout.strip()
    hook = ["sh", "-c", f"echo refs/heads/side {side} refs/heads/side {'0' * 40} | '{qgate}' hook run origin"]
    said = subprocess.run(hook, cwd=repository, check=True, capture_output=True, text=True).stdout
    if not said.startswith("qgate: 1 gate judged against main ") or "?" in said:
        print(f"WRONG: the hook says {said}", file=sys.stderr)
    wall, _, memory = smallest((hook, hook), repository)[0]
    print(f"| `hook` judges a push of 100 of 50,000 files | wall | {wall:.3f} s | | | 1 s | {memory:.0f} MiB "
          f"| {'met' if wall < 1 else '**missed**'} |", flush=True)


def measure_store(qgate, repository):
    """On a laptop: compared with what the store has, and recorded there."""
    with tempfile.TemporaryDirectory() as folder:
        policy = os.path.join(folder, "policy.yml")
        with open(policy, "w", encoding="utf-8") as file:
            file.write("version: 1\nreports: [{format: cobertura, path: coverage.xml}]\n"
                       "gates: [{name: coverage, require: [delta(coverage.lines) >= 0pp]}]\n")
        check = ["env", f"QGATE_STORE={folder}/history.db", qgate, "check", "--target", "side",
                 "--policy-from", "worktree", "--policy", policy]
        said = [subprocess.run(check, cwd=repository, check=True, capture_output=True, text=True).stdout for _ in range(2)]
        if "nothing is recorded" not in said[0] or "0 commits behind" not in said[1]:
            print(f"WRONG: with a store check says {said}", file=sys.stderr)
        wall, _, memory = smallest((check, check), repository)[0]
    print(f"| `check` with a store, 50,000 files, compared and recorded | wall | {wall:.3f} s | | | 1 s | {memory:.0f} MiB "
          f"| {'met' if wall < 1 else '**missed**'} |", flush=True)


def measure_each(qgate, inputs):
    """Every label judged apart, by two rules."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(inputs, "labels.jtl"), folder)
        with open(os.path.join(folder, ".qgate.yml"), "w", encoding="utf-8") as file:
            file.write("version: 1\nreports: [{format: jmeter, path: labels.jtl}]\n"
                       "gates: [{name: load, warn: [{rule: load.p95 < 400ms, each: label}, "
                       "{rule: load.mean < 200ms, each: label}]}]\n")
        check = [qgate, "check"]
        said = subprocess.run([*check, "--quiet", "--output", "json=-"], cwd=folder, check=True, capture_output=True).stdout
        rules = len(json.loads(said)["gates"][0]["rules"])
        if rules != 20000:
            print(f"WRONG: {rules} rules were judged", file=sys.stderr)
        _, cpu, memory = smallest((check, check), folder)[0]
    print(f"| `check` 10,000 labels, each by two rules | CPU | {cpu:.3f} s | | | 2 s | {memory:.0f} MiB "
          f"| {'met' if cpu < 2 else '**missed**'} |", flush=True)


def add_commits(repository, count):
    """Commits on top of `main` that no branch holds yet; their name."""
    lines = []
    for number in range(count):
        lines += ["commit refs/bench/more", f"committer dev{number % 40} <dev{number % 40}@example.org> {1747998000 + number} +0000",
                  "data 4", "more", *(["from main^0"] if number == 0 else []), ""]
    subprocess.run(["git", "fast-import", "--quiet", "--force"], cwd=repository, check=True, input="\n".join(lines), text=True)
    return subprocess.run(["git", "rev-parse", "refs/bench/more"], cwd=repository, check=True, capture_output=True, text=True).stdout.strip()


def add_tag(repository, name, commit):
    subprocess.run(["git", "-c", "user.name=r", "-c", "user.email=r@example.org", "tag", "-a", "-m", "r", name, commit],
                   cwd=repository, check=True, env={**os.environ, "GIT_COMMITTER_DATE": "1747999000 +0000"})


def measure_releases(qgate, repository):
    """Delivery numbers of a whole history: read for the first time, when one tag came since, and with 50 commits."""
    log = ["git", "log", "--format=%H %ct", "main"]
    dora = ["env", "-u", "CI", "SOURCE_DATE_EPOCH=1748000000", qgate, "dora"]
    kept = os.path.join(repository, ".qgate")
    if subprocess.run(["git", "rev-parse", "-q", "--verify", "refs/bench/main"], cwd=repository, capture_output=True).returncode != 0:
        subprocess.run(["git", "update-ref", "refs/bench/main", "main"], cwd=repository, check=True)
    seen = {"git": [], "first": [], "again": [], "more": []}
    for turn in range(1 + RUNS):
        subprocess.run(["git", "tag", "-d", "v1000", "v1001"], cwd=repository, check=False, capture_output=True)
        subprocess.run(["git", "update-ref", "refs/heads/main", "refs/bench/main"], cwd=repository, check=True)
        shutil.rmtree(kept, ignore_errors=True)
        figures = [run(log, repository), run(dora, repository)]
        add_tag(repository, "v1000", "main")
        figures.append(run(dora, repository))
        subprocess.run(["git", "update-ref", "refs/heads/main", add_commits(repository, 50)], cwd=repository, check=True)
        add_tag(repository, "v1001", "main")
        figures.append(run(dora, repository))
        if turn > 0:
            for which, figure in zip(seen, figures):
                seen[which].append(figure)
    said = json.loads(subprocess.run([*dora, "--window", "2023-01-01..2025-05-23", "--output", "json=-"], cwd=repository,
                                     check=True, capture_output=True).stdout)["answers"][0]["measures"]["dora.lead_time.p50"]
    first = subprocess.run(["git", "rev-list", "--first-parent", "--count", "v1..v1001"], cwd=repository, check=True,
                           capture_output=True, text=True).stdout
    if said["n"] != int(first):
        print(f"WRONG: {said} lead times, git counts {first}", file=sys.stderr)
    git, begun, again, more = (tuple(min(column) for column in zip(*seen[which])) for which in seen)
    report("`dora` over 80,000 commits and 999 tags, for the first time", "CPU", begun, git, "`git log`", 2, None)
    report("the same when one tag was added", "CPU", again, git, "`git log`", 0.1, None)
    report("the same when a tag and 50 commits were added", "CPU", more, git, "`git log`", 0.1, None)


def measure_gitops(qgate, repository):
    """Deployments of 100 services from the history of a GitOps repository: for the first time, and again."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **{f"GIT_{who}_{what}": "r" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}}
        for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
            subprocess.run(["git", *command], cwd=folder, check=True, env=environment)
        services = "".join(f"  svc{n}: {{project: .}}\n" for n in range(100))
        with open(os.path.join(folder, "delivery.yml"), "w", encoding="utf-8") as file:
            file.write(f"version: 1\nrepositories: {{ops: {{url: {repository}}}}}\n"
                       "environments: {production: {tier: production, regions: [eu, af]}}\ndeployments:\n"
                       "  - repository: ops\n    file: 'apps/{service}/overlays/{environment}-{region}/kustomization.yaml'\n"
                       f"    select: 'images[name=*/{{service}}].newTag'\nservices:\n{services}")
        log = ["git", "-C", repository, "log", "--first-parent", "-p", "--format=%H %ct", "main"]
        dora = ["env", "-u", "CI", "SOURCE_DATE_EPOCH=1712100000", qgate, "dora"]
        seen = {"git": [], "first": [], "again": []}
        for turn in range(1 + RUNS):
            shutil.rmtree(os.path.join(folder, ".qgate"), ignore_errors=True)
            for which, command in (("git", log), ("first", dora), ("again", dora)):
                figure = run(command, folder)
                if turn > 0:
                    seen[which].append(figure)
    git, begun, again = (tuple(min(column) for column in zip(*seen[which])) for which in seen)
    report("`dora` over 20,000 commits of a GitOps repository, for the first time", "CPU", begun, git, "`git log -p`", 2, None)
    report("the same again", "CPU", again, git, "`git log -p`", 0.1, None)


def machine():
    model = platform.processor() or platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as cpus:
        model = next((line.split(": ")[1].strip() for line in cpus if line.startswith("model name")), model)
    return f"{model}, {os.cpu_count()} cores, {platform.freedesktop_os_release()['PRETTY_NAME']}"


def main():
    print("| work | time | qgate | reference | ratio | limit | memory | |\n|---|---|---|---|---|---|---|---|")
    for pair in PAIRS:
        compare(*sys.argv[1:4], *pair)
    compare_change(sys.argv[1], sys.argv[4])
    measure_hook(sys.argv[1], sys.argv[4])
    measure_store(sys.argv[1], sys.argv[4])
    measure_each(*sys.argv[1:3])
    measure_releases(sys.argv[1], sys.argv[5])
    measure_gitops(sys.argv[1], sys.argv[6])
    print(f"\n{machine()}; smallest of {RUNS} runs, side by side")


if __name__ == "__main__":
    main()
