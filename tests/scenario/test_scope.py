"""One reading of what a row covers, whose market and whose priority an order has, and which row holds."""

import numpy as np
import pandas as pd
import pytest

from planner.scenario.calendar import Calendar
from planner.scenario.schema import TABLES
from planner.scenario.scope import (
    USUAL_PRIORITY,
    covered,
    groups_of,
    in_every_period,
    located_orders,
    own_before_shared,
    span_ends,
    with_market,
    with_priority,
)

CALENDAR = Calendar(pd.Period("2026-01", "M"), 4)
ITEMS = pd.DataFrame({"item": ["bike", "car", "boat"], "family": ["wheels", "wheels", None]})
MARKETS = pd.DataFrame({"market": ["north", "south"], "region": ["europe", None]})
ROWS = pd.DataFrame({"item": ["bike", "car", "boat", "bike"], "market": ["north", "south", "north", "south"]})
CUSTOMERS = pd.DataFrame({"customer": ["acme", "zeta"], "market": ["north", "south"],
                          "priority": pd.array([2, None], dtype="Int64")})


def months(*names: str | None) -> pd.Series:
    return pd.Series(pd.PeriodIndex([pd.NaT if name is None else name for name in names], freq="M"))


def orders(**columns: list[object]) -> pd.DataFrame:
    kinds = {"priority": "Int64", "customer": "str", "market": "str"}
    given = {"customer": ["acme", "zeta", None], "market": [None, "north", "south"],
             "priority": [None, None, None], "due": months("2025-11", "2026-02", "2026-09"), **columns}
    frame = pd.DataFrame(given)
    return frame.astype({name: kind for name, kind in kinds.items() if name in frame.columns})


@pytest.mark.parametrize(("row", "reached"), [
    ({}, [True, True, True, True]),
    ({"item": "bike"}, [True, False, False, True]),
    ({"family": "wheels"}, [True, True, False, True]),
    ({"region": "europe"}, [True, False, True, False]),
    ({"family": "wheels", "market": "south"}, [False, True, False, True]),
    ({"item": "boat", "region": "asia"}, [False, False, False, False]),
])
def test_a_row_covers_what_it_names_and_a_blank_covers_all(row: dict[str, str], reached: list[bool]) -> None:
    blank = dict.fromkeys(("item", "family", "market", "region"), None)

    assert covered(blank | row, groups_of(ITEMS, MARKETS).of(ROWS)).tolist() == reached


def test_a_blank_end_of_a_span_is_the_calendars_own() -> None:
    rows = pd.DataFrame({"from": months(None, "2026-02", "2025-06"), "to": months("2026-03", None, "2027-01")})

    first, last = span_ends(rows, CALENDAR)

    assert (first.tolist(), last.tolist()) == ([1, 2, -6], [3, 4, 13])
    spread = in_every_period(rows, CALENDAR)
    assert spread["period"].tolist() == [1, 2, 3, 2, 3, 4, 1, 2, 3, 4]
    assert list(spread.columns) == ["from", "to", "period"]


def test_a_row_of_its_own_beats_the_one_that_all_share_and_the_order_is_kept() -> None:
    rows = pd.DataFrame({"item": ["a", "b", "b", "a"], "price": [1, 2, 3, 4]})
    own = pd.Series([False, True, False, True])

    held = own_before_shared(rows, ["item"], own=own)

    assert held.to_numpy().tolist() == [["b", 2], ["a", 4]]


def test_an_orders_own_market_and_priority_beat_its_customers() -> None:
    placed = with_market(orders(), CUSTOMERS)
    assert placed["market"].tolist() == ["north", "north", "south"]

    ranked = with_priority(orders(priority=[None, None, 1]), CUSTOMERS)
    assert ranked["priority"].tolist() == [2, USUAL_PRIORITY, 1]  # acme's, nobody's, its own
    assert with_priority(orders(priority=[7, None, None]), CUSTOMERS)["priority"].tolist()[0] == 7


def test_the_usual_priority_is_the_one_that_the_schema_declares() -> None:
    declared = [TABLES[name]["priority"].default for name in ("customers", "sales_targets")]

    assert declared == [USUAL_PRIORITY] * 2


def test_orders_after_the_plan_are_left_out_and_overdue_ones_are_numbered_below_1() -> None:
    located = located_orders(orders(), CUSTOMERS, CALENDAR)

    assert located["number"].tolist() == [-1, 2]
    assert located["priority"].dtype == np.int64
