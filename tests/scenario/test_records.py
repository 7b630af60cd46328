"""A scenario given as a dict of settings and records is the same scenario as its folder."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

import planner
from planner.scenario.load import check
from tests.scenario.conftest import Write


def _bakery_as_dict(write: Write) -> dict[str, Any]:
    folder = write()
    tables = {path.stem: pd.read_csv(path).to_dict("records") for path in folder.glob("*.csv")}
    return {"name": "Bakery", "calendar": {"start": "2026-01", "periods": 3}, **tables}


def test_records_and_files_make_the_same_scenario(write: Write) -> None:
    from_dict = planner.load_scenario(_bakery_as_dict(write))
    assert from_dict.content_hash == planner.load_scenario(write(name="again")).content_hash
    assert from_dict.source == "Bakery"


def test_values_of_many_python_types_are_cells(write: Write) -> None:
    scenario = _bakery_as_dict(write) | {
        "order_history": [
            {"date": date(2025, 1, 2), "market": "town", "item": "bread", "quantity": 5},
            {
                "date": datetime(2025, 1, 2),
                "market": "town",
                "item": "bread",
                "quantity": np.float64(5.5),
                "revenue": None,
            },
            {
                "date": pd.Timestamp("2025-01-02"),
                "market": "town",
                "item": "bread",
                "quantity": Decimal("6.25"),
                "revenue": np.nan,
            },
            {"date": "2025-01-02", "market": "town", "item": "bread", "quantity": np.int64(7)},
        ],
        "prices": [{"item": "bread", "price": 3, "from": pd.Period("2026-02", freq="M")}],
    }
    loaded = planner.load_scenario(scenario)
    assert loaded["order_history"]["quantity"].tolist() == [5.0, 5.5, 6.25, 7.0]
    assert loaded["order_history"]["date"].nunique() == 1
    assert loaded["prices"]["from"].tolist() == [pd.Period("2026-02", freq="M")]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("none", "sites: must be a list of records"),
        ({"site": "a"}, "sites: must be a list of records"),
        ([{"site": "a"}, 3], "sites row 2: must be a record: a mapping of columns to values"),
        ([{"site": "a"}, {"site": ["b"]}], "sites row 2, site: must be a single value"),
        ([{"sight": "a"}], 'sites, "sight": no such column. Did you mean "site"?\nsites, site: this column '
                           'is missing'),
        ([{"site": "a"}, {"region": "b"}], "sites row 2, site: must be filled in"),
        (
            [{"site": "a", "storage_capacity": True}],
            'sites row 1, storage_capacity = "True": must be a number written like 1234.5',
        ),
        (
            [{"site": "a", "storage_capacity": float("inf")}],
            'sites row 1, storage_capacity = "inf": must be a number written like 1234.5',
        ),
        ([{"site": "a", "storage_capacity": 10**5000}], 'sites row 1, storage_capacity = "0x'),
    ],
)
def test_what_is_no_list_of_records_is_refused(table: object, problem: str) -> None:
    found = check({"name": "B", "calendar": {"start": "2026-01", "periods": 3}, "sites": table})
    assert "\n".join(str(one) for one in found).startswith(problem)


def test_an_endless_dict_is_refused_and_does_not_hang() -> None:
    endless: dict[str, Any] = {"name": "B", "calendar": {"start": "2026-01", "periods": 3}}
    endless["solver"] = endless
    assert any("no such setting" in str(problem) for problem in check(endless))


def test_a_dict_may_start_from_a_folder_or_from_another_dict(write: Write) -> None:
    folder = write()
    over = {
        "name": "More",
        "overrides": {"demand": [{"where": {"period": "2026-01"}, "multiply": {"quantity": 1.5}}]},
    }
    from_folder = planner.load_scenario(over | {"base": str(folder)})
    from_dict = planner.load_scenario(
        over
        | {
            "base": {
                "name": "Bakery",
                "calendar": {"start": "2026-01", "periods": 3},
                **{path.stem: pd.read_csv(path).to_dict("records") for path in folder.glob("*.csv")},
            }
        }
    )
    assert from_folder["demand"]["quantity"].tolist() == [150.0, 120.0]
    assert from_folder.content_hash == from_dict.content_hash


def test_a_wrong_override_of_a_dict_names_its_path(write: Write) -> None:
    over = {
        "name": "More",
        "base": str(write()),
        "overrides": {
            "demand": [
                {"where": {"item": "bred"}, "set": {"quantity": 1}},
                {"add": {"item": "bread", "market": "town", "period": "2026-3"}},
                {"where": {"item": "bread", "period": "2026-01"}, "set": {"quantity": -1}},
            ]
        },
    }
    assert [str(problem) for problem in check(over)] == [
        'overrides.demand[0], where item = "bred": matches no rows. Nearest item: "bread"',
        'overrides.demand[1], demand.period = "2026-3": must be a month written like 2026-03, from 1900 to '
        '2200',
        "overrides.demand[1], demand.quantity: must be filled in",
        "overrides.demand[2], demand.quantity = -1: must be 0 or more units",
    ]
