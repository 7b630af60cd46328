"""The model's table of contents is complete, in an order of its own, and names nothing twice."""

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import planner.model
from planner.model.build import COSTS, RULES
from planner.model.cost_terms import COST_TERMS
from planner.model.limits import LIMITS
from planner.model.rules import Amount, Rule, by_name, constraint, cost

ROOT = Path(__file__).parents[2]
AREAS_FIRST = "import planner.model.workforce, planner.model.sales; "
SHOWN = "from planner.model.build import COSTS, RULES; print(list(RULES), list(COSTS))"


def declared(kind: type) -> Iterator[str]:
    """Every rule or cost that some file of the model declares."""
    for module in walk_packages(planner.model.__path__, "planner.model."):
        yield from (part.name for part in vars(import_module(module.name)).values() if isinstance(part, kind))


def test_every_rule_and_cost_of_the_model_is_in_its_table_of_contents() -> None:
    assert set(declared(Rule)) == set(RULES)
    assert set(declared(Amount)) == {*COSTS, "revenue"}


@pytest.mark.parametrize("first", [AREAS_FIRST, "import planner; planner.solve; "])
def test_the_order_of_the_rules_does_not_depend_on_what_is_imported_first(first: str) -> None:
    printed = subprocess.run(
        [sys.executable, "-c", first + SHOWN], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert printed.strip() == f"{list(RULES)} {list(COSTS)}"


def test_a_plan_is_the_same_whichever_area_is_imported_first(tmp_path: Path) -> None:
    solved = (
        "import planner, sys; planner.solve(planner.load_scenario('scenarios/red-tomato')).save(sys.argv[1])"
    )
    for name, first in {"straight": "", "areas-first": AREAS_FIRST}.items():
        subprocess.run([sys.executable, "-c", first + solved, str(tmp_path / name)], check=True, cwd=ROOT)
    straight, areas_first = ({file.name: file.read_bytes() for file in (tmp_path / name / "tables").iterdir()}
                             for name in ("straight", "areas-first"))
    assert straight == areas_first


def test_a_second_function_of_the_same_name_is_refused() -> None:
    @constraint("starts")
    def routing_capacity(m: object) -> bool:
        return True

    @cost("starts")
    def freight(m: object) -> int:
        return 0

    first = routing_capacity

    @constraint("stocks")
    def routing_capacity(m: object) -> bool:
        return False

    with pytest.raises(ValueError, match="two functions of the model are called routing_capacity"):
        by_name(first, routing_capacity)
    assert list(by_name(freight)) == ["freight"]


def test_a_rule_or_cost_that_nobody_has_declared_is_refused() -> None:
    def moonlight(m: object, site: object) -> bool:
        return True

    with pytest.raises(ValueError, match=r"rule moonlight .* declare it in planner/model/limits\.py"):
        constraint("site_periods")(moonlight)
    with pytest.raises(ValueError, match=r"cost moonlight .* declare it in planner/model/cost_terms\.py"):
        cost("site_periods")(moonlight)


def test_every_declared_limit_and_cost_term_has_its_rule_and_its_amounts() -> None:
    assert {name: rule.declared for name, rule in RULES.items()} == {name: LIMITS[name] for name in LIMITS}
    assert {amount.term for amount in COSTS.values()} == set(COST_TERMS)
