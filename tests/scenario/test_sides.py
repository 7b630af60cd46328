"""Each table and each column belongs to a side, declared once."""

from planner.scenario.schema import TABLES
from planner.scenario.sides import COLUMN_SIDES, SETTINGS, SIDES, side_of, tables_of


def test_every_table_has_its_side_and_no_other_has_one() -> None:
    assert set(SIDES) == {*TABLES, SETTINGS}
    assert [place for place in COLUMN_SIDES if place[1] not in {column.name for column in TABLES[place[0]].columns}] == []


def test_the_sides_share_out_all_tables() -> None:
    assert sorted([*tables_of("sales"), *tables_of("operations"), *tables_of("shared")]) == sorted(TABLES)
    assert {table for table in TABLES if TABLES[table].area == "sales"} - set(tables_of("sales")) == {"stockouts"}
    assert (side_of("sales_targets"), side_of("lanes", "unit_cost"), side_of("items")) == ("sales", "operations", "shared")
    assert (side_of("items", "price"), side_of("items", "standard_cost")) == ("sales", "operations")
