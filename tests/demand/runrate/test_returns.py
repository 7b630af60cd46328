"""What order lines below 0 do is said, and done."""

import pandas as pd
import pytest

import planner
from planner.demand.runrate.returns import without_returns


def lines(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Orders of one item: day, customer, quantity."""
    frame = pd.DataFrame(rows, columns=["date", "customer", "quantity"])
    return frame.assign(date=pd.to_datetime(frame["date"]), item="bike", market=None)


ORDERS = lines(("2025-01-10", "a", 30), ("2025-02-10", "a", 50), ("2025-02-20", "b", 40), ("2025-03-01", "a", -30))


def test_a_return_comes_off_the_order_of_the_same_quantity() -> None:
    kept, notes = without_returns(ORDERS, "cancel")
    assert kept["quantity"].tolist() == [0, 50, 40]
    assert notes == (
        "Returns of 30 units (1 of 4 order lines) were taken off the orders that they belong to.",
    )


def test_a_return_that_matches_no_order_comes_off_the_latest_of_the_same_buyer() -> None:
    kept, notes = without_returns(pd.concat([ORDERS[:3], lines(("2025-03-01", "a", -60))]), "cancel")
    assert kept["quantity"].tolist() == [20, 0, 40]
    _, notes = without_returns(lines(("2025-01-10", "a", 5), ("2025-03-01", "a", -8)), "cancel")
    assert notes[0].endswith("for 3 units of them there was no earlier order.")


def test_returns_are_left_out_or_kept_as_told() -> None:
    assert without_returns(ORDERS, "drop")[0]["quantity"].tolist() == [30, 50, 40]
    netted, notes = without_returns(ORDERS, "net")
    assert netted["quantity"].tolist() == [30, 50, 40, -30]
    assert notes == ()


def scenario(**forecast: object) -> dict:
    monthly = [{"date": f"{year}-{month:02d}-05", "market": "m", "item": "bike", "quantity": 100}
               for year in (2024, 2025) for month in range(1, 13)]
    slip = [{"date": "2025-11-06", "market": "m", "item": "bike", "quantity": quantity} for quantity in (7000, -7000)]
    return {"name": "Slip", "question": "?", "calendar": {"start": "2026-01", "periods": 3}, "items": [{"item": "bike"}],
            "markets": [{"market": "m"}], "order_history": [*monthly, *slip], "forecast": forecast}


def test_a_line_below_zero_stops_until_somebody_says_what_it_does() -> None:
    with pytest.raises(planner.ScenarioError, match="row 26, quantity = -7000: is a return or a cancellation: say with"):
        planner.load_scenario(scenario())


@pytest.mark.parametrize("rule", ["net", "cancel"])
def test_an_order_that_was_cancelled_at_once_leaves_no_trace(rule: str) -> None:
    mean = planner.forecast(planner.load_scenario(scenario(returns=rule))).quantiles["mean"]
    assert mean.tolist() == pytest.approx([100] * 3, rel=0.01)
