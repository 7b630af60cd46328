"""Silent accounts lower the run-rate of what they bought, where that has made forecasts better."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.runrate.churn import still_buying
from planner.scenario.scenario import Scenario
from tests.demand.shops import orders, shop

DAY = pd.Timestamp("2025-12-31")
NAMES = [f"account-{number:02d}" for number in range(24)]


def bought(names: list[str], *, until: dict[str, str], share: dict[str, float] | None = None,
           every: int = 15) -> list[dict[str, Any]]:
    """Every account orders twice a month, some day each time; those named in `until` not after their day."""
    random, rows = np.random.default_rng(8), []
    for name in names:
        for day in pd.date_range("2023-01-08", DAY - pd.Timedelta(days=6), freq=f"{every}D"):
            when = day + pd.Timedelta(days=int(random.integers(-5, 6)))
            if str(when.date()) <= until.get(name, "9999"):
                rows.append({"date": str(when.date()), "customer": name, "item": "bike",
                             "quantity": (share or {}).get(name, 1.0) * float(random.integers(8, 13))})
    return rows


def chances(rows: list[dict[str, Any]], day: pd.Timestamp = DAY) -> pd.Series:
    frame = pd.DataFrame(rows).assign(date=lambda orders: pd.to_datetime(orders["date"]))
    return still_buying(frame, day)


def clients(rows: list[dict[str, Any]], **forecast: str) -> Scenario:
    customers = [{"customer": name, "market": "north"} for name in NAMES]
    return shop(periods=6, order_history=rows, customers=customers, forecast=forecast)


def leaving(*, replaced: bool) -> list[dict[str, Any]]:
    """Every quarter the largest account falls silent; if `replaced`, the others take over what it bought."""
    months = ("2024-11", "2025-02", "2025-05", "2025-08", "2025-11")
    gone = {name: f"{month}-28" for name, month in zip(NAMES, months, strict=False)}
    rows = pd.DataFrame(bought(NAMES, until=gone, share=dict.fromkeys(gone, 4.0)))
    if replaced:
        month = rows["date"].str[:7]
        full = rows["quantity"].groupby(month).transform("sum")
        rows["quantity"] *= full[month == "2024-03"].iloc[0] / full
    return list(rows.to_dict("records"))


def baseline(scenario: Scenario) -> float:
    return float(planner.forecast(scenario).ledger["quantity"].sum())


def test_an_account_silent_for_long_beside_its_rhythm_is_likely_gone() -> None:
    rows = bought(NAMES[:20], until={NAMES[0]: "2025-05-31", NAMES[1]: "2025-10-20"})
    found = chances([*rows, *bought(["slow"], until={"slow": "2025-10-20"}, every=120)])
    assert found[NAMES[0]] < 0.01  # seven months of silence, an order every fortnight
    assert found["slow"] > 0.6  # two months of silence, an order every four months
    assert found[NAMES[2:20]].min() > 0.9
    assert found[NAMES[0]] < found[NAMES[1]] < found[NAMES[5]]


def test_the_chance_of_buying_is_that_of_the_published_formula() -> None:
    """Fader, Hardie and Lee (2008), with the parameters of their CDNOW example: x = 2, t = 30.43, T = 38.86
    weeks.
    """
    r, alpha, a, b, x, last, span = 0.243, 4.414, 0.793, 2.426, 2, 30.43, 38.86
    published = 1 / (1 + a / (b + x - 1) * ((alpha + span) / (alpha + last)) ** (r + x))
    rows = [{"customer": name, "date": DAY - pd.Timedelta(weeks=span) + pd.Timedelta(weeks=when)}
            for name in NAMES for when in (0.0, 10.0, last)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("planner.demand.runrate.churn._habits", lambda *figures: np.log([r, alpha, a, b]))
        assert still_buying(pd.DataFrame(rows), DAY).iloc[0] == pytest.approx(published, abs=0.01)
    assert published == pytest.approx(0.727, abs=0.005)


def test_few_accounts_and_first_orders_show_no_rhythm() -> None:
    assert chances(bought(NAMES[:5], until={})).empty
    once = [{"customer": "new", "date": "2023-01-05", "item": "bike", "quantity": 1.0}]
    assert chances([*bought(NAMES, until={}), *once])["new"] == 1.0


def test_what_happens_after_the_day_is_not_known() -> None:
    rows = bought(NAMES, until={NAMES[0]: "2025-03-31"})
    early = pd.Timestamp("2025-06-30")
    known = [row for row in rows if row["date"] <= "2025-06-30"]
    pd.testing.assert_series_equal(chances(rows, early), chances(known, early))


def test_accounts_that_leave_and_are_not_replaced_lower_the_run_rate() -> None:
    rows = leaving(replaced=False)
    measured, never = baseline(clients(rows)), baseline(clients(rows, churn="never"))
    # the last one to fall silent has 4 of 23 shares left, half forgotten at most: 5 to 20 %
    assert 0.75 < measured / never < 0.97
    demand = planner.forecast(clients(rows))
    assert any("is lowered" in note and NAMES[0] in note for note in demand.notes)
    gained = demand.record[(demand.record["measure"] == "value_added") & (demand.record["method"] == "churn")]
    assert gained["lag"].tolist() == [1, 2, 3] and gained["value"].mean() > 0


def test_accounts_whose_business_others_take_over_lower_nothing_and_it_is_shown() -> None:
    rows = leaving(replaced=True)
    assert baseline(clients(rows)) == baseline(clients(rows, churn="never"))
    demand = planner.forecast(clients(rows))
    assert any("is not lowered" in note for note in demand.notes)
    # a step that would subtract value is on record
    assert demand.record.query("method == 'churn'")["value"].mean() < 0.005
    assert baseline(clients(rows, churn="always")) < 0.99 * baseline(clients(rows))


def test_without_customers_there_is_no_churn() -> None:
    demand = planner.forecast(shop(periods=3, order_history=orders([20.0] * 36)))
    assert "churn" not in set(demand.record["method"])
    assert demand.notes == ()
