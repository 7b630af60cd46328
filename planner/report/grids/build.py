"""The grid that somebody asks for: a subject, by a key, of some of the periods and names."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pandas as pd

from planner.errors import PlanError
from planner.report.grids import money, sheet
from planner.report.grids.columns import Columns, columns_of
from planner.report.grids.grid import Grid, Line
from planner.report.grids.lines import figures_of, measures_shown
from planner.report.grids.subjects import SUBJECTS, Subject, names_by
from planner.scenario.suggestions import did_you_mean

if TYPE_CHECKING:
    from planner.plan.plan import Plan

MONEY, SHEET = "money", "sheet"
WHATS = (*SUBJECTS, MONEY, SHEET)
KEYS = tuple(dict.fromkeys([*(key for subject in SUBJECTS.values() for key in subject.frames), *money.KEYS]))
# Tables of the plan in which the names of each key stand.
NAMED_IN = {"item": ("items",), "family": ("items",), "site": ("inventory", "workforce", "capacity"),
            "market": ("sales",), "customer": ("fulfillment",), "supplier": ("sourcing",),
            "work_center": ("capacity",), "labor_pool": ("workforce",)}
Frame = Callable[[pd.DataFrame], pd.DataFrame]


def make_grid(plan: "Plan", what: str, *, by: str = "", only: Mapping[str, str] | None = None,
              start: str | None = None, end: str | None = None, quarters: bool = False) -> Grid:
    """The figures of one subject by name and period; the arguments are those of `show`, and a blank `by` is
    the first of `keys_of` the subject.
    """
    if what == SHEET:
        raise PlanError("an S&OP sheet is made for each name: make_sheets")
    key = _key(what, by)
    columns = columns_of(plan.calendar, start=start, end=end, quarters=quarters)
    filtered = _filter(plan, only or {}, what)
    if what == MONEY:
        lines = money.money_lines(plan, key, columns=columns, filtered=filtered)
        title = money.TITLE
    else:
        subject = SUBJECTS[what]
        title, frame = subject.title, filtered(subject.frames[key](plan))
        lines = _lines(plan, subject, key, frame, columns)
    return Grid(what, key, title=title, periods=columns.labels, lines=tuple(lines), currency=plan.currency,
                note=columns.note)


def make_sheets(plan: "Plan", *, by: str = "", only: Mapping[str, str] | None = None,
                start: str | None = None, end: str | None = None, quarters: bool = False,
                maximum: int | None = None) -> list[Grid]:
    """The S&OP sheet of each family or item that is sold, or of the first so many: the last actuals, demand,
    supply, stock, backlog and days of supply, in units and money. `by` is family, or item, which is usual
    where no item has a family; all else is as in `show`.
    """
    key = _key(SHEET, by) if by or has_families(plan) else "item"
    columns = columns_of(plan.calendar, start=start, end=end, quarters=quarters)
    filtered = _filter(plan, only or {}, SHEET)
    return sheet.sheets(plan, key, columns=columns, filtered=filtered, quarters=quarters, maximum=maximum)


def has_families(plan: "Plan") -> bool:
    """Whether any item belongs to a family."""
    return bool((plan.tables["items"]["family"] != "").any())


def keys_of(what: str) -> tuple[str, ...]:
    """The keys by which the subject can be shown, the usual one first."""
    return {MONEY: money.KEYS, SHEET: sheet.KEYS}.get(what) or tuple(SUBJECTS[what].frames)


def _lines(plan: "Plan", subject: Subject, key: str, frame: pd.DataFrame, columns: Columns) -> list[Line]:
    """The lines of each name, then those of all of them."""
    counted = frame.assign(**{key: names_by(frame, key)}, **({"unit": subject.unit} if subject.unit else {}))
    figures = figures_of(counted, key, measures=subject.measures, columns=columns, calendar=plan.calendar)
    measures = measures_shown(figures, subject.measures)
    return [*figures.lines(measures), *figures.of_all().lines(measures)]


def _key(what: str, by: str) -> str:
    if what not in WHATS:
        raise PlanError(f'there is no grid "{what}", only {", ".join(WHATS)}{did_you_mean(what, WHATS)}')
    keys = keys_of(what)
    if by and by not in KEYS:
        raise PlanError(f'by = {by}: must be {", ".join(KEYS)}{did_you_mean(by, KEYS)}')
    if by and by not in keys:
        raise PlanError(f'{what} cannot be shown by {by.replace("_", " ")}, only by {", ".join(keys)}')
    return by or keys[0]


def _filter(plan: "Plan", only: Mapping[str, str], what: str) -> Frame:
    """Keeps the rows whose names fit every pattern; PlanError where the plan has no such names."""
    for column, pattern in only.items():
        _expect_names(plan, column, pattern)

    def matching(frame: pd.DataFrame) -> pd.DataFrame:
        for column, pattern in only.items():
            if column not in frame.columns:
                raise PlanError(f"{what} is not known by {column}, so that it cannot be chosen by it")
            frame = frame[_fits(frame[column], pattern)]
        return frame
    return matching


def _expect_names(plan: "Plan", column: str, pattern: str) -> None:
    names = sorted({str(name) for table in NAMED_IN[column] for name in plan.tables[table][column] if name})
    if not any(fnmatchcase(name, pattern) for name in names):
        what = column.replace("_", " ")
        raise PlanError(f'the plan has no {what} "{pattern}"{did_you_mean(pattern, names)}')


def _fits(names: pd.Series, pattern: str) -> pd.Series:
    fits = {name: fnmatchcase(str(name), pattern) for name in names.dropna().unique()}
    return names.map(fits).fillna(value=False).astype(bool)
