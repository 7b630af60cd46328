"""Files that are no tables, rows that are no rows, headers that are no headers: each has one clear
message.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import planner
from planner.errors import ScenarioError
from planner.scenario.load import check
from tests.scenario.conftest import BAKERY, Write, changed

Problems = Callable[..., list[str]]
HEADER = "item,supplier,site,unit_cost\n"


def test_the_bakery_has_no_problems_so_that_every_problem_in_these_tests_is_a_planted_one(
    write: Write,
) -> None:
    scenario = planner.load_scenario(write())
    assert scenario.name == "Bakery"
    assert scenario["demand"]["quantity"].tolist() == [100.0, 120.0]
    assert check(write(name="again")) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "sourcing.csv: is empty: the first row must name the columns"),
        (b" \n\n", "sourcing.csv: is empty: the first row must name the columns"),
        (b",,\nflour,mill,bakery\n", "sourcing.csv row 1: the first row must name the columns"),
        (
            b"item,supplier\nflour,m\x81hl\n",
            "sourcing.csv line 2: is not UTF-8 text. Save it as UTF-8, or say what it is with "
            "formats: {encoding: ...} in scenario.yaml",
        ),
        (b"PK\x03\x04\x00\x00", "sourcing.csv: is not a text file: it holds zero bytes"),
        (
            HEADER.encode() + b'flour,"mill,bakery,1\n',
            "sourcing.csv row 2: a cell opens with a double quote that is never closed",
        ),
        (HEADER.encode() + b'flour,"mi"ll,bakery,1\n', "sourcing.csv row 2: double quotes inside a quoted "
                                                       "cell must be doubled"),
        (
            HEADER.encode() + b"flour," + b"m" * 100_001 + b",bakery,1\n",
            "sourcing.csv row 2: a cell is longer than 100,000 letters. Is a closing quote missing?",
        ),
        (HEADER.encode() + b"flour,mill\n", "sourcing.csv row 2: has 2 cells, but the header has 4"),
        (HEADER.encode() + b"flour,mill,bakery,1,5\n", "sourcing.csv row 2: has 5 cells, but the header has "
                                                       "4"),
        (b"item,supplier,site,unit_cost,,\nflour,mill,bakery,1,,x\n", "sourcing.csv row 2: has 6 cells, but "
                                                                      "the header has 4"),
        (b"item,,supplier,site,unit_cost\nflour,x,mill,bakery,1\n", "sourcing.csv row 1: column 2 has no "
                                                                    "name"),
        (
            b"item,supplier,site,unit_cost,item\nflour,mill,bakery,1,flour\n",
            'sourcing.csv row 1: the column "item" is there twice',
        ),
        (
            HEADER.replace("site", "sight").encode() + b"flour,mill,bakery,1\n",
            'sourcing.csv row 1, "sight": no such column. Did you mean "site"?\n  sourcing.csv row 1, site: '
            'this column is missing. Is it "sight"?',
        ),
        (
            HEADER.replace("unit_cost", "Unit Cost").encode() + b"flour,mill,bakery,1\n",
            'sourcing.csv row 1, "Unit Cost": no such column. Did you mean "unit_cost"?\n'
            '  sourcing.csv row 1, unit_cost: this column is missing. Is it "Unit Cost"?',
        ),
    ],
)
def test_a_file_that_cannot_be_read_as_the_table_says_why(
    problems_of: Problems, content: bytes, problem: str
) -> None:
    assert "\n  ".join(problems_of({"sourcing.csv": content})) == problem


def test_ragged_rows_are_each_reported_but_a_flood_of_them_is_counted(problems_of: Problems) -> None:
    found = problems_of({"sourcing.csv": HEADER + "flour,mill\n" * 1500})
    assert len(found) == 21
    assert found[0] == "sourcing.csv row 2: has 2 cells, but the header has 4"
    assert found[-1] == "sourcing.csv: and 1,480 more rows that are not as wide as the header"


def test_a_flood_of_unknown_columns_is_counted(problems_of: Problems) -> None:
    found = problems_of(
        {
            "prices.csv": BAKERY["items.csv"].replace(
                "item,family,price", ",".join(f"c{at}" for at in range(30))
            )
        }
    )
    assert "prices.csv: and 10 more columns that are not known" in found


def test_byte_order_mark_blank_rows_blanks_and_empty_columns_change_nothing_and_rows_count_as_in_a_spreadsheet(
    write: Write,
) -> None:
    text = (
        '\ufeff item , supplier,site,unit_cost,,\r\n\r\nflour , mill,bakery,1 '
        ',,\r\n,,,,\r\n"flour","two\nlines",bakery,-1,,\r\n'
    )
    with pytest.raises(ScenarioError) as raised:
        planner.load_scenario(write({"sourcing.csv": text}))
    assert [str(problem) for problem in raised.value.problems] == [
        'sourcing.csv row 5, supplier = "two\\nlines": a name must stand on one line, without control '
        'characters or invisible ones; it holds U+000A LINE FEED',
        "sourcing.csv row 5, unit_cost = -1: must be 0 or more",
    ]


def test_a_quoted_newline_in_a_free_text_is_kept(write: Write) -> None:
    overrides = "item,market,period,quantity,reason\n"
    loaded = planner.load_scenario(
        write({"forecast_overrides.csv": overrides + 'bread,town,2026-01,5,"one\ntwo"\n'})
    )
    assert loaded["forecast_overrides"]["reason"].tolist() == ["one\ntwo"]


def test_unknown_files_are_problems_when_they_look_like_tables(problems_of: Problems) -> None:
    assert problems_of(
        {
            "sorcing.csv": "a\n",
            "Items.csv": "a\n",
            "sites.tsv": "x",
            "markets.xlsx": "x",
            "zzz.parquet": "x",
            "notes.md": "x",
            "generate.py": "x",
            ".~lock.csv": "x",
        }
    ) == [
        'Items.csv: no such table. Did you mean "items"?',
        "markets.xlsx: tables are read from .csv and .parquet files only",
        "sites.tsv: tables are read from .csv and .parquet files only",
        'sorcing.csv: no such table. Did you mean "sourcing"?',
        "zzz.parquet: no such table",
    ]


def test_a_table_in_two_files_is_a_problem(problems_of: Problems) -> None:
    assert problems_of({"sites.parquet": b"x"}) == [
        "sites.parquet: the table is there twice: remove this file or sites.csv"
    ]


def test_a_folder_in_the_place_of_a_file_is_a_problem(write: Write) -> None:
    folder = write({"sourcing.csv": None, "scenario.yaml": None})
    (folder / "sourcing.csv").mkdir()
    (folder / "scenario.yaml").mkdir()
    assert [str(problem) for problem in check(folder)] == [
        "scenario.yaml: is a folder; a file is expected",
        "sourcing.csv: is a folder; a file is expected",
    ]


def test_a_pipe_or_a_link_to_nowhere_in_the_place_of_a_file_is_a_problem_and_nobody_waits_for_it(
    write: Write,
) -> None:
    folder = write({"sourcing.csv": None, "demand.csv": None})
    os.mkfifo(folder / "sourcing.csv")
    (folder / "demand.csv").symlink_to(folder / "nowhere.csv")
    assert [str(problem) for problem in check(folder)] == [
        "demand.csv: cannot be read: No such file or directory",
        "sourcing.csv: is not an ordinary file",
    ]


def test_a_folder_that_holds_no_scenario_says_what_it_lacks(write: Write, tmp_path: Path) -> None:
    write()
    (tmp_path / "empty").mkdir()
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "plan.json").write_text("{}")
    (tmp_path / "yml").mkdir()
    (tmp_path / "yml" / "scenario.yml").write_text("name: x\n")
    said = {
        name: [str(problem) for problem in check(tmp_path / name)]
        for name in ("bakry", "empty", "plan", "yml", "bakery/items.csv", "book.xlsx")
    }
    assert said == {
        "bakry": ['there is no such folder. Did you mean "bakery"?'],
        "empty": ["has no scenario.yaml"],
        "plan": ["is the folder of a plan, not of a scenario"],
        "yml": ["has no scenario.yaml; rename scenario.yml to scenario.yaml"],
        "bakery/items.csv": ["is a file: give the folder that holds scenario.yaml, or a workbook (.xlsx)"],
        "book.xlsx": ["there is no such workbook"],
    }


def test_the_error_names_the_scenario_as_it_was_given_and_counts_its_problems(write: Write) -> None:
    folder = write(
        changed("sourcing.csv", ("1,1,,", "1,-2,,")) | changed("bill_of_materials.csv", ("flour", "flur"))
    )
    with pytest.raises(ScenarioError) as raised:
        planner.load_scenario(folder)
    assert str(raised.value) == (
        f"2 problems in {folder}\n"
        "  sourcing.csv row 2, lead_time = -2: must be 0 or more periods\n"
        '  bill_of_materials.csv row 2, component = "flur": no such item. Did you mean "flour"?'
    )


def test_a_csv_file_of_any_case_of_its_ending_is_read(write: Write) -> None:
    scenario = planner.load_scenario(write({"demand.csv": None, "demand.CSV": BAKERY["demand.csv"]}))
    assert len(scenario["demand"]) == 2


@pytest.mark.parametrize(
    ("file", "again"),
    [
        ("markets.csv", "market,region"),
        ("markets.csv", "region,market"),
        ("markets.csv", "\ufeffmarket, region "),
        ("sourcing.csv", "item,supplier,site"),
        ("sites.csv", "site"),
    ],
)
def test_a_header_that_is_repeated_is_no_row(file: str, again: str, problems_of: Problems) -> None:
    rows = len(BAKERY[file].splitlines())
    found = problems_of({file: BAKERY[file] + f"{again}\n" + BAKERY[file].splitlines()[-1].replace(",1,1,", ",1,1,,")})
    reason = "repeats the header, as files put one below the other do. Remove the row"
    assert found[0] == f"{file} row {rows + 1}: {reason}"
    assert not [problem for problem in found[1:] if f"row {rows + 1}" in problem]
