#!/usr/bin/env python3
"""Run a command and hold it to the promise about bad input: 10 s of CPU and 256 MB.

usage: within.py COMMAND [ARGUMENT…]

Ends as the command did. 124: it hung; 125: it took too much. Wall time is only the detector of hangs: a machine
under load is no mistake of the command. Under sanitizers (QGATE_SANITIZED=1) only hangs count.
"""
import os
import resource
import subprocess
import sys

HANG_SECONDS, CPU_SECONDS, MOST_MIB = 60, 10, 256


def complain(text):
    print(f"within: {' '.join(sys.argv[1:])}: {text}", file=sys.stderr)


def main():
    sanitized = os.environ.get("QGATE_SANITIZED") == "1"
    try:
        status = subprocess.run(sys.argv[1:], timeout=HANG_SECONDS * (5 if sanitized else 1)).returncode
    except subprocess.TimeoutExpired:
        complain("hangs")
        return 124
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu, mib = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    if not sanitized and (cpu > CPU_SECONDS or mib > MOST_MIB):
        complain(f"{cpu:.1f} s of CPU, {mib:.0f} MiB")
        return 125
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
