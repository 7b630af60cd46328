"""Two names that look alike are told apart before they are planned as two things."""

from collections.abc import Callable

import pytest

from planner.scenario.load import check
from tests.scenario.conftest import Write, changed, with_row

Problems = Callable[..., list[str]]
REMEDY = "is another name. Write both alike if they mean the same"


@pytest.mark.parametrize(
    ("supplier", "difference"),
    [
        ("Mill", "and"),
        ("m\u0456ll", "but has U+0456 CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I, and"),
        ("MILL", "and"),
        ("m\u200dill", "but has U+200D ZERO WIDTH JOINER, and"),
    ],
)
def test_a_supplier_that_looks_like_another_is_said(
    supplier: str, difference: str, problems_of: Problems
) -> None:
    files = with_row("sourcing.csv", f"flour,{supplier},store,1,1,,")
    assert problems_of(files) == [
        f'sourcing.csv row 3, supplier = "{_shown(supplier)}": looks like "mill" in row 2, {difference} {REMEDY}'
    ]


def _shown(name: str) -> str:
    return name.replace("\u200d", "\\u200d")


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (with_row("items.csv", "Bread,baked,3"), 'items.csv row 4, item = "Bread": looks like "bread" in row 2, and'),
        (with_row("items.csv", "rye,Baked,3"), 'items.csv row 4, family = "Baked": looks like "baked" in row 2, and'),
        (with_row("items.csv", "rye 1,baked,3", "Rye1,baked,3"), 'items.csv row 5, item = "Rye1": looks like "rye 1" in row 4, and'),
        (with_row("items.csv", "00123,baked,3", "123,baked,3"), 'items.csv row 5, item = "123": looks like "00123" in row 4, and'),
        (with_row("items.csv", "rye-bread,baked,3", "rye_bread,baked,3"),
         'items.csv row 5, item = "rye_bread": looks like "rye-bread" in row 4, and'),
        (with_row("sites.csv", "big  store", "big store"),
         'sites.csv row 5, site = "big store": looks like "big  store" in row 4, and'),
        (with_row("lanes.csv", "store,town,Van,1,0"), 'lanes.csv row 3, mode = "Van": looks like "van" in row 2, and'),
        (with_row("markets.csv", "cit\u00e9,x", "cite\u0301,x"),
         'markets.csv row 4, market = "cite\u0301": looks like "cit\u00e9" in row 3, but has U+0301 COMBINING ACUTE '
         "ACCENT, and"),
    ],
)
def test_names_that_no_other_table_lists_are_compared(
    files: dict[str, str], problem: str, problems_of: Problems
) -> None:
    assert f"{problem} {REMEDY}" in problems_of(files)


def test_names_of_two_tables_are_compared_once(write: Write) -> None:
    folder = write(with_row("sourcing.csv", "flour,mill,store,1,1,,")
                   | {"supplier_capacity.csv": "supplier,item,period,capacity\nMill,,,3\nMill,flour,2026-01,3\n"})
    assert [str(problem) for problem in check(folder) if problem.severity == "warning"] == [
        f'supplier_capacity.csv row 2, supplier = "Mill": looks like "mill" in sourcing.csv row 2, and {REMEDY}'
    ]


def test_numbers_that_systems_give_may_differ_in_case_only(problems_of: Problems) -> None:
    assert problems_of(with_row("booked_orders.csv", "a1,cafe,bread,1,2026-02")) == []


def test_a_reference_that_only_looks_right_is_told_by_its_letter(problems_of: Problems) -> None:
    assert problems_of(changed("bill_of_materials.csv", ("bread,flour", "bre\u0430d,flour"))) == [
        'bill_of_materials.csv row 2, parent = "bre\u0430d": no such item. Did you mean "bread"? It looks the same, '
        "but U+0430 CYRILLIC SMALL LETTER A is in one of them"
    ]


def test_numbers_that_are_parted_elsewhere_are_other_names(problems_of: Problems) -> None:
    assert problems_of(with_row("items.csv", "1-11,baked,3", "11-1,baked,3", "10,baked,3", "100,baked,3", "rye-1,baked,3", "rye-11,baked,3")) == []
