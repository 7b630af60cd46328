"""How texts of frames are kept is ours while we work, and the process's own before and after."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

import planner
from planner.text_cells import plain_texts
from tests.model.plants import BOUGHT, plant

ARROW, PYTHON = "pyarrow", "python"


@pytest.fixture(autouse=True)
def arrow() -> Iterator[None]:
    pytest.importorskip("pyarrow")
    with pd.option_context("mode.string_storage", ARROW):
        yield


def storage() -> str:
    return pd.Series(["bike"]).array.dtype.storage


def test_texts_are_plain_within_our_work_and_the_process_keeps_its_own() -> None:
    within = []
    plan = planner.solve(plant([5], sourcing=BOUGHT), progress=lambda record: within.append(storage()))
    assert {*within} == {PYTHON} and storage() == ARROW
    assert plan.tables["sales"]["item"].array.dtype.storage == PYTHON


def test_work_that_fails_leaves_the_process_its_own() -> None:
    with pytest.raises(planner.ScenarioError):
        planner.load_scenario({"name": "Nothing"})
    assert storage() == ARROW


def test_work_inside_work_has_plain_texts_until_the_outer_one_has_ended() -> None:
    with plain_texts():
        with plain_texts():
            assert storage() == PYTHON
        assert storage() == PYTHON
    assert storage() == ARROW


def test_tables_and_plans_are_the_same_whichever_way_the_process_keeps_its_texts() -> None:
    """Frames that a program brings may be of the other kind."""
    records = plant([5, 6], sourcing=BOUGHT)
    frames = {name: pd.DataFrame(rows) if isinstance(rows, list) else rows for name, rows in records.items()}
    assert frames["items"]["item"].array.dtype.storage == ARROW
    given, own = planner.load_scenario(frames), planner.load_scenario(records)
    assert given.content_hash == own.content_hash
    assert planner.solve(given).objective == planner.solve(own).objective


def test_a_plan_equals_itself_however_its_texts_are_kept() -> None:
    plan = planner.solve(plant([5], sourcing=BOUGHT))
    arrow = {name: frame.astype(dict.fromkeys(frame.columns[frame.dtypes == "str"], "str"))
             for name, frame in plan.tables.items()}
    assert arrow["sales"]["item"].array.dtype.storage == ARROW
    assert replace(plan, tables=arrow) == plan
    assert replace(plan, tables={**arrow, "sales": arrow["sales"].assign(item="ebike")}) != plan


@pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning")  # ours; pandas says so to who sets it
@pytest.mark.parametrize(("option", "value"), [("future.infer_string", False), ("future.distinguish_nan_and_na", True)])
def test_plans_are_the_same_whatever_the_process_has_told_pandas(option: str, value: bool) -> None:
    usual = planner.solve(plant([5, 6], sourcing=BOUGHT))
    with pd.option_context(option, value):
        other = planner.solve(plant([5, 6], sourcing=BOUGHT))
        assert pd.get_option(option) == value
    assert other.tables["sales"].to_csv() == usual.tables["sales"].to_csv()
