"""Inquiries: what customers ask for and nobody has promised yet, read and checked against a scenario.

They stand beside the scenario, in a file, a frame or a list of records, and change nothing in it.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import Problem, ScenarioError
from planner.scenario.columns import Table, key, name, number, period, table
from planner.scenario.reading.cells import Cells
from planner.scenario.reading.csv_file import read_csv
from planner.scenario.reading.headings import column_problems
from planner.scenario.reading.recognition.formats import Formats
from planner.scenario.reading.recognition.recognise import recognised
from planner.scenario.reading.records import read_records
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.typed import typed_frame
from planner.scenario.scenario import Scenario
from planner.scenario.scope import with_market
from planner.scenario.suggestions import did_you_mean

INQUIRIES: Table = table(
    "inquiries", "sales", "What customers ask for, to be promised or not.",
    key("order", "the inquiry"),
    name("customer", "who asks", refers_to="customers"),
    name("market", "market, where the customer is not recorded", refers_to="markets"),
    name("item", "what is asked for", refers_to="items", required=True),
    number("quantity", "units asked for", unit="units", above=0.0, required=True),
    period("due", "period, or day, in which the customer wants it", required=True, day=True),
    number("price", "price offered; blank: the price list's in the period in which it is due",
           unit="currency per unit"),
    one_of=(("customer", "market"),))

InquirySource = str | os.PathLike[str] | pd.DataFrame | list[Mapping[str, Any]]


@dataclass(frozen=True)
class Line:
    """One item of an inquiry, so many units for a market, at a price (None: the price list's)."""

    item: str
    market: str
    quantity: float
    price: float | None


@dataclass(frozen=True)
class Inquiry:
    """What a customer asks for, delivered whole in one period; `due` is its number, 1 the plan's first.

    `expected` is what the plan's forecast holds of it already, by item, market and number of the period.
    """

    order: str
    customer: str
    lines: tuple[Line, ...]
    due: int
    opportunity: str = ""
    expected: Mapping[tuple[str, str, int], float] | None = None

    @property
    def quantity(self) -> float:
        """All units asked for."""
        return sum(line.quantity for line in self.lines)


def read_inquiries(source: InquirySource, scenario: Scenario) -> list[Inquiry]:
    """The inquiries in a CSV file, a frame or a list of records. ScenarioError carries every problem."""
    called = os.fspath(source) if isinstance(source, str | os.PathLike) else "the inquiries"
    try:
        cells, problems = _cells(source, scenario)
    except UnreadableError as error:
        raise ScenarioError(called, [error.problem]) from None
    frame = _checked(cells, problems, scenario, called=called)
    return [_inquiry(row, scenario) for row in frame.to_dict("records")]


def single_inquiry(record: Mapping[str, Any], scenario: Scenario) -> Inquiry:
    """One inquiry, its parts named as the columns are; its problems name no row."""
    cells = read_records([dict(record)], INQUIRIES, scenario.calendar.bucket)
    try:
        frame = _checked(cells, [], scenario, called="the inquiry")
    except ScenarioError as error:
        alone = [replace(problem, file="", row=None) for problem in error.problems]
        raise ScenarioError("the inquiry", alone) from None
    return _inquiry(frame.to_dict("records")[0], scenario)


def _cells(source: InquirySource, scenario: Scenario) -> tuple[Cells, list[Problem]]:
    bucket = scenario.calendar.bucket
    if not isinstance(source, str | os.PathLike):
        cells = read_records(source, INQUIRIES, bucket)
        return cells, column_problems(cells, INQUIRIES, header=1)
    path = Path(source)
    read = read_csv(path, INQUIRIES, file=path.name)
    cells, notes = recognised(read.cells, INQUIRIES, lambda: bucket, formats=Formats(),
                              documented=read.separator == ",")
    return cells, [*read.problems, *column_problems(cells, INQUIRIES, header=read.header), *notes]


def _checked(cells: Cells, problems: list[Problem], scenario: Scenario, *, called: str) -> pd.DataFrame:
    """The typed rows, with market and the number of the due period, where nothing is wrong with them."""
    frame = pd.DataFrame()
    wrong = [problem for problem in problems if problem.severity == "error"]
    if len(cells):
        whole = not any(problem.code.endswith(("missing_column", "column_missing")) for problem in wrong)
        frame, typed = typed_frame(cells, INQUIRIES, scenario.calendar.bucket, whole=whole)
        wrong += [*typed, *_row_problems(cells, frame, scenario)]
    elif not wrong:
        wrong = [cells.about("there are no inquiries in it", code="inquiries.none")]
    if wrong:
        raise ScenarioError(called, wrong)
    located = with_market(frame, scenario["customers"])
    return located.assign(number=scenario.calendar.number(located["due"]))


def _row_problems(cells: Cells, frame: pd.DataFrame, scenario: Scenario) -> Iterator[Problem]:
    yield from _repeated(cells)
    yield from _buyers(cells)
    for column in INQUIRIES.columns:
        if column.refers_to:
            yield from _unknown(cells, column.name, set(scenario[column.refers_to].iloc[:, 0]),
                                noun=column.name)
    yield from _outside(cells, frame, scenario)


def _repeated(cells: Cells) -> Iterator[Problem]:
    orders = pd.Series(cells.column("order"))
    again = (orders.duplicated() & (orders != "")).to_numpy()
    yield from cells.problems(again, "order", "there is another inquiry of this name", code="duplicate",
                              kind="name")


def _buyers(cells: Cells) -> Iterator[Problem]:
    filled = np.sum([~cells.is_blank(column) for column in INQUIRIES.one_of[0]], axis=0)
    yield from cells.problems(filled == 0, "customer, market", "one of them must be filled in",
                              code="one_needed")
    yield from cells.problems(filled > 1, "customer, market", "only one of them may be filled in",
                              code="only_one")


def _unknown(cells: Cells, column: str, names: set[str], *, noun: str) -> Iterator[Problem]:
    texts = cells.column(column)
    wrong = np.array([text != "" and text not in names for text in texts], bool)
    yield from cells.problems(wrong, column, lambda at: f"no such {noun}{did_you_mean(texts[at], names)}",
                              code="reference", kind="name")


def _outside(cells: Cells, frame: pd.DataFrame, scenario: Scenario) -> Iterator[Problem]:
    """A promise can be made for periods of the plan alone."""
    calendar, due = scenario.calendar, frame["due"]
    number, has_due = calendar.number(due), due.notna().to_numpy()
    for wrong, what in ((number < 1, "before the plan starts"), (number > calendar.periods,
                                                                 "after the plan ends")):
        yield from cells.problems(wrong & has_due, "due", f"is {what}: the plan goes from {calendar.span()}",
                                  code="outside_calendar", kind="period")


def _inquiry(row: Mapping[Any, Any], scenario: Scenario) -> Inquiry:
    price = None if pd.isna(row["price"]) else float(row["price"])
    line = Line(str(row["item"]), str(row["market"]), quantity=float(row["quantity"]), price=price)
    customer = "" if pd.isna(row["customer"]) else str(row["customer"])
    return Inquiry(str(row["order"]), customer, (line,), due=int(row["number"]))
