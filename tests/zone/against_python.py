#!/usr/bin/env python3
"""against_python.py DRIVER: do days of a zone begin where Python's zoneinfo says that they do?

Every day of years with oddities: clocks that change by half an hour, at midnight, thrice a year or not at all, a day that
was left out, zones far ahead of UTC and behind it, years without a table of changes.
"""
import datetime
import subprocess
import sys
import zoneinfo

UTC = datetime.timezone.utc
EPOCH = datetime.date(1970, 1, 1)
ASKED = [
    ("Europe/London", 2026, 2028), ("Europe/Paris", 2027, 2027), ("Africa/Lagos", 2027, 2027),
    ("Africa/Casablanca", 2026, 2028), ("Africa/Cairo", 2026, 2027), ("America/New_York", 2027, 2027),
    ("America/Sao_Paulo", 2017, 2019), ("America/St_Johns", 2027, 2027), ("America/Havana", 2026, 2027),
    ("Asia/Kolkata", 2027, 2027), ("Asia/Kathmandu", 2027, 2027), ("Asia/Beirut", 2026, 2027),
    ("Australia/Lord_Howe", 2026, 2027), ("Pacific/Apia", 2011, 2012), ("Pacific/Tongatapu", 2027, 2027),
    ("Pacific/Kiritimati", 2027, 2027), ("Pacific/Pago_Pago", 2027, 2027), ("Pacific/Chatham", 2026, 2027),
    ("Asia/Pyongyang", 2015, 2018), ("Etc/GMT+12", 2027, 2027), ("UTC", 2027, 2027),
    ("Europe/London", 2190, 2191), ("America/New_York", 2300, 2300), ("Europe/Lisbon", 1970, 1997),
]


def local(zone, seconds):
    return datetime.datetime.fromtimestamp(seconds, UTC).astimezone(zone)


def text_of(moment):
    """As clocks show it, and how far they are ahead in whole minutes."""
    minutes = int(moment.utcoffset().total_seconds() / 60)
    offset = f" {'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}" + (f"{abs(minutes) % 60:02d}" if minutes % 60 else "")
    return f"{moment:%Y-%m-%d %H:%M:%S}" + ("" if moment.tzinfo.key == "UTC" else offset)


def number(moment):
    return (moment.date() - EPOCH).days


def check(name, zone, line):
    day, begin, before, at, noon, text = line.split(" ", 5)
    day, begin = int(day), int(begin)
    says = [int(before), int(at), int(noon), text]
    later = local(zone, begin + 43200)
    known = [number(local(zone, begin - 1)), number(local(zone, begin)), number(later), text_of(later)]
    if says != known or not known[0] < day <= known[1]:
        return [f"{name} {day}: {line}, Python says {known}"]
    return []


def main():
    wrong = []
    for name, first, last in ASKED:
        question = f"{name} {first}-01-01 {last}-12-31\n"
        answer = subprocess.run([sys.argv[1]], input=question, capture_output=True, text=True, check=True).stdout
        days = (datetime.date(last, 12, 31) - datetime.date(first, 1, 1)).days + 1
        lines = answer.splitlines()
        if len(lines) != days:
            wrong.append(f"{name}: {lines[:1]}")
            continue
        for line in lines:
            wrong += check(name, zoneinfo.ZoneInfo(name), line)
    print("\n".join(wrong[:20]))
    sys.exit(bool(wrong))


main()
