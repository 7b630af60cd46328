"""Members are found at their places, and what is not in a set is never taken for something that is."""

from itertools import product

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.core.expr.template_expr import templatize_rule

from planner.model.compiler.columnar import GroupedSet, Index, Names, TableParam, TableSet, TableVar
from planner.model.compiler.lookup import Lookup

NEAR, GAPPY, FAR = [3, 4, 5], [2, 90, 91, 400], [7, 10_000_000]


def columns(members: list[tuple[int, ...]]) -> list[np.ndarray]:
    return [np.array(codes, np.int64) for codes in zip(*members, strict=True)]


@pytest.mark.parametrize("codes", [(NEAR, NEAR), (NEAR, GAPPY), (GAPPY, GAPPY), (FAR, FAR, FAR)])
def test_every_member_is_found_where_it_stands_and_no_other_tuple_is_found(
    codes: tuple[list[int], ...],
) -> None:
    every = list(product(*codes))
    members = every[::2]
    lookup = Lookup(columns(members))
    shuffled = list(reversed(range(len(members))))
    assert lookup.places(columns([members[place] for place in shuffled])).tolist() == shuffled
    around = {tuple(code + step for code, step in zip(member, steps, strict=True))
              for member in every for steps in product((-1, 0, 1, 88), repeat=len(codes))}
    for stranger in sorted(around - set(members)):
        with pytest.raises(KeyError) as refused:
            lookup.places(columns([members[0], stranger]))
        assert refused.value.args[0] == stranger


def test_nothing_is_found_in_an_empty_set() -> None:
    lookup = Lookup([np.zeros(0, np.int64)])
    assert len(lookup.places([np.zeros(0, np.int64)])) == 0
    with pytest.raises(KeyError):
        lookup.places([np.array([0])])


def test_items_at_placeholders_are_of_the_kinds_that_pyomo_would_find() -> None:
    names = Names()
    table = TableSet(
        Index({"item": np.array([names.code("bike"), names.code("bell")]), "period": np.array([1, 2])}, names)
    )
    m = pyo.ConcreteModel()
    m.places = table
    m.rate = TableParam(table, np.array([2.0, 3.0]))
    m.made = TableVar(table, bounds=(0.0, None), domain=pyo.Reals)
    m.uses = GroupedSet(table, np.array([0, 1]), {"period": np.array([1, 2])})
    m.plain = pyo.Var([("bike", 1), ("bell", 2)])
    m.plain_rate = pyo.Param([("bike", 1), ("bell", 2)], initialize=1.0, mutable=True)

    def kinds(rate: object, made: object) -> list[type]:
        def rule(block: object, item: object, period: object) -> object:
            found.extend([type(rate[item, period]), type(made[item, period]), type(made[item, period - 1])])
            return made[item, period] >= 0
        found: list[type] = []
        templatize_rule(m, lambda block, index: rule(block, *index), m.places)
        return found

    assert kinds(m.rate, m.made) == kinds(m.plain_rate, m.plain)
    assert m.made["bike", 1].lb == 0.0
    assert pyo.value(m.rate["bell", 2]) == 3.0
    assert list(m.uses["bell", 2]) == [2]
