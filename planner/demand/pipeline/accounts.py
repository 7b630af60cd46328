"""Accounts by their order history: who buys, in which rhythm, and who has fallen silent for longer than ever
before.
"""

import numpy as np
import pandas as pd

SILENT = 1.5  # times an account's longest silence so far: whoever is silent for longer counts as lost
LEAST_SILENCE = 90  # days; a shorter silence never counts as a loss
# order days that show a rhythm of an account's own; with fewer, the one of most accounts stands in
LEAST_ORDERS = 3
USUAL_SHARE = 0.9  # of all accounts, have a longest silence within the usual one


def accounts_known(orders: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """A row for each account that ordered by the day, sorted by customer; empty where no order names its
    customer.

    Days: `first` and `last` order, `observed` since the first, `silent` since the last, `patience`: how long
    a silence may be before the account counts as lost, `lasted`: from the first order to the loss, or
    observed so far; `is_lost`; `orders`: how many days it ordered on.
    """
    named = orders[orders["customer"].notna() & (orders["quantity"] > 0) & (orders["date"] <= day)]
    days = named[["customer", "date"]].drop_duplicates().sort_values(["customer", "date"])
    gap = days.groupby("customer")["date"].diff().dt.days
    grouped = days.assign(gap=gap).groupby("customer")
    accounts = grouped.agg(
        first=("date", "min"), last=("date", "max"), longest=("gap", "max"), orders=("date", "size")
    )
    longest = accounts["longest"].where(accounts["orders"] >= LEAST_ORDERS)
    usual = longest.quantile(USUAL_SHARE) if longest.notna().any() else np.nan
    patience = (SILENT * longest.fillna(usual)).clip(lower=LEAST_SILENCE).fillna(np.inf)
    silent, observed = (day - accounts["last"]).dt.days, (day - accounts["first"]).dt.days
    is_lost = silent > patience
    lasted = observed.where(~is_lost, (accounts["last"] - accounts["first"]).dt.days).clip(lower=1)
    return accounts.assign(silent=silent, observed=observed, patience=patience, is_lost=is_lost,
                           lasted=lasted).drop(columns="longest").reset_index()
