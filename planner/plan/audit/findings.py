"""What an audit finds, and the comparisons that find it, a column at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from planner.plan.layout import TABLES
from planner.plan.plan import Plan
from planner.plan.rates import Rates
from planner.scenario.scenario import Scenario

# Two figures are the same when they differ by no more than RELATIVE of the larger one plus ABSOLUTE. The
# solver keeps each row to 1e-7, and the residuals of several rows add up; money is allowed ABSOLUTE units
# times its price.
RELATIVE = 1e-6
ABSOLUTE = 1e-5
ALL = "all"  # stands for a blank key: a limit that several items share


@dataclass(frozen=True)
class Finding:
    """One figure of a plan that is not what the scenario and the plan's other figures make it."""

    rule: str
    table: str
    key: str
    period: str
    expected: float | str
    found: float | str
    message: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.table, self.key, self.period) if part)
        return f"{where}: {self.message} ({self.rule})"


@dataclass(frozen=True)
class Books:
    """A plan laid open beside the rates of its scenario: tables have whole numbers for periods, 1 being the
    first.
    """

    plan: Plan
    rates: Rates
    _opened: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def scenario(self) -> Scenario:
        """The scenario that the plan is held against."""
        return self.rates.scenario

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in self._opened:
            self._opened[table] = self._numbered(table)
        return self._opened[table]

    def _numbered(self, name: str) -> pd.DataFrame:
        frame = self.plan.tables[name]
        periods = [column.name for column in TABLES[name].columns if column.kind == "period"]
        return frame.assign(**{column: self.scenario.calendar.number(frame[column]) for column in periods})

    def label(self, number: int) -> str:
        """How a numbered period is written; blank outside the calendar."""
        return self.written(number) if 1 <= number <= self.scenario.calendar.periods else ""

    def written(self, number: int) -> str:
        """How a numbered period is written, in the calendar or before it."""
        calendar = self.scenario.calendar
        return calendar.label(calendar.start + (number - 1))


RuleFunction = Callable[[Books], list[Finding]]
RULES: dict[str, RuleFunction] = {}


def rule(function: RuleFunction) -> RuleFunction:
    """Makes a function a rule of the audit, under its own name."""
    def checked(books: Books) -> list[Finding]:
        return [replace(finding, rule=function.__name__) for finding in function(books)]
    RULES[function.__name__] = checked
    return checked


def tolerance(expected: pd.Series, found: pd.Series, price: pd.Series | float = 1.0) -> pd.Series:
    """How far two figures may be apart; `price` is what one unit of the solver's rounding costs."""
    one, other = expected.abs(), found.abs()
    larger = one.where(one > other, other)
    unit = price.clip(lower=1.0) if isinstance(price, pd.Series) else max(price, 1.0)
    return RELATIVE * larger + ABSOLUTE * unit


def equal(books: Books, table: str, column: str, expected: pd.DataFrame, *, price: str = "") -> list[Finding]:
    """Findings where a column is not what is expected, a frame with the table's keys and that column.

    A row that is missing on either side is 0. `price` names the column of `expected` that turns units into
    money.
    """
    if expected.empty and books[table].empty:  # a feature that is off: most of them, in a small scenario
        return []
    keys = TABLES[table].keys
    due = expected[[*keys, *([price] if price else [])]].assign(expected=expected[column])
    pairs = books[table][[*keys, column]].merge(due, on=keys, how="outer")
    return differing(
        books,
        table,
        pairs,
        expected=pairs["expected"].fillna(0.0),
        found=pairs[column].fillna(0.0),
        column=column,
        price=pairs[price].fillna(0.0) if price else 1.0,
    )


def equal_limit(books: Books, table: str, column: str, expected: pd.DataFrame) -> list[Finding]:
    """Findings where a limit is not what the scenario says; a blank is a limit of its own: there is none."""
    if books[table].empty:
        return []
    keys = TABLES[table].keys
    due = expected[keys].assign(expected=expected[column])
    pairs = books[table][[*keys, column]].merge(due, on=keys, how="left")
    return differing(books, table, pairs, expected=pairs["expected"], found=pairs[column], column=column)


def whole_lots(books: Books, table: str, frame: pd.DataFrame, *, quantity: str) -> list[Finding]:
    """Findings where a quantity is not its whole lots; `frame` has the table's rows with the lot multiple
    that holds, if any.
    """
    multiple = frame["lot_multiple"].where(frame["lot_multiple"] > 0)
    lots = (frame[quantity] / multiple).round()
    return [
        *equal_limit(books, table, "lots", frame.assign(lots=lots)),
        *differing(
            books,
            table,
            frame,
            expected=lots * multiple,
            found=frame[quantity].where(lots.notna()),
            column=quantity,
        ),
    ]


def differing(
    books: Books,
    table: str,
    frame: pd.DataFrame,
    *,
    expected: pd.Series,
    found: pd.Series,
    column: str,
    price: pd.Series | float = 1.0,
) -> list[Finding]:
    """Findings for the rows in which two figures are not the same."""
    if frame.empty:
        return []
    apart = (expected - found).abs() > tolerance(expected, found, price)
    wrong = apart | (expected.isna() != found.isna())
    text = f"{column} is {{found}}, must be {{expected}}"
    return _findings(books, table, frame, wrong, expected=expected, found=found, text=text)


def above(
    books: Books, table: str, frame: pd.DataFrame, *, found: pd.Series, limit: pd.Series, what: str
) -> list[Finding]:
    """Findings for the rows in which a figure is above its limit; a blank limit is none."""
    wrong = found - limit > tolerance(limit, found)
    text = f"{what} {{found}} is above {{expected}}"
    return _findings(books, table, frame, wrong, expected=limit, found=found, text=text)


def below(
    books: Books, table: str, frame: pd.DataFrame, *, found: pd.Series, limit: pd.Series, what: str
) -> list[Finding]:
    """Findings for the rows in which a figure is below its limit; a blank limit is none."""
    wrong = limit - found > tolerance(limit, found)
    text = f"{what} {{found}} is below {{expected}}"
    return _findings(books, table, frame, wrong, expected=limit, found=found, text=text)


def impossible(
    books: Books, table: str, frame: pd.DataFrame, *, found: pd.Series, wrong: pd.Series, what: str
) -> list[Finding]:
    """Findings for the rows that should not be there at all."""
    zero = pd.Series(0.0, index=frame.index)
    chosen = wrong & (found.abs() > ABSOLUTE)
    return _findings(books, table, frame, chosen, expected=zero, found=found, text=f"{{found}} {what}")


def _findings(
    books: Books,
    table: str,
    frame: pd.DataFrame,
    wrong: pd.Series,
    *,
    expected: pd.Series,
    found: pd.Series,
    text: str,
) -> list[Finding]:
    if not wrong.any():
        return []
    rows = frame[wrong]
    names = [column for column in TABLES[table].keys if column in rows.columns and column != "period"]
    if "due" in names:
        rows = rows.assign(due=[books.written(int(number)) for number in rows["due"]])
    keys = rows[names].astype("str").replace("", ALL).fillna(ALL).to_numpy().tolist()
    periods = (
        [books.label(int(number)) for number in rows["period"]]
        if "period" in rows.columns
        else [""] * len(rows)
    )
    figures = zip(keys, periods, expected[wrong].astype(float), found[wrong].astype(float), strict=True)
    return [
        Finding(
            "",
            table,
            " | ".join(key),
            period=period,
            expected=due,
            found=actual,
            message=text.format(expected=f"{due:.10g}", found=f"{actual:.10g}"),
        )
        for key, period, due, actual in figures
    ]
