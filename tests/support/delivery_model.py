"""A second reckoning of deliveries, written from docs/delivery.md alone: kinds, changes, failures, incidents and recovery.

Nothing is asked of git or of qgate: random_delivery.py knows what it drew.
"""
from random_delivery import HOUR, NEVER, NOW

COUNTED = ("first", "forward", "diverged")


class Model:
    """What follows from a history, by docs/delivery.md."""

    def __init__(self, history):
        self.commits, self.changes, self.base = history.commits, [], None
        self.incidents = sorted((dict(i) for i in history.incidents if i["opened"] <= NOW), key=lambda i: (i["opened"], i["id"]))
        for one in self.incidents:
            one["resolved"] = one["resolved"] if one["resolved"] <= NOW else NEVER
        self.deployments = [dict(d) for d in history.deployments if d["stated"] <= NOW]
        for one in self.deployments:
            held = [] if one["commit"] is None else self.commits[one["commit"]]["held"]
            one["finished"] = max([one["stated"]] + [t for t in (self.commits[c]["committed"] for c in held) if t <= NOW])
            one |= {"failed": None, "remedy": None, "unplanned": one["flagged"], "named": [], "incidents": []}
        self.deployments.sort(key=lambda d: d["finished"])
        times = [d["finished"] for d in self.deployments]
        self.clear = len(set(times)) == len(times)  # what happened first is not for us to say
        self.chain()
        self.wait(history.line[-1])
        self.repairs()
        for one in self.incidents:
            one["fix"] = self.fix(one)
        for one in self.incidents:
            self.blame(one)
        self.recover()

    def chain(self):
        self.links, self.shipped, self.told, known = [], {}, set(), None
        for one in self.deployments:
            one["kind"] = self.kind(one, known)
            if one["kind"] in ("redeploy", "failed_attempt"):
                continue
            if one["commit"] is not None:
                self.bring(one)
                known = one
            self.links.append(one)
            one["place"] = len(self.links)

    def kind(self, one, known):
        if one["status"] != "success":
            return "failed_attempt"
        if not self.links:
            return "first"
        last = self.links[-1]
        if one["commit"] is None:
            ran = [link["version"] for link in self.links if link["commit"] is None]
            return "redeploy" if last["version"] == one["version"] else "rollback" if one["version"] in ran else "forward"
        if known is None:
            return "forward"
        if one["commit"] == known["commit"]:
            return "redeploy" if last is known else "rollback"
        if known["commit"] in self.commits[one["commit"]]["held"]:
            return "forward"
        back = one["commit"] in self.commits[known["commit"]]["held"]
        return "rollback" if back or one["commit"] in [link["commit"] for link in self.links] else "diverged"

    def same(self, number):
        commit = self.commits[number]
        return commit["author"], commit["written"], commit["file"]

    def bring(self, one):
        fresh = self.commits[one["commit"]]["held"] - self.shipped.keys()
        self.shipped |= {number: one for number in fresh}
        if self.base is None:
            self.base = one
            self.told |= {self.same(number) for number in fresh}
            return
        self.land(one["commit"], fresh, one)

    def land(self, tip, fresh, one):
        line, seen = [], set()
        while tip in fresh:
            line.append(tip)
            tip = self.commits[tip]["parents"][0] if self.commits[tip]["parents"] else None
        for landed in reversed(line):
            own = sorted(n for n in (self.commits[landed]["held"] & fresh) - seen if len(self.commits[n]["parents"]) < 2)
            seen |= self.commits[landed]["held"]
            if own:
                self.changes.append(self.change(landed, own, one))

    def change(self, landed, own, one):
        original = []
        for number in own:
            self.commits[number]["copy"] = self.same(number) in self.told
            if not self.commits[number]["copy"]:
                original.append(number)
            self.told.add(self.same(number))
        commits, landed = [self.commits[n] for n in own], self.commits[landed]
        for commit in commits + [landed]:
            commit["change"] = len(self.changes)
        started = min((self.commits[n]["written"] for n in original), default=None)
        change = {"landed": landed["name"], "by": one, "committed": landed["committed"], "started": started, "why": None,
                  "unplanned": False, "lead": None, "merged": None, "size": self.size(landed)}
        change["author"] = next((c["author"] for c in commits if c["number"] in original and c["written"] == started), None)
        if all("[bot]" in commit["author"] for commit in commits):
            change["why"] = "bot"
        elif not original:
            change["why"] = "copy"
        elif one is None:
            change["why"] = "waiting"
        elif max(started, landed["committed"]) > one["stated"]:
            change["why"] = "skewed"
        else:
            change["lead"], change["merged"] = one["finished"] - started, one["finished"] - landed["committed"]
        return change

    def size(self, landed):
        before = self.commits[landed["parents"][0]]["files"] if landed["parents"] else {}
        return len(landed["files"].keys() - before.keys())

    def wait(self, tip):
        if self.base is not None:
            self.land(tip, self.commits[tip]["held"] - self.shipped.keys(), None)

    def fail(self, one, remedy, how):
        if one["kind"] in COUNTED and (one["remedy"] is None or remedy["place"] < one["remedy"]["place"]):
            one["failed"], one["remedy"] = how, remedy

    def repairs(self):
        for before, after in zip(self.links, self.links[1:]):
            if after["kind"] == "rollback":
                after["unplanned"] = True
                after["named"].append(before)
                if after["finished"] - before["finished"] <= 48 * HOUR:
                    self.fail(before, after, "rollback")
        for number, one in sorted(self.shipped.items()):
            if one is not self.base and not self.commits[number].get("copy"):
                self.hear(self.commits[number], one)

    def hear(self, commit, one):
        """What a message says of what was deployed before."""
        text, lower = commit["message"], commit["message"].lower()
        hotfix = lower.startswith("hotfix") or text.startswith("Merge branch 'hotfix/")
        if text.startswith("Reapply"):
            return
        named, words = [], text.replace('"', " ").split()
        if hotfix or lower.startswith("revert "):
            for word in words:
                named += [d for d in self.links if d["version"] == word and d["place"] < one["place"]][-1:]
        for before, word in zip(words, words[1:]):
            target = None
            if before == "commit":
                target = [n for n in self.shipped if self.commits[n]["name"].startswith(word.rstrip("."))]
            elif before == "Reverts":
                target = [n for n in self.shipped if self.commits[n]["message"].endswith("See merge request g/shop" + word)]
            named += [self.shipped[n] for n in target or [] if self.shipped[n] is not self.base and
                      self.shipped[n]["place"] < one["place"]]
        for old in named:
            one["named"].append(old)
            self.fail(old, one, "hotfix" if hotfix else "revert")
        if hotfix or named:
            one["unplanned"] = True
            if "change" in commit:
                self.changes[commit["change"]]["unplanned"] = True

    def running(self, moment):
        return next((link for link in reversed(self.links) if link["finished"] <= moment), None)

    def rescues(self, one):
        return [link for link in self.links if link["unplanned"] and one["opened"] <= link["finished"] <= one["resolved"]]

    def fix(self, one):
        """The first deployment since it began whose commits name it."""
        found = []
        for number, by in self.shipped.items():
            commit = self.commits[number]
            text = commit["message"] if not commit["message"].startswith("Re") else commit["message"].partition("\n")[2]
            if by is not self.base and not commit.get("copy") and one["opened"] <= by["finished"] and \
                    one["id"] in text.replace(".", " ").split():
                found.append(by)
                by["works"] = True
                if "change" in commit:
                    self.changes[commit["change"]]["unplanned"] = True
        return min(found, key=lambda d: d["place"], default=None)

    def suspect(self, rescue, moment):
        """What it repairs, if that ran then and counts."""
        named = max(rescue["named"], key=lambda d: d["place"]) if rescue["named"] else self.running(moment)
        runs = named is not None and named["place"] < rescue["place"] and named["finished"] <= moment
        return named if runs and named["kind"] in COUNTED else None

    def blame(self, one):
        one["by"], one["method"], runs = None, None, self.running(one["opened"])
        if one["caused_by"] is not None:
            called = [d for d in self.links if one["caused_by"] in (d["version"], d["id"])]
            before = [d for d in called if d["finished"] <= one["opened"]]
            if called:
                one["by"], one["method"] = (before or called[:1])[-1], "explicit"
        elif one["cause"] == "other":
            return
        elif one["fix"] is not None:
            one["by"] = self.suspect(one["fix"], one["opened"])
            one["method"] = one["by"] and "explicit"
        if one["by"] is not None and one["fix"] is not None and one["by"]["place"] < one["fix"]["place"]:
            self.fail(one["by"], one["fix"], "hotfix")
        for rescue in self.rescues(one) if one["cause"] != "other" else []:
            suspect = self.suspect(rescue, one["opened"])
            if one["method"] == "explicit":
                named = [d for d in rescue["named"] if d["place"] >= one["by"]["place"]]
                mends = named if rescue["kind"] == "rollback" else not rescue["named"] or one["by"] in rescue["named"]
                if one["by"]["place"] < rescue["place"] and mends:
                    self.fail(one["by"], rescue, "rollback" if rescue["kind"] == "rollback" else "hotfix")
                    break
            elif one["caused_by"] is None and suspect is not None:
                one["by"], one["method"] = suspect, "remedied"
                self.fail(suspect, rescue, "rollback" if rescue["kind"] == "rollback" else "hotfix")
                break
        if one["caused_by"] is None and one["by"] is None and runs is not None and runs["kind"] in COUNTED and \
                one["opened"] - runs["finished"] <= 24 * HOUR:
            one["by"], one["method"] = runs, "nearby"
        if one["by"] is not None and one["cause"] != "other" and one["by"]["kind"] in COUNTED:
            one["by"]["incidents"].append(one)

    def recover(self):
        for one in self.links:
            one["unplanned"] |= one.get("works", False)
            ends = [] if one["remedy"] is None else [one["remedy"]["finished"]]
            if one["incidents"]:
                ends.append(max(incident["resolved"] for incident in one["incidents"]))
                one["failed"] = one["failed"] or "incident"
            one["recovered"] = max(one["finished"], min(ends, default=NEVER)) if one["failed"] else None
