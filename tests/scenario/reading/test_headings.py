"""A missing column is named with what may be meant; notes for people are left alone."""

from collections.abc import Callable

import pytest

import planner
from tests.scenario.conftest import Write

Problems = Callable[..., list[str]]


@pytest.mark.parametrize("name", ["notes", "Notes", "comment", "# asked Ann", "#"])
def test_a_column_for_people_is_read_by_nobody(write: Write, name: str) -> None:
    scenario = planner.load_scenario(write({"sites.csv": f"site,{name}\nbakery,12,5%\nstore,x\n".replace("12,5%", "12.5%")}))
    assert scenario["sites"]["site"].tolist() == ["bakery", "store"]
    assert name not in scenario["sites"]


def test_a_missing_column_is_named_with_all_that_may_be_meant(problems_of: Problems) -> None:
    history = "Ship Date,Order Date,market,item,quantity\n2025-01-01,2025-01-02,town,bread,5\n"
    assert problems_of({"order_history.csv": history, "demand.csv": None}, severity="error")[-1] == (
        'order_history.csv row 1, date: this column is missing. "Ship Date" or "Order Date": which is it?'
    )


def test_a_missing_column_without_any_like_it_is_just_missing(problems_of: Problems) -> None:
    assert problems_of({"sites.csv": "zzz\nbakery\n"}, severity="error")[1] == "sites.csv row 1, site: this column is missing"
