"""What a column and a table are. `schema.py` declares every one of them with these words."""

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["name", "text", "number", "whole", "date", "period", "flag"]


@dataclass(frozen=True)
class Column:
    """One column, declared once: docs, checks, template workbook and JSON schema all read it.

    `default` None means that a blank stays blank; `scope` means that a blank stands for all;
    `refers_to` is the table whose key the values must name; `once` marks an opening or closing state, of
    which a key has one value however many spans it has; `day` lets a period be given by any of its days;
    `planned` is False while nothing plans with the column, so that filling it in is an error instead of a
    silently wrong plan.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    key: bool = False
    scope: bool = False
    required: bool = False
    default: float | int | str | None = None
    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    once: bool = False
    day: bool = False
    planned: bool = True


@dataclass(frozen=True)
class Table:
    """One table of a scenario: its area, its columns (keys first) and what a row says.

    `one_of` lists groups of columns of which exactly one is filled in; `varies` adds `from` and `to`,
    inclusive, so that a row can be repeated with a span in which other figures hold.
    """

    name: str
    area: str
    meaning: str
    columns: tuple[Column, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    varies: bool = False
    planned: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the key columns, in order, without the span."""
        return tuple(column.name for column in self.columns if column.key)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def table(name: str, area: str, meaning: str, *columns: Column, one_of: tuple[tuple[str, ...], ...] = (),
          varies: bool = False, planned: bool = True) -> Table:
    """A table; one that varies over time also gets its `from` and `to` columns."""
    spans = (period("from", "first period in which this row holds; blank: from the start"),
             period("to", "last period in which this row holds; blank: to the end")) if varies else ()
    return Table(name, area, meaning, columns=(*columns, *spans), one_of=one_of, varies=varies,
                 planned=planned)


def key(name: str, meaning: str, *, refers_to: str = "", kind: Kind = "name",
        choices: tuple[str, ...] = ()) -> Column:
    """A key column: never blank."""
    return Column(name, kind, meaning, key=True, required=True, refers_to=refers_to, choices=choices)


def scope(
    name: str, meaning: str, *, refers_to: str = "", is_key: bool = True, kind: Kind = "name"
) -> Column:
    """A column of which a blank means all."""
    return Column(name, kind, meaning, key=is_key, scope=True, refers_to=refers_to)


def name(
    name: str,
    meaning: str,
    *,
    refers_to: str = "",
    required: bool = False,
    choices: tuple[str, ...] = (),
    default: str | None = None,
) -> Column:
    """A name: of a thing in another table when `refers_to` says so, otherwise free."""
    return Column(
        name, "name", meaning, refers_to=refers_to, required=required, choices=choices, default=default
    )


def text(name: str, meaning: str) -> Column:
    """Free text, read by people only."""
    return Column(name, "text", meaning)


def number(
    name: str,
    meaning: str,
    *,
    unit: str,
    default: float | None = None,
    minimum: float | None = 0.0,
    maximum: float | None = None,
    above: float | None = None,
    required: bool = False,
    once: bool = False,
) -> Column:
    """A finite number, 0 or more unless said otherwise."""
    return Column(
        name,
        "number",
        meaning,
        unit=unit,
        required=required,
        default=default,
        minimum=minimum,
        maximum=maximum,
        above=above,
        once=once,
    )


def cost(name: str, meaning: str, *, per: str, default: float | None = 0.0) -> Column:
    """An amount of the scenario's currency, 0 or more."""
    return Column(name, "number", meaning, unit=f"currency per {per}", default=default, minimum=0.0)


def rate(name: str, meaning: str, *, default: float | None = None, above: float | None = None) -> Column:
    """A fraction from 0 to 1."""
    return Column(name, "number", meaning, unit="0 to 1", default=default, minimum=0.0, above=above,
                  maximum=1.0)


def whole(name: str, meaning: str, *, unit: str, default: int | None = None, minimum: int = 0,
          maximum: int | None = None) -> Column:
    """A whole number."""
    return Column(name, "whole", meaning, unit=unit, default=default, minimum=minimum, maximum=maximum)


def period(name: str, meaning: str, *, required: bool = False, day: bool = False) -> Column:
    """A period of the calendar, written 2026-03 or 2026-W10; with `day` a date like 2026-03-15 will do."""
    return Column(name, "period", meaning, unit="period", required=required, day=day)


def date(name: str, meaning: str, *, required: bool = False) -> Column:
    """A day, written 2026-03-15."""
    return Column(name, "date", meaning, unit="date", required=required)


def later(column: Column) -> Column:
    """The same column, which no version plans with yet: a value in it is refused, not ignored."""
    return replace(column, planned=False)
