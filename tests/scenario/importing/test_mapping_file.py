"""A mapping says what is wrong with it, all at once, each with its line, what is allowed and the nearest name."""

from pathlib import Path

import pytest

from planner.errors import PlannerError, ScenarioError
from planner.scenario.importing.mapping_file import PROFILES, profiles, read_mapping
from tests.scenario.importing.conftest import problems

GOOD = """
reads:
  orders:
    table: order_history
    columns: {date: Day, item: Code, market: {value: home}, quantity: Qty}
"""


def faults(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "m.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError) as error:
        read_mapping(file)
    return problems(error)


def test_columns_may_be_named_plainly_or_said_with_an_expression(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(GOOD)
    read = read_mapping(tmp_path / "m.yaml").mapping.reads["orders"]
    assert (read.columns["date"].column, read.columns["market"].value) == ("Day", "home")


def test_a_code_keeps_its_zeros(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(GOOD + "    drop: {Code: [010, 0]}\n")
    assert read_mapping(tmp_path / "m.yaml").mapping.reads["orders"].drop["Code"].like == ["010", "0"]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("table: order_history", "table: order_histroy",
     'm.yaml line 4, reads.orders.table = "order_histroy": no such table. Did you mean "order_history"?'),
    ("quantity: Qty", "quantty: Qty", 'm.yaml line 5, reads.orders.columns.quantty: order_history has no such column. '
     'Did you mean "quantity"?'),
    ("date: Day, ", "", "m.yaml line 5, reads.orders.columns: order_history needs the column date: say where it comes from"),
    ("market: {value: home}, ", "", "m.yaml line 5, reads.orders.columns: needs one of customer or market: say where it comes "
     "from"),
    ("{value: home}", "{valeu: home}", "m.yaml line 5, reads.orders.columns.market.valeu: no such entry. Allowed are column, "
     "value, first, join, between, multiply, divide, add, subtract, map, at_least, round, zeros, dates. Did you mean "
     '"value"?'),
    ("{value: home}", "{column: A, value: home}", "m.yaml line 5, reads.orders.columns.market: must be a column of the file, or "
     "one of column, value, first, join, multiply, divide, add, subtract, each with what it takes"),
    ("    table: order_history\n", "", "m.yaml line 3, reads.orders.table: must be given"),
    ("    table:", "    negative: cancle\n    table:", "m.yaml line 4, reads.orders.negative: must be refuse, net, drop or cancel"),
    ("    table:", "    masters: {suppliers: {}}\n    table:",
     "m.yaml line 4, reads.orders.masters.suppliers: must be items, sites, markets or customers"),
])
def test_a_fault_is_said_with_its_place_and_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in faults(tmp_path, GOOD.replace(old, new))


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("quantity: Qty", "quantty: Qty").replace("date: Day", "dat: Day")
    assert len(faults(tmp_path, text)) == 4  # two wrong names, two columns that are missing


def test_a_mapping_goes_on_from_a_profile() -> None:
    read = read_mapping({"profile": "hubspot", "reads": {"deals": {"columns": {"item": "Series"}}}})
    deals = read.mapping.reads["deals"]
    assert (deals.columns["item"].column, deals.columns["stage"].column) == ("Series", "Deal Stage")


def test_an_unknown_profile_is_refused_with_the_nearest() -> None:
    with pytest.raises(PlannerError, match=r'no profile "hubsopt".* Did you mean "hubspot"'):
        read_mapping({"profile": "hubsopt", "reads": {}})


@pytest.mark.parametrize("name", profiles())
def test_every_profile_is_sound_and_described(name: str) -> None:
    assert read_mapping({"profile": name}).mapping.reads
    assert (PROFILES / f"{name}.yaml").read_text(encoding="utf-8").startswith("# ")
