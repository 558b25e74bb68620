#!/usr/bin/env python3
"""make_gitops.py COMMITS: a GitOps repository as `git fast-import` reads it: 100 services in two regions, each commit a
version of one of them in one region or in both.
"""
import random
import sys

SERVICES, REGIONS = 100, ("eu", "af")


def overlay(service, version):
    literals = "".join(f"      - KEY_{n}=value {n}\n" for n in range(20))
    return (f"kind: Kustomization\nresources:\n  - ../../base\nimages:\n  - name: registry.example/team/svc{service}\n"
            f"    newTag: \"{version}\"\nconfigMapGenerator:\n  - name: env\n    literals:\n{literals}")


def main():
    rng, out = random.Random(1), sys.stdout
    for number in range(1, int(sys.argv[1]) + 1):
        service, subject = rng.randrange(SERVICES), f"bump {number}"
        out.write(f"commit refs/heads/main\nmark :{number}\ncommitter renovate[bot] <r@example.org> "
                  f"{1700000000 + 600 * number} +0000\ndata {len(subject)}\n{subject}\n")
        if number > 1:
            out.write(f"from :{number - 1}\n")
        for region in REGIONS if rng.random() < 0.5 else [rng.choice(REGIONS)]:
            text = overlay(service, f"1.{number}.0")
            out.write(f"M 644 inline apps/svc{service}/overlays/production-{region}/kustomization.yaml\n"
                      f"data {len(text)}\n{text}\n")


main()
