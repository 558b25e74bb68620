#!/usr/bin/env python3
"""A client of GitLab that nobody here wrote (python-gitlab) against tests/support/fake_gitlab.py.

Lists, writes and deletes notes, discussions with positions and statuses; fails where it does not get what a GitLab
would answer.
"""
import pathlib
import subprocess
import sys
import tempfile

import gitlab

FAKE = pathlib.Path(__file__).parent.parent / "support" / "fake_gitlab.py"


def make_repository(folder):
    def git(*words):
        return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True).stdout.strip()

    file = pathlib.Path(folder) / "a.c"
    git("init", "-q", "-b", "main")
    git("config", "user.email", "test@example.org")
    git("config", "user.name", "test")
    file.write_text("int a;\nint b;\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "main")
    git("checkout", "-qb", "feature")
    file.write_text("int a;\nint fresh;\nint b;\n", encoding="utf-8")
    git("commit", "-qam", "feature")
    return git("rev-parse", "HEAD")


def refused(status, call, *words, **more):
    try:
        call(*words, **more)
    except gitlab.exceptions.GitlabError as error:
        assert error.response_code == status, error
    else:
        raise AssertionError(f"not refused with {status}")


def drive(address, head):
    client = gitlab.Gitlab(address, private_token="bot", keep_base_url=True)
    client.auth()
    assert client.user.username == "qgate-bot"
    project = client.projects.get("group/app")
    request = project.mergerequests.get(1)
    assert request.sha == head and request.target_branch == "main"

    notes = [request.notes.create({"body": f"note {i}"}) for i in range(25)]
    assert [note.body for note in request.notes.list(all=True, sort="asc")] == [f"note {i}" for i in range(25)]
    notes[0].body = "changed"
    notes[0].save()
    assert request.notes.get(notes[0].id).body == "changed"
    for note in notes[1:]:
        note.delete()
    refused(404, request.notes.get, notes[1].id)

    diff = request.diffs.list()[0]
    position = {"position_type": "text", "base_sha": diff.base_commit_sha, "start_sha": diff.start_commit_sha,
                "head_sha": diff.head_commit_sha, "old_path": "a.c", "new_path": "a.c", "new_line": 2}
    thread = request.discussions.create({"body": "why?", "position": position})
    thread.notes.create({"body": "because"})
    thread.resolved = True
    thread.save()
    thread = next(one for one in request.discussions.list(all=True) if one.id == thread.id)
    assert [note["body"] for note in thread.attributes["notes"]] == ["why?", "because"]
    assert all(note["resolved"] for note in thread.attributes["notes"])
    refused(400, request.discussions.create, {"body": "where?", "position": dict(position, new_line=9)})

    commit = project.commits.get(head)
    commit.statuses.create({"state": "failed", "name": "qgate/unit", "description": "1 of 2 rules failed"})
    assert [(one.name, one.status) for one in commit.statuses.list()] == [("qgate/unit", "failed")]
    refused(400, commit.statuses.create, {"state": "failed", "name": "qgate/unit"})
    refused(401, gitlab.Gitlab(address, private_token="nobody").auth)


def main():
    with tempfile.TemporaryDirectory() as folder:
        head = make_repository(folder)
        fake = subprocess.Popen([sys.executable, FAKE, "--repository", folder], stdout=subprocess.PIPE, text=True)
        try:
            port = fake.stdout.readline().removeprefix("listening on ").strip()
            drive(f"http://127.0.0.1:{port}", head)
        finally:
            fake.terminate()
            fake.wait()
    print(f"python-gitlab {gitlab.__version__}: accepts the answers")


if __name__ == "__main__":
    main()
