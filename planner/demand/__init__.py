"""What customers will want: order history and the sales pipeline become demand by item, market and period.

The result is a frozen Demand: a ledger that says where every unit comes from, quantiles, and the record of
how good the same method was on the past. statsmodels is used here and nowhere else.
"""
