#!/usr/bin/env python3
"""Write a Trivy report (schema 2) with VULNERABILITIES vulnerabilities to standard output, always the same bytes.

usage: make_trivy.py VULNERABILITIES > trivy.json

Indented as Trivy writes it, with long descriptions (escaped line ends and quotes, some letters beyond ASCII), CVSS and
references: about 2.7 KB each, 40,000 are 108 MB. One result of class os-pkgs and nine of class lang-pkgs.
"""
import json
import sys

SEVERITIES = ("LOW", "LOW", "MEDIUM", "MEDIUM", "MEDIUM", "HIGH", "HIGH", "CRITICAL", "UNKNOWN")
PACKAGES = ("openssl", "zlib1g", "libc6", "libexpat1", "curl", "perl-base", "ansi-regex", "urllib3", "jackson-databind")
SENTENCES = (
    "An issue was discovered in the parser of \"%s\" before the release named below.\n\n",
    "A crafted message lets a remote attacker read beyond the end of a buffer, which may end the process.\n",
    "The maintainers – as several distributions do – rate the impact as moderate: the option is off by default.\n",
    "Applications that call `decode(\"…\")` on input of strangers are affected; others are not.\n",
)
RESULTS = 10


def vulnerability(number, dice):
    name, year = PACKAGES[dice % 9], 2015 + dice % 11
    identity, package = f"CVE-{year}-{number:05d}", f"{name}-{number % 4000}"
    version = f"{dice % 7}.{dice % 31}.{dice % 13}"
    score = {"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "V3Score": 1 + dice % 90 / 10}
    item = {"VulnerabilityID": identity, "PkgID": f"{package}@{version}", "PkgName": package,
            "PkgIdentifier": {"PURL": f"pkg:deb/debian/{package}@{version}", "UID": f"{dice:016x}"},
            "InstalledVersion": version, "FixedVersion": f"{version}-2", "Status": "fixed",
            "Layer": {"Digest": f"sha256:{dice:064x}", "DiffID": f"sha256:{dice * 7:064x}"},
            "SeveritySource": "nvd", "PrimaryURL": f"https://avd.aquasec.com/nvd/{identity.lower()}",
            "DataSource": {"ID": "debian", "Name": "Debian Security Tracker", "URL": "https://salsa.debian.org/"},
            "Title": f"{name}: reading beyond the end of a buffer in the parser",
            "Description": "".join(SENTENCES[0] % name if i == 0 else SENTENCES[(dice + i) % 4].replace("%s", name)
                                   for i in range(8)),
            "Severity": SEVERITIES[dice % 9], "CweIDs": [f"CWE-{dice % 900}"],
            "VendorSeverity": {"debian": 1, "nvd": 3, "redhat": 2}, "CVSS": {"nvd": score, "redhat": score},
            "References": [f"https://security.example.org/{name}/advisory-{number}-{i}.html" for i in range(4)],
            "PublishedDate": f"{year}-03-01T16:15:00Z", "LastModifiedDate": f"{year}-11-07T02:40:28.13Z"}
    if dice % 3 == 0:
        del item["FixedVersion"]
        item["Status"] = "affected"
    return item


def text(value, indent):
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", "\n" + " " * indent)


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__.split("\n\n")[1])
    wanted, state, out = int(sys.argv[1]), 1, sys.stdout.write
    out('{\n  "SchemaVersion": 2,\n  "ArtifactName": "registry.example/shop:1.4",\n'
        '  "ArtifactType": "container_image",\n  "Results": [\n')
    for result in range(RESULTS):
        target, kind = ("registry.example/shop:1.4 (debian 12.5)", "os-pkgs") if result == 0 else (
            f"srv/app{result}/package-lock.json", "lang-pkgs")
        out("," * (result > 0) + f'\n    {{\n      "Target": "{target}",\n      "Class": "{kind}",\n'
            '      "Type": "debian",\n      "Vulnerabilities": [')
        for number in range(wanted * result // RESULTS, wanted * (result + 1) // RESULTS):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            out("," * (number > wanted * result // RESULTS) + "\n        ")
            out(text(vulnerability(number, state >> 33), 8))
        out("\n      ]\n    }")
    out("\n  ]\n}\n")


if __name__ == "__main__":
    main()
