"""What could not be sold was wanted all the same."""

import pandas as pd
import pytest

import planner

MONTHS = pd.period_range("2023-01", "2025-12", freq="M")


def shop(quantities: list[float], **tables: object) -> dict:
    orders = [{"date": f"{month}-01", "market": market, "item": "bike", "quantity": quantity}
              for month, quantity in zip(MONTHS.astype(str), quantities, strict=True) for market in ("m", "n")]
    return {"name": "Shop", "question": "?", "calendar": {"start": "2026-01", "periods": 3}, "items": [{"item": "bike"}],
            "markets": [{"market": "m"}, {"market": "n"}], "order_history": orders, **tables}


def means(scenario: dict) -> dict[str, float]:
    quantiles = planner.forecast(planner.load_scenario(scenario)).quantiles
    return quantiles.groupby("market")["mean"].mean().to_dict()


ALONE = {"anchor": "none"}  # the markets share an item, and one of them really falls
EMPTY_AT_THE_END = [100.0 + 3 * (-1) ** place for place in range(33)] + [0.0] * 3


def test_a_stockout_at_the_end_does_not_lower_the_level() -> None:
    lost = means(shop(EMPTY_AT_THE_END, forecast=ALONE))
    told = means(shop(EMPTY_AT_THE_END, stockouts=[{"item": "bike", "market": "m", "from": "2025-10-01"}], forecast=ALONE))
    assert told["m"] == pytest.approx(100, rel=0.1)
    assert told["n"] < 80 and lost["m"] < 80


def test_a_stockout_is_shown_as_filled() -> None:
    scenario = planner.load_scenario(shop(EMPTY_AT_THE_END, stockouts=[{"from": "2025-10-05", "to": "2025-12-31"}]))
    changes = planner.forecast(scenario).cleaned
    assert changes.groupby("market").size().to_dict() == {"m": 3, "n": 3}
    assert (changes["after"] > 80).all()


def test_a_few_days_without_stock_leave_the_month_as_it_was() -> None:
    scenario = planner.load_scenario(shop(EMPTY_AT_THE_END, stockouts=[{"from": "2025-12-01", "to": "2025-12-07"}]))
    assert planner.forecast(scenario).cleaned.empty


def test_a_site_that_is_closed_concerns_the_markets_that_it_alone_delivers_to() -> None:
    lanes = [{"origin": site, "destination": market, "mode": "truck"}
             for site, market in (("one", "m"), ("one", "n"), ("two", "n"))]
    tables = {"forecast": ALONE, "sites": [{"site": "one"}, {"site": "two"}], "lanes": lanes,
              "stockouts": [{"site": "one", "from": "2025-10-01", "to": "2025-12-31"}]}
    told = means(shop(EMPTY_AT_THE_END, **tables))
    assert told["m"] == pytest.approx(100, rel=0.1)
    assert told["n"] < 80


def test_gaps_of_one_item_are_missing_where_its_row_says_so() -> None:
    rows = shop(EMPTY_AT_THE_END, items=[{"item": "bike", "gaps": "missing"}])
    rows["order_history"] = [row for row in rows["order_history"] if row["quantity"] > 0]
    assert means(rows)["m"] == pytest.approx(100, rel=0.1)
