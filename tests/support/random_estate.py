#!/usr/bin/env python3
"""random_estate.py SEED: makes, in the current directory, a company that nobody thought of: core/ (two services in one
repository, the delivery configuration), auth/ and the GitOps repository clusters/. Merges, branches for releases, bots,
rebased dates, versions of no commit, going back, regions that follow each other. check_estate.py counts what is here.
"""
import os
import random
import subprocess
import sys

ENVIRONMENT = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", LC_ALL="C.UTF-8")
BEGIN = 1803000000  # 2027-02-19
CONFIGURATION = """version: 1
timezone: America/New_York
repositories:
  clusters: {url: ../clusters}
  g/core: {url: .}
  g/auth: {url: ../auth}
environments:
  staging: {tier: staging, regions: [eu]}
  production: {tier: production, regions: [eu, af]}
deployments:
  - repository: clusters
    file: "apps/{service}/overlays/{environment}-{region}/kustomization.yaml"
    select: "images[name=*/{service}].newTag"
teams:
  t: {owns: ["g/core"], timezone: Asia/Tokyo}
  u: {owns: ["g/auth"]}
services:
  a: {project: g/core, paths: ["services/a/**", "libs/**"]}
  b: {project: g/core, paths: ["services/b/**", "libs/**"]}
  c: {project: g/auth}
"""


def git(where, *arguments, given=None):
    return subprocess.run(("git", "-C", where) + arguments, input=given, env=ENVIRONMENT, capture_output=True, text=True,
                          check=True).stdout


class Application:
    """A repository; its commits are called by their marks."""

    def __init__(self, name, rng):
        self.name, self.rng, self.time, self.out = name, rng, BEGIN, []
        self.files, self.times, self.branches = {}, {}, []
        self.line = [self.commit([], self.edited({}), "begin")]
        for number in range(40):
            self.step(number)
        self.write()

    def edited(self, files):
        files = dict(files)
        for _ in range(self.rng.choice([1, 1, 2])):
            path = self.rng.choice(["services/a/x", "services/b/x", "libs/m/x"]) + str(self.rng.randrange(3))
            files[path] = f"{self.rng.random()}\n"
        return files

    def commit(self, parents, files, message):
        rng, mark = self.rng, len(self.files) + 1
        self.time += rng.randrange(60, 40000)
        written = self.time - rng.choice([0, rng.randrange(200000)])
        author = rng.choice(["ada", "ben", "cleo", "renovate[bot]"])
        self.out.append(f"commit refs/heads/c{mark}\nmark :{mark}\nauthor {author} <{author}@x> {written} +0000\n"
                        f"committer f <f@x> {self.time} +0000\ndata {len(message)}\n{message}\n")
        self.out += [f"{word} :{parent}\n" for word, parent in zip(["from", "merge"], parents)]
        self.out.append("deleteall\n")
        self.out += [f"M 100644 inline {path}\ndata {len(text)}\n{text}\n" for path, text in sorted(files.items())]
        self.files[mark], self.times[mark] = files, self.time
        return mark

    def step(self, number):
        """A commit, a merge of some, or a release from a branch."""
        rng, tip = self.rng, self.line[-1]
        kind = rng.random()
        if kind < 0.5:
            self.line.append(self.commit([tip], self.edited(self.files[tip]), f"direct {number}"))
        elif kind < 0.8:
            base = side = rng.choice(self.line[-4:])
            for _ in range(rng.choice([1, 2, 3])):
                side = self.commit([side], self.edited(self.files[side]), f"side {number}")
            merged = dict(self.files[tip])
            merged.update({p: t for p, t in self.files[side].items() if self.files[base].get(p) != t})
            self.line.append(self.commit([tip, side], merged, f"Merge branch 's{number}' into 'main'"))
        else:
            base = rng.choice(self.line[-5:])
            self.branches.append(self.commit([base], self.edited(self.files[base]), f"release {number}"))

    def write(self):
        self.out.append(f"reset refs/heads/main\nfrom :{self.line[-1]}\n\n")
        self.out += [f"reset refs/heads/release-{mark}\nfrom :{mark}\n\n" for mark in self.branches]
        git(".", "init", "-q", "-b", "main", self.name)
        git(self.name, "fast-import", "--quiet", given="".join(self.out))
        listed = git(self.name, "for-each-ref", "--format=%(refname:strip=2) %(objectname)", "refs/heads/c*").split()
        self.ids = {int(name[1:]): commit for name, commit in zip(listed[::2], listed[1::2])}
        for name in listed[::2]:
            git(self.name, "update-ref", "-d", f"refs/heads/{name}")
        git(self.name, "reset", "-q", "--hard", "main")


def history_of(rng, application, service, environment):
    """[time, service, environment, region, version] of its deployments: forward mostly, now and then back or aside."""
    place, time, found = 0, BEGIN + rng.randrange(200000), []
    for number in range(rng.randrange(3, 14)):
        kind = rng.random()
        if kind < 0.65:
            place = min(len(application.line) - 1, place + rng.randrange(5))
        elif kind < 0.8:
            place = max(0, place - rng.randrange(4))
        aside = kind > 0.9 and application.branches
        mark = rng.choice(application.branches) if aside else application.line[place]
        time = max(time, application.times[mark]) + rng.randrange(100, 300000)
        version = f"1.{number}-{application.ids[mark][:10]}" if rng.random() < 0.9 else f"odd-{number}"
        found.append((time, service, environment, "eu", version))
        if environment == "production":
            time += rng.choice([0, 0, 300, 5000])
            found.append((time, service, environment, "af", version))
    return found


def write_clusters(deployments):
    out = []
    for time in sorted({deployment[0] for deployment in deployments}):
        out.append(f"commit refs/heads/main\ncommitter d <d@x> {time} +0000\ndata 1\nd\n")
        for _, service, environment, region, version in sorted(d for d in deployments if d[0] == time):
            text = f'images:\n  - name: r/{service}\n    newTag: "{version}"\n'
            path = f"apps/{service}/overlays/{environment}-{region}/kustomization.yaml"
            out.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")
    git(".", "init", "-q", "-b", "main", "clusters")
    git("clusters", "fast-import", "--quiet", given="".join(out))


def main():
    rng, deployments = random.Random(int(sys.argv[1])), []
    applications = {name: Application(name, rng) for name in ("core", "auth")}
    for service, name in {"a": "core", "b": "core", "c": "auth"}.items():
        for environment in ("staging", "production"):
            deployments += history_of(rng, applications[name], service, environment)
    write_clusters(deployments)
    with open("core/delivery.yml", "w", encoding="utf-8") as file:
        file.write(CONFIGURATION)


main()
