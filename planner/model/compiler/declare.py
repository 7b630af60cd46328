"""The words in which the areas declare their sets, groups, parameters and variables.

`Columnar` makes the components that compile at the speed of numpy; `RowByRow` makes ordinary Pyomo components
of the same text, the reference that a test holds the fast way to.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo
from numpy.typing import NDArray

from planner.model.compiler.columnar import (
    GroupedSet,
    Index,
    Names,
    TableParam,
    TableSet,
    TableVar,
    TemplateConstraint,
)
from planner.model.compiler.lookup import Codes, Places
from planner.model.rules import Rule


class Columnar:
    """Declares components over columns of numbers."""

    def __init__(self, names: Names) -> None:
        self.m = pyo.ConcreteModel()
        self.names = names
        self.indices: dict[str, Index] = {}
        self.uppers: dict[str, NDArray[np.float64]] = {}
        self.whole: dict[str, NDArray[np.bool_]] = {}

    def set(self, name: str, frame: pd.DataFrame, columns: Sequence[str]) -> None:
        """`m.name` is the set of the frame's rows, which must be distinct in these columns."""
        self.indices[name] = Index({column: _codes(frame[column]) for column in columns}, self.names)
        self.m.add_component(name, self._set(self.indices[name]))

    def group(
        self, name: str, over: str, frame: pd.DataFrame, *, by: Sequence[str], members: Sequence[str]
    ) -> None:
        """`m.name[...]` is, for each member of `over`, the frame's rows that have it in the columns `by`."""
        belongs = self.indices[over].positions([_codes(frame[column]) for column in by])
        self.m.add_component(
            name, self._group(over, belongs, {column: _codes(frame[column]) for column in members})
        )

    def param(self, name: str, over: str, values: pd.Series) -> None:
        """`m.name[...]` is the value of each member of `over`, in its order."""
        self.m.add_component(name, self._param(over, values.to_numpy(dtype=float)))

    def variable(self, name: str, over: str, *, upper: "pd.Series | NDArray[np.float64] | None" = None,
                 whole: bool | pd.Series = False) -> None:
        """`m.name[...]` is decided, 0 or more, for each member of `over`; where `whole`, in whole numbers
        only.
        """
        self.whole[name] = np.broadcast_to(np.asarray(whole, dtype=bool), (self.indices[over].size,))
        if upper is not None:
            self.uppers[name] = np.asarray(upper, dtype=float)
        index, bound, only_whole = self.indices[over], self.uppers.get(name), self.whole[name]

        def domain(block: Any, *member: Any) -> Any:
            return pyo.Integers if only_whole[index.positions(index.codes_of(member))[0]] else pyo.Reals

        def bounds(block: Any, *member: Any) -> tuple[float, float | None]:
            return 0.0, None if bound is None else float(bound[index.positions(index.codes_of(member))[0]])

        self.m.add_component(name, self._variable(over, bounds, domain if only_whole.any() else pyo.Reals))

    def constraint(self, rule: Rule) -> None:
        """The rule's family, one row for each member of its set."""
        over = getattr(self.m, rule.over)
        if self.indices[rule.over].size:
            self.m.add_component(rule.name, self._constraint(over, rule))

    def _set(self, index: Index) -> Any:
        return TableSet(index)

    def _group(self, over: str, belongs: Places, members: dict[str, Codes]) -> Any:
        return GroupedSet(getattr(self.m, over), belongs, members)

    def _param(self, over: str, values: NDArray[np.float64]) -> Any:
        return TableParam(getattr(self.m, over), values)

    def _variable(self, over: str, bounds: Any, domain: Any) -> Any:
        return TableVar(getattr(self.m, over), bounds=bounds, domain=domain)

    def _constraint(self, over: Any, rule: Rule) -> Any:
        return TemplateConstraint(over, rule=rule.function)


class RowByRow(Columnar):
    """Declares ordinary Pyomo components, one Python object for each member, value and row."""

    def _set(self, index: Index) -> Any:
        return pyo.Set(dimen=len(index.columns), initialize=_spelled(index))

    def _group(self, over: str, belongs: Places, members: dict[str, Codes]) -> Any:
        groups: dict[Any, list[Any]] = {member: [] for member in getattr(self.m, over)}
        owners = _spelled(self.indices[over])
        for place, member in zip(belongs, _spelled(Index(members, self.names)), strict=True):
            groups[owners[place]].append(member)
        return pyo.Set(getattr(self.m, over), dimen=len(members), initialize=groups)

    def _param(self, over: str, values: NDArray[np.float64]) -> Any:
        return pyo.Param(getattr(self.m, over), within=pyo.Any,
                         initialize=dict(zip(_spelled(self.indices[over]), values.tolist(), strict=True)))

    def _variable(self, over: str, bounds: Any, domain: Any) -> Any:
        return pyo.Var(getattr(self.m, over), bounds=bounds, domain=domain)

    def _constraint(self, over: Any, rule: Rule) -> Any:
        return pyo.Constraint(over, rule=rule.function)


def _codes(column: pd.Series) -> Codes:
    return column.to_numpy(dtype=np.int64)


def _spelled(index: Index) -> list[Any]:
    return [member[0] for member in index.members()] if len(index.columns) == 1 else list(index.members())
