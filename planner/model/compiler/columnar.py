"""Pyomo components whose data are columns of numbers.

Ordinary Pyomo keeps one Python object for each member of a set, each value of a parameter and each row. At
200,000 variables that is most of the time and memory of a solve. These components keep numpy columns instead,
and make the Python objects only where somebody asks for them: `m.inventory_balance["bike", "lyon", 3]` still
prints its row.
"""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.core.base.constraint import IndexedConstraint
from pyomo.core.base.indexed_component import IndexedComponent
from pyomo.core.base.param import IndexedParam
from pyomo.core.base.set import IndexedSet, InsertionOrderSetData, OrderedScalarSet, _FiniteSetMixin
from pyomo.core.base.var import IndexedVar
from pyomo.core.expr.template_expr import (
    IndexTemplate,
    NPV_Numeric_GetItemExpression,
    Numeric_GetItemExpression,
    templatize_constraint,
)

from planner.model.compiler.lookup import Codes, Lookup, Places

# Index columns that hold whole numbers; every other index column holds names.
NUMBERS = frozenset({"period", "start", "later_start", "cover_period", "stop_period", "tier", "priority"})
SLICES = frozenset({slice, type(Ellipsis)})
BLANK = -1  # the code of a blank name


class Names:
    """Every name of a model as a small whole number, so that index columns are numpy columns."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {"": BLANK}
        self.labels: list[str] = []

    def code(self, label: object) -> int:
        """The number that stands for one name."""
        number = self._codes.setdefault(str(label), len(self.labels))
        if number == len(self.labels):
            self.labels.append(str(label))
        return number

    def label(self, code: int) -> str:
        """The name that a number stands for; a blank is empty."""
        return "" if code == BLANK else self.labels[code]

    def encode(self, labels: pd.Series) -> Codes:
        """The numbers that stand for a column of names, BLANK for blanks."""
        codes, uniques = pd.factorize(labels)
        numbers = np.fromiter((self.code(label) for label in uniques), np.int64, len(uniques))
        return np.append(numbers, BLANK)[codes]  # factorize says -1 for a blank, which is where BLANK stands

    def decode(self, codes: Codes) -> NDArray[Any]:
        """The names that a column of numbers stands for."""
        return np.array([*self.labels, ""], dtype=object)[codes]  # BLANK finds the last


class Index:
    """The members of a set as columns, with their positions looked up for whole columns at once."""

    def __init__(self, columns: dict[str, Codes], names: Names) -> None:
        self.columns = columns
        self.names = names
        self.size = len(next(iter(columns.values())))
        self._lookup: Lookup | None = None  # made when it is first asked for

    def member(self, position: int) -> tuple[Any, ...]:
        """One member as Pyomo writes it, with names spelled out."""
        return tuple(int(codes[position]) if column in NUMBERS else self.names.label(codes[position])
                     for column, codes in self.columns.items())

    def members(self) -> Iterator[tuple[Any, ...]]:
        """Every member, spelled out, in order."""
        return (self.member(position) for position in range(self.size))

    def codes_of(self, member: Sequence[Any]) -> list[Codes]:
        """One spelled-out member as columns of one number each."""
        return [np.array([part if column in NUMBERS else self.names.code(part)], np.int64)
                for column, part in zip(self.columns, member, strict=True)]

    def are_own(self, columns: Sequence[Codes]) -> bool:
        """Whether these are the set's own columns: every member once, in order."""
        return all(column is own for column, own in zip(columns, self.columns.values(), strict=True))

    def positions(self, columns: Sequence[Codes]) -> Places:
        """Where each of the given members stands; a KeyError names the first that is not in the set."""
        if self.are_own(columns):
            return np.arange(self.size, dtype=np.int32)
        if self._lookup is None:
            self._lookup = Lookup(list(self.columns.values()))
        return self._lookup.places(columns)


class TableSet(OrderedScalarSet):  # type: ignore[misc]
    """A Pyomo Set over the rows of a table; members are spelled out only when somebody iterates it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        # Pyomo's constructor looks at the members before there are any
        self._spelled: dict[Any, int | None] | None = {}
        super().__init__()
        self._spelled = None

    def construct(self, data: object = None) -> None:
        """Ready at once: the columns are the data."""
        self._constructed = True
        self._dimen = len(self.index.columns)
        self._data[None] = self

    @property
    def _values(self) -> dict[Any, int | None]:
        if self._spelled is None:
            single = len(self.index.columns) == 1
            self._spelled = {member[0] if single else member: None for member in self.index.members()}
        return self._spelled

    @_values.setter
    def _values(self, values: dict[Any, int | None]) -> None:
        """Pyomo's constructor assigns an empty dict; the members come from the columns."""

    def _iter_impl(self) -> Iterator[Any]:
        if len(self.index.columns) == 1:
            return (member[0] for member in self.index.members())
        return self.index.members()

    def __len__(self) -> int:
        return self.index.size

    def get(self, value: Any, default: Any = None) -> Any:
        """The value if it is a member, looked up without spelling out the others."""
        member = value if isinstance(value, tuple) else (value,)
        if len(member) != len(self.index.columns):
            return default
        try:
            self.index.positions(self.index.codes_of(member))
        except KeyError:
            return default
        return value


class KnownItem(IndexedComponent):  # type: ignore[misc]
    """A component whose item at placeholders is known to be of one kind.

    Pyomo finds out which kind by resolving the item at some member of the sets, each time that a rule
    mentions one, which is most of the time of reading a rule.
    """

    _item_at: ClassVar[type]  # makes the item out of the component and the parts of the index

    def __getitem__(self, index: Any) -> Any:
        parts = index if type(index) is tuple else (index,)
        kinds = {type(part) for part in parts}
        if IndexTemplate in kinds and kinds.isdisjoint(SLICES) and len(parts) == self.dim():
            return self._item_at((self, *parts))
        return super().__getitem__(index)


class GroupAtPlaceholders(_FiniteSetMixin):  # type: ignore[misc]
    """The rows of a group while nobody knows which: a set that a rule can sum over, and how many columns it
    has.
    """

    def __init__(self, args: tuple[Any, ...]) -> None:
        self.args = args
        self.dimen = len(args[0].members.columns)

    def is_expression_type(self, expression_system: object = None) -> bool:
        """Sums ask this; a set is not an expression."""
        return False


class GroupedSet(KnownItem, IndexedSet):  # type: ignore[misc]
    """For each member of a domain, the rows of another table that belong to it: what a rule sums over."""

    _ComponentDataClass = InsertionOrderSetData
    _item_at = GroupAtPlaceholders

    def __init__(self, domain: TableSet, group: Places, members: dict[str, Codes]) -> None:
        """`group` gives, for each row of `members`, the position of the domain's member it belongs to."""
        order = np.argsort(group, kind="stable")
        self.starts = np.zeros(domain.index.size + 1, np.int64)
        np.cumsum(np.bincount(group, minlength=domain.index.size), out=self.starts[1:])
        self.members = Index({name: codes[order] for name, codes in members.items()}, domain.index.names)
        self.domain_index = domain.index
        super().__init__(domain, dimen=len(members), initialize=lambda block, *index: self._spelled(index))

    def construct(self, data: object = None) -> None:
        """Ready at once; the members of one group are spelled out when it is asked for."""
        self._constructed = True

    def _spelled(self, index: tuple[Any, ...]) -> list[Any]:
        place = int(self.domain_index.positions(self.domain_index.codes_of(index))[0])
        members = [self.members.member(row) for row in range(self.starts[place], self.starts[place + 1])]
        return [member[0] for member in members] if len(self.members.columns) == 1 else members


class TableVar(KnownItem, IndexedVar):  # type: ignore[misc]
    """A Pyomo Var whose members are made when they are asked for."""

    _item_at = Numeric_GetItemExpression

    def __init__(self, table: TableSet, *, bounds: Any, domain: Any) -> None:
        super().__init__(table, dense=False, bounds=bounds, domain=domain)


class TableParam(KnownItem, IndexedParam):  # type: ignore[misc]
    """A Pyomo Param whose values are a numpy column in the order of its set."""

    _item_at = NPV_Numeric_GetItemExpression

    def __init__(self, table: TableSet, values: NDArray[np.float64]) -> None:
        self.column = values
        super().__init__(table, within=pyo.Any)

    def construct(self, data: object = None) -> None:
        """Ready at once: the column is the data."""
        self._constructed = True

    def _getitem_when_not_present(self, index: Any) -> float:
        member = index if isinstance(index, tuple) else (index,)
        table = self.index_set().index
        return float(self.column[table.positions(table.codes_of(member))[0]])


class TemplateConstraint(IndexedConstraint):  # type: ignore[misc]
    """A Pyomo Constraint family kept as one template; a single row is written out when it is asked for."""

    def construct(self, data: object = None) -> None:
        """The rule has been called once, with placeholders; `template` is what it said, or `refused` why it
        said nothing.
        """
        self._constructed = True
        self.template: Any = None
        self.refused = ""
        try:
            self.template = templatize_constraint(self) if len(self.index_set()) else None
        # whatever a rule does that no placeholder can bear: its single rows can still be written
        except Exception as error:
            self.refused = str(error).splitlines()[0]

    def _getitem_when_not_present(self, index: Any) -> Any:
        return self._setitem_when_not_present(index, self.rule(self.parent_block(), index))
