"""A scenario given as a dict of settings and records is the same scenario as its folder."""

from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import planner
from planner.scenario.load import check
from tests.scenario.conftest import BAKERY, Write

SINGLE = "must be a single value: text, a number, a date, a period or nothing"


def _bakery_as_frames() -> dict[str, Any]:
    """The bakery as frames."""
    tables = {
        Path(file).stem: pd.read_csv(StringIO(text)) for file, text in BAKERY.items() if file.endswith(".csv")
    }
    return {"name": "Bakery", "calendar": {"start": "2026-01", "periods": 3}, **tables}


def _bakery_as_dict() -> dict[str, Any]:
    """The bakery as lists of records."""
    return {
        name: part.to_dict("records") if isinstance(part, pd.DataFrame) else part
        for name, part in _bakery_as_frames().items()
    }


def test_records_and_files_make_the_same_scenario(write: Write) -> None:
    from_dict = planner.load_scenario(_bakery_as_dict())
    assert from_dict.content_hash == planner.load_scenario(write(name="again")).content_hash
    assert from_dict.source == ""


def test_values_of_many_python_types_are_cells() -> None:
    scenario = _bakery_as_dict() | {
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
        ("none", "sites: must be a list of records, or a pandas DataFrame"),
        ({"site": "a"}, "sites: must be a list of records, or a pandas DataFrame"),
        ([{"site": "a"}, 3], "sites row 2: must be a record: a mapping of columns to values"),
        ([{"site": "a"}, {"site": ["b"]}], f"sites row 2, site: {SINGLE}"),
        ([{"site": "a"}, {"site": np.array(["b"])}], f"sites row 2, site: {SINGLE}"),
        ([{"site": "a"}, {"site": pd.Series(["b"])}], f"sites row 2, site: {SINGLE}"),
        ([{"site": "a"}, {"site": frozenset("b")}], f"sites row 2, site: {SINGLE}"),
        ([{"site": "a"}, {"site": b"b"}], f"sites row 2, site: {SINGLE}"),
        ([{"site": "a"}, {"site": object()}], f"sites row 2, site: {SINGLE}"),
        ([{"site": "a"}, {"site": pd.Timedelta("1D")}], f"sites row 2, site: {SINGLE}"),
        (pd.DataFrame({"site": ["a", ["b"]]}), f"sites row 2, site: {SINGLE}"),
        (pd.DataFrame({"site": pd.to_timedelta(["1D"])}), f"sites row 1, site: {SINGLE}"),
        (pd.DataFrame([["a", "b"]], columns=["site", "site"]), "sites, site: the column is there twice"),
        (pd.DataFrame({"site": ["a"]}, index=pd.Index(["a"], name="site")), "sites, site: the column is there twice"),
        (pd.DataFrame({"site": ["a"], "sight": "b"}), 'sites, "sight": no such column. Did you mean "site"?'),
        (pd.DataFrame({"site": ["a", None]}), "sites row 2, site: must be filled in"),
        (pd.DataFrame({"site": ["a"], "storage_capacity": True}),
         'sites row 1, storage_capacity = "True": must be a number written like 1234.5'),
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


def test_frames_and_files_make_the_same_scenario(write: Write) -> None:
    from_frames = planner.load_scenario(_bakery_as_frames())
    assert from_frames.content_hash == planner.load_scenario(write()).content_hash


def test_frames_of_other_types_make_the_same_scenario(write: Write) -> None:
    """Nullable, categorical and arrow columns, keys as index, records of tuples of nullable columns."""
    frames = _bakery_as_frames()
    frames["demand"] = frames["demand"].astype({"item": "category", "quantity": "Int64"})
    frames["items"] = frames["items"].convert_dtypes()
    frames["lanes"] = frames["lanes"].set_index(["origin", "destination"])
    nullable = frames["customers"].convert_dtypes()
    frames["customers"] = [row._asdict() for row in nullable.itertuples(index=False)]
    assert planner.load_scenario(frames).content_hash == planner.load_scenario(write()).content_hash


@pytest.mark.parametrize("blank", [None, pd.NA, pd.NaT, float("nan"), Decimal("NaN"), np.datetime64("NaT"), "", " "])
def test_whatever_is_missing_is_blank(blank: object) -> None:
    bakery = _bakery_as_dict()
    items = [{"item": "bread", "family": "baked", "price": 3}, {"item": "flour", "family": "raw", "price": blank}]
    assert planner.load_scenario(bakery | {"items": items})["items"]["price"].tolist() == [3.0, 0.0]
    orders = [bakery["booked_orders"][0] | {"priority": blank, "market": blank}]
    loaded = planner.load_scenario(bakery | {"booked_orders": orders})["booked_orders"]
    assert loaded[["priority", "market"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "periods",
    [
        ["2026-01", "2026-02"],
        pd.period_range("2026-01", periods=2, freq="M"),
        pd.date_range("2026-01-01", periods=2, freq="MS"),
        pd.date_range("2026-01-01", periods=2, freq="ME"),
        pd.date_range("2026-01-01", periods=2, freq="MS", tz="Europe/Paris"),
        [date(2026, 1, 1), date(2026, 2, 28)],
        [np.datetime64("2026-01-01"), np.datetime64("2026-02-01")],
    ],
)
def test_a_real_day_names_the_period_that_it_begins_or_ends(periods: Any, write: Write) -> None:
    demand = pd.DataFrame({"item": "bread", "market": "town", "period": periods, "quantity": [100, 120]})
    expected = planner.load_scenario(write()).content_hash
    for table in (demand, demand.to_dict("records")):
        assert planner.load_scenario(_bakery_as_dict() | {"demand": table}).content_hash == expected


@pytest.mark.parametrize(
    "period",
    [date(2026, 1, 5), pd.Timestamp("2026-01-17"), pd.Period("2026-01-05", "D"), pd.Period("2026Q1"), 202601],
)
def test_what_could_be_more_than_one_period_is_refused(period: Any) -> None:
    demand = [{"item": "bread", "market": "town", "period": period, "quantity": 1}]
    found = [str(problem) for problem in check(_bakery_as_dict() | {"demand": demand})]
    assert len(found) == 1
    assert found[0].endswith("must be a month written like 2026-03, from 1900 to 2200")


def test_real_days_are_weeks_where_the_base_plans_weeks() -> None:
    base = {"name": "Weeks", "calendar": {"start": "2026-W01", "periods": 4, "bucket": "week"}}
    tables = {"items": [{"item": "a"}], "markets": [{"market": "m"}]}
    demand = [{"item": "a", "market": "m", "period": date(2026, 1, 5), "quantity": 1}]  # a Monday
    loaded = planner.load_scenario({"name": "Child", "base": base | tables, "demand": demand})
    assert [loaded.calendar.label(period) for period in loaded["demand"]["period"]] == ["2026-W02"]


def test_settings_take_days_periods_and_numpy_values() -> None:
    calendar = {"start": pd.Period("2026-01", "M"), "periods": np.int64(3)}
    given = {
        "name": "B",
        "calendar": calendar,
        "forecast": {"as_of": pd.Timestamp("2025-11-30"), "plan_on": np.float64(0.9)},
        "solver": {"gap": np.float32(0.5)},
    }
    settings = planner.load_scenario(given).settings
    assert (settings.calendar.start, settings.calendar.periods) == ("2026-01", 3)
    assert (settings.forecast.as_of, settings.forecast.plan_on) == (date(2025, 11, 30), 0.9)
    assert settings.solver.gap == 0.5


def test_a_scenario_is_the_base_of_a_dict(write: Write) -> None:
    base = planner.load_scenario(write())
    over = {"overrides": {"demand": [{"where": {"period": "2026-01"}, "multiply": {"quantity": 1.5}}]}}
    child = planner.load_scenario({"name": "More", "base": base, **over})
    from_folder = planner.load_scenario({"name": "More", "base": base.source, **over})
    assert child["demand"]["quantity"].tolist() == [150.0, 120.0]
    assert child.content_hash == from_folder.content_hash
    assert child.changes.equals(from_folder.changes)
    assert len(child.changes) == 1


def test_a_scenario_that_is_a_what_if_is_the_base_of_a_dict(write: Write) -> None:
    base = planner.load_scenario(write())
    more = planner.load_scenario(
        {"name": "More", "base": base, "overrides": {"items": [{"where": {"item": "bread"}, "set": {"price": 4}}]}}
    )
    maximum = planner.load_scenario({"name": "Most", "base": more, "solver": {"gap": 0.5}})
    assert maximum["items"]["price"].tolist() == [4.0, 0.0]
    assert maximum.changes[["table", "column"]].to_numpy().tolist() == [["settings", "solver.gap"]]


def test_the_name_of_a_dict_is_never_read_as_a_path(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write()
    monkeypatch.chdir(folder)
    for name in ("items.csv", ".", "x" * 5000):
        assert planner.load_scenario(_bakery_as_dict() | {"name": name}).source == ""


def test_dicts_that_start_from_each_other_without_end_are_refused() -> None:
    endless: dict[str, Any] = {"name": "B"}
    endless["base"] = endless
    found = [str(problem) for problem in check(endless)]
    assert found[-1] == "base: more than 50 scenarios start from each other here: that is too many"
