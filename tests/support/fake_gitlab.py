#!/usr/bin/env python3
"""A GitLab for tests: the part of its REST API that qgate uses, with a memory and with its refusals.

    fake_gitlab.py [--port N] [--state FILE] [--repository DIR] [--certificate FILE --key FILE] [--proxy]

Listens on loopback, prints `listening on PORT`, and ends on SIGTERM or with its parent. With a certificate it
speaks TLS; as a --proxy it carries bytes for CONNECT and lists the hosts in `connects`. The diff of the
merge request, files and commits come from the git repository named; everything else is the state, a JSON
object that --state begins with (see State) and that a test reads and changes through

    GET  /_state             all of it, with `requests`: what was asked, in order
    POST /_state             {"key": value…}: replaces these keys
    POST /_faults            [{"method", "path" (a regular expression), "times", "do", …}, …]: added

A fault is one of: {"do": "status", "status": 503, "headers": {…}, "body": "text"}, "drop" (the request is
carried out, then the connection is cut without an answer), "refuse" (cut before it is carried out),
"slow" {"seconds"}, "redirect" {"location"}, "garbage" (an answer that is no HTTP), "pass" (none: what is
behind it in the list comes later).

Behaviour was taken from GitLab's documentation and API description; where its real answer differs from
the description (201 for a status), this one is real; members that are null in GitLab are left out, because
the description calls them strings.
"""
import argparse
import hashlib
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

ROLES = ["none", "guest", "reporter", "developer", "maintainer"]
NOTE_BYTES = 1_000_000

# What a job token may do (GitLab's list); everything else needs a personal, project or group token.
JOB_TOKEN = [
    ("GET", r"/projects/[^/]+/repository/files/.*/raw"),
    ("GET", r"/projects/[^/]+/repository/commits/[^/]+"),
    ("GET", r"/projects/[^/]+/merge_requests/\d+"),
    ("GET", r"/projects/[^/]+/merge_requests/\d+/notes(/\d+)?"),
    ("GET", r"/job"),
]
JOB_TOKEN_PREMIUM = [("GET", r"/projects/[^/]+/jobs/artifacts/.*")]


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


def without_nulls(value):
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


class Refused(Exception):
    def __init__(self, status, message, headers=None):
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}


def quick_actions(body):
    """The lines that GitLab takes for commands: outside of fences, after carriage returns are deleted."""
    found, fence = [], None
    for line in body.replace("\r", "").split("\n"):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if fence is None and mark:
            fence = mark.group(1)
        elif fence is not None:
            if re.fullmatch(r" {0,3}" + re.escape(fence[0]) + "{%d,} *" % len(fence), line):
                fence = None
        elif line.startswith("/"):
            found.append(line)
    return found


class Api:
    """One request: finds the method for its path, knows who asks."""

    ROUTES = [
        ("GET", r"/version", "version"),
        ("GET", r"/metadata", "version"),
        ("GET", r"/user", "user"),
        ("GET", r"/projects/(?P<project>[^/]+)", "project"),
        ("GET", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)", "merge_request"),
        ("GET", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/versions", "versions"),
        ("GET", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/diffs", "diffs"),
        ("GET", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/notes", "notes"),
        ("POST", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/notes", "note_post"),
        ("GET", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/notes/(?P<note>\d+)", "note"),
        ("PUT", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/notes/(?P<note>\d+)", "note_put"),
        ("DELETE", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/notes/(?P<note>\d+)", "note_delete"),
        ("GET", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/discussions", "discussions"),
        ("POST", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/discussions", "thread_post"),
        ("PUT", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/discussions/(?P<id>[^/]+)", "resolve"),
        ("POST", r"/projects/(?P<project>[^/]+)/merge_requests/(?P<iid>\d+)/discussions/(?P<id>[^/]+)/notes", "reply"),
        ("POST", r"/projects/(?P<project>[^/]+)/statuses/(?P<sha>[^/]+)", "status_post"),
        ("GET", r"/projects/(?P<project>[^/]+)/repository/commits/(?P<sha>[^/]+)", "commit"),
        ("GET", r"/projects/(?P<project>[^/]+)/repository/commits/(?P<sha>[^/]+)/statuses", "statuses"),
        ("GET", r"/projects/(?P<project>[^/]+)/repository/files/(?P<path>[^/]+)/raw", "file"),
        ("GET", r"/projects/(?P<project>[^/]+)/jobs/artifacts/(?P<ref>[^/]+)/raw/(?P<path>.+)", "artifact"),
        ("GET", r"/projects/(?P<project>[^/]+)/jobs/(?P<job>\d+)", "job"),
        ("GET", r"/projects/(?P<project>[^/]+)/jobs/(?P<job>\d+)/artifacts/(?P<path>.+)", "job_file"),
        ("GET", r"/projects/(?P<project>[^/]+)/pipelines", "pipelines"),
        ("GET", r"/projects/(?P<project>[^/]+)/pipelines/(?P<pipeline>\d+)/jobs", "pipeline_jobs"),
    ]

    def __init__(self, state, method, path, query, headers, body):
        self.state, self.data = state, state.data
        self.method, self.path, self.query, self.body = method, path, query, body
        self.token = self.authenticate(headers)
        self.headers = {}

    def authenticate(self, headers):
        for name in ("PRIVATE-TOKEN", "JOB-TOKEN"):
            secret = headers.get(name)
            if secret is None:
                continue
            token = self.data["tokens"].get(secret)
            if token is None or token["header"] != name:
                raise Refused(401, "401 Unauthorized")
            return token
        bearer = headers.get("Authorization", "")
        if bearer.startswith("Bearer ") and bearer[7:] in self.data["tokens"]:
            return self.data["tokens"][bearer[7:]]
        raise Refused(401, "401 Unauthorized")

    def answer(self):
        if self.token["header"] == "JOB-TOKEN":
            may = JOB_TOKEN + (JOB_TOKEN_PREMIUM if self.data["tier"] != "free" else [])
            if not any(m == self.method and re.fullmatch(p, self.path) for m, p in may):
                if any(re.fullmatch(p, self.path) for _, p in JOB_TOKEN_PREMIUM):
                    raise Refused(404, "404 Project Not Found")  # as the Enterprise Edition without a licence
                raise Refused(401 if self.method == "GET" else 403, "403 Forbidden")
        if self.method != "GET" and "api" not in self.token["scopes"]:
            raise Refused(403, "insufficient_scope")
        for method, pattern, name in self.ROUTES:
            match = re.fullmatch(pattern, self.path)
            if match and method == self.method:
                self.check_place(match.groupdict())
                return getattr(self, name)(**{k: unquote(v) for k, v in match.groupdict().items()
                                              if k not in ("project", "iid")})
        raise Refused(404, "404 Not Found")

    def check_place(self, words):
        if "project" in words and unquote(words["project"]) not in (
                str(self.data["project"]["id"]), self.data["project"]["path"]):
            raise Refused(404, "404 Project Not Found")
        if "iid" in words and int(words["iid"]) != self.data["merge_request"]["iid"]:
            raise Refused(404, "404 Not found")

    def needs(self, role):
        if ROLES.index(self.token["role"]) < ROLES.index(role):
            raise Refused(403, "403 Forbidden")

    def wanted(self, *keys):
        if not isinstance(self.body, dict):
            raise Refused(400, "400 Bad request - body is no JSON object")
        for key in keys:
            if not isinstance(self.body.get(key), str) or self.body[key] == "":
                raise Refused(400, {"error": f"{key} is missing"})

    def page(self, rows):
        per_page = min(int(self.query.get("per_page", 20)), 100)
        number = max(int(self.query.get("page", 1)), 1)
        pages = (len(rows) + per_page - 1) // per_page
        self.headers["X-Page"] = str(number)
        self.headers["X-Per-Page"] = str(per_page)
        self.headers["X-Total"] = str(len(rows))
        self.headers["X-Total-Pages"] = str(pages)
        self.headers["X-Next-Page"] = str(number + 1) if number < pages else ""
        if number < pages:  # of the host that GitLab believes to have
            self.headers["Link"] = f'<https://gitlab.internal.example/api/v4{self.path}?page={number + 1}>; rel="next"'
        return 200, rows[(number - 1) * per_page:number * per_page]

    # --- who and what ---------------------------------------------------------------------------

    def version(self):
        return 200, {"version": "19.0.0", "revision": "abcdef0"}

    def person(self, number):
        name = self.data["users"][str(number)]
        return {"id": number, "username": name, "name": name, "state": "active"}

    def user(self):
        return 200, self.person(self.token["user"])

    def project(self):
        return 200, {"id": self.data["project"]["id"], "path_with_namespace": self.data["project"]["path"],
                     "default_branch": self.data["project"]["default_branch"]}

    def merge_request(self):
        request = self.data["merge_request"]
        versions = self.state.versions()
        newest = versions[0] if versions else {"base": None, "start": None, "head": None}
        return 200, {
            "id": 1000 + request["iid"], "iid": request["iid"], "project_id": self.data["project"]["id"],
            "title": "a change", "state": request["state"], "source_branch": request["source_branch"],
            "target_branch": request["target_branch"], "sha": newest["head"],
            "source_project_id": self.data["project"]["id"], "target_project_id": self.data["project"]["id"],
            "diff_refs": {"base_sha": newest["base"], "start_sha": newest["start"], "head_sha": newest["head"]},
        }

    def versions(self):
        return self.page([{
            "id": i, "base_commit_sha": v["base"], "start_commit_sha": v["start"], "head_commit_sha": v["head"],
            "created_at": "2026-01-01T00:00:00.000Z", "merge_request_id": 1001, "state": "collected", "real_size": "1",
        } for i, v in enumerate(self.state.versions(), 1)])

    def diffs(self):
        versions, rows = self.state.versions(), []
        names = versions and self.state.git("diff", "-M", "--name-status", "-z", versions[0]["base"], versions[0]["head"])
        words = (names or b"").decode("utf-8", "replace").split("\0")
        while words and words[0]:
            kind, old = words.pop(0), words.pop(0)
            new = words.pop(0) if kind[0] in "RC" else old
            text = self.state.git("diff", "-M", "--no-color", versions[0]["base"], versions[0]["head"], "--", old, new)
            text = text.decode("utf-8", "replace")
            rows.append({"old_path": old, "new_path": new, "a_mode": "100644", "b_mode": "100644",
                         "new_file": kind == "A", "renamed_file": kind[0] == "R", "deleted_file": kind == "D",
                         "diff": text[text.index("@@"):] if "@@" in text else ""})
        return self.page(rows)

    # --- notes and threads ----------------------------------------------------------------------

    def find_note(self, note):
        for discussion in self.data["discussions"]:
            for one in discussion["notes"]:
                if one["id"] == int(note):
                    return discussion, one
        raise Refused(404, "404 Note Not Found")

    def find_thread(self, identity):
        for discussion in self.data["discussions"]:
            if discussion["id"] == identity:
                return discussion
        raise Refused(404, "404 Discussion Not Found")

    def take_body(self):
        self.wanted("body")
        if len(self.body["body"].encode()) > NOTE_BYTES:
            raise Refused(400, {"message": {"note": ["is too long (maximum is 1000000 characters)"]}})
        self.data["quick_actions"] += quick_actions(self.body["body"])
        return self.body["body"]

    def new_note(self, kind, position=None):
        note = {"id": self.state.new_id(), "type": kind, "body": self.take_body(), "author": self.person(self.token["user"]),
                "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z", "system": False,
                "noteable_id": 1001, "noteable_type": "MergeRequest", "noteable_iid": self.data["merge_request"]["iid"],
                "resolvable": kind is not None}
        if kind is not None:
            note["resolved"] = False
        if position is not None:
            note["position"] = position
        return note

    def new_discussion(self, note, single):
        identity = hashlib.sha1(str(note["id"]).encode()).hexdigest()
        discussion = {"id": identity, "individual_note": single, "notes": [note]}
        self.data["discussions"].append(discussion)
        return discussion

    def notes(self):
        rows = [note for discussion in self.data["discussions"] for note in discussion["notes"]]
        return self.page(sorted(rows, key=lambda n: n["id"], reverse=self.query.get("sort", "desc") == "desc"))

    def note(self, note):
        return 200, self.find_note(note)[1]

    def note_post(self):
        self.needs("reporter")
        note = self.new_note(None)
        self.new_discussion(note, True)
        return 201, note

    def note_put(self, note):
        _, one = self.find_note(note)
        if one["author"]["id"] != self.token["user"]:
            raise Refused(403, "403 Forbidden")
        one["body"] = self.take_body()
        one["updated_at"] = "2026-01-02T00:00:00.000Z"
        return 200, one

    def note_delete(self, note):
        discussion, one = self.find_note(note)
        if one["author"]["id"] != self.token["user"] and self.token["role"] != "maintainer":
            raise Refused(403, "403 Forbidden")
        discussion["notes"].remove(one)
        if not discussion["notes"]:
            self.data["discussions"].remove(discussion)
        return 204, None

    def discussions(self):
        return self.page(self.data["discussions"])

    def thread_post(self):
        self.needs("reporter")
        self.wanted("body")
        position = self.body.get("position")
        if position is None:
            return 201, self.new_discussion(self.new_note("DiscussionNote"), False)
        self.check_position(position)
        return 201, self.new_discussion(self.new_note("DiffNote", position), False)

    def check_position(self, position):
        for key in ("base_sha", "start_sha", "head_sha", "position_type"):
            if not isinstance(position.get(key), str):
                raise Refused(400, {"error": f"position[{key}] is missing"})
        version = next((v for v in self.state.versions() if v["head"] == position["head_sha"]
                        and v["base"] == position["base_sha"] and v["start"] == position["start_sha"]), None)
        old_path, new_path = position.get("old_path"), position.get("new_path")
        lines = version and old_path and new_path and self.state.lines_of(version, old_path, new_path)
        if lines is None or version is None or not old_path or not new_path:
            raise Refused(400, {"message": "400 Bad request - Note {:position=>[\"is incomplete\"]}"})
        if position["position_type"] == "file":
            return
        new, old = position.get("new_line"), position.get("old_line")
        known = lines.get(new)
        fits = known is not None and (old is None if known[1] else old == known[0])
        for end in (position.get("line_range") or {}).values():
            place = lines.get(end.get("new_line"))
            code = place and f'{hashlib.sha1(new_path.encode()).hexdigest()}_{place[0]}_{end["new_line"]}'
            fits = fits and code is not None and end.get("line_code") == code
        if not fits:
            raise Refused(400, {"message": "400 Bad request - Note {:line_code=>[\"can't be blank\", "
                                           "\"must be a valid line code\"]}"})

    def reply(self, id):
        self.needs("reporter")
        discussion = self.find_thread(id)
        if discussion["individual_note"]:
            raise Refused(400, "400 Bad request")
        note = self.new_note(discussion["notes"][0]["type"])
        discussion["notes"].append(note)
        return 201, note

    def resolve(self, id):
        self.needs("developer")
        discussion = self.find_thread(id)
        if not isinstance(self.body, dict) or not isinstance(self.body.get("resolved"), bool):
            raise Refused(400, {"error": "resolved is missing"})
        if discussion["individual_note"]:
            raise Refused(400, "400 Bad request")
        for note in discussion["notes"]:
            note["resolved"] = self.body["resolved"]
        return 200, discussion

    # --- commits, files, artifacts, statuses ------------------------------------------------------

    def commit(self, sha):
        full = self.state.sha(sha)
        if full is None:
            raise Refused(404, "404 Commit Not Found")
        return 200, {"id": full, "short_id": full[:8], "title": "a commit", "parent_ids": []}

    def file(self, path):
        text = self.state.git("cat-file", "blob", f'{self.query.get("ref", "HEAD")}:{path}')
        if text is None:
            raise Refused(404, "404 File Not Found")
        return 200, text

    def artifact(self, ref, path):
        key = f'{ref} {self.query.get("job", "")} {path}'
        if key not in self.data["artifacts"]:
            raise Refused(404, "404 Not Found")
        self.headers["Content-Type"] = "application/octet-stream"
        return 200, self.data["artifacts"][key].encode()

    # --- pipelines and jobs -----------------------------------------------------------------------

    def pipelines(self):
        rows = [row for row in self.data["pipelines"] if self.query.get("ref", row["ref"]) == row["ref"]]
        return self.page([{"id": row["id"], "iid": row["id"], "project_id": self.data["project"]["id"], "sha": row["sha"],
                           "ref": row["ref"], "status": "failed", "source": "push"} for row in rows])

    def jobs_of(self, pipeline):
        return [{"id": job["id"], "name": job["name"], "status": "failed", "stage": "test", "ref": pipeline["ref"],
                 "commit": {"id": pipeline["sha"]}, "user": {"username": job.get("user", "anna")},
                 "web_url": f'{job.get("host", "https://gitlab.internal.example")}/group/app/-/jobs/{job["id"]}',
                 "pipeline": {"id": pipeline["id"], "sha": pipeline["sha"], "ref": pipeline["ref"]}}
                for job in pipeline["jobs"]]

    def pipeline_jobs(self, pipeline):
        for row in self.data["pipelines"]:
            if row["id"] == int(pipeline):
                return self.page(self.jobs_of(row))
        raise Refused(404, "404 Not found")

    def find_job(self, job):
        for row in self.data["pipelines"]:
            for one, shown in zip(row["jobs"], self.jobs_of(row)):
                if one["id"] == int(job):
                    return one, shown
        raise Refused(404, "404 Not Found")

    def job(self, job):
        return 200, self.find_job(job)[1]

    def job_file(self, job, path):
        left = self.find_job(job)[0].get("artifacts", {})
        if path not in left:
            raise Refused(404, "404 Not Found")
        self.headers["Content-Type"] = "application/octet-stream"
        return 200, left[path].encode()

    def statuses(self, sha):
        return self.page([s for s in self.data["statuses"] if s["sha"] == sha])

    def status_post(self, sha):
        self.needs("developer")
        self.wanted("state")
        states = ("pending", "running", "success", "failed", "canceled", "skipped")
        if self.body["state"] not in states:
            raise Refused(400, {"error": "state does not have a valid value"})
        name = self.body.get("name") or self.body.get("context") or "default"
        for status in self.data["statuses"]:
            if status["sha"] == sha and status["name"] == name:
                if status["status"] == self.body["state"]:
                    raise Refused(400, {"message": "Cannot transition status via :drop from :failed "
                                                   "(Reason(s): Status cannot transition via \"drop\")"})
                status["status"] = self.body["state"]
                status["description"] = self.body.get("description")
                return 201, status
        status = {"id": self.state.new_id(), "sha": sha, "ref": None, "status": self.body["state"], "name": name,
                  "description": self.body.get("description"), "target_url": self.body.get("target_url"),
                  "coverage": self.body.get("coverage"), "author": self.person(self.token["user"])}
        self.data["statuses"].append(status)
        return 201, status


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "fake-gitlab"

    def log_message(self, *args):
        pass

    def send(self, status, body, headers):
        plain = isinstance(body, (bytes, str))
        data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else (
            b"" if body is None else json.dumps(without_nulls(body)).encode())
        headers = dict(headers)
        kind = headers.pop("Content-Type", "text/plain" if plain else "application/json")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if status != 204:
            self.wfile.write(data)

    def read_body(self):
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Type", "").startswith("multipart/form-data"):
            return dict(re.findall(r'name="([^"]*)"\r\n\r\n(.*?)\r\n--', data.decode(), re.DOTALL))
        try:
            return json.loads(data) if data else None
        except ValueError:
            return None

    def control(self, state, path, body):
        with state.lock:
            if self.command == "GET" and path == "/_state":
                return self.send(200, json.dumps(state.data), {})
            if self.command == "POST" and path == "/_state":
                state.data.update(body)
            elif self.command == "POST" and path == "/_faults":
                state.faults += body
            else:
                return self.send(404, {}, {})
            return self.send(200, {}, {})

    def take_fault(self, state, path):
        for fault in state.faults:
            if fault.get("times", 1) > 0 and fault.get("method", self.command) == self.command \
                    and re.search(fault.get("path", ""), path):
                fault["times"] = fault.get("times", 1) - 1
                return fault
        return None

    def cut(self):
        self.close_connection = True
        self.connection.close()

    def limits(self, state):
        rate = state.data["rate"]
        if rate is None:
            return {"RateLimit-Limit": "2000", "RateLimit-Remaining": "1999", "RateLimit-Reset": str(int(time.time()) + 60)}
        if rate["remaining"] <= 0:
            raise Refused(429, b"Retry later\n", {"Retry-After": str(rate.get("retry_after", 1))})
        rate["remaining"] -= 1
        return {"RateLimit-Limit": "10", "RateLimit-Remaining": str(rate["remaining"]),
                "RateLimit-Reset": str(rate.get("reset", int(time.time())))}

    def carry_out(self, state, path, query, body):
        headers = {}
        try:
            headers = self.limits(state)
            started = re.fullmatch(r"/projects/(\d+)/trigger/pipeline", path)
            if started and self.command == "POST":
                return self.trigger(state, started[1], body or {})
            api = Api(state, self.command, path, query, self.headers, body)
            status, answer = api.answer()
            headers.update(api.headers)
            return status, answer, headers
        except Refused as refused:
            message = refused.message
            if not isinstance(message, (dict, bytes)):
                message = {"message": message}
            headers.update(refused.headers)
            return refused.status, message, headers

    @staticmethod
    def trigger(state, project, form):
        """A pipeline of another project: the token stands in the form, that of a job will do."""
        token = state.data["tokens"].get(form.get("token"))
        if token is None or token["header"] != "JOB-TOKEN":
            raise Refused(404, "404 Not Found")
        inputs = {key[7:-1]: value for key, value in form.items() if key.startswith("inputs[")}
        state.data["triggers"].append({"project": int(project), "ref": form["ref"], "inputs": inputs})
        return 201, {"id": state.new_id(), "ref": form["ref"]}, {}

    def handle_request(self):
        state = self.server.state
        parts = urlsplit(self.path)
        body = self.read_body()
        if parts.path.startswith("/_"):
            return self.control(state, parts.path, body)
        with state.lock:
            token = next((f"{n}: {self.headers[n]}" for n in ("PRIVATE-TOKEN", "JOB-TOKEN", "Authorization")
                          if self.headers.get(n)), None)
            state.data["requests"].append({"method": self.command, "path": self.path, "token": token, "body": body,
                                           "headers": dict(self.headers.items())})
            fault = self.take_fault(state, self.path) or {}
        if fault.get("do") == "slow":
            time.sleep(fault["seconds"])
        if fault.get("do") == "refuse":
            return self.cut()
        if fault.get("do") == "status":
            return self.send(fault["status"], fault.get("body", ""), fault.get("headers", {}))
        if fault.get("do") == "redirect":
            return self.send(302, "", {"Location": fault["location"]})
        if fault.get("do") == "garbage":
            self.wfile.write(b"\x00\x01 no HTTP at all\r\n\r\n")
            return self.cut()
        if not parts.path.startswith("/api/v4/"):
            return self.send(404, "<html>not found</html>", {})
        with state.lock:
            answer = self.carry_out(state, parts.path[7:], dict(parse_qsl(parts.query)), body)
        if fault.get("do") == "drop":
            return self.cut()
        return self.send(*answer)

    do_GET = do_POST = do_PUT = do_DELETE = handle_request

    def do_CONNECT(self):
        if not self.server.is_proxy:
            return self.send(404, "", {})
        with self.server.state.lock:
            self.server.state.data["connects"].append(self.path)
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as other:
            self.send_response(200)
            self.end_headers()
            there = threading.Thread(target=carry, args=(self.connection, other), daemon=True)
            there.start()
            carry(other, self.connection)
            there.join()
        self.close_connection = True


def carry(source, target):
    """Bytes from one socket to the other, until there are no more."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def end_with_parent(server, parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    server.shutdown()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--state")
    options.add_argument("--repository")
    options.add_argument("--certificate")
    options.add_argument("--key")
    options.add_argument("--proxy", action="store_true")
    given = options.parse_args()
    more = {}
    if given.state:
        with open(given.state, encoding="utf-8") as file:
            more = json.load(file)
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Handler)
    server.daemon_threads = True
    server.state = State(given.repository, more)
    server.is_proxy = given.proxy
    if given.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(given.certificate, given.key)
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print(f"listening on {server.server_address[1]}", flush=True)
    threading.Thread(target=end_with_parent, args=(server, os.getppid()), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()


if __name__ == "__main__":
    main()
