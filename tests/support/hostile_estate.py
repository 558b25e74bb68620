#!/usr/bin/env python3
"""hostile_estate.py DIRECTORY: services, versions, subjects, files and incidents that want to be more than text.

Makes core/ (the application and delivery.yml), clusters/ (the GitOps repository) and events.jsonl (for `qgate record --file`);
each text of hostile_texts.py is a version, a subject, a folder in the place of a service, and an incident.
"""
import json
import os
import pathlib
import subprocess
import sys

from hostile_texts import TEXTS, harmless

NOON = 1804248000  # 2027-03-05T12:00:00Z
WHO = "Ada <ada@example.org>"
CONFIGURATION = """version: 1
repositories: {clusters: {url: ../clusters}}
environments: {production: {tier: production}}
deployments:
  - {repository: clusters, file: "shop/{environment}/values.yaml", select: "{service}.image.tag"}
  - {repository: clusters, file: "apps/{service}/{environment}.yaml", select: image.tag}
teams: {sales: {name: "<b>\\"Sales\\"</b> | $(id)", owns: ["."], targets: [dora.lead_time.p50 <= 1h]}}
services:
  shop: {project: "."}
  cart: {project: "."}
"""


def data(text):
    raw = text.encode("utf-8", "surrogatepass")
    return b"data %d\n%s\n" % (len(raw), raw)


def quoted(path):
    return b'"' + b"".join(b"\\%03o" % byte if byte < 33 or byte > 126 or byte in b'"\\' else bytes([byte])
                           for byte in path.encode("utf-8", "surrogatepass")) + b'"'


def commit(number, message, files):
    """Of the branch main, an hour after the one before."""
    lines = [b"commit refs/heads/main\n", f"author {WHO} {NOON + number * 3600} +0000\n".encode(),
             f"committer {WHO} {NOON + number * 3600} +0000\n".encode(), data(message)]
    for path, content in files.items():
        lines += [b"M 100644 inline ", quoted(path), b"\n", data(content)]
    return b"".join(lines)


def repository(path, commits):
    subprocess.run(["git", "init", "-q", "-b", "main", path], check=True)
    subprocess.run(["git", "-C", path, "fast-import", "--quiet"], input=b"".join(commits), check=True)
    subprocess.run(["git", "-C", path, "checkout", "-q", "-f", "main"], check=True) if path.name == "core" else None


def names(text):
    """What can be the name of a folder."""
    return text not in (".", "..", "") and "/" not in text and "\0" not in text and len(text.encode()) < 200


def main():
    here = pathlib.Path(sys.argv[1])
    os.environ.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
    repository(here / "core", [commit(n, text, {"src/a.txt": f"{n}\n"}) for n, text in enumerate(TEXTS)])
    (here / "core" / "delivery.yml").write_text(CONFIGURATION, encoding="utf-8")
    hashes = subprocess.run(["git", "-C", here / "core", "rev-list", "--reverse", "main"], check=True,
                            capture_output=True, text=True).stdout.split()
    deployed = []
    for n, text in enumerate(TEXTS):
        # every second version ends with its commit, so that there are changes behind it
        version = f"{text} {hashes[n]}" if n % 2 else text
        files = {"shop/production/values.yaml": f"shop: {{image: {{tag: {json.dumps(version)}}}}}\n"}
        if names(text):
            files[f"apps/{text}/production.yaml"] = f"image: {{tag: v{n}}}\n"
        deployed.append(commit(n, text, files))
    repository(here / "clusters", deployed)
    with open(here / "events.jsonl", "w", encoding="utf-8") as events:
        for n, text in enumerate(TEXTS):
            if harmless(text) != text or len(text.encode()) > 256: # what `qgate record` refuses
                continue
            at = f"2027-03-{6 + n // 24:02d}T{n % 24:02d}:30:00Z"
            print(json.dumps({"event": "incident", "id": text, "service": "shop", "opened": at, "urgency": text,
                              "priority": text, "origin": text, "cause": "change"}), file=events)


main()
