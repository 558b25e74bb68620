#!/usr/bin/env python3
"""recount_store.py NUMBERS STORE: do the rows that `qgate collect` stored give the numbers of `qgate dora`?

NUMBERS is its JSON, STORE a file of SQLite or the URL of a PostgreSQL. The five metrics of each service are formed by
SQL alone, the same statements on both databases; nothing of qgate is asked.
"""
import datetime
import json
import subprocess
import sys
import zoneinfo

FAR = sys.argv[2].startswith("postgresql:")
PROGRAM = ["psql", "-XqAt", sys.argv[2], "-c"] if FAR else ["sqlite3", "-bail", sys.argv[2]]

COUNTED = "kind IN ('first', 'forward', 'diverged')"

# Of the deployments of a service in an environment from one moment to before another. Percentiles are taken between
# the two nearest values: each value weighs what it is nearer than one place.
DEPLOYED = """deployment.service_id = '{service}' AND deployment.environment = '{environment}'
    AND deployment.status = 'success' AND finished_ms >= {begin} AND finished_ms < {end}"""
SPREAD = """WITH placed AS (SELECT v, ROW_NUMBER() OVER (ORDER BY v) - 1 AS place, (COUNT(*) OVER () - 1) * {p} / 100.0 AS wanted
    FROM ({values}) AS given)
    SELECT COUNT(*), SUM(CASE WHEN ABS(place - wanted) < 1 THEN v * (1 - ABS(place - wanted)) END) FROM placed"""
LEAD = f"""SELECT lead_ms AS v FROM deployment JOIN deployment_change USING (project_id, deployment_id)
    WHERE lead_ms IS NOT NULL AND {DEPLOYED}"""
RECOVERY = f"""SELECT recovered_ms - finished_ms AS v FROM deployment
    WHERE failed = 1 AND recovered_ms IS NOT NULL AND {COUNTED} AND {DEPLOYED}"""
RATES = {
    "dora.deployment_frequency": f"SELECT {{days}}, COUNT(*) FROM deployment WHERE {COUNTED} AND {DEPLOYED}",
    "dora.change_fail_rate": f"SELECT COUNT(*), SUM(failed) FROM deployment WHERE {COUNTED} AND {DEPLOYED}",
    "dora.rework_rate": f"""SELECT COUNT(*), SUM(unplanned) FROM deployment
        WHERE ({COUNTED} OR kind = 'rollback') AND {DEPLOYED}""",
}


def ask(statement):
    said = subprocess.run(PROGRAM + [statement], check=True, capture_output=True, text=True).stdout.strip()
    return [float(word or 0) for word in said.split("|")]


def moment(day, zone, later=0):
    date = datetime.date.fromisoformat(day) + datetime.timedelta(days=later)
    local = datetime.datetime(date.year, date.month, date.day, tzinfo=zoneinfo.ZoneInfo(zone))
    return int(local.timestamp()) * 1000


compared, wrong = 0, []


def compare(what, said, counted):
    global compared
    compared += said is not None
    if (said is None) != (counted is None) or (said is not None and abs(said - counted) > 0.00101):
        wrong.append(f"{what}: qgate says {said}, the rows say {counted}")


with open(sys.argv[1], encoding="utf-8") as file:
    answers = json.load(file)["answers"]
for answer in answers:
    if answer["service"] is None or answer["why_not"] is not None:
        continue
    days, measures = answer["days"], answer["measures"]
    names = {"service": answer["service"], "environment": answer["environment"], "days": days["days"],
             "begin": moment(days["from"], days["timezone"]), "end": moment(days["to"], days["timezone"], 1)}
    for name, statement in RATES.items():
        below, above = ask(statement.format(**names))
        said = measures[name]
        if said["value"] is not None: # before its first deployment a service has no frequency, and the rows know it
            compare(f"{answer['service']}: {name}", said["numerator"], above)
            compare(f"{answer['service']}: {name}, of", said["denominator"], below)
        else:
            compare(f"{answer['service']}: {name}, of", None, None if above == 0 else above)
    for name, values in (("dora.lead_time", LEAD), ("dora.recovery_time", RECOVERY)):
        for p in (50, 75, 90):
            count, value = ask(SPREAD.format(p=p, values=values.format(**names)))
            compare(f"{answer['service']}: {name}.p{p}", measures[f"{name}.p{p}"]["value"], value / 1000 if count else None)
            compare(f"{answer['service']}: {name}.p{p}, n", measures[f"{name}.p{p}"]["n"], count)

print("\n".join(wrong) or f"{compared} numbers are the same")
sys.exit(len(wrong) > 0 or compared == 0)
