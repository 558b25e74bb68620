#!/usr/bin/env python3
"""tests/history/gitops.py DRIVER FIXTURES: does runner/history find in GitOps repositories what git and a YAML parser of
Python find, and what was counted by hand? Does what it keeps for the next run ever change an answer?

Prints in TAP. FIXTURES is fixtures/histories/gitops.
"""
import datetime
import functools
import glob
import json
import os
import random
import subprocess
import sys
import tempfile

import yaml

import gitops_truth
from gitops_truth import ENVIRONMENT, git

DELIVERY = """\
version: 1
repositories: {ops: {url: ops, branch: main}}
environments:
  staging: {tier: staging}
  production: {tier: production, regions: [eu, af]}
deployments:
  - {repository: ops, file: "apps/{service}/overlays/{environment}-{region}/kustomization.yaml",
     select: "images[name=*/{service}].newTag"}
  - {repository: ops, file: "moved/{environment}/{region}/{service}.yaml", select: "images[name=*/{service}].newTag"}
  - {repository: ops, file: "live/{environment}/{region}/values.yaml", select: "{service}.image.tag"}
  - {repository: ops, file: "**/argo-{region}.yaml", kind: Application, name: "{service}-{environment}",
     select: spec.source.targetRevision}
  - {repository: ops, file: "charts/{environment}/Chart.yaml", select: "dependencies[name={service}].version"}
  - {repository: ops, file: "plain/**/{service}.yaml", kind: Deployment, environment: production, region: af,
     select: "tag(spec.containers[name={service}].image)"}
  - {repository: ops, file: "plain/**/{service}.yaml", kind: Pod, environment: production, region: eu, select: "tag(spec.containers[0].image)"}
bots: ["*_robot"]
services: {ledger: {project: .}, card-auth: {project: .}}
"""

SERVICES = ["ledger", "card-auth", "fees", "login"]


def ask(driver, where, delivery, folder="-"):
    out = subprocess.run([driver], cwd=where, input=f"sightings {delivery} {folder}\n".encode(), stdout=subprocess.PIPE,
                         env=ENVIRONMENT, check=True).stdout
    return json.loads(out)


# --- repositories made by chance ---


class Link(bytes):
    """What a symbolic link names, where others have a file's text."""


class Operations:
    """The files of a GitOps repository, changed step by step."""

    def __init__(self, rng):
        self.rng = rng
        self.files, self.next = {"README.md": b"# ops\n"}, 0

    def version(self):
        self.next += 1
        return self.rng.choice([f"1.{self.next}", f"1.{self.next}0", f"0x{self.next:x}", f"{self.next}e3",
                                f"00{self.next}", f"2027-01-{self.next % 28 + 1:02}", f"v1.{self.next}.0-3f2a9bc"])

    def written(self, version):
        return self.rng.choice(["%s", "'%s'", '"%s"', "!!str %s", "!own %s", "&v %s", "%s # why"]) % version

    def kustomize(self, service, n=0):
        return (f"images:\n  - name: registry.corp/team/{service}\n    newTag: {self.written(self.version())}\n"
                f"  - {{name: plain, newTag: 9}}\nreplicas: {n}\n").encode()

    def values(self):
        text = "base: &base\n  image: {pull: always, tag: 7.0}\n"
        for service in SERVICES:
            text += self.rng.choice([
                f"{service}:\n  image:\n    tag: {self.written(self.version())}\n  n: {self.rng.randrange(3)}\n",
                f"{service}: {{<<: *base, n: {self.rng.randrange(3)}}}\n",
                f"{service}:\n  <<: [*base]\n  image: {{tag: {self.version()}}}\n",
                f"{service}: {{image: {{tag: 1}}}}\n{service}: {{image: {{tag: {self.version()}}}}}\n", ""])
        return text.encode()

    def argo(self):
        documents = []
        for service in self.rng.sample(SERVICES, 2):
            kind = self.rng.choice(["Application", "Application", "AppProject"])
            environment = self.rng.choice(["staging", "production", "elsewhere"])
            documents.append(f"kind: {kind}\nmetadata: {{name: {service}-{environment}}}\n"
                             f"spec:\n  source: {{targetRevision: {self.written(self.version())}}}\n")
        return "---\n".join(documents).encode()

    def chart(self):
        listed = "".join(f"  - {{name: {service}, version: {self.version()}}}\n" for service in self.rng.sample(SERVICES, 3))
        return f"dependencies:\n{listed}".encode()

    def manifest(self, service):
        image = self.rng.choice(["", "team/", "host:5000/", "host:5000/team/"]) + service
        image += self.rng.choice([f":{self.version()}", f":{self.version()}@sha256:0a{self.next:x}", f"@sha256:{self.next:x}", ""])
        return (f"kind: {self.rng.choice(['Deployment', 'Pod', 'Service'])}\nspec:\n  containers:\n"
                f"  - {{name: proxy, image: 'host:5000/proxy:1'}}\n  - {{name: {service}, image: '{image}'}}\n").encode()

    def some_path(self):
        service, region = self.rng.choice(SERVICES), self.rng.choice(["eu", "af", "us"])
        environment = self.rng.choice(["staging", "production", "live"])
        return self.rng.choice([
            (f"apps/{service}/overlays/{environment}-{region}/kustomization.yaml", lambda: self.kustomize(service)),
            (f"moved/{environment}/{region}/{service}.yaml", lambda: self.kustomize(service)),
            (f"live/{environment}/{region}/values.yaml", self.values),
            (f"{self.rng.choice(['', 'a/', 'a/b/'])}argo-{region}.yaml", self.argo),
            (f"plain/{self.rng.choice(['', 'a/'])}{service}.yaml", lambda: self.manifest(service)),
            (f"charts/{environment}/Chart.yaml", self.chart)])

    def write(self):
        path, text = self.some_path()
        self.files[path] = text()

    def edit(self):
        """A character here and there: versions, comments, names, or something that is no YAML any more."""
        path = self.rng.choice(sorted(self.files))
        text = self.files[path]
        deed = self.rng.randrange(8)
        if deed == 0:
            text = text.replace(b"replicas: 0", b"replicas: 1").replace(b"n: 1", b"n: 2")
        elif deed == 1:
            text += b"# a comment\n"
        elif deed == 2:
            text += b"broken: [\n"
        elif deed == 3:
            text = text.replace(b"broken: [\n", b"")
        elif deed == 4:
            text = text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        elif deed == 5:
            text = b"\xef\xbb\xbf" + text.removeprefix(b"\xef\xbb\xbf")
        elif deed == 6 and path.endswith("kustomization.yaml"):
            text = self.kustomize(path.split("/")[1], self.rng.randrange(3))
        else:
            text = text.replace(b"1.", b"2.")
        self.files[path] = text

    def move(self):
        for path in sorted(self.files):
            parts = path.split("/")
            if path.startswith("apps/") and self.rng.random() < 0.5:
                environment, region = parts[3].rsplit("-", 1)
                self.files[f"moved/{environment}/{region}/{parts[1]}.yaml"] = self.files.pop(path)
                return

    def copy(self):
        for path in sorted(self.files):
            if path.endswith("kustomization.yaml") and self.rng.random() < 0.3:
                other = path.replace("-eu/", "-af/") if "-eu/" in path else path.replace("-af/", "-eu/")
                self.files[other] = self.files[path]

    def delete(self):
        del self.files[self.rng.choice(sorted(self.files))]

    def tidy(self):
        """No file where a folder is."""
        for path in sorted(self.files):
            if any(other.startswith(path + "/") for other in self.files):
                del self.files[path]
        self.files.setdefault("README.md", b"# ops\n")

    def become(self):
        """A link instead of a file, or a folder of the same name."""
        path = self.rng.choice(sorted(self.files))
        if self.rng.random() < 0.5:
            self.files[path] = Link(b"elsewhere")
        else:
            self.files[f"{path}/{self.rng.choice(['a', 'values.yaml'])}"] = self.files.pop(path)

    def step(self):
        for _ in range(self.rng.choice([1, 1, 1, 2, 4])):
            self.rng.choice([self.write] * 6 + [self.edit] * 6 + [self.move, self.copy, self.delete, self.become])()
            self.tidy()


class Repository:
    """Commits through fast-import; a branch now and then, which is merged."""

    def __init__(self, where, rng):
        self.where, self.rng, self.stream, self.mark, self.clock = where, rng, bytearray(), 0, 1767225600
        subprocess.run(["git", "init", "-q", "-b", "main", where], env=ENVIRONMENT, check=True)

    def commit(self, files, parents):
        self.mark += 1
        self.clock += self.rng.choice([0, 600, 3600, 86400])
        stated = self.clock - self.rng.choice([0, 0, 0, 0, 200000])  # some clocks are late
        author = self.rng.choice(["Ada <ada@example.org>", "argocd-image-updater <a@b.c>", "Fee <fee_robot@example.org>"])
        out = self.stream
        out += (f"commit refs/heads/main\nmark :{self.mark}\nauthor {author} {self.clock} +0000\n"
                f"committer Forge <f@example.org> {stated} +0000\ndata 1\nx\n").encode()
        for word, parent in zip(("from", "merge"), parents):
            out += f"{word} :{parent}\n".encode()
        out += b"deleteall\n"
        for path, text in sorted(files.items()):
            mode = "120000" if isinstance(text, Link) else self.rng.choice(["100644", "100644", "100755"])
            out += f"M {mode} inline {path}\ndata {len(text)}\n".encode() + text + b"\n"
        return self.mark

    def fill(self, steps):
        operations, tip = Operations(self.rng), None
        for _ in range(steps):
            operations.step()
            if tip is None or self.rng.random() < 0.8:
                tip = self.commit(operations.files, [] if tip is None else [tip])
                continue
            side = tip
            for _ in range(2):
                side = self.commit(operations.files, [side])
                operations.step()
            tip = self.commit(operations.files, [tip, side])
        git(self.where, "fast-import", "--quiet", given=bytes(self.stream))


# --- what is asked ---


def same_rollouts(answer, truth):
    members = ("service", "environment", "version", "config", "commit", "first_s", "at_s")
    said = [tuple(one[member] for member in members) for one in answer["rollouts"]]
    counted = [tuple(one[member] for member in members) for one in truth]
    if said == counted:
        return None
    for one, other in zip(said + [None], counted + [None]):
        if one != other:
            return f"qgate says {one}, it is {other}"
    return f"{len(said)} rollouts, there are {len(counted)}"


def compare_by_chance(driver, seed):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as where:
        repository = Repository(f"{where}/ops", rng)
        repository.fill(60)
        with open(f"{where}/delivery.yml", "w", encoding="utf-8") as out:
            out.write(DELIVERY)
        answer = ask(driver, repository.where, "../delivery.yml")
        steps, broken = gitops_truth.history(repository.where, yaml.safe_load(DELIVERY))
        truth = gitops_truth.rollouts(steps)
        wrong = [same_rollouts(answer, truth)]
        warned = [[*text.split(":")[:2], begun, over] for text, begun, over in answer["warnings"]]
        if sorted(warned) != sorted([commit[:12], *more] for commit, *more in broken):
            wrong.append(f"warnings {warned} of {broken}")
        last = gitops_truth.files_at(repository.where, "main")
        missed = {path for path in last if gitops_truth.is_overlooked(path, yaml.safe_load(DELIVERY))}
        if set(answer["overlooked"]) != missed:
            wrong.append(f"overlooked {answer['overlooked']}, not {missed}")
        authors = {commit: author for commit, _, author, _ in steps}
        for one in answer["sightings"]:
            if one["author"] != authors[one["commit"]] or one["bot"] != (not one["author"].startswith("Ada")):
                wrong.append(f"author {one['author']}")
        return f"{len(truth)} rollouts of {len(steps)} commits, {len(broken)} broken files", [w for w in wrong if w]


def keep_by_chance(driver, seed):
    """Read in two parts, with another configuration in between, and of a branch that was written anew."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as where:
        repository = Repository(f"{where}/ops", rng)
        repository.fill(40)
        for name, text in (("delivery.yml", DELIVERY), ("other.yml", DELIVERY.replace("live/", "never/"))):
            with open(f"{where}/{name}", "w", encoding="utf-8") as out:
                out.write(text)
        os.mkdir(f"{where}/kept")
        line = git(repository.where, "rev-list", "--first-parent", "main").decode().split()
        wrong, reads = [], 0
        for tip in [line[-1], line[len(line) // 2], line[1], line[0], line[len(line) // 3], line[0]]:
            git(repository.where, "update-ref", "refs/heads/main", tip)
            for delivery in ("../delivery.yml", "../delivery.yml", rng.choice(["../delivery.yml", "../other.yml"])):
                reads += 1
                if ask(driver, repository.where, delivery, "../kept") != ask(driver, repository.where, delivery):
                    wrong.append(f"{delivery} at {tip}")
        other = git(repository.where, "commit-tree", "-m", "x", f"{line[0]}^{{tree}}").decode().strip()
        git(repository.where, "update-ref", "refs/heads/main", other)
        if ask(driver, repository.where, "../delivery.yml", "../kept") != ask(driver, repository.where, "../delivery.yml"):
            wrong.append("a branch that was written anew")
        return f"{reads} answers from what was kept", wrong


def damage(driver, seed):
    """What is kept, cut off at every place and changed at many: never another answer, never a crash."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as where:
        repository = Repository(f"{where}/ops", rng)
        repository.fill(6)
        with open(f"{where}/delivery.yml", "w", encoding="utf-8") as out:
            out.write(DELIVERY)
        os.mkdir(f"{where}/kept")
        truth = ask(driver, repository.where, "../delivery.yml", "../kept")
        kept = glob.glob(f"{where}/kept/*")
        if len(kept) != 1:
            return "", [f"{kept} are kept"]
        with open(kept[0], "rb") as file:
            good = file.read()
        bad = [good[:len(good) * i // 300] for i in range(300)] + [good + b"x", b"", b"x" * len(good)]
        for _ in range(300):
            at = rng.randrange(len(good))
            bad.append(good[:at] + bytes([good[at] ^ 1 << rng.randrange(8)]) + good[at + 1:])
        wrong = []
        for number, text in enumerate(bad):
            with open(kept[0], "wb") as file:
                file.write(text)
            if ask(driver, repository.where, "../delivery.yml", "../kept") != truth:
                wrong.append(f"damage {number}")
        with open(kept[0], "rb") as file:
            if file.read() != good:
                wrong.append("it was not mended")
        return f"{len(bad)} times damaged", wrong


def refuse_shallow(driver):
    with tempfile.TemporaryDirectory() as where:
        repository = Repository(f"{where}/ops", random.Random(1))
        repository.fill(6)
        with open(f"{where}/delivery.yml", "w", encoding="utf-8") as out:
            out.write(DELIVERY)
        git(where, "clone", "-q", "--depth=2", f"file://{where}/ops", "clone")
        said = [ask(driver, f"{where}/clone", "../delivery.yml")["error"] or ""]
        git(repository.where, "branch", "-m", "other")
        said.append(ask(driver, repository.where, "../delivery.yml")["error"] or "")
        wanted = ["this clone is shallow", "repository 'ops' has no branch 'main'"]
        return "shallow, and without the branch", [one for one, start in zip(said, wanted) if not one.startswith(start)]


# --- counted by hand ---


def instant(text):
    return int(datetime.datetime.fromisoformat(text + "+00:00").timestamp())


def expected_rollouts(path):
    """`TIME SERVICE ENVIRONMENT VERSION KIND [since TIME]` of each, in their order; a line of `warning PATH` is a warning."""
    found, warnings = [], []
    for line in open(path, encoding="utf-8"):
        words = line.split("#")[0].split()
        if len(words) >= 5 and "T" in words[0]:
            first = words[6] if len(words) == 7 else words[0]
            found.append((instant(words[0]), words[1], words[2], words[3], words[4] == "config", instant(first)))
        elif words and words[0] == "warning":
            warnings.append(words[1])
    return found, warnings


def count_by_hand(driver, script):
    with tempfile.TemporaryDirectory() as where:
        subprocess.run(["sh", script], cwd=where, env=ENVIRONMENT, check=True)
        with open(f"{where}/app/delivery.yml", encoding="utf-8") as file:
            delivery = yaml.safe_load(file)
        answer = ask(driver, f"{where}/ops", "../app/delivery.yml")
        truth = gitops_truth.rollouts(gitops_truth.history(f"{where}/ops", delivery)[0])
        counted, warnings = expected_rollouts(script.replace(".sh", ".expected"))
        said = [(one["at_s"], one["service"], one["environment"], one["version"], one["config"], one["first_s"])
                for one in answer["rollouts"]]
        wrong = [same_rollouts(answer, truth)]
        wrong += [f"qgate says {one}, by hand it is {other}" for one, other in zip(said + [None], counted + [None])
                  if one != other]
        if [text.split(":")[1] for text, _, _ in answer["warnings"]] != warnings:
            wrong.append(f"warnings: {answer['warnings']}")
        return f"{len(counted)} rollouts, by hand and with git", [w for w in wrong if w]


def main():
    driver, fixtures = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    tests = []
    for script in sorted(glob.glob(f"{fixtures}/*.sh")):
        if not script.endswith("/lib.sh"):
            tests.append((os.path.basename(script), functools.partial(count_by_hand, driver, script)))
    tests += [("by chance", functools.partial(compare_by_chance, driver, seed)) for seed in range(1, 13)]
    tests += [("kept", functools.partial(keep_by_chance, driver, seed)) for seed in range(1, 4)]
    tests += [("damaged", functools.partial(damage, driver, 1)), ("refused", functools.partial(refuse_shallow, driver))]
    failed = False
    print(f"1..{len(tests)}")
    for number, (name, test) in enumerate(tests, 1):
        what, wrong = test()
        print(f"{'not ' if wrong else ''}ok {number} {name}: {what}")
        for one in wrong[:5]:
            print(f"# {one}")
        failed |= bool(wrong)
    sys.exit(failed)


main()
