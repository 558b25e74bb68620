#!/usr/bin/env python3
"""Is the judge's every decision held by a test? Changes gates/judge/*.c, one place at a time, and
demands that a test of the judge fails.

    tests/mutation/run.py BUILD_DIR [--sample N] [--jobs N] [--file NAME.c]

Changes: a comparison is flipped or moved by one, `&&` and `||` are swapped, a condition is negated,
an outcome is another one, a statement that sets, counts or calls something is taken out. A change
that cannot be told apart stands in EQUIVALENT with its reason; any other that no test notices is a
survivor, and the status is 1. The last line says how many there were.
"""
import argparse
import concurrent.futures
import os
import random
import re
import resource
import shlex
import subprocess
import sys
import tempfile

# What no test can notice, and why: file, the line before, the line after.
EQUIVALENT = {
    ("advise.c", "return number_compare(value->number, rule->threshold) < 0;",
     "return number_compare(value->number, rule->threshold) <= 0;"):
        "a value at the threshold of `==` holds, and needs no advice",
    ("advise.c", "const struct rule reached = reaching(rule, number_compare(try(state, 0), try(state, most)) < 0);",
     "const struct rule reached = reaching(rule, number_compare(try(state, 0), try(state, most)) <= 0);"):
        "the two ends of a rate are never alike",
    ("advise.c", "gap.above = gap.above < 0 ? -gap.above : gap.above;",
     "gap.above = gap.above <= 0 ? -gap.above : gap.above;"): "nothing is nothing with either sign",
    ("advise.c", "while (unit < 1000000 && number_compare(number_scale(gap, unit, 1), number_of(10)) < 0)",
     "while (unit < 1000000 && number_compare(number_scale(gap, unit, 1), number_of(10)) <= 0)"):
        "what has more than six decimals is never just ten of a unit",
    ("advise_new.c", "if (!branches && few > 0 && (k == 0 || few < k))",
     "if (!branches && few > 0 && (k == 0 || few <= k))"): "they are the same then",
    ("change.c", "return p->lines > q->lines ? -1 : 1;", "return p->lines >= q->lines ? -1 : 1;"): "they differ",
    ("change.c", "if (parts.count > 0)", "if (parts.count >= 0)"): "sorting nothing does nothing",
    ("newcount.c", "best = state > best ? state : best;", "best = state >= best ? state : best;"): "the same again",
    ("newcount.c", "most.covered = one->covered > most.covered ? one->covered : most.covered;",
     "most.covered = one->covered >= most.covered ? one->covered : most.covered;"): "the same again",
    ("newcount.c", "most.total = one->total > most.total ? one->total : most.total;",
     "most.total = one->total >= most.total ? one->total : most.total;"): "the same again",
    ("advise_coverage.c", "return p->missed > q->missed ? -1 : 1;", "return p->missed >= q->missed ? -1 : 1;"):
        "they differ",
    ("advise_coverage.c", "if (files.count > 0)", "if (files.count >= 0)"): "sorting nothing does nothing",
    ("advise_findings.c", "if (updates.count > 0)", "if (updates.count >= 0)"): "sorting nothing does nothing",
    ("advise_tests.c", "uint64_t tests = k < f->tests ? k : f->tests, suites = k - tests;",
     "uint64_t tests = k <= f->tests ? k : f->tests, suites = k - tests;"): "they are the same then",
    ("expected.c", "expected->listed[source] = listed;", ";"): "only slower",
    ("rule.c", "if (one.min_lines < rule->min_lines)", "if (one.min_lines <= rule->min_lines)"): "the same again",
    ("rule.c", "if (one.max_uncovered < rule->max_uncovered)", "if (one.max_uncovered <= rule->max_uncovered)"):
        "the same again",
    ("baseline.c", "clear_lines(page, first > begin ? first - begin : 0, (last < end ? last : end) - begin);",
     "clear_lines(page, first >= begin ? first - begin : 0, (last < end ? last : end) - begin);"): "the same again",
    ("baseline.c", "clear_lines(page, first > begin ? first - begin : 0, (last < end ? last : end) - begin);",
     "clear_lines(page, first > begin ? first - begin : 0, (last <= end ? last : end) - begin);"): "the same again",
    ("baseline.c", "if (list.count > 0)", "if (list.count >= 0)"): "sorting nothing does nothing",
    ("difference.c", "return number.above < 0 ? minus(number) : number;",
     "return number.above <= 0 ? minus(number) : number;"): "nothing is nothing with either sign",
    ("difference.c", "return unbounded(gap.above > 0);", "return unbounded(gap.above >= 0);"): "it is not 0 here",
    ("difference.c", "assert(taken); /* it was before, with fewer lines */",
     "; /* it was before, with fewer lines */"): "it always holds",
    ("disclosed.c", "return (p > q) - (p < q);", "return (p >= q) - (p < q);"): "qsort() of glibc keeps the order of what is alike",
    ("disclosed.c", "return (p > q) - (p < q);", "return (p <= q) - (p < q);"): "qsort() of glibc keeps the order of what is alike",
    ("disclosed.c", "return (p > q) - (p < q);", "return (p > q) - (p <= q);"): "qsort() of glibc keeps the order of what is alike",
    ("disclosed.c", "return (p > q) - (p < q);", "return (p > q) - (p >= q);"): "qsort() of glibc keeps the order of what is alike",
    ("new_items.c", "return (p > q) - (p < q);", "return (p >= q) - (p < q);"): "qsort() of glibc keeps the order of what is alike",
    ("new_items.c", "return (p > q) - (p < q);", "return (p <= q) - (p < q);"): "qsort() of glibc keeps the order of what is alike",
    ("new_items.c", "return (p > q) - (p < q);", "return (p > q) - (p <= q);"): "qsort() of glibc keeps the order of what is alike",
    ("new_items.c", "return (p > q) - (p < q);", "return (p > q) - (p >= q);"): "qsort() of glibc keeps the order of what is alike",
    ("disclosed.c", "most = run > most ? run : most;", "most = run >= most ? run : most;"): "the same again",
    ("disclosed.c", "qsort(new, count, sizeof *new, by_path);", ";"): "asked again, the answer is the same",
    ("disclosed.c", 'bool is_same = selector->index != NULL && selector_value(selector, "report") == NULL &&',
     'bool is_same = selector->index == NULL && selector_value(selector, "report") == NULL &&'):
        "only slower",
    ("disclosed.c", 'selector_value(selector, "format") == NULL;',
     'selector_value(selector, "format") != NULL;'):
        "only one format lists packages, and otherwise only slower",
    ("disclosed.c", 'if (is_same)',
     'if (!(is_same))'):
        "only slower: without an index nothing is noted",
    ("disclosed.c", 'index_note(selector, trial->docket->then, &packages, sizeof packages);',
     ';'):
        "only slower",
    ("disclosed.c", "if (paths.count > 0)", "if (paths.count >= 0)"): "sorting nothing does nothing",
    ("component.c", "things.id = count;", ";"): "counts are not told apart by their ids",
    ("component.c", "assert(all != NULL); /* of every rule of a policy */", "; /* of every rule of a policy */"):
        "it always holds",
    ("component.c", "index_note(selector, change, &of_others, sizeof of_others);", ";"): "only slower",
    ("newcode.c", 'bool of_path = selector_value(selector, "path") != NULL;',
     'bool of_path = selector_value(selector, "path") == NULL;'): "only slower",
    ("newcode.c", "if (of_path)", "if (!(of_path))"): "only slower",
    ("newcode.c", "index_note(selector, trial->docket->now, &found, sizeof found);", ";"): "only slower",
    ("rule.c", "selector->index = &trial->index;", ";"): "only slower",
    ("rule.c", "selector->wide = wide;", ";"): "only slower",
    ("judge.c", "if (all->count > 0)", "if (all->count >= 0)"): "sorting nothing does nothing",
    ("waive.c", "assert(taken); /* it was, of less */", "; /* it was, of less */"): "it always holds",
    ("waive.c", "trial->selector = selector;", ";"): "nobody asks for it before the next rule",
    ("judge.c", "return p < q ? -1 : p > q;", "return p <= q ? -1 : p > q;"): "what is alike may stand either way",
    ("judge.c", "return p < q ? -1 : p > q;", "return p < q ? -1 : p >= q;"): "what is alike may stand either way",
    ("rule.c", "enum outcome lacking = OUTCOME_PASSED;", "enum outcome lacking = OUTCOME_FAILED;"):
        "it is set wherever it is asked for",
    ("judge.c", "if (applies && (worst == OUTCOME_NOT_APPLICABLE || outcome > worst))",
     "if (applies && (worst == OUTCOME_NOT_APPLICABLE || outcome >= worst))"): "the same again",
    ("judge.c", ': strcmp(rule->selector.measure->id, "waivers.used") == 0)',
     ': strcmp(rule->selector.measure->id, "waivers.used") != 0)'):
        "judging twice changes nothing, and what uses waivers holds other rules",
    ("judge.c", "if (rule->any.count > 0 ? asks_for_waivers(&rule->any) "
     ': strcmp(rule->selector.measure->id, "waivers.used") == 0)',
     "if (!(rule->any.count > 0 ? asks_for_waivers(&rule->any) "
     ': strcmp(rule->selector.measure->id, "waivers.used") == 0))'):
        "as above",
    ("rule.c", "ruling->outcome = OUTCOME_PASSED;", ";"): "has_answer() left it so",
    ("waive.c", "return single && !trial->gate->floor && !trial->gate->locked && trial->waivers->count > 0;",
     "return single && !trial->gate->floor && !trial->gate->locked && trial->waivers->count >= 0;"):
        "without waivers nothing is taken out",
}

# In this order: the first notices most, the last takes longest.
TESTS = ["test_outcomes", "test_judge", "test_change", "test_newcode", "test_delta", "test_gone", "test_newitems",
         "test_disclosed", "test_component", "test_waive", "test_waived", "test_advice", "test_details", "test_floor",
         "test_to_pass"]

SECONDS = 30  # one that does not end has been noticed
MEMORY = 2 << 30  # so has one that eats all memory

FLIPS = {
    "<": ["<=", ">="],
    "<=": ["<", ">"],
    ">": [">=", "<="],
    ">=": [">", "<"],
    "==": ["!="],
    "!=": ["=="],
    "&&": ["||"],
    "||": ["&&"],
}
OPERATOR = re.compile(r"(?<= )(<=|>=|==|!=|&&|\|\||<|>)(?=[ \n])")
OUTCOME = re.compile(r"\bOUTCOME_(PASSED|NOT_APPLICABLE|WAIVED|WARNED|NO_DATA|ERROR|FAILED)\b")
CONDITION = re.compile(r"\b(?:if|while) \(")
# a whole statement that begins its line: a call, a count, or something set that lives elsewhere
STATEMENT = re.compile(
    r"(?<=\n)[ ]+(?!return\b|else\b|case\b|for\b|if\b|while\b|switch\b|do\b)"
    r"(?:\+\+|--)?\*?[a-z_]\w*(?:(?:->|\.)\w+|\[[^\]\n]*\])*(?:\([^;{}]*\)|\+\+|--| [-+|&]?= [^;{}]*);"
)


def masked(text):
    """The text with comments, strings and preprocessor lines blanked, of the same length."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())

    return re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(?m:^#[^\n]*$)', blank, text, flags=re.S)


def closing(text, at):
    """The place of the bracket that closes the one at `at`."""
    depth = 0
    for i in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i
    raise ValueError("no closing bracket")


def places(text):
    """Every change: begin, end and what stands there instead."""
    code = masked(text)
    for match in OPERATOR.finditer(code):
        header = code.rfind("for (", 0, match.start())
        # a loop that goes one too far is found by the sanitizers, or by nobody
        loop = header >= 0 and closing(code, header + 4) > match.start() and match.group() == "<"
        for other in [">="] if loop else FLIPS[match.group()]:
            yield match.start(), match.end(), other
    for match in OUTCOME.finditer(code):
        yield match.start(), match.end(), "OUTCOME_FAILED" if match.group(1) == "PASSED" else "OUTCOME_PASSED"
    for match in CONDITION.finditer(code):
        end = closing(code, match.end() - 1)
        yield match.end(), end, "!(" + text[match.end():end] + ")"
    for match in STATEMENT.finditer(code):
        begin = match.start() + len(match.group()) - len(match.group().lstrip())
        yield begin, match.end(), ";"


def line_of(text, begin, end):
    """The lines that hold the place, as one."""
    first = text.rfind("\n", 0, begin) + 1
    last = text.find("\n", end)
    return " ".join(text[first:last].split())


class Mutant:
    def __init__(self, path, text, begin, end, other):
        self.path, self.number = path, text.count("\n", 0, begin) + 1
        self.text = text[:begin] + other + text[end:]
        self.before = line_of(text, begin, end)
        self.after = line_of(self.text, begin, begin + len(other))

    def __str__(self):
        return f"{self.path}:{self.number}: {self.before}\n    {self.after}"

    def reason(self):
        return EQUIVALENT.get((os.path.basename(self.path), self.before, self.after))


class Workshop:
    """Compiles and links as the Makefile does, next to a build that is there."""

    def __init__(self, build):
        self.build = build
        self.compile = self.asked("CC") + self.asked("ALL_CFLAGS") + ["-w"]
        self.libraries = [f"{build}/libgates.a", "-Wl,--as-needed"] + self.asked("PKG_LIBS") + ["-lcmocka"]
        os.makedirs(f"{build}/tests", exist_ok=True)
        for name in TESTS:
            self.run(self.compile + ["-c", "-o", self.object_of(name), f"tests/unit/{name}.c"])

    def asked(self, variable):
        say = ["make", "-s", "--no-print-directory", f"B={self.build}", "VARIANT=mutation", f"print-{variable}"]
        return shlex.split(subprocess.run(say, check=True, capture_output=True, text=True).stdout)

    def object_of(self, test):
        return f"{self.build}/tests/{test}.o"

    @staticmethod
    def run(command):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def noticed_by(self, text):
        """The first test that fails with this text in place of its file; None: none does. The linker takes what it
        defines from there, and the rest from the library."""
        with tempfile.TemporaryDirectory() as place:
            source, changed = f"{place}/changed.c", f"{place}/changed.o"
            with open(source, "w", encoding="utf-8") as out:
                out.write(text)
            try:
                self.run(self.compile + ["-c", "-o", changed, source])
            except RuntimeError:
                return "the compiler"
            for name in TESTS:
                program = f"{place}/{name}"
                self.run(self.compile + ["-o", program, self.object_of(name), changed] + self.libraries)
                if not passes(program):
                    return name
        return None


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def passes(program):
    try:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        return subprocess.run([program], timeout=SECONDS, preexec_fn=limit, **quiet).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def mutants_of(paths):
    found = []
    for path in paths:
        with open(path, encoding="utf-8") as source:
            text = source.read()
        found += [Mutant(path, text, *place) for place in places(text)]
    return found


def main():
    parser = argparse.ArgumentParser(description="every decision of the judge is held by a test")
    parser.add_argument("build")
    parser.add_argument("--sample", type=int, default=0, help="so many of them, always the same")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--file", default="", help="of this file only")
    options = parser.parse_args()
    paths = sorted(f"gates/judge/{name}" for name in os.listdir("gates/judge") if name.endswith(options.file or ".c"))
    mutants = mutants_of(paths)
    if options.sample > 0:
        mutants = random.Random(1).sample(mutants, min(options.sample, len(mutants)))
    shop = Workshop(options.build)
    with open(paths[0], encoding="utf-8") as source:
        if shop.noticed_by(source.read()) is not None:
            sys.exit("a test fails as the judge stands")
    equivalent = [m for m in mutants if m.reason() is not None]
    others = [m for m in mutants if m.reason() is None]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        noticed = list(pool.map(lambda m: shop.noticed_by(m.text), others))
    survivors = [m for m, name in zip(others, noticed) if name is None]
    refused = noticed.count("the compiler")
    for mutant in survivors:
        print(mutant)
    print(f"{len(mutants) - refused} mutants, {len(others) - refused - len(survivors)} killed, "
          f"{len(equivalent)} equivalent, {len(survivors)} survived")
    sys.exit(len(survivors) > 0)


if __name__ == "__main__":
    main()
