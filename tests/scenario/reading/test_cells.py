"""Cells are read strictly: what is not exactly a number, a day, a period or a choice is refused, not
guessed.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import planner
from planner.scenario.reading.cells import Cells
from tests.scenario.conftest import Write, changed

Problems = Callable[..., list[str]]


def _sourcing(*, unit_cost: str = "1", lead_time: str = "0") -> dict[str, str]:
    return {
        "sourcing.csv": f'item,supplier,site,unit_cost,lead_time\nflour,mill,bakery,"{unit_cost}","{lead_time}"\n'
    }


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1.0),
        ("0.50", 0.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("+2.5E-1", 0.25),
        ("010", 10.0),
        (" 7 ", 7.0),
        ("-0", 0.0),
    ],
)
def test_a_number_means_what_it_says(write: Write, text: str, number: float) -> None:
    value = planner.load_scenario(write(_sourcing(unit_cost=text)))["sourcing"]["unit_cost"].item()
    assert value == number
    assert not np.signbit(value)


@pytest.mark.parametrize(
    "text",
    [
        "1_000",
        "0x10",
        "12 units",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "1e999",
        "abc",
        "１２",
        "--1",
        "1e",
        "€5",
        "1.2.3",
        "True",
        "#DIV/0!",
        "=1+1",
    ],
)
def test_what_is_no_plain_number_is_refused(problems_of: Problems, text: str) -> None:
    shown = text if text in ("1e999", "--1", "1e", "1.2.3") else f'"{text}"'
    assert problems_of(_sourcing(unit_cost=text)) == [
        f"sourcing.csv row 2, unit_cost = {shown}: must be a number written like 1234.5"
    ]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (_sourcing(unit_cost="-1"), "sourcing.csv row 2, unit_cost = -1: must be 0 or more"),
        (_sourcing(unit_cost="1e20"), "sourcing.csv row 2, unit_cost = 1e20: must not be beyond 1e+15"),
        (_sourcing(unit_cost=""), "sourcing.csv row 2, unit_cost: must be filled in"),
        (_sourcing(lead_time="-2"), "sourcing.csv row 2, lead_time = -2: must be 0 or more periods"),
        (_sourcing(lead_time="1.5"), "sourcing.csv row 2, lead_time = 1.5: must be a whole number"),
        (_sourcing(lead_time="x"), 'sourcing.csv row 2, lead_time = "x": must be a whole number written '
                                   'like 12'),
        (changed("customers.csv", ("2\n", "2.5\n")), "customers.csv row 2, priority = 2.5: must be a whole "
                                                     "number from 1 to 9"),
        (changed("customers.csv", ("2\n", "12\n")), "customers.csv row 2, priority = 12: must be a whole "
                                                    "number from 1 to 9"),
        (changed("routings.csv", ("0.95", "1.2")), "routings.csv row 2, yield_rate = 1.2: must be more than "
                                                   "0, at most 1"),
        (changed("routings.csv", ("0.95", "0")), "routings.csv row 2, yield_rate = 0: must be more than 0, "
                                                 "at most 1"),
        (changed("sourcing.csv", ("1,1,,", "1,1,,1.1")), "sourcing.csv row 2, max_share = 1.1: must be from "
                                                         "0 to 1"),
        (
            changed("bill_of_materials.csv", ("0.5", "0")),
            "bill_of_materials.csv row 2, quantity_per = 0: must be more than 0 units per unit",
        ),
        (
            changed("labor_pools.csv", ("150", "-1")),
            "labor_pools.csv row 2, hours_per_worker = -1: must be 0 or more hours per worker and period",
        ),
    ],
)
def test_a_number_outside_its_range_names_the_range(
    problems_of: Problems, files: dict[str, str], problem: str
) -> None:
    assert problems_of(files) == [problem]


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-W02", "2026-01-15", "1899-12", "2201-01", "Marker 2026", "26-01"]
)
def test_a_period_is_written_in_one_way(problems_of: Problems, text: str) -> None:
    assert problems_of(changed("demand.csv", ("2026-01", text))) == [
        f'demand.csv row 2, period = "{text}": must be a month written like 2026-03, from 1900 to 2200'
    ]


@pytest.mark.parametrize("text", ["2026-W00", "2026-W54", "2025-W53", "2026-01"])
def test_a_week_is_an_iso_week_that_exists(problems_of: Problems, text: str) -> None:
    weeks = {
        "scenario.yaml": "name: B\ncalendar: {start: 2026-W01, periods: 60, bucket: week}\n",
        "booked_orders.csv": None,
        "demand.csv": f"item,market,period,quantity\nbread,town,{text},5\n",
    }
    assert problems_of(weeks) == [
        f'demand.csv row 2, period = "{text}": must be a week written like 2026-W10, from 1900 to 2200'
    ]


def test_an_order_may_be_due_on_a_day_which_lies_in_a_period(write: Write) -> None:
    scenario = planner.load_scenario(write(changed("booked_orders.csv", ("2026-02", "2026-02-28"))))
    assert scenario["booked_orders"]["due"].tolist() == [pd.Period("2026-02", freq="M")]


@pytest.mark.parametrize("text", ["2026-02-30", "30.02.2026", "20260230", "28/2", "02/2026/28"])
def test_a_day_that_is_none_is_refused(problems_of: Problems, text: str) -> None:
    rule = "must be a month written like 2026-03, or a date written like 2026-03-15, from 1900 to 2200"
    assert problems_of(changed("booked_orders.csv", ("2026-02", text))) == [
        f'booked_orders.csv row 2, due = "{text}": {rule}'
    ]


@pytest.mark.parametrize("text", ["2025-02-30", "0001-01-01", "9999-01-01", "2025-W10-1", "yesterday"])
def test_a_date_is_a_day_of_these_centuries(problems_of: Problems, text: str) -> None:
    history = f"date,market,item,quantity\n{text},town,bread,5\n"
    assert problems_of({"order_history.csv": history}) == [
        f'order_history.csv row 2, date = "{text}": must be a date written like 2026-03-15, from 1900 to 2200'
    ]


def test_a_choice_is_one_of_its_choices(problems_of: Problems) -> None:
    deals = "opportunity,market,item,created,outcome\na,town,bread,2025-01-01,opne\nb,town,bread,2025-01-01,pending\n"
    assert problems_of({"opportunities.csv": deals}) == [
        'opportunities.csv row 2, outcome = "opne": must be open, won or lost. Did you mean "open"?',
        'opportunities.csv row 3, outcome = "pending": must be open, won or lost',
    ]


def test_a_flood_of_one_problem_in_one_column_is_counted_after_the_first_twenty(
    problems_of: Problems,
) -> None:
    rows = "".join(f"flour,mill{number},bakry,-1\n" for number in range(3000))
    found = problems_of({"sourcing.csv": "item,supplier,site,unit_cost\n" + rows})
    assert len(found) == 42
    assert found[0] == "sourcing.csv row 2, unit_cost = -1: must be 0 or more"
    assert found[20] == "sourcing.csv, unit_cost: and 2,980 more rows with a problem of this kind"
    assert found[21] == 'sourcing.csv row 2, site = "bakry": no such site. Did you mean "bakery"?'
    assert found[41] == "sourcing.csv, site: and 2,980 more rows with a problem of this kind"


def test_long_and_unprintable_values_are_shown_short_and_on_one_line(problems_of: Problems) -> None:
    shown = problems_of(_sourcing(unit_cost="x" * 500))[0]
    assert shown == f'sourcing.csv row 2, unit_cost = "{"x" * 60}...": must be a number written like 1234.5'


def test_every_table_has_all_columns_in_declared_order_with_declared_types_even_when_absent(
    write: Write,
) -> None:
    scenario = planner.load_scenario(write())
    from planner.scenario.schema import TABLES

    kinds = {
        "name": "str",
        "text": "str",
        "number": "float64",
        "date": "datetime64[s]",
        "period": "period[M]",
    }
    for name, table in TABLES.items():
        frame = scenario[name]
        assert list(frame.columns) == [column.name for column in table.columns], name
        for column in table.columns:
            whole = "Int64" if column.default is None else "int64"
            assert str(frame[column.name].dtype) == kinds.get(column.kind, whole), (name, column.name)
    assert scenario["prices"].empty


def test_blanks_become_defaults_or_stay_blank(write: Write) -> None:
    scenario = planner.load_scenario(write())
    assert scenario["items"]["price"].tolist() == [3.0, 0.0]
    assert scenario["work_centers"]["availability"].tolist() == [1.0]
    assert scenario["booked_orders"]["priority"].isna().all()
    assert scenario["booked_orders"]["market"].isna().all()
    assert scenario["service_terms"]["max_lateness"].isna().all()


@pytest.mark.parametrize(("row", "where"), [
    (14, "lanes.csv row 14, capacity"),
    (-9, "lanes.csv line 9, lanes.capacity"),  # an override wrote it: the file may be any, so the table is said
    (0, "lanes.csv, lanes.capacity"),  # an override in memory has no line
])
def test_a_cell_says_where_it_was_written(row: int, where: str) -> None:
    cells = Cells("lanes", {}, np.array(["lanes.csv"], dtype=object), np.array([row]), file="lanes.csv")
    assert cells.where(0, "capacity") == where
    assert str(cells.problem(0, "capacity", "is odd", code="range")) == f"{where}: is odd"
