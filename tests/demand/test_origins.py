"""Demand that is not ordered yet is made of its origins, in the shares of the mean."""

import pandas as pd
import pytest

from planner.demand.origins import shares_of_origins

JANUARY, FEBRUARY = pd.Period("2026-01", "M"), pd.Period("2026-02", "M")
LEDGER = pd.DataFrame([
    ("bike", "north", JANUARY, "baseline", 30.0), ("bike", "north", JANUARY, "pipeline", 10.0),
    ("bike", "north", JANUARY, "booked", 99.0), ("car", "north", FEBRUARY, "booked", 5.0),
], columns=["item", "market", "period", "origin", "quantity"])


def shares(*planned: tuple[str, pd.Period, float]) -> dict[tuple[str, str, str], float]:
    rows = pd.DataFrame([(item, "north", period, 0.0, remaining) for item, period, remaining in planned],
                        columns=["item", "market", "period", "booked", "remaining"])
    found = shares_of_origins(LEDGER, rows)
    return {(row.item, str(row.period), row.origin): row.share for row in found.itertuples()}


def test_the_shares_of_a_period_are_those_of_the_mean_without_the_orders() -> None:
    # A quantile plans 60 where the mean has 40: three quarters of them are still run-rate business.
    assert shares(("bike", JANUARY, 60.0)) == {
        ("bike", "2026-01", "baseline"): pytest.approx(0.75),
        ("bike", "2026-01", "pipeline"): pytest.approx(0.25)}


def test_where_only_a_quantile_expects_something_the_shares_are_those_of_all_periods() -> None:
    assert shares(("bike", FEBRUARY, 5.0)) == {
        ("bike", "2026-02", "baseline"): pytest.approx(0.75),
        ("bike", "2026-02", "pipeline"): pytest.approx(0.25)}
    assert shares(("car", FEBRUARY, 5.0)) == {("car", "2026-02", "baseline"): 1.0}


def test_what_nothing_remains_of_has_no_shares() -> None:
    assert shares(("bike", JANUARY, 0.0)) == {}
