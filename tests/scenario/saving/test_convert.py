"""A scenario goes into a workbook and comes back the same; whatever it is, nothing is overwritten."""

from pathlib import Path

import pytest

import planner
from planner.errors import OutputError, ScenarioError
from planner.scenario.load import check
from planner.scenario.reading.source import DESCRIPTION
from planner.scenario.saving.convert import convert, write_template
from planner.scenario.scenario import Scenario
from planner.scenario.starter import STARTER
from tests.scenario.conftest import BAKERY, Write

SCENARIOS = Path(__file__).parents[3] / "scenarios"
BUNDLED = sorted(path.parent for path in SCENARIOS.glob(f"*/{DESCRIPTION}"))


def same(one: Scenario, other: Scenario) -> bool:
    """Whether nothing that can be planned with, and nothing that is said, differs."""
    return (
        (one.name, one.question, one.settings, one.content_hash) == (other.name, other.question, other.settings, other.content_hash)
        and one.changes.equals(other.changes)
        and all(one[name].equals(other[name]) for name in one.tables)
    )


@pytest.mark.parametrize("folder", BUNDLED, ids=lambda folder: folder.name)
def test_every_bundled_scenario_comes_back_from_a_workbook_as_it_went_in(folder: Path, tmp_path: Path) -> None:
    book = convert(folder, tmp_path / "book.xlsx")
    again = convert(book, tmp_path / "folder")
    scenario = planner.load_scenario(folder)
    assert same(scenario, planner.load_scenario(book))
    assert same(scenario, planner.load_scenario(again))
    assert check(book) == check(again) == []


def test_text_after_text_the_folder_that_comes_back_is_the_one_that_was_written(tmp_path: Path) -> None:
    first = convert(convert(STARTER, tmp_path / "1.xlsx"), tmp_path / "1")
    second = convert(convert(first, tmp_path / "2.xlsx"), tmp_path / "2")
    files = {path.name: path.read_text() for path in first.iterdir()}
    assert {path.name: path.read_text() for path in second.iterdir()} == files
    assert "# A small scenario to start from" in files[DESCRIPTION]
    assert "beyond_targets: all  # serve demand beyond orders and targets: all, profitable or none" in files[DESCRIPTION]


def test_the_same_scenario_makes_the_same_workbook_byte_for_byte(tmp_path: Path) -> None:
    one, two = (convert(STARTER, tmp_path / f"{name}.xlsx") for name in "ab")
    assert one.read_bytes() == two.read_bytes()


STRANGE = ["=1+1", "'=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "0042", "1e5", "2026-01", "TRUE", "Ünïcode 名", "a,b;c", 'say "hi"', "_x0041_", "#N/A", "-5"]


def test_names_that_look_like_something_else_stay_names(write: Write, tmp_path: Path) -> None:
    import pandas as pd

    from planner.csv_tables import csv_text

    sites = csv_text(pd.DataFrame({"site": ["bakery", "store", *STRANGE]}))
    folder = write({"sites.csv": sites})
    book = convert(folder, tmp_path / "b.xlsx")
    for place in (folder, book, convert(book, tmp_path / "again")):
        assert planner.load_scenario(place)["sites"]["site"].tolist() == ["bakery", "store", *STRANGE]
    assert not any(line.startswith(("=", "@", "+")) for line in (tmp_path / "again" / "sites.csv").read_text().splitlines())


@pytest.mark.parametrize("number", ["0.30000000000000004", "123456789.123456789", "1e-7", "1234567890123.5", "1e15"])
def test_numbers_keep_all_their_digits(write: Write, tmp_path: Path, number: str) -> None:
    folder = write({"items.csv": f"item,price\nbread,{number}\nflour,1\n"})
    book = convert(folder, tmp_path / "b.xlsx")
    assert planner.load_scenario(book)["items"]["price"].tolist()[0] == float(number)


@pytest.mark.parametrize("name", ["010", "yes", "2026", "1.50", "no: such", "[a]", '"quoted"', "#1", "100 %", "null", "Q4, final"])
def test_settings_stay_the_texts_that_they_are(write: Write, tmp_path: Path, name: str) -> None:
    import json

    folder = write({"scenario.yaml": f"name: {json.dumps(name)}\nquestion: {json.dumps(name)}\ncalendar: {{start: 2026-01, periods: 3}}\n"})
    book = convert(folder, tmp_path / "b.xlsx")
    for place in (book, convert(book, tmp_path / "again")):
        scenario = planner.load_scenario(place)
        assert (scenario.name, scenario.question) == (name, name)


def test_notes_beside_tables_are_kept(write: Write, tmp_path: Path) -> None:
    folder = write({"sites.csv": "# asked,site,notes\nAnn,bakery,\n,store,\"moves, in May\"\n"})
    again = convert(convert(folder, tmp_path / "b.xlsx"), tmp_path / "again")
    assert (again / "sites.csv").read_text() == 'site,# asked,notes\nbakery,Ann,\nstore,,"moves, in May"\n'


def test_a_what_if_finds_its_base_from_where_it_is_written(write: Write, tmp_path: Path) -> None:
    write()
    child = write({"scenario.yaml": "name: Dear\nbase: ../bakery\noverrides:\n  items:\n    - where: {item: [bread, flour]}\n"
                   "      multiply: {price: 1.5}\n    - add: [{item: rye}, {item: oat}]\n  settings: {currency: USD}\n"}, name="dear", only=True)
    (tmp_path / "deep").mkdir()
    book = convert(child, tmp_path / "deep" / "dear.xlsx")
    again = convert(book, tmp_path / "deep" / "er" / "dear")
    scenario = planner.load_scenario(child)
    assert same(scenario, planner.load_scenario(book))
    assert same(scenario, planner.load_scenario(again))
    assert "base: ../../../bakery" in (again / DESCRIPTION).read_text()


@pytest.mark.parametrize("kind", ["child.xlsx", "child"])
def test_a_what_if_that_empties_a_table_of_its_base_still_does(write: Write, tmp_path: Path, kind: str) -> None:
    write()
    folder = write({"scenario.yaml": "name: C\nbase: ../bakery\n", "customers.csv": "customer,market\n", "booked_orders.csv": "order,item,quantity,due\n"},
                   name="c", only=True)
    (tmp_path / "to").mkdir()
    convert(folder, tmp_path / "to" / kind)
    convert(tmp_path / "to" / kind, tmp_path / "back")
    assert planner.load_scenario(tmp_path / "back").content_hash == planner.load_scenario(folder).content_hash
    assert len(planner.load_scenario(tmp_path / "back")["booked_orders"]) == 0
    assert (tmp_path / "back" / "booked_orders.csv").read_text() == "order,item,quantity,due\n" or kind == "child.xlsx"


def test_a_what_if_that_is_written_whole_stands_by_itself(write: Write, tmp_path: Path) -> None:
    write()
    child = write({"scenario.yaml": "name: Dear\nbase: ../bakery\noverrides:\n  items: [{set: {price: 4}, where: {item: bread}}]\n"}, name="dear", only=True)
    whole = planner.load_scenario(convert(child, tmp_path / "dear.xlsx", whole=True))
    assert whole.content_hash == planner.load_scenario(child).content_hash
    assert (whole.name, len(whole.changes)) == ("Dear", 0)


def test_what_was_recognised_is_written_as_scenarios_are(write: Write, tmp_path: Path) -> None:
    described = "name: B\ncalendar: {start: 2026-01, periods: 3}\nformats: {dates: mdy}\n"
    history = "date;market;item;quantity\n01/02/2025;town;bread;1,5\n"
    again = convert(write({"scenario.yaml": described, "order_history.csv": history, "demand.csv": None}), tmp_path / "again")
    assert (again / "order_history.csv").read_text() == "date,market,item,quantity\n2025-01-02,town,bread,1.5\n"
    assert "formats" not in (again / DESCRIPTION).read_text()


def test_what_is_there_already_is_left_alone(write: Write, tmp_path: Path) -> None:
    folder = write()
    (tmp_path / "b.xlsx").write_text("mine")
    for target in (tmp_path / "b.xlsx", folder):
        with pytest.raises(OutputError, match="is there already, and nothing is overwritten"):
            convert(folder, target)
    with pytest.raises(OutputError, match="workbooks are written as"):
        convert(folder, tmp_path / "b.xlsm")
    assert (tmp_path / "b.xlsx").read_text() == "mine"


def test_what_cannot_be_read_is_not_written(write: Write, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"sites\.csv row 2: has 2 cells, but the header has 1"):
        convert(write({"sites.csv": "site\nbakery,x\n"}), tmp_path / "b.xlsx")
    assert not (tmp_path / "b.xlsx").exists()


def test_a_template_solves_as_it_is_and_an_empty_one_says_what_is_missing(tmp_path: Path) -> None:
    full = planner.load_scenario(write_template(tmp_path / "full.xlsx", start=STARTER))
    assert full.content_hash == planner.load_scenario(STARTER).content_hash
    assert [str(problem) for problem in check(write_template(tmp_path / "empty.xlsx", start=None))] == [
        "empty.xlsx sheet scenario row 4, name: must be given: it is what plans and reports call the scenario",
        "empty.xlsx sheet scenario row 4, calendar: must be given",
    ]


def test_a_workbook_can_be_the_base_of_a_folder_and_problems_name_its_cells(write: Write, tmp_path: Path) -> None:
    convert(write({"lanes.csv": BAKERY["lanes.csv"].replace("town,van,1", "town,van,-1")}), tmp_path / "bakery.xlsx")
    child = write({"scenario.yaml": "name: C\nbase: ../bakery.xlsx\n"}, name="child", only=True)
    assert [str(problem) for problem in check(child)] == ["../bakery.xlsx sheet lanes cell E6, unit_cost = -1: must be 0 or more"]
    (child / DESCRIPTION).write_text("name: C\nbase: ../bakery.xlsx\noverrides:\n  lanes: [{where: {mode: van}, set: {unit_cost: 2}}]\n")
    assert planner.load_scenario(child)["lanes"]["unit_cost"].tolist() == [2.0]
