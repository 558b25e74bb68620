"""What the history of a GitOps repository says, found without qgate: git's command line, a YAML parser of Python, and every
file of every commit on the first-parent line read anew.
"""
import os
import re
import subprocess

import yaml

ENVIRONMENT = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", LC_ALL="C.UTF-8", TZ="UTC",
                   GIT_AUTHOR_NAME="t", GIT_AUTHOR_EMAIL="t@example.org", GIT_COMMITTER_NAME="t", GIT_COMMITTER_EMAIL="t@example.org")


def git(where, *arguments, given=None):
    return subprocess.run(["git", "-C", where, *arguments], input=given, env=ENVIRONMENT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout


class Loader(yaml.SafeLoader):
    """Every value is the text that is written; only merge keys mean something."""


Loader.yaml_implicit_resolvers = {"<": [("tag:yaml.org,2002:merge", re.compile("^<<$"))]}


def construct(loader, _suffix, node):
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


Loader.add_multi_constructor("", construct)


# --- templates --------------------------------------------------------------------------------------


def regex_of(template, delivery, captured, of_path):
    """Captures of what is known are what is known."""
    names = {"environment": sorted(delivery["environments"], key=len, reverse=True),
             "region": sorted({r for e in delivery["environments"].values() for r in e.get("regions", [])},
                              key=len, reverse=True)}
    out, seen = "", set()
    for piece in re.split(r"(\{service\}|\{environment\}|\{region\}|\*\*/|\*\*|\*)", template):
        word = piece[1:-1]
        if piece in ("{service}", "{environment}", "{region}"):
            if captured.get(word):
                out += re.escape(captured[word])
            elif word in seen:
                out += f"(?P={word})"
            elif word == "service":
                out += "(?P<service>[^/]+)"
            else:
                out += f"(?P<{word}>{'|'.join(map(re.escape, names[word]))})"
            seen.add(word)
        elif piece == "**/":
            out += "(?:.*/)?"
        elif piece == "*":
            out += "[^/]*" if of_path else ".*"
        else:
            out += ".*" if piece == "**" else re.escape(piece)
    return re.compile(out, re.S)


def match(template, text, delivery, captured, of_path=False):
    """What is captured together with what was, or None."""
    found = regex_of(template, delivery, captured, of_path).fullmatch(text)
    if not found:
        return None
    captured = {**captured, **found.groupdict()}
    regions = delivery["environments"].get(captured.get("environment"), {}).get("regions", [])
    if regions and captured.get("region") and captured["region"] not in regions:
        return None
    return captured


# --- files ------------------------------------------------------------------------------------------


def steps_of(select):
    """[key] or [(key, value), …] of each step; enough for the selects of the tests."""
    steps = []
    for piece in re.findall(r'\[[^\]]*\]|"[^"]*"|[^.\[]+', select):
        if piece[0] == "[":
            pair = tuple(piece[1:-1].split("=", 1))
            if steps and isinstance(steps[-1], list):
                steps[-1].append(pair)
            else:
                steps.append([pair])
        else:
            steps.append(piece.strip('"'))
    return steps


def without(value, hole):
    """A copy in which the one text object `hole` is missing."""
    if value is hole:
        return None
    if isinstance(value, dict):
        return {key: without(one, hole) for key, one in value.items()}
    return [without(one, hole) for one in value] if isinstance(value, list) else value


def choose(steps, value, delivery, captured, part):
    """(captured, version, part) of each."""
    if not steps:
        if isinstance(value, str) and value not in ("", "~", "null", "Null", "NULL"):
            yield captured, value, part
        return
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        entries = value.items() if isinstance(value, dict) else ()
        for key, one in entries:
            more = match(step, key, delivery, captured)
            if more is not None:
                yield from choose(rest, one, delivery, more, part if more == captured else one)
        return
    items = value if isinstance(value, list) else []
    if len(step[0]) == 1:
        yield from (choose(rest, items[int(step[0][0])], delivery, captured, part) if int(step[0][0]) < len(items) else ())
        return
    for one in items:
        more = captured
        for key, wanted in step:
            text = one.get(key) if isinstance(one, dict) else None
            more = match(wanted, text, delivery, more) if isinstance(text, str) and more is not None else None
        if more is not None:
            yield from choose(rest, one, delivery, more, part if more == captured else one)


class Unique(str):
    """A text that is told apart from its equals."""


def image_version(reference):
    """TAG, TAG@DIGEST or DIGEST of [HOST[:PORT]/]NAME."""
    found = re.fullmatch(r"(?:.*/)?[^/:@]*(?::([\w.-]+))?(?:@(\w+:[0-9a-fA-F]+))?", reference)
    return "@".join(one for one in found.groups() if one) if found else ""


def told_apart(value):
    if isinstance(value, dict):
        return {key: told_apart(one) for key, one in value.items()}
    return [told_apart(one) for one in value] if isinstance(value, list) else Unique(value)


def says(delivery, repository, path, text):
    """{(service, environment, region): (layout, version, rest)} of a file."""
    documents, found = None, {}
    for index, layout in enumerate(delivery["deployments"]):
        fixed = {word: layout.get(word) for word in ("service", "environment", "region")}
        captured = match(layout["file"], path, delivery, fixed, of_path=True) if layout["repository"] == repository else None
        if captured is None:
            continue
        if documents is None:
            documents = [told_apart(one) for one in yaml.load_all(text, Loader)]
        for document in documents:
            more, part = captured, None
            about = document if isinstance(document, dict) else {}
            if "kind" in layout and about.get("kind") != layout["kind"]:
                continue
            if "name" in layout:
                about = about.get("metadata")
                name = about.get("name") if isinstance(about, dict) else None
                more, part = match(layout["name"], name, delivery, captured) if isinstance(name, str) else None, document
            if more is None:
                continue
            image = re.fullmatch(r"tag\((.*)\)", layout["select"])
            for has, version, own in choose(steps_of(image[1] if image else layout["select"]), document, delivery, more, part):
                if image and not image_version(version):
                    continue
                key = (has["service"], has["environment"], has.get("region") or "")
                rest = without(documents if own is None else own, None if image else version)
                found.setdefault(key, (index, image_version(version) if image else str(version), rest))
    return found


def is_overlooked(path, delivery):
    """Would it count with any environment and region?"""
    def fits(regex):
        return any(regex(layout["file"]).fullmatch(path) for layout in delivery["deployments"])
    anything = {"environments": {}, "deployments": []}
    return not fits(lambda file: regex_of(file, delivery, {}, True)) and \
        fits(lambda file: regex_of(re.sub(r"\{\w+\}", "*", file), anything, {}, True))


# --- history ----------------------------------------------------------------------------------------


def files_at(where, commit):
    """{path: blob} of regular files."""
    out = {}
    for line in git(where, "ls-tree", "-r", "-z", commit).decode("utf-8", "surrogateescape").split("\0")[:-1]:
        about, path = line.split("\t", 1)
        mode, _kind, blob = about.split()
        if mode.startswith("100"):
            out[path] = blob
    return out


def mend(broken, path, latest):
    for one in broken:
        if one[1] == path and one[3] == -1:
            one[3] = latest


def history(where, delivery, repository="ops", branch="main"):
    """[(commit, time, author, {(key, path, layout): (version, rest)})], oldest first, and the files that were broken:
    [commit, path, from, until or -1].
    """
    known, texts, current, before, latest, broken, steps = {}, {}, {}, {}, 0, [], []
    delivery = {"environments": {"production": {}}, **delivery}
    log = git(where, "log", "--first-parent", "--reverse", "--format=%H\t%ct\t%an <%ae>", branch, "--").decode()
    for line in log.splitlines():
        commit, stated, author = line.split("\t")
        latest = max(latest, int(stated))
        now = files_at(where, commit)
        for path in sorted(set(now) | set(before)):
            blob = now.get(path)
            if blob == before.get(path):
                continue
            if blob is None:
                mend(broken, path, latest)
                current.pop(path, None)
                known.pop(path, None)
                continue
            if blob not in texts:
                texts[blob] = git(where, "cat-file", "blob", blob)
            try:
                current[path] = says(delivery, repository, path, texts[blob])
                known[path] = True
                mend(broken, path, latest)
            except yaml.YAMLError:
                if known.get(path, True):
                    broken.append([commit, path, latest, -1])
                known[path] = False
        before = now
        state = {(key, path, layout): (version, rest)
                 for path, found in current.items() for key, (layout, version, rest) in found.items()}
        steps.append((commit, latest, author, state))
    return steps, broken


def region_version(entries):
    """What counts: said last, of one commit the earlier layout, then the path."""
    return min(entries, key=lambda one: (-one["order"], one["layout"], one["path"]))["version"]


def rollouts(steps):
    """[{service, environment, version, config, commit, first_s, at_s}], in their order."""
    entries, since, deployed, out = {}, {}, {}, []
    before = {}
    for order, (commit, at_s, _author, state) in enumerate(steps):
        changed, config = set(), set()
        for place in set(state) | set(before):
            (service, environment, region), path, layout = place
            was, now = before.get(place), state.get(place)
            if was == now:
                continue
            changed.add((service, environment))
            if now is None:
                entries.pop(place)
            elif was is None or was[0] != now[0]:
                entries[place] = {"version": now[0], "order": order, "layout": layout, "path": path, "region": region,
                                  "group": (service, environment)}
            else:
                config.add((service, environment))
        # what moved within a layout, and is otherwise configured
        gone = sorted((p for p in before if p not in state), key=lambda p: (p[1], p[2]))
        come = sorted((p for p in state if p not in before), key=lambda p: (p[1], p[2]))
        for key in {p[0] for p in gone} & {p[0] for p in come}:
            for old, new in zip([p for p in gone if p[0] == key], [p for p in come if p[0] == key]):
                if old[2] == new[2] and before[old][0] == state[new][0] and before[old][1] != state[new][1]:
                    config.add(key[:2])
        for group in sorted(changed):
            regions = {}
            for one in entries.values():
                if one["group"] == group:
                    regions.setdefault(one["region"], []).append(one)
            versions = {region: region_version(ones) for region, ones in regions.items()}
            for region in {r for g, r in since if g == group} | set(versions):
                if region not in versions:
                    since.pop((group, region), None)
                elif since.get((group, region), ("",))[0] != versions[region]:
                    since[group, region] = (versions[region], at_s)
            said = set(versions.values())
            last = deployed.get(group)
            if not said:
                deployed.pop(group, None)
                continue
            one = {"service": group[0], "environment": group[1], "commit": commit, "at_s": at_s, "first_s": at_s,
                   "config": False}
            if len(said) == 1 and last not in said:
                deployed[group] = said.pop()
                first = min(since[group, region][1] for region in versions)
                out.append({**one, "version": deployed[group], "first_s": first})
            elif group in config and last is not None:
                out.append({**one, "version": last, "config": True})
        before = state
    return out
