"""Fees of a transfer, in cents."""

FREE = 1000
RATE = 2
MOST = 25000
PARTNER = 350
LARGE = 1000000
# abroad a partner bank takes its part
def fee(amount, country):
    if amount <= FREE:
        return 0
    share = amount * RATE // 100
    if country in ABROAD:
        # never more than at home
        share += PARTNER
        if share > MOST:
            share = MOST
    return share + (LARGE_FEE if amount > LARGE else 0)
