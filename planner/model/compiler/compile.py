"""Rules into a matrix: Pyomo writes each constraint family once, with placeholders for its indices, and numpy
evaluates
that one text over the whole index set.

A template is an ordinary Pyomo expression. Every node is evaluated to a number, a column of numbers (one for
each row of the family) or `Terms` (columns of coefficients on variables). A `sum(... for ... in
m.some_set[...])` repeats the rows once for each member, evaluates the body there and adds up.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sparse
from numpy.typing import NDArray
from pyomo.core.base.initializer import Initializer
from pyomo.core.expr.template_expr import IndexTemplate, templatize_rule

from planner.model.compiler.columnar import GroupedSet, TableParam, TableSet, TemplateConstraint
from planner.model.compiler.expand import expanded
from planner.model.compiler.lookup import Codes, Floats, Places
from planner.progress import checkpoint

Entries = tuple[NDArray[Any], NDArray[Any], Floats]  # row, variable, coefficient
# lower and upper limits of a family's rows, and what stands in them
Family = tuple[Floats, Floats, list[Entries]]
Frame = dict[int, Codes]  # placeholder -> the index codes it stands for, one for each row


class UnknownNodeError(Exception):
    """A template holds something that cannot be evaluated for all rows at once."""


@dataclass(frozen=True)
class Block:
    """Coefficients on variables: entry i adds coefficient[i] * variable[columns[i]] to row rows[i] (None: row
    i).
    """

    rows: Codes | None
    columns: Places
    coefficients: Any


@dataclass(frozen=True)
class Terms:
    """A linear expression in every row at once."""

    constant: Any = 0.0
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Layout:
    """Where each variable family stands among the columns of the matrix."""

    first: dict[str, int]
    sizes: dict[str, int]
    size: int

    def place(self, name: str) -> slice:
        """The columns of a variable family."""
        return slice(self.first[name], self.first[name] + self.sizes[name])

    @classmethod
    def of(cls, m: pyo.ConcreteModel) -> "Layout":
        """The families in the order in which the model declares them."""
        sizes = {
            variable.local_name: len(variable.index_set())
            for variable in m.component_objects(pyo.Var, descend_into=False)
        }
        ends = np.cumsum([0, *sizes.values()]).tolist()
        return cls(dict(zip(sizes, ends, strict=False)), sizes, ends[-1])


@dataclass(frozen=True)
class Rows:
    """All constraints: lower <= matrix @ variables <= upper, with the place of each family."""

    matrix: sparse.csr_array
    lower: Floats
    upper: Floats
    families: dict[str, slice] = field(default_factory=dict)


def compile_rows(m: pyo.ConcreteModel, layout: Layout) -> Rows:
    """Every constraint family of the model as rows of one matrix."""
    families: dict[str, slice] = {}
    parts: list[Entries] = []
    lowers, uppers, count = [], [], 0
    for constraint in m.component_objects(pyo.Constraint, descend_into=False):
        checkpoint()
        if not len(constraint.index_set()):
            families[constraint.local_name] = slice(count, count)
            continue
        lower, upper, entries = _family(constraint, layout)
        _refuse_infinite(constraint.local_name, entries)
        parts.extend(
            (
                np.add(rows, count, dtype=np.int32, casting="unsafe"),
                columns.astype(np.int32, copy=False),
                values,
            )
            for rows, columns, values in entries
        )
        lowers.append(lower)
        uppers.append(upper)
        families[constraint.local_name] = slice(count, count + len(lower))
        count += len(lower)
    return Rows(_matrix(parts, count, layout.size), _joined(lowers), _joined(uppers), families=families)


def _refuse_infinite(rule: str, entries: list[Entries]) -> None:
    """No decision is multiplied by what is not finite: a switch without a bound on its flow."""
    if not all(np.isfinite(values).all() for _, _, values in entries):
        raise ValueError(
            f"{rule} multiplies a decision by infinity: name the column that switches it on in FIXED_CHARGES "
            "of planner/model/big_m.py"
        )


def compile_amount(
    m: pyo.ConcreteModel, function: Callable[..., Any], over: TableSet, layout: Layout
) -> "CompiledAmount":
    """What each member of the set `over` adds to a total, read once and evaluated for all members at once."""
    index = over.index
    if not index.size:
        none = np.zeros(0, np.int32)
        return CompiledAmount(over, none, none, coefficients=np.zeros(0), constant=np.zeros(0))
    checkpoint()
    expression, placeholders = templatize_rule(m, Initializer(function), over)
    frame = {
        placeholder._id: codes
        for placeholder, codes in zip(placeholders, index.columns.values(), strict=True)
    }
    terms = _as_terms(Evaluation(layout).value(expression, frame, index.size))
    rows, columns, values = _joined_entries(_entries(terms, index.size))
    constant = np.broadcast_to(np.asarray(terms.constant, float), (index.size,))
    return CompiledAmount(over, rows, columns, coefficients=values, constant=constant)


@dataclass(frozen=True)
class CompiledAmount:
    """A linear expression for each member of a set: entry i belongs to member rows[i]."""

    over: TableSet
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    coefficients: Floats
    constant: Floats

    def coefficients_by_column(self, size: int) -> Floats:
        """The coefficient of every variable in the sum over all members."""
        return np.bincount(self.columns, self.coefficients, minlength=size).astype(float)

    def amounts(self, values: Floats) -> Floats:
        """What each member of the set contributes at the given values of the variables."""
        return self.constant + np.bincount(
            self.rows, self.coefficients * values[self.columns], minlength=self.over.index.size
        )


def _family(constraint: TemplateConstraint, layout: Layout) -> Family:
    if constraint.template is None:
        return expanded(constraint, layout.first, constraint.refused)
    try:
        return _evaluated(constraint, layout)
    except UnknownNodeError as unknown:
        return expanded(constraint, layout.first, str(unknown))


def _evaluated(constraint: TemplateConstraint, layout: Layout) -> Family:
    expression, placeholders = constraint.template
    if type(expression).__name__ not in ("EqualityExpression", "InequalityExpression"):
        raise UnknownNodeError(f"{type(expression).__name__} has no column form")
    index = constraint.index_set().index
    frame = {
        placeholder._id: codes
        for placeholder, codes in zip(placeholders, index.columns.values(), strict=True)
    }
    evaluate = Evaluation(layout)
    left, right = (_as_terms(evaluate.value(side, frame, index.size)) for side in expression.args)
    equality = type(expression).__name__ == "EqualityExpression"
    if equality and not left.blocks:
        # Pyomo puts a parameter first; a shadow price needs it on the right, where it was written
        left, right = right, left
    right_side = np.broadcast_to(np.asarray(right.constant - left.constant, float), (index.size,))
    entries = _entries(left, index.size) + _entries(_scaled(right, -1.0), index.size)
    if equality:
        return right_side, right_side, entries
    return np.full(index.size, -np.inf), right_side, entries


class Evaluation:
    """Evaluates the nodes of templates, one method for each kind of node."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        # by the identities of an index and of columns
        self._found: dict[tuple[int, ...], tuple[Places, list[Codes]]] = {}

    def value(self, node: Any, frame: Frame, size: int) -> Any:
        """A number, a column or Terms for `size` rows."""
        method = self._methods.get(type(node).__name__)
        if method is not None:
            return method(self, node, frame, size)
        if isinstance(node, IndexTemplate):
            return frame[node._id]
        if isinstance(node, int | float):
            return node
        raise UnknownNodeError(f"{type(node).__name__} has no column form")

    def _sum(self, node: Any, frame: Frame, size: int) -> Any:
        total: Any = 0
        for argument in node.args:
            total = _added(total, self.value(argument, frame, size))
        return total

    def _product(self, node: Any, frame: Frame, size: int) -> Any:
        return _scaled(*(self.value(argument, frame, size) for argument in node.args))

    def _division(self, node: Any, frame: Frame, size: int) -> Any:
        above, below = (self.value(argument, frame, size) for argument in node.args)
        return _scaled(above, 1.0 / below)

    def _negation(self, node: Any, frame: Frame, size: int) -> Any:
        return _scaled(self.value(node.args[0], frame, size), -1.0)

    def _item(self, node: Any, frame: Frame, size: int) -> Any:
        component = node.args[0]
        index = component.index_set().index
        columns = [self._codes(argument, column, index, frame, size)
                   for argument, column in zip(node.args[1:], index.columns, strict=True)]
        positions = self._positions(component, index, columns)
        if isinstance(component, TableParam):
            return component.column[positions]
        return Terms(0.0, (Block(None, self._layout.first[component.local_name] + positions, 1.0),))

    def _positions(self, component: Any, index: Any, columns: list[Codes]) -> Places:
        """Where the items stand; a rate and what it multiplies mostly stand at the same places, which are
        looked up once.
        """
        sought = (id(index), *(id(codes) for codes in columns))
        if sought not in self._found:
            # kept, so that no other takes an identity
            self._found[sought] = _positions(component, index, columns), columns
        return self._found[sought][0]

    def _codes(self, argument: Any, column: str, index: Any, frame: Frame, size: int) -> Codes:
        if isinstance(argument, str):
            return np.full(size, index.names.code(argument), np.int64)
        codes = self.value(argument, frame, size)
        return codes if isinstance(codes, np.ndarray) else np.full(size, codes, np.int64)

    def _sum_over(self, node: Any, frame: Frame, size: int) -> Any:
        parents, inner = np.arange(size, dtype=np.int64), frame
        for group in node.template_iters():
            repeated, columns = self._members(group[0]._set, inner, len(parents))
            parents = parents[repeated]
            inner = {placeholder: codes[repeated] for placeholder, codes in inner.items()}
            inner.update({placeholder._id: codes for placeholder, codes in zip(group, columns, strict=True)})
        body = self.value(node.template_args()[0], inner, len(parents))
        return _folded(body, parents, size)

    def _members(self, members: Any, frame: Frame, size: int) -> tuple[Codes, list[Codes]]:
        """For every row, the members of the set that it sums over: the row each stands in, and their
        codes.
        """
        if isinstance(members, TableSet):
            own = members.index.columns.values()
            return np.repeat(np.arange(size), members.index.size), [np.tile(codes, size) for codes in own]
        grouped: GroupedSet = members.args[0]
        columns = [self._codes(argument, column, grouped.domain_index, frame, size)
                   for argument, column in zip(members.args[1:], grouped.domain_index.columns, strict=True)]
        if grouped.domain_index.are_own(columns):  # every group once, in order: the members as they stand
            return np.repeat(np.arange(size), np.diff(grouped.starts)), list(grouped.members.columns.values())
        place = _positions(grouped, grouped.domain_index, columns)
        counts = grouped.starts[place + 1] - grouped.starts[place]
        repeated = np.repeat(np.arange(size), counts)
        within = np.arange(len(repeated)) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = grouped.starts[place][repeated] + within
        return repeated, [codes[rows] for codes in grouped.members.columns.values()]

    _methods: ClassVar[dict[str, Callable[["Evaluation", Any, Frame, int], Any]]] = {
        "SumExpression": _sum, "LinearExpression": _sum, "NPV_SumExpression": _sum,
        "ProductExpression": _product, "MonomialTermExpression": _product, "NPV_ProductExpression": _product,
        "DivisionExpression": _division, "NPV_DivisionExpression": _division,
        "NegationExpression": _negation, "NPV_NegationExpression": _negation,
        "Numeric_GetItemExpression": _item, "NPV_Numeric_GetItemExpression": _item,
        "TemplateSumExpression": _sum_over,
    }


def _positions(component: Any, index: Any, columns: list[Codes]) -> Places:
    try:
        return index.positions(columns)  # type: ignore[no-any-return]
    except KeyError as missing:
        raise KeyError(
            f"{component.local_name}{list(missing.args[0])} is used by a rule but not in its set"
        ) from missing


def _as_terms(value: Any) -> Terms:
    return value if isinstance(value, Terms) else Terms(value)


def _added(left: Any, right: Any) -> Any:
    if not isinstance(left, Terms) and not isinstance(right, Terms):
        return left + right
    left, right = _as_terms(left), _as_terms(right)
    return Terms(left.constant + right.constant, left.blocks + right.blocks)


def _scaled(left: Any, right: Any) -> Any:
    if isinstance(right, Terms):
        left, right = right, left
    if not isinstance(left, Terms):
        return left * right
    if isinstance(right, Terms):
        raise ValueError("a rule multiplies two variables; the model is linear")
    blocks = tuple(
        Block(block.rows, block.columns, block.coefficients * _at(right, block.rows)) for block in left.blocks
    )
    return Terms(left.constant * right, blocks)


def _at(value: Any, rows: Codes | None) -> Any:
    return value if rows is None or np.ndim(value) == 0 else value[rows]


def _folded(body: Any, parents: Codes, size: int) -> Any:
    """The body of a sum, added up for each row that it was repeated for."""
    if not isinstance(body, Terms):
        return np.bincount(parents, np.broadcast_to(body, (len(parents),)), minlength=size)
    constant = np.bincount(parents, np.broadcast_to(body.constant, (len(parents),)), minlength=size) \
        if np.any(body.constant) else 0.0
    blocks = tuple(
        Block(parents if block.rows is None else parents[block.rows], block.columns, block.coefficients)
        for block in body.blocks
    )
    return Terms(constant, blocks)


def _entries(terms: Terms, size: int) -> list[Entries]:
    """Each block as three columns: row, variable, coefficient."""
    return [
        (
            np.arange(size, dtype=np.int32) if block.rows is None else block.rows,
            block.columns,
            np.broadcast_to(np.asarray(block.coefficients, float), block.columns.shape),
        )
        for block in terms.blocks
    ]


def _joined_entries(parts: list[Entries]) -> Entries:
    rows, columns = (_joined([part[place] for part in parts], np.int32) for place in range(2))
    return rows, columns, _joined([values for _, _, values in parts])


def _matrix(parts: list[Entries], rows: int, columns: int) -> sparse.csr_array:
    row, column, value = _joined_entries(parts)
    parts.clear()  # a large matrix should not stand in memory three times
    return sparse.csr_array((value, (row, column)), shape=(rows, columns))


def _joined(columns: list[Any], kind: type = float) -> Any:
    return np.concatenate(columns, dtype=kind, casting="unsafe") if columns else np.zeros(0, kind)
