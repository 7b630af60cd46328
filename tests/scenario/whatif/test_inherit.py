"""A what-if is its base with tables, settings and four verbs on top."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import planner
from planner.scenario.load import check
from planner.scenario.scenario import Scenario
from tests.scenario.conftest import BAKERY, Write

Child = Callable[..., Path]


@pytest.fixture
def child(write: Write) -> Child:
    """Writes the bakery, and a child of it whose scenario.yaml has name and base in its first two lines."""

    def write_child(
        text: str = "",
        files: Mapping[str, str] | None = None,
        *,
        base: Mapping[str, str | None] | None = None,
    ) -> Path:
        write(base)
        return write(
            {"scenario.yaml": f"name: Child\nbase: ../bakery\n{text}", **(files or {})},
            name="child",
            only=True,
        )

    return write_child


def _overrides(text: str) -> str:
    return "overrides:\n" + text


def _changes(scenario: Scenario) -> list[tuple[str, ...]]:
    return [tuple(row) for row in scenario.changes.itertuples(index=False)]


def test_a_child_that_says_nothing_is_its_base_by_another_name(child: Child, write: Write) -> None:
    scenario = planner.load_scenario(child())
    assert (scenario.name, len(scenario.changes)) == ("Child", 0)
    assert list(scenario.changes.columns) == ["table", "change", "key", "column", "before", "after"]
    assert scenario.content_hash == planner.load_scenario(write(name="alone")).content_hash


def test_set_changes_the_chosen_rows_only(child: Child) -> None:
    scenario = planner.load_scenario(
        child(_overrides("  demand:\n    - where: {period: 2026-02}\n      set: {quantity: 7}\n"))
    )
    assert scenario["demand"]["quantity"].tolist() == [100.0, 7.0]
    assert _changes(scenario) == [
        ("demand", "changed", "item=bread, market=town, period=2026-02", "quantity", "120", "7")
    ]


def test_multiply_is_decimal_and_a_blank_counts_as_its_default(child: Child) -> None:
    text = "  work_centers:\n    - where: {}\n      multiply: {hour_cost: 1.1, availability: 0.9}\n"
    scenario = planner.load_scenario(child(_overrides(text)))
    # 5 x 1.1, 1 x 0.9
    assert scenario["work_centers"][["hour_cost", "availability"]].to_numpy().tolist() == [[5.5, 0.9]]
    assert [change[3:] for change in _changes(scenario)] == [
        ("availability", "1", "0.9"),
        ("hour_cost", "5", "5.5"),
    ]


def test_add_and_remove_rows(child: Child) -> None:
    text = (
        "  demand:\n    - remove: {period: 2026-01}\n    - add: {item: bread, market: town, period: "
        "2026-03, quantity: 5}\n"
        "    - add:\n        - {item: flour, market: town, period: 2026-03, quantity: 010}\n"
    )
    scenario = planner.load_scenario(child(_overrides(text)))
    assert scenario["demand"][["item", "quantity"]].to_numpy().tolist() == [
        ["bread", 120.0],
        ["bread", 5.0],
        ["flour", 10.0],
    ]
    assert _changes(scenario) == [
        ("demand", "removed", "item=bread, market=town, period=2026-01", "", "quantity=100", ""),
        ("demand", "added", "item=bread, market=town, period=2026-03", "", "", "quantity=5"),
        ("demand", "added", "item=flour, market=town, period=2026-03", "", "", "quantity=10"),
    ]


def test_overrides_apply_from_top_to_bottom(child: Child) -> None:
    text = (
        "  demand:\n    - where: {item: bread}\n      set: {quantity: 10}\n    - where: {quantity: 10.0, "
        "period: 2026-01}\n"
        "      multiply: {quantity: 3}\n    - remove: {quantity: 30}\n"
    )
    assert planner.load_scenario(child(_overrides(text)))["demand"]["quantity"].tolist() == [10.0]


def test_wildcards_lists_and_blanks_choose_rows(child: Child) -> None:
    base = {"items.csv": "item,family,price\nbread,,3\nflour,raw,\nb-1,x,1\nb-2,x,1\n[b],x,1\n"}
    text = (
        '  items:\n    - where: {item: "b-*"}\n      set: {price: 2}\n    - where: {item: [bread, "*]"]}\n  '
        '    set: {price: 5}\n'
        "    - where: {family: }\n      set: {weight: 4}\n"
    )
    scenario = planner.load_scenario(child(_overrides(text), base=base))
    assert scenario["items"]["price"].tolist() == [5.0, 0.0, 2.0, 2.0, 5.0]
    assert scenario["items"]["weight"].tolist() == [4.0, 0.0, 0.0, 0.0, 0.0]


def test_a_table_of_the_child_replaces_the_whole_table_and_may_then_be_overridden(child: Child) -> None:
    demand = "item,market,period,quantity\nbread,town,2026-01,100.0\nbread,town,2026-03,50\n"
    text = _overrides("  demand:\n    - where: {period: 2026-03}\n      multiply: {quantity: 2}\n")
    scenario = planner.load_scenario(child(text, {"demand.csv": demand}))
    assert scenario["demand"]["quantity"].tolist() == [100.0, 100.0]
    assert _changes(scenario) == [
        ("demand", "removed", "item=bread, market=town, period=2026-02", "", "quantity=120", ""),
        ("demand", "added", "item=bread, market=town, period=2026-03", "", "", "quantity=100"),
    ]  # 100.0 is no change of 100


def test_settings_merge_deep_and_everything_else_is_inherited(child: Child) -> None:
    base = {"scenario.yaml": BAKERY["scenario.yaml"] + "solver: {gap: 0.01, threads: 2}\nquestion: Why?\n"}
    text = "solver: {seed: 3}\n" + _overrides("  settings: {solver: {gap: 0.001}, calendar: {periods: 4}}\n")
    scenario = planner.load_scenario(child(text, base=base))
    assert scenario.settings.solver.model_dump() == {
        "time_limit": None,
        "effort": None,
        "gap": 0.001,
        "threads": 2,
        "seed": 3,
    }
    assert (scenario.calendar.periods, scenario.question) == (4, "")
    assert _changes(scenario) == [
        ("settings", "changed", "", "calendar.periods", "3", "4"),
        ("settings", "changed", "", "solver.gap", "0.01", "0.001"),
        ("settings", "added", "", "solver.seed", "", "3"),
    ]


def test_grandchildren_inherit_from_their_parents_and_their_changes_are_from_the_parent(
    child: Child, write: Write
) -> None:
    child(_overrides("  demand:\n    - where: {}\n      multiply: {quantity: 2}\n"))
    text = (
        "name: Grandchild\nbase: ../child\noverrides:\n  demand:\n    - where: {period: 2026-01}\n      "
        "multiply: {quantity: 2}\n"
    )
    scenario = planner.load_scenario(write({"scenario.yaml": text}, name="grandchild", only=True))
    assert scenario["demand"]["quantity"].tolist() == [400.0, 240.0]  # 100 x 2 x 2 and 120 x 2
    assert _changes(scenario) == [
        ("demand", "changed", "item=bread, market=town, period=2026-01", "quantity", "200", "400")
    ]


def test_rows_without_a_key_are_compared_whole(child: Child) -> None:
    history = "date,market,item,quantity\n2025-01-01,town,bread,5\n2025-01-01,town,bread,5\n2025-02-01,town,bread,6\n"
    scenario = planner.load_scenario(
        child(
            "",
            {"order_history.csv": history.replace(",6", ",7").replace("5\n2025-01-01,town,bread,", "")},
            base={"order_history.csv": history},
        )
    )
    assert [change[:3] for change in _changes(scenario)] == [
        ("order_history", "removed", "date=2025-01-01, market=town, item=bread, quantity=5"),
        ("order_history", "removed", "date=2025-02-01, market=town, item=bread, quantity=6"),
        ("order_history", "added", "date=2025-02-01, market=town, item=bread, quantity=7"),
    ]


def test_a_row_with_a_span_beside_the_row_without_is_an_addition(child: Child) -> None:
    text = (
        "  sourcing:\n    - add: {item: flour, supplier: mill, site: bakery, unit_cost: 2, from: 2026-02}\n"
    )
    assert _changes(planner.load_scenario(child(_overrides(text)))) == [
        (
            "sourcing",
            "added",
            "item=flour, supplier=mill, site=bakery, from=2026-02",
            "",
            "",
            "unit_cost=2, lead_time=0",
        )
    ]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            "  sourcing:\n    - where: {item: 'flr*'}\n      set: {unit_cost: 1}\n",
            ['scenario.yaml line 5, overrides.sourcing[0], where item = "flr*": matches no rows. Nearest '
             'item: "flour"'],
        ),
        (
            "  demand:\n    - remove: {item: 'b.e*'}\n",  # a point is a point, only the star is a wildcard
            ['scenario.yaml line 5, overrides.demand[0], remove item = "b.e*": matches no rows. Nearest '
             'item: "bread"'],
        ),
        (
            "  sourcing:\n    - remove: {item: flour, unit_cost: 9}\n",
            ['scenario.yaml line 5, overrides.sourcing[0], remove unit_cost = 9: matches no rows. Nearest '
             'unit_cost: "1"'],
        ),
        (
            "  demand:\n    - where: {period: [2026-01, 2026-03]}\n      set: {quantity: 1}\n",
            ['scenario.yaml line 5, overrides.demand[0], where period = "2026-03": matches no rows. Nearest '
             'period: "2026-01"'],
        ),
        (
            "  demand:\n    - where: {period: 2026-01, quantity: 120}\n      set: {quantity: 1}\n",
            [
                'scenario.yaml line 5, overrides.demand[0], where: matches no rows. Nearest row: period = '
                '"2026-01", '
                "quantity = 100"
            ],
        ),
        (
            "  demand:\n    - where: {period: [2026-01, 2026-02], quantity: 120}\n      set: {quantity: 1}\n",
            [
                'scenario.yaml line 5, overrides.demand[0], where period = "2026-01": matches no rows '
                'together with '
                "the other conditions"
            ],
        ),
        (
            "  prices:\n    - where: {item: bread}\n      set: {price: 1}\n",
            ["scenario.yaml line 5, overrides.prices[0], where: matches no rows: the table prices is empty"],
        ),
        (
            "  demand:\n    - wher: {item: bread}\n      set: {quantity: 1}\n",
            [
                "scenario.yaml line 5, overrides.demand[0]: must be where with set, where with multiply, "
                "add, or "
                'remove. Did you mean "where"?'
            ],
        ),
        (
            "  demand:\n    - set: {quantity: 1}\n    - 3\n",
            [
                "scenario.yaml line 5, overrides.demand[0]: must be where with set, where with multiply, "
                "add, or remove",
                "scenario.yaml line 6, overrides.demand[1]: must be where with set, where with multiply, "
                "add, or remove",
            ],
        ),
        (
            "  demand:\n    - where: {itm: bread}\n      set: {quantity: [1]}\n",
            [
                'scenario.yaml line 5, overrides.demand[0], where itm: demand has no such column. Did you '
                'mean "item"?',
                "scenario.yaml line 6, overrides.demand[0], set quantity: must be a single value",
            ],
        ),
        (
            "  demand:\n    - where: {item: {a: b}}\n      set: {}\n    - add: 3\n",
            [
                "scenario.yaml line 5, overrides.demand[0], where item: must be a single value or a list of "
                "them",
                "scenario.yaml line 6, overrides.demand[0], set: must name at least one column",
                "scenario.yaml line 7, overrides.demand[1], add: must map columns to values",
            ],
        ),
        (
            "  demand:\n    - where: {}\n      multiply: {quantity: x, item: 2}\n",
            [
                'scenario.yaml line 6, overrides.demand[0], multiply quantity = "x": must be a number '
                'written like 1.08',
                "scenario.yaml line 6, overrides.demand[0], multiply item: is not a column of numbers",
            ],
        ),
        (
            "  sourcing:\n    - where: {}\n      multiply: {max_share: 2}\n",
            ["scenario.yaml line 6, overrides.sourcing[0], multiply max_share: multiplies nothing: the "
             "cells are blank. Use set"],
        ),
        (
            "  demnd: []\n  sites: 3\n  settings: 3\n",
            [
                'scenario.yaml line 4, overrides.demnd: no such table. Did you mean "demand"?',
                "scenario.yaml line 5, overrides.sites: must be a list of changes, each starting with a dash",
                "scenario.yaml line 6, overrides.settings: must map settings to values",
            ],
        ),
        (
            "  settings: {solvr: 1, solver: {gap: x}}\n",
            [
                'scenario.yaml line 4, solver.gap = "x": must be from 0 to 1',
                "scenario.yaml line 4, solvr: no such setting. Allowed are calendar, currency, objective, "
                "forecast, solver. "
                'Did you mean "solver"?',
            ],
        ),
    ],
)
def test_an_override_that_changes_nothing_or_cannot_is_an_error(
    child: Child, text: str, problems: list[str]
) -> None:
    assert [str(problem) for problem in check(child(_overrides(text)))] == problems


def test_what_an_override_writes_wrongly_is_reported_at_its_line(child: Child) -> None:
    text = (
        "  sourcing:\n    - where: {item: flour}\n      multiply: {lead_time: 1.5}\n    - where: {item: "
        "flour}\n"
        "      set: {unit_cost: -5, site: bakry}\n    - add: {item: flour, supplier: m2, site: bakery}\n"
        "    - add: {item: flour, supplier: m2, site: bakery, unit_cost: 1}\n"
    )
    assert [str(problem) for problem in check(child(_overrides(text)))] == [
        "scenario.yaml line 9, sourcing.unit_cost: must be filled in",
        "scenario.yaml line 8, sourcing.unit_cost = -5: must be 0 or more",
        "scenario.yaml line 6, sourcing.lead_time = 1.5: must be a whole number",
        'scenario.yaml line 8, sourcing.site = "bakry": no such site. Did you mean "bakery"?',
        'scenario.yaml line 10, sourcing.item, supplier, site: "flour", "m2", "bakery" is there already, in '
        "scenario.yaml line 9. "
        "Remove one of them, or give spans in from and to",
    ]


def test_problems_of_the_base_are_reported_in_its_files_unless_the_child_replaces_them(
    child: Child, write: Write
) -> None:
    folder = child(
        "",
        {"sites.csv": "site\nbakery\nstore\n"},
        base={
            "demand.csv": "item,market,period,quantity\nbred,town,2026-01,5\n",
            "sites.csv": "sight\n",
            "x.csv": "a\n",
        },
    )
    assert [str(problem) for problem in check(folder)] == [
        "../bakery/x.csv: no such table",
        '../bakery/demand.csv row 2, item = "bred": no such item. Did you mean "bread"?',
    ]


def test_a_base_that_is_not_there_names_the_nearest(write: Write) -> None:
    write()
    folder = write({"scenario.yaml": "name: C\nbase: ../bakry\n"}, name="child", only=True)
    assert [str(problem) for problem in check(folder)] == [
        'scenario.yaml line 2, base = "../bakry": there is no such folder. Did you mean "bakery"?'
    ]


@pytest.mark.parametrize(
    ("base", "problem"),
    [
        ("[a]", "scenario.yaml line 2, base: must be the folder, or the workbook, of the scenario it starts from"),
        ("", "scenario.yaml line 2, base: must be the folder, or the workbook, of the scenario it starts from"),
        (".", 'scenario.yaml line 2, base = ".": the scenarios inherit from each other: child -> child'),
    ],
)
def test_a_base_is_the_folder_of_another_scenario(write: Write, base: str, problem: str) -> None:
    folder = write({"scenario.yaml": f"name: C\nbase: {base}\n"}, name="child", only=True)
    assert [str(problem) for problem in check(folder)] == [problem]


def test_scenarios_that_inherit_from_each_other_are_named(write: Write) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "b")):
        folder = write({"scenario.yaml": f"name: {name}\nbase: ../{base}\n"}, name=name, only=True)
    assert [str(problem) for problem in check(folder.parent / "a")] == [
        '../c/scenario.yaml line 2, base = "../b": the scenarios inherit from each other: b -> c -> b'
    ]


def test_a_factor_in_quotes_is_the_number_it_spells(child: Child) -> None:
    text = "  demand:\n    - where: {}\n      multiply: {quantity: '1.1'}\n"
    assert planner.load_scenario(child(_overrides(text)))["demand"]["quantity"].tolist() == [110.0, 132.0]


def test_a_factor_beyond_all_numbers_ends_in_a_problem(child: Child) -> None:
    text = f"  demand:\n    - where: {{period: 2026-01}}\n      multiply: {{quantity: 1{'0' * 20}}}\n"
    assert [str(problem) for problem in check(child(_overrides(text)))] == [
        f"scenario.yaml line 6, demand.quantity = 1{'0' * 22}: must not be beyond 1e+15"
    ]


def test_the_base_may_be_named_by_its_description(child: Child) -> None:
    folder = child()
    (folder / "scenario.yaml").write_text("name: Child\nbase: ../bakery/scenario.yaml\n")
    by_file = planner.load_scenario(folder / "scenario.yaml")
    assert (by_file.name, by_file.source) == ("Child", str(folder))
    assert by_file.content_hash == planner.load_scenario(folder.with_name("bakery")).content_hash
    (folder.with_name("bakery") / "lanes.csv").write_text("origin\nbakery\n")
    assert str(check(folder / "scenario.yaml")[0]).startswith("../bakery/lanes.csv row 1")


def test_a_line_of_what_ifs_without_end_is_refused(write: Write) -> None:
    write(name="0")
    for number in range(1, 52):
        write({"scenario.yaml": f"name: N\nbase: ../{number - 1}\n"}, name=str(number), only=True)
    folder = write({"scenario.yaml": "name: N\nbase: ../50\n"}, name="last", only=True)
    assert [str(one) for one in check(folder)] == [
        '../1/scenario.yaml line 2, base = "../0": more than 50 scenarios start from each other here: that is '
        "too many"
    ]


def test_an_override_of_a_table_that_is_not_planned_names_its_line(child: Child) -> None:
    text = "  disruptions:\n    - add: {disruption: strike, probability: 0.1, site: bakery}\n"
    assert [str(problem) for problem in check(child(_overrides(text)))] == [
        "scenario.yaml line 5, disruptions: is not planned by this version; remove the table"
    ]
