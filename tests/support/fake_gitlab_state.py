"""What the GitLab for tests remembers: the state that a test reads and sets, and its git repository."""
import re
import subprocess
import threading


class State:
    def __init__(self, repository, more):
        self.lock = threading.RLock()
        self.repository = repository
        self.faults = []
        self.data = {
            "tier": "free",
            "project": {"id": 1, "path": "group/app", "default_branch": "main"},
            "users": {"7": "qgate-bot", "8": "anna"},
            "tokens": {
                # secret: header, user, role, scopes
                "bot": {"header": "PRIVATE-TOKEN", "user": 7, "role": "developer", "scopes": ["api"]},
                "anna": {"header": "PRIVATE-TOKEN", "user": 8, "role": "maintainer", "scopes": ["api"]},
                "weak": {"header": "PRIVATE-TOKEN", "user": 7, "role": "reporter", "scopes": ["read_api"]},
                "job": {"header": "JOB-TOKEN", "user": 8, "role": "developer", "scopes": []},
            },
            "merge_request": {
                "iid": 1, "state": "opened", "source_branch": "feature", "target_branch": "main",
                "versions": [],  # newest first: {base, start, head}; empty: made from the branches
            },
            "discussions": [],  # {id, individual_note, notes}
            "statuses": [],
            "artifacts": {},  # "BRANCH JOB PATH": text, of the newest pipeline that succeeded
            "pipelines": [],  # newest first: {id, ref, sha, jobs: [{id, name, artifacts: {path: text}, user, host}]}
            "triggers": [],  # pipelines of other projects that were started: {project, ref, inputs}
            "rate": None,  # {"remaining": N, "reset": seconds since 1970}: counts down to 429
            "quick_actions": [],  # lines that GitLab would have carried out
            "requests": [],
            "connects": [],  # hosts that a proxy was asked for
            "next_id": 100,
        }
        self.data.update(more)

    def new_id(self):
        self.data["next_id"] += 1
        return self.data["next_id"]

    def git(self, *words):
        if self.repository is None:
            return None
        done = subprocess.run(["git", "-C", self.repository, *words], capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else None

    def sha(self, name):
        out = self.git("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
        return out.decode().strip() if out else None

    def versions(self):
        request = self.data["merge_request"]
        if request["versions"]:
            return request["versions"]
        head, start = self.sha(request["source_branch"]), self.sha(request["target_branch"])
        if head is None or start is None:
            return []
        base = self.git("merge-base", start, head)
        return [{"base": base.decode().strip(), "start": start, "head": head}] if base else []

    def lines_of(self, version, old_path, new_path):
        """The lines of the diff that GitLab shows: {new line: (old line, is added)}, None: not in the diff."""
        out = self.git("diff", "-M", "--no-color", version["base"], version["head"], "--", old_path, new_path)
        lines, found, current, old, new = {}, False, None, 0, 0
        for line in (out or b"").decode("utf-8", "replace").splitlines():
            if line.startswith("diff --git "):
                current = None
            elif line.startswith("+++ "):
                current = line[6:].split("\t")[0] if line != "+++ /dev/null" else old_path
            elif line.startswith("rename to "):
                found |= line[10:] == new_path
            elif line.startswith("@@ "):
                old, new = (int(n) for n in re.match(r"@@ -(\d+)(?:,\d+)? \+(\d+)", line).groups())
            elif current != new_path:
                continue
            elif line.startswith("+"):
                lines[new] = (old, True)
                new += 1
            elif line.startswith("-"):
                old += 1
            elif line.startswith(" "):
                lines[new] = (old, False)
                old, new = old + 1, new + 1
            found |= current == new_path
        return lines if found else None


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status, message, headers=None):
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}
