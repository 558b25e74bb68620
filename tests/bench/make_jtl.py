#!/usr/bin/env python3
"""Write a JMeter CSV result file with SAMPLES samples to standard output, always the same bytes.

usage: make_jtl.py SAMPLES [LABELS] > results.jtl

Seventeen columns as JMeter 5 writes them, five labels or LABELS others, about 110 bytes a row: 3,000,000 samples are 330 MB. One row in
200 failed; one failure in five has a message with a comma and a quote, so that rows with quotes are in it.
"""
import sys

HEADER = ("timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,"
          "bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n")
LABELS = (("login", "/login"), ("search", "/s?q=tea"), ("cart", "/cart"), ("POST /pay", "/pay"), ("home", "/"))
PASSED = "{},{},%s,200,OK,clients 1-{},text,true,,18234,412,50,50,https://shop.example.com%s,{},0,{}\n"
FAILED = "{},{},%s,500,Internal Server Error,clients 1-{},text,false,%s,512,412,50,50,https://shop.example.com%s,{},0,{}\n"
MESSAGES = ("Test failed: code expected to equal 200",) * 4 + ('"Test failed: expected ""paid"", got nothing"',)


def rows(samples, labels):
    passed = [(PASSED % label).format for label in labels]
    failed = [[(FAILED % (label[0], text, label[1])).format for text in MESSAGES] for label in labels]
    state, now = 1, 1700000000000
    for i in range(samples):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        dice = state >> 33
        elapsed = 20 + dice % 400 + (dice % 97 == 0) * (dice % 5000)
        now += dice % 7
        label = (dice >> 8) % len(labels)
        row = failed[label][(dice >> 12) % 5] if dice % 200 == 7 else passed[label]
        yield row(now, elapsed, 1 + i % 50, elapsed * 3 // 4, dice % 30)


def main():
    if len(sys.argv) not in (2, 3) or not all(number.isdigit() for number in sys.argv[1:]):
        sys.exit(__doc__.split("\n\n")[1])
    labels = LABELS
    if len(sys.argv) == 3:
        labels = tuple((f"GET /item/{i}", f"/item/{i}") for i in range(int(sys.argv[2])))
    samples, some = rows(int(sys.argv[1]), labels), [HEADER]
    for row in samples:
        some.append(row)
        if len(some) == 10000:
            sys.stdout.write("".join(some))
            some = []
    sys.stdout.write("".join(some))


if __name__ == "__main__":
    main()
