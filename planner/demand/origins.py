"""Where the demand comes from that is not ordered yet: shares by origin, for whoever follows it further."""

import pandas as pd

SERIES = ["item", "market"]
# what demand counts as where the mean expects nothing of an item in a market, and a quantile does
UNEXPECTED = "baseline"


def shares_of_origins(ledger: pd.DataFrame, planned: pd.DataFrame) -> pd.DataFrame:
    """Item, market, period, origin, share: what the demand beyond booked orders is made of; the shares of a
    period add up to 1.

    They are those of the mean. Where only a quantile above the mean expects anything in a period, they are
    those of the item and market in all periods together.
    """
    free = ledger[ledger["origin"] != "booked"]
    unserved = planned.loc[planned["remaining"] > 0, [*SERIES, "period"]]
    of_period = unserved.merge(free, on=[*SERIES, "period"])
    expected = of_period[[*SERIES, "period"]].drop_duplicates().assign(is_expected=True)
    marked = unserved.merge(expected, how="left", on=[*SERIES, "period"])
    others = marked[marked["is_expected"].isna()].drop(columns="is_expected")
    of_series = others.merge(
        free.groupby([*SERIES, "origin"], as_index=False)["quantity"].sum(), how="left", on=SERIES
    )
    unexpected = {"origin": UNEXPECTED, "quantity": 1.0}
    parts = pd.concat([of_period, of_series.fillna(unexpected)] if len(of_series) else [of_period])
    whole = parts.groupby([*SERIES, "period"])["quantity"].transform("sum")
    shares = parts.assign(share=parts["quantity"] / whole)
    keys = [*SERIES, "period", "origin"]
    return shares[[*keys, "share"]].sort_values(keys, ignore_index=True)
