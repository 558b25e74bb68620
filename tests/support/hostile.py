#!/usr/bin/env python3
"""Write the bad input NAME to standard output, always the same bytes, piece by piece.

usage: hostile.py NAME > report      hostile.py --list
"""
import sys

MIB = 1 << 20

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
COBERTURA = XML + """<coverage line-rate="0.5">
<packages><package name="p"><classes>
<class name="A" filename="src/a.c"><lines>
<line number="1" hits="1"/>
<line number="2" hits="0"/>
</lines></class>
</classes></package></packages>
</coverage>
"""
JUNIT = XML + """<testsuites>
<testsuite name="suite">
<testcase classname="a" name="adds" time="0.1"/>
<testcase classname="a" name="carries" time="0.1"/>
</testsuite>
</testsuites>
"""
SONARQUBE = """{
  "projectStatus": {
    "status": "OK",
    "conditions": [
      {"status": "OK", "metricKey": "new_coverage", "comparator": "LT", "errorThreshold": "80", "actualValue": "91.5"}
    ]
  }
}
"""
TRIVY = """{
  "SchemaVersion": 2,
  "ArtifactName": "shop:1.4",
  "Results": [
    {
      "Target": "shop:1.4 (debian 12.5)",
      "Class": "os-pkgs",
      "Type": "debian",
      "Vulnerabilities": [
        {"VulnerabilityID": "CVE-2024-0001", "PkgName": "zlib1g", "InstalledVersion": "1.2", "Severity": "LOW"}
      ]
    }
  ]
}
"""
JMETER = """timeStamp,elapsed,label,responseCode,success
1700000000000,12,home,200,true
1700000000100,15,home,200,true
1700000000200,17,home,200,true
"""

INPUTS = {}


def bad(make):
    """Register a generator of texts or bytes; its name is the input's."""
    INPUTS[make.__name__.replace("_", "-")] = make
    return make


def repeated(text, times, at_once=10000):
    """`text` with its number for each {}, or as it is: `times` in all."""
    for first in range(0, times, at_once):
        numbers = range(first, min(first + at_once, times))
        yield "".join(text.format(i) for i in numbers) if "{" in text else text * len(numbers)


def of_size(size):
    yield from repeated("x" * 1024, size // 1024)


@bad
def good_cobertura():
    yield COBERTURA


@bad
def good_junit():
    yield JUNIT


@bad
def good_trivy():
    yield TRIVY


@bad
def good_sonarqube():
    yield SONARQUBE


@bad
def good_jmeter():
    yield JMETER


# What a job leaves that died, or that wrote something else.


@bad
def empty():
    yield ""


@bad
def truncated_cobertura():
    yield COBERTURA[:COBERTURA.index("</lines>")]


@bad
def truncated_junit():
    yield JUNIT[:JUNIT.index("</testsuite>")]


@bad
def truncated_sonarqube():
    yield SONARQUBE[:SONARQUBE.index('"new_coverage"')]


@bad
def truncated_trivy():
    yield TRIVY[:TRIVY.index('"Severity"')]


@bad
def truncated_jmeter():
    """Cut in the middle of a file that goes on: the row is short."""
    yield JMETER.replace("1700000000100,15,home,200,true\n", "1700000000100,15\n")


@bad
def html_page():
    yield "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>sorry</body></html>\n"


@bad
def plain_text():
    yield "error: could not find or load main class org.example.Report\n"


@bad
def binary():
    yield b"\x7fELF\x02\x01\x01" + bytes(i * i * 31 >> 3 & 255 for i in range(100000))


@bad
def binary_in_xml():
    yield XML + '<testsuites><testsuite name="s"><testcase name="t"><system-out>'
    yield b"\x00\x01\xfe\xff" * 10000
    yield "</system-out></testcase></testsuite></testsuites>"


@bad
def nul_bytes_xml():
    yield JUNIT.replace("carries", "car\0ries").replace("</testsuite>", "<!-- %s -->\n</testsuite>" % ("x" * 400))


@bad
def nul_bytes_json():
    yield TRIVY.replace("zlib1g", "zlib\0001g")


@bad
def nul_bytes_csv():
    yield JMETER.replace(",15,", ",1\0005,")


def utf_16(text, mark):
    return mark + text.encode("utf-16-le" if mark == b"\xff\xfe" else "utf-16-be")


@bad
def utf_16_xml():
    yield utf_16(COBERTURA.replace('encoding="UTF-8"', 'encoding="UTF-16"'), b"\xff\xfe")


@bad
def utf_16_big_xml():
    yield utf_16(JUNIT.replace('encoding="UTF-8"', 'encoding="UTF-16"'), b"\xfe\xff")


@bad
def utf_16_unmarked_xml():
    yield utf_16(COBERTURA.replace(' encoding="UTF-8"', ""), b"")


@bad
def utf_16_json():
    yield utf_16(TRIVY, b"\xff\xfe")


@bad
def utf_16_unmarked_json():
    yield utf_16(TRIVY, b"")


@bad
def utf_16_csv():
    yield utf_16(JMETER, b"\xff\xfe")


@bad
def utf_16_unmarked_csv():
    yield utf_16(JMETER, b"")


# What makes parsers slow or hungry.


@bad
def attribute_30_mb():
    yield XML + '<coverage>\n<packages a="'
    yield from of_size(30 * MIB)
    yield '"/></coverage>'


@bad
def attributes_200000():
    yield XML + "<coverage>\n<packages"
    yield from repeated(' a{}=""', 200000)
    yield "/></coverage>"


@bad
def comment_30_mb():
    yield XML + "<testsuites>\n<!--"
    yield from of_size(30 * MIB)
    yield "--></testsuites>"


@bad
def name_30_mb():
    yield XML + "<testsuites>\n<"
    yield from of_size(30 * MIB)
    yield "/></testsuites>"


@bad
def cdata_100_mb():
    yield XML + '<testsuites><testsuite name="s"><testcase name="t"><system-out>\n<![CDATA['
    yield from of_size(100 * MIB)
    yield "]]></system-out></testcase></testsuite></testsuites>"


@bad
def levels_200000_xml():
    yield XML + "<testsuites>\n"
    yield from repeated('<testsuite name="s">', 200000)
    yield from repeated("</testsuite>", 200000)
    yield "</testsuites>"


@bad
def levels_200000_json():
    yield '{"SchemaVersion": 2, "Results": [], "Deep":\n'
    yield from repeated("[", 200000)
    yield from repeated("]", 200000)
    yield "}"


@bad
def names_2000000():
    yield XML + "<coverage>\n"
    yield from repeated("<n{}/>", 2000000)
    yield "</coverage>"


@bad
def entity_bomb():
    yield XML + '<!DOCTYPE testsuites [\n<!ENTITY e0 "ha">\n'
    yield "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">\n' for i in range(1, 12))
    yield ']>\n<testsuites><testsuite name="&e11;"><testcase name="t"/></testsuite></testsuites>'


@bad
def attribute_default_bomb():
    yield XML + "<!DOCTYPE testsuites [\n"
    yield from repeated('<!ATTLIST testcase a{} CDATA "x">\n', 3000)
    yield ']>\n<testsuites><testsuite name="s">\n'
    yield from repeated('<testcase name="t"/>\n', 2000)
    yield "</testsuite></testsuites>"


@bad
def external_entity():
    yield XML + '<!DOCTYPE coverage [\n<!ENTITY x SYSTEM "file:///etc/passwd">\n]>\n<coverage>&x;</coverage>'


@bad
def parameter_entity():
    yield XML + '<!DOCTYPE coverage [\n<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd">\n%x;\n]>\n<coverage/>'


@bad
def external_subset():
    """The line alone is fine: it is never fetched."""
    yield COBERTURA.replace("<coverage", '<!DOCTYPE coverage SYSTEM "http://127.0.0.1:9/coverage-04.dtd">\n<coverage', 1)


@bad
def string_50_mb():
    yield '{"SchemaVersion": 2,\n"Results": [], "ArtifactName": "'
    yield from of_size(50 * MIB)
    yield '"}'


@bad
def number_50_mb():
    yield '{"Results": [],\n"SchemaVersion": '
    yield from repeated("2" * 1024, 50 * 1024)
    yield "}"


@bad
def duplicate_keys():
    yield TRIVY.replace('"Severity": "LOW"', '"Severity": "CRITICAL",\n         "Severity": "LOW"')


@bad
def duplicate_results():
    """Which list is meant?"""
    yield TRIVY.replace('"Results": [', '"Results": [],\n  "Results": [')


@bad
def row_100_mb():
    yield JMETER + "1700000000300,18,"
    yield from of_size(100 * MIB)
    yield ",200,true\n"


@bad
def header_100_mb():
    yield "timeStamp,elapsed,label,responseCode,success,"
    yield from of_size(100 * MIB)
    yield "\n1700000000300,18,home,200,true,\n"


@bad
def quote_never_closed():
    yield JMETER + '1700000000300,18,"home,500,false\n'
    yield from repeated("1700000000400,19,home,500,false\n", 100000)


# Numbers and counts that claim more than there is.


@bad
def line_4294967295():
    yield COBERTURA.replace('<line number="2"', '<line number="4294967295"')


@bad
def lines_3000000():
    """Scattered over one file, each on a page of its own."""
    yield COBERTURA[:COBERTURA.index("<line ")]
    yield from (piece.replace("@", "7") for piece in repeated('<line number="{}@1" hits="1"/>\n', 3000000))
    yield COBERTURA[COBERTURA.index("</lines>"):]


@bad
def files_3000000():
    """Scattered over files: every line on a page and in a file of its own."""
    yield COBERTURA[:COBERTURA.index("<class ")]
    yield from repeated('<class filename="{}.c"><lines><line number="7" hits="1"/></lines></class>\n', 3000000)
    yield COBERTURA[COBERTURA.index("</classes>"):]


@bad
def elapsed_4000000000():
    yield JMETER + "1700000000300,4000000000,home,200,true\n"


@bad
def elapsed_scattered():
    """Every response time on a histogram page of its own."""
    yield JMETER
    yield from (piece.replace("@", "7") for piece in repeated("1700000000300,{}@11,home,200,true\n", 2000000))


@bad
def labels_1000000():
    yield JMETER
    yield from repeated("1700000000300,18,page {},200,true\n", 1000000)


@bad
def suites_1000000():
    yield XML + "<testsuites>\n"
    yield from repeated('<testsuite name="{}"><testcase name="t"/></testsuite>\n', 1000000)
    yield "</testsuites>"


@bad
def failures_long():
    name = "n" * 1000
    yield XML + '<testsuites><testsuite name="s">\n'
    yield from repeated('<testcase name="{}%s"><failure>%s</failure></testcase>\n' % (name, name), 150000, 1000)
    yield "</testsuite></testsuites>"


@bad
def findings_long():
    text = "t" * 1000
    yield TRIVY[:TRIVY.index('{"VulnerabilityID"')]
    yield from (piece.replace("<", "{").replace(">", "}") for piece in repeated(
        '<"VulnerabilityID": "CVE-{}%s", "PkgName": "%s", "InstalledVersion": "%s", "FixedVersion": "%s", '
        '"Title": "%s", "Severity": "LOW">,\n' % (text, text, text, text, text), 45000, 1000))
    yield TRIVY[TRIVY.index('{"VulnerabilityID"'):]


@bad
def escapes():
    """Names that would repaint a terminal, and text whose reading order is turned round."""
    names = JUNIT.replace("carries", "&#27;[2J&#155;31m\u202egnp.exe\u2028&#10;qgate: passed")
    yield names.replace("</testsuite>", '<testcase name="\x1b]0;title\x07"><failure message="\x1b[1;32mpassed\u009b0m">'
                        "\x1b[8mhidden</failure></testcase>\n</testsuite>")
    yield "<!-- so that repairs stay under one percent -->\n" * 20


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(INPUTS))
        return
    if len(sys.argv) != 2 or sys.argv[1] not in INPUTS:
        sys.exit(__doc__.split("\n\n")[1])
    for piece in INPUTS[sys.argv[1]]():
        sys.stdout.buffer.write(piece if isinstance(piece, bytes) else piece.encode())


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the reader has seen enough
        sys.stderr.close()
