"""The REST API of the GitLab for tests: routes, who may do what, and all that is no note."""
import re
from urllib.parse import unquote

from fake_gitlab_notes import Notes
from fake_gitlab_state import Refused

ROLES = ["none", "guest", "reporter", "developer", "maintainer"]

# What a job token may do (GitLab's list); everything else needs a personal, project or group token.
JOB_TOKEN = [
    ("GET", r"/projects/[^/]+/repository/files/.*/raw"),
    ("GET", r"/projects/[^/]+/repository/commits/[^/]+"),
    ("GET", r"/projects/[^/]+/merge_requests/\d+"),
    ("GET", r"/projects/[^/]+/merge_requests/\d+/notes(/\d+)?"),
    ("GET", r"/job"),
]
JOB_TOKEN_PREMIUM = [("GET", r"/projects/[^/]+/jobs/artifacts/.*")]


class Api(Notes):
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
