"""Spans and scopes against an obvious, slow reading of the same rules."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import planner
from planner.scenario.calendar import Calendar
from planner.scenario.scenario import Scenario

PERIODS = 6
MONTHS = [f"2026-{month:02d}" for month in range(1, PERIODS + 1)]
SOME = settings(max_examples=30, deadline=None)


def _scenario(**tables: list[dict[str, Any]]) -> Scenario:
    names = {
        "items": [{"item": name} for name in "ab"],
        "markets": [{"market": name} for name in "mn"],
        "sites": [{"site": "s"}],
    }
    return planner.load_scenario(
        {"name": "S", "calendar": {"start": "2026-01", "periods": PERIODS}, **names, **tables}
    )


@st.composite
def _spans(draw: st.DrawFn) -> list[tuple[int | None, int | None]]:
    """Spans of one key that do not overlap, and perhaps a row without a span."""
    cuts = sorted(draw(st.sets(st.integers(0, PERIODS), max_size=5)))
    spans: list[tuple[int | None, int | None]] = [
        (first + 1, last) for first, last in pairwise(cuts) if draw(st.booleans())
    ]
    spans = [
        (
            None if first == 1 and draw(st.booleans()) else first,
            None if last == PERIODS and draw(st.booleans()) else last,
        )
        for first, last in spans
    ]
    spans = [span for span in spans if span != (None, None)]
    return draw(st.permutations([*spans, *([(None, None)] if draw(st.booleans()) else [])]))


@st.composite
def _varying_rows(draw: st.DrawFn, *, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [
        {**key, "from": first and MONTHS[first - 1], "to": last and MONTHS[last - 1]}
        for key in keys
        for first, last in draw(_spans())
    ]
    return [
        {**row, "price": float(number)} for number, row in enumerate(draw(st.permutations(rows)), start=1)
    ]


SCOPES = [{"item": item, "market": market} for item in "ab" for market in ("m", "n", None)]


def _holds(row: dict[str, Any], month: int) -> bool:
    return (row["from"] is None or MONTHS.index(row["from"]) <= month) and (
        row["to"] is None or month <= MONTHS.index(row["to"])
    )


def _row_that_holds(rows: list[dict[str, Any]], key: dict[str, Any], month: int) -> float | None:
    """Of the rows of that very key: the one whose span covers the month, else the one without a span."""
    of_key = [row for row in rows if {name: row[name] for name in key} == key and _holds(row, month)]
    spanned = [row for row in of_key if (row["from"], row["to"]) != (None, None)]
    return next((row["price"] for row in [*spanned, *of_key]), None)


@SOME
@given(_varying_rows(keys=SCOPES))
def test_by_period_gives_the_row_that_holds_for_every_key_and_period(rows: list[dict[str, Any]]) -> None:
    frame = _scenario(prices=rows).by_period("prices")
    got = {
        (row.item, None if pd.isna(row.market) else row.market, row.period.month): row.price
        for row in frame.itertuples()
    }
    wanted = {
        (key["item"], key["market"], month + 1): price
        for key in SCOPES
        for month in range(PERIODS)
        if (price := _row_that_holds(rows, key, month)) is not None
    }
    assert got == wanted
    assert len(frame) == len(got)
    assert list(frame.columns) == ["item", "market", "period", "price"]


@SOME
@given(_varying_rows(keys=SCOPES))
def test_by_period_is_in_the_order_of_the_keys_first_rows_and_of_time(rows: list[dict[str, Any]]) -> None:
    frame = _scenario(prices=rows).by_period("prices")
    keys = list(dict.fromkeys((row["item"], row["market"]) for row in rows))
    order = [
        (keys.index((row.item, None if pd.isna(row.market) else row.market)), row.period)
        for row in frame.itertuples()
    ]
    assert order == sorted(order)


def _most_specific_price(rows: list[dict[str, Any]], item: str, market: str, month: int | None) -> float:
    """Item before market before all; of the same scope a span before none."""
    for key in ({"item": item, "market": market}, {"item": item, "market": None}):
        if month is None:
            price = next(
                (
                    row["price"]
                    for row in rows
                    if {name: row[name] for name in key} == key and (row["from"], row["to"]) == (None, None)
                ),
                None,
            )
        else:
            price = _row_that_holds(rows, key, month)
        if price is not None:
            return price
    return np.nan


@SOME
@given(
    _varying_rows(keys=SCOPES), st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("mno"), st.integers(0, PERIODS - 1)))
)
def test_resolve_gives_each_row_the_most_specific_value(
    rows: list[dict[str, Any]], wanted: list[tuple[str, str, int]]
) -> None:
    scenario = _scenario(prices=rows)
    frame = pd.DataFrame(
        {
            "item": pd.array([item for item, _, _ in wanted], dtype="str"),
            "market": pd.array([market for _, market, _ in wanted], dtype="str"),
            "period": scenario.calendar.index.take([month for _, _, month in wanted]),
            "note": range(len(wanted)),
        },
        index=[number * 7 for number in range(len(wanted))],
    )
    timed = scenario.resolve("prices", frame)
    untimed = scenario.resolve("prices", frame.drop(columns="period"))
    pd.testing.assert_frame_equal(timed[list(frame.columns)], frame)
    np.testing.assert_array_equal(timed["price"], [_most_specific_price(rows, *key) for key in wanted])
    np.testing.assert_array_equal(
        untimed["price"], [_most_specific_price(rows, item, market, None) for item, market, _ in wanted]
    )


TERMS = [
    {"item": item, "market": market, "priority": priority}
    for item in ("a", None)
    for market in ("m", None)
    for priority in (1, None)
]


@SOME
@given(st.sets(st.integers(0, 7)), st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("mn"), st.sampled_from([1, 5]))))
def test_scopes_are_compared_from_left_to_right(chosen: set[int], wanted: list[tuple[str, str, int]]) -> None:
    rows = [{**TERMS[at], "lost_sale_cost": at + 1.0} for at in sorted(chosen, reverse=True)]
    frame = pd.DataFrame(wanted, columns=["item", "market", "priority"]).astype(
        {"item": "str", "market": "str", "priority": "Int64"}
    )
    got = _scenario(service_terms=rows).resolve("service_terms", frame)
    # TERMS is listed from the most to the least specific, so that the first one that fits is the one that
    # holds.
    expected = [
        next(
            (
                at + 1.0
                for at in sorted(chosen)
                if all(
                    TERMS[at][name] in (None, value)
                    for name, value in zip(("item", "market", "priority"), line, strict=True)
                )
            ),
            np.nan,
        )
        for line in wanted
    ]
    np.testing.assert_array_equal(got["lost_sale_cost"], expected)
    assert (got["backorder_cost"] == 0.0).all()  # the column's default, also where no row fits


def test_a_period_key_is_a_span_of_one_period() -> None:
    scenario = _scenario(
        sourcing=[{"item": "a", "supplier": "x", "site": "s", "unit_cost": 1}],
        supplier_capacity=[
            {"supplier": "x", "item": None, "period": None, "capacity": 5},
            {"supplier": "x", "item": None, "period": "2026-02", "capacity": 0},
        ],
    )
    assert scenario.by_period("supplier_capacity")["capacity"].tolist() == [5, 0, 5, 5, 5, 5]


def test_what_does_not_vary_holds_in_every_period() -> None:
    scenario = _scenario()
    assert len(scenario.by_period("items")) == 2 * PERIODS


def test_spans_reach_into_the_calendar_from_outside() -> None:
    scenario = _scenario(
        prices=[
            {"item": "a", "price": 1, "from": "2020-01", "to": "2026-02"},
            {"item": "a", "price": 2, "from": "2026-05", "to": "2040-01"},
        ]
    )
    assert [(row.period.month, row.price) for row in scenario.by_period("prices").itertuples()] == [
        (1, 1),
        (2, 1),
        (5, 2),
        (6, 2),
    ]


def test_an_empty_table_resolves_to_defaults_and_expands_to_nothing() -> None:
    scenario = _scenario()
    frame = pd.DataFrame({"item": ["a"], "market": ["m"], "priority": [1]})
    terms = scenario.resolve("service_terms", frame)
    assert terms["backorder_cost"].tolist() == [0.0]
    assert terms[["lost_sale_cost", "max_lateness", "min_fill_rate"]].isna().all(axis=None)
    assert scenario.by_period("prices").empty


def test_resolving_columns_that_the_frame_has_already_is_refused() -> None:
    with pytest.raises(ValueError, match="the frame has columns of prices already: price"):
        _scenario().resolve("prices", pd.DataFrame({"item": ["a"], "market": ["m"], "price": [1.0]}))


def test_states_are_one_row_for_each_key_whichever_row_gives_them() -> None:
    scenario = _scenario(
        inventory=[
            {"item": "a", "site": "s", "holding_cost": 1, "from": "2026-02"},
            {"item": "b", "site": "s", "holding_cost": 1},
            {"item": "a", "site": "s", "on_hand": 4, "ending_inventory": 2},
        ]
    )
    states = scenario.states("inventory")
    assert states["item"].tolist() == ["a", "b"]
    assert states["on_hand"].tolist() == [4.0, 0.0]
    assert states["ending_inventory"].tolist()[0] == 2.0
    assert np.isnan(states["ending_inventory"].tolist()[1])
    assert "on_hand" not in scenario.by_period("inventory").columns
    assert _scenario().states("labor_pools").empty


@given(st.sampled_from(["month", "week"]), st.integers(1950, 2150), st.integers(1, 52), st.integers(1, 120))
def test_a_calendar_reads_what_it_writes_and_counts_in_order(
    bucket: Any, year: int, number: int, periods: int
) -> None:
    text = f"{year}-{min(number, 12):02d}" if bucket == "month" else f"{year}-W{number:02d}"
    start = Calendar(pd.Period("2000-01", freq="M"), 1, bucket).parse(text)
    calendar = Calendar(start, periods, bucket)
    assert calendar.label(start) == text
    assert [calendar.parse(label) for label in calendar.labels(calendar.index)] == list(calendar.index)
    assert calendar.number(calendar.index).tolist() == list(range(1, periods + 1))
    assert calendar.number(calendar.index - 1)[0] == 0
    assert calendar.number(pd.Series(calendar.index + periods))[0] == periods + 1
    assert calendar.days.sum() == ((calendar.end + 1).start_time - start.start_time).days


def test_a_blank_period_counts_as_before_the_calendar_and_another_bucket_is_refused() -> None:
    calendar = Calendar(pd.Period("2026-01", freq="M"), 3)
    assert calendar.number(pd.PeriodIndex([pd.NaT, "2026-02"], freq="M")).tolist() == [0, 2]
    assert calendar.labels(pd.PeriodIndex(["2026-02", pd.NaT], freq="M")).tolist()[0] == "2026-02"
    with pytest.raises(ValueError, match="the periods are W-SUN, the calendar's are M"):
        calendar.number(pd.PeriodIndex(["2026-01-05"], freq="W-SUN"))
