"""Whatever is written in the cells, checking ends in a list of problems, never in a traceback."""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings, strategies as st

import planner
from planner.errors import ScenarioError
from planner.scenario.load import check
from planner.scenario.schema import TABLES
from tests.scenario.conftest import BAKERY

CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "bread",
            "flour",
            "bakery",
            "store",
            "town",
            "cafe",
            "oven",
            "bakers",
            "mill",
            "0",
            "1",
            "-1",
            "0.5",
            "2",
            "x",
            "2026-01",
            "2026-02",
            "2026-03",
            "2025-12",
            "2030-01",
            "2026-13",
            "2026-01-05",
            "won",
            "open",
            "units",
            "*",
        ]
    ),
    st.text(max_size=5),
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.sampled_from(
        [
            pd.NA,
            pd.NaT,
            pd.Timestamp("2026-01-01"),
            pd.Timestamp("2026-01-17 13:45", tz="Europe/Paris"),
            pd.Period("2026-02", "M"),
            pd.Period("2026-01-05", "D"),
            np.datetime64("2026-03-31"),
            np.datetime64("NaT"),
            np.float32(0.1),
            np.bool_(1),
            np.array(["bread"]),
            Decimal("NaN"),
            Decimal("1E+400"),
            1e-320,
            10**30,
            "1e308",
            b"bread",
            object(),
            "br\u200dead",
            "bre\u0430d",
            "bread\x1b[0m",
        ]
    ),
)
ANYTHING = st.recursive(
    CELLS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "where",
                    "set",
                    "multiply",
                    "add",
                    "remove",
                    "item",
                    "period",
                    "quantity",
                    "start",
                    "gap",
                    "settings",
                    "demand",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)
SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _bakery() -> dict[str, Any]:
    tables = {}
    for file, text in BAKERY.items():
        if file.endswith(".csv"):
            header, *rows = text.splitlines()
            tables[file.removesuffix(".csv")] = [
                dict(zip(header.split(","), row.split(","), strict=True)) for row in rows
            ]
    return {"name": "Bakery", "calendar": {"start": "2026-01", "periods": 3}, **tables}


@st.composite
def _damaged_bakery(draw: st.DrawFn) -> dict[str, Any]:
    scenario = _bakery()
    for name in draw(st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=6)):
        columns = [column.name for column in TABLES[name].columns if column.planned]
        rows = scenario.get(name, [])
        for _ in range(draw(st.integers(1, 3))):
            row = dict(draw(st.sampled_from(rows))) if rows and draw(st.booleans()) else {}
            row |= {column: draw(CELLS) for column in draw(st.lists(st.sampled_from(columns), max_size=4))}
            rows = [*rows, row]
        scenario[name] = rows
    return scenario


@SOME
@given(_damaged_bakery(), st.sampled_from(["targets_first", "cost", "profit"]))
def test_damaged_rows_end_in_problems(scenario: dict[str, Any], mode: str) -> None:
    problems = check(scenario | {"objective": {"mode": mode}})
    assert all(str(problem) for problem in problems)


@SOME
@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: ANYTHING
            for name in (
                "name",
                "question",
                "base",
                "overrides",
                "calendar",
                "objective",
                "forecast",
                "solver",
                "currency",
                "sites",
                "demand",
                "x",
            )
        },
    )
)
def test_damaged_descriptions_end_in_problems(damage: dict[str, Any]) -> None:
    try:
        planner.load_scenario(_bakery() | damage)
    except ScenarioError as error:
        assert error.problems


@SOME
@given(st.dictionaries(st.sampled_from(["demand", "sourcing", "prices", "settings"]), st.lists(ANYTHING, max_size=3), max_size=2))
def test_damaged_overrides_end_in_problems(overrides: dict[str, Any]) -> None:
    try:
        planner.load_scenario({"name": "Child", "base": _bakery(), "overrides": overrides})
    except ScenarioError as error:
        assert error.problems
