"""Fees of a transfer, in cents."""

FREE = 1000
RATE = 2
MOST = 25000
LARGE = 1000000
MARK = 100


def fee(amount):
    if amount <= FREE:
        return 0
    share = amount * RATE // 100
    # what is large is looked at by somebody
    return share + (LARGE_FEE if amount > LARGE else 0)
