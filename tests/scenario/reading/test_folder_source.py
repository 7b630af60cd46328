"""Copies of tables are named as copies."""

from collections.abc import Callable

import pytest

from planner.scenario.reading.folder_source import copy_of

Problems = Callable[..., list[str]]


def test_a_copy_of_a_table_is_named_as_one(problems_of: Problems) -> None:
    assert problems_of({"items - Copy.csv": "item\nbread\n"}) == [
        "items - Copy.csv: is a copy of the table items: move it out of the folder, or remove it"
    ]


@pytest.mark.parametrize("stem", ["items - Copy", "items - Copy (2)", "items - Kopie", "items copy 2", "items (1)", "items 2", "Copy of items", "Kopie von items"])
def test_copies_are_called_so_by_windows_macos_and_browsers(stem: str) -> None:
    assert copy_of(stem) == "items"


@pytest.mark.parametrize("stem", ["items", "items2", "my items", "copy", "items-old"])
def test_other_names_are_no_copies(stem: str) -> None:
    assert copy_of(stem) == ""
