"""Problems have codes for programs: one kind, one meaning, all of them in the reference."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import planner.scenario
from planner.scenario.load import check
from planner.scenario.problem_kinds import CODES, PROBLEM_KINDS
from planner.scenario.schema import TABLES
from tests.scenario.conftest import Write, changed

FOLDER = Path(planner.scenario.__file__).parent
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "problems.md"


def _words_in_the_code() -> Iterator[str]:
    """The last words of all codes that stand in the code as literals."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                yield str(node.value.value).rpartition(".")[2]


def test_every_kind_has_one_meaning_and_every_code_one_kind() -> None:
    assert [word for word, count in Counter(kind.word for kind in PROBLEM_KINDS).items() if count > 1] == []
    meanings = Counter(kind.meaning for kind in PROBLEM_KINDS)
    assert [meaning for meaning, count in meanings.items() if count > 1] == []
    codes = Counter(code for kind in PROBLEM_KINDS for code in kind.codes)
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_code_in_the_code_has_a_kind() -> None:
    words = set(_words_in_the_code()) - {""}  # what only asks for a place is no problem
    assert words - {kind.word for kind in PROBLEM_KINDS} == set()


def test_every_place_is_a_column_a_table_or_part_of_the_description() -> None:
    columns = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns}
    places = {place for kind in PROBLEM_KINDS for place in kind.places}
    others = {place for place in places if place not in columns and place not in TABLES}
    assert {place.split(".")[0] for place in others} == {
        "file", "formats", "history", "import", "inquiries", "scenario", "settings", "overrides", "sweep"
    }


def test_every_code_is_in_the_reference() -> None:
    lines = set(REFERENCE.read_text(encoding="utf-8").splitlines())
    assert set(CODES) - lines == set()


def test_a_code_says_place_and_kind(write: Write) -> None:
    found = check(write(changed("lanes.csv", ("town,van,1", "twn,van,-1"))))
    assert [(problem.code, problem.kind) for problem in found] == [
        ("lanes.unit_cost.range", "range"),
        ("lanes.destination.reference", "reference"),
    ]
    in_a_what_if = write({"scenario.yaml": "name: C\nbase: ../bakery\nsolver: {gap: 2, gop: 1}\noverrides:\n"
                          "  items: [{where: {item: flour}, set: {price: -1}}, {remove: {item: x}}]\n",
                          "lanes.csv": None}, name="child", only=True)
    (in_a_what_if.parent / "bakery" / "lanes.csv").write_text("origin,destination,mode\nbakery,town,van\n")
    assert sorted(problem.code for problem in check(in_a_what_if)) == [
        "items.price.range", "overrides.no_match", "settings.solver.gap.value", "settings.solver.unknown",
    ]
