"""The notes and threads of the merge request in the GitLab for tests, with what it refuses of them."""
import hashlib
import re

from fake_gitlab_state import Refused

NOTE_BYTES = 1_000_000


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


class Notes:
    """Methods of the Api that stand by themselves: one a route, and what they share."""

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
