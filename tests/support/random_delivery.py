"""Deliveries that nobody thought of, drawn from a seed: commits with merges, bots, cherry-picks, reverts and hotfixes;
deployments and incidents, recorded in any order. delivery_model.py reckons what follows from them.
"""
import datetime
import json
import os
import random
import subprocess
import sys

HOUR, NEVER = 3600, float("inf")
BEGIN = 1804500000  # 2027-03-08T16:40:00Z
NOW = BEGIN + 44 * 24 * HOUR
ENVIRONMENT = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", LC_ALL="C.UTF-8", SOURCE_DATE_EPOCH=str(NOW),
                   QGATE_STORE="store.db")


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def run(*arguments, given=None):
    done = subprocess.run(arguments, input=given, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{arguments}: {done.stdout}{done.stderr}")
    return done.stdout


class History:
    """Commits by their numbers, deployments and incidents as they are recorded."""

    def __init__(self, seed):
        self.rng, self.commits, self.deployments, self.incidents = random.Random(seed), [], [], []
        run("git", "init", "-q", "-b", "main", ".")
        run("git", "remote", "add", "origin", "git@gitlab.example:g/shop.git")
        self.importer = subprocess.Popen(("git", "fast-import", "--quiet"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         env=ENVIRONMENT, text=True)
        self.time, self.line = BEGIN, []
        self.line.append(self.commit([], "begin"))
        self.releases = []
        for number in range(1, 40):
            self.step(number)
        self.importer.stdin.write(f"reset refs/heads/main\nfrom :{self.line[-1] + 1}\n")
        self.importer.stdin.close()
        self.importer.wait()

    def commit(self, parents, message, like=None):
        """`like`: repeats that one."""
        rng, number = self.rng, len(self.commits)
        self.time += rng.choice([60, 3000, 20000, 50000])
        author = rng.choice(["ada", "ben", "cleo", "renovate[bot]"])
        written = self.time - rng.choice([0, 0, rng.randrange(200000)])
        files = {}
        for parent in parents:
            files |= self.commits[parent]["files"]
        file = f"f{number}"
        if like is not None:
            author, written, file = like["author"], like["written"], like["file"]
        if len(parents) < 2:
            files[file] = file
        write = self.importer.stdin.write
        write(f"commit refs/heads/c{number}\nmark :{number + 1}\nauthor {author} <{author}@x> {written} +0000\n"
              f"committer f <f@x> {self.time} +0000\ndata {len(message)}\n{message}\n")
        for word, parent in zip(("from", "merge"), parents):
            write(f"{word} :{parent + 1}\n")
        write("deleteall\n" + "".join(f"M 100644 inline {path}\ndata {len(text) + 1}\n{text}\n\n" for path, text in files.items()))
        write(f"get-mark :{number + 1}\n")
        self.importer.stdin.flush()
        name = self.importer.stdout.readline().strip()
        held = frozenset({number}).union(*(self.commits[parent]["held"] for parent in parents))
        self.commits.append({"number": number, "name": name, "parents": parents, "message": message, "author": author,
                             "written": written, "committed": self.time, "files": files, "file": file, "held": held})
        return number

    def message(self, number):
        rng, old = self.rng, self.rng.choice(self.commits)
        version = rng.choice(self.deployments)["version"] if self.deployments else "1.0"
        return rng.choice([f"work {number}"] * 8 + [
            f"Revert \"x\"\n\nThis reverts commit {old['name']}.", f"hotfix: of {version}", "hotfix: at once",
            f"Reapply \"x\"\n\nThis reverts commit {old['name']}.", f"Revert what {version} brought", f"speaks of {version} and 1.0",
            f"undo\n\nReverts !{rng.randrange(1, number + 1)}", f"Hotfix/{number} This reverts commit {old['name'][:9]}"] +
            [f"{rng.choice(['fixes', 'Revert'])} {one['id']}\n\nand {rng.choice(self.incidents)['id']}." for one in self.incidents[-2:]])

    def step(self, number):
        rng, kind = self.rng, self.rng.random()
        if kind < 0.3:
            text = self.message(number) + rng.choice(["", f"\n\nSee merge request g/shop!{number}"])
            self.line.append(self.commit([self.line[-1]], text))
        elif kind < 0.5:
            side = rng.choice(self.line[-3:])
            for _ in range(rng.choice([1, 2])):
                side = self.commit([side], self.message(number))
            subject = rng.choice([f"Merge branch 's{number}' into 'main'", f"Merge branch 'hotfix/{number}' into 'main'"])
            self.line.append(self.commit([self.line[-1], side], f"{subject}\n\nSee merge request g/shop!{number}"))
        elif kind < 0.6:
            base, like = rng.choice(self.line[-3:] + self.releases[-2:]), rng.choice(self.commits)
            if len(like["parents"]) == 1 and like["file"] not in self.commits[base]["files"]:
                self.releases.append(self.commit([base], like["message"], like))
                if base == self.line[-1]:
                    self.line.append(self.releases[-1])
        elif kind < 0.66:
            self.releases.append(self.commit([rng.choice(self.line[-4:])], self.message(number)))
        elif kind < 0.9:
            self.deploy(number)
        else:
            self.suffer(number)

    def deploy(self, number):
        rng, self.time = self.rng, self.time + self.rng.choice([100, 5000, 40000, 200000])
        commit, version = rng.choice(self.line[-3:] * 3 + self.releases[-2:]), f"1.{number}"
        kind = rng.random()
        if kind < 0.25 and self.deployments:
            old = rng.choice(self.deployments[-4:])
            commit, version = old["commit"], old["version"]
        elif kind < 0.35:
            commit = None
        late = rng.choice([0] * 7 + [-30000])
        self.deployments.append({"version": version, "commit": commit, "id": f"d{number}", "stated": self.time + late,
                                 "status": rng.choice(["success"] * 8 + ["failed", "canceled"]), "flagged": rng.random() < 0.07})

    def suffer(self, number):
        rng, opened = self.rng, self.time + self.rng.choice([10, 4000, 90000])
        resolved = opened + rng.choice([600, 20000, 200000, NEVER])
        cause_by = [None] * 4 + [d[key] for d in self.deployments[-3:] for key in ("version", "id")] + ["nothing"]
        by = rng.choice(cause_by)
        self.incidents.append({"id": f"INC-{number}", "opened": opened, "resolved": resolved, "caused_by": by,
                               "cause": rng.choice([None, None, "change"] + ["other"] * (by is None))})

    def record(self, qgate):
        lines = []
        for one in self.deployments:
            event = {"event": "deployment", "service": "shop", "environment": "production", "status": one["status"],
                     "at": iso(one["stated"]), "id": one["id"], "version": one["version"], "unplanned": one["flagged"]}
            if one["commit"] is not None:
                event["commit"] = self.commits[one["commit"]]["name"]
            lines.append(event)
        for one in self.incidents:
            event = {"event": "incident", "service": "shop", "id": one["id"], "opened": iso(one["opened"]), "cause": one["cause"],
                     "caused_by": one["caused_by"]}
            if one["resolved"] < NEVER:
                event["resolved"] = iso(one["resolved"])
            lines.append(event)
        self.rng.shuffle(lines)
        run(qgate, "record", "--file", "-", given="".join(json.dumps(line) + "\n" for line in lines))
