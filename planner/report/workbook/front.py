"""The sheets of a workbook that are no grids: what the plan comes to in sentences, figures and charts, its
targets, the first decisions, and what differs from the base scenario.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.figures import one
from planner.report import highlights, proof
from planner.report.grids.grid import SHARE
from planner.report.highlights import words
from planner.report.orders import ORDERS, orders
from planner.report.workbook.formulas import cell
from planner.report.workbook.look import TENTHS, WHOLE, Look, page

if TYPE_CHECKING:
    from planner.plan.plan import Plan

DECIDED = {"month": 3, "week": 6}  # periods whose orders are listed
KINDS = ("head", "head_right", "head_unit", "head")  # of the headings of the scorecard
NUMBERS = {SHARE: "0.0%", "units": WHOLE, "currency": "#,##0", "currency per unit": "#,##0.00"}
HEAD_ROW = 3


def write_plan(sheet: Any, plan: "Plan", look: Look) -> int:
    """What the plan says in sentences, then its scorecard; the first row below them."""
    page(sheet)
    for column, width in enumerate((26, 14, 18, 90)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, plan.name, look.of("title"))
    sheet.write_string(1, 0, plan.question, look.of("muted"))
    objective = f"{highlights.objective_name(plan)} {one(plan.objective, 'currency', currency=plan.currency)}"
    calendar = plan.calendar
    span = f"{calendar.span()}, {calendar.periods} {calendar.bucket}s, amounts in {plan.currency}"
    row = 2
    for text in (span, proof.status_in_words(plan), objective, *highlights.headlines(plan)):
        sheet.write_string(row, 0, text, look.of("large" if text == objective else "text"))
        row += 1
    return _scorecard(sheet, plan, look, top=row + 1)


def _scorecard(sheet: Any, plan: "Plan", look: Look, *, top: int) -> int:
    row = top
    for side, title in highlights.SIDES.items():
        kpis = plan.kpi_table[plan.kpi_table["side"] == side].to_dict("records")
        if not kpis:
            continue
        for column, (head, kind) in enumerate(zip((title, "Value", "Unit", "Meaning"), KINDS, strict=True)):
            sheet.write_string(row, column, head, look.of(kind))
        for place, kpi in enumerate(kpis, start=row + 1):
            _kpi(sheet, place, kpi, currency=plan.currency, look=look)
        row += len(kpis) + 2
    return row


def _kpi(sheet: Any, row: int, kpi: Mapping[Any, Any], *, currency: str, look: Look) -> None:
    unit = str(kpi["unit"])
    sheet.write_string(row, 0, words(kpi["kpi"]), look.of("text"))
    sheet.write_number(row, 1, float(kpi["value"]), look.of("text", number=NUMBERS.get(unit, TENTHS)))
    sheet.write_string(row, 2, "" if unit == SHARE else unit.replace("currency", currency), look.of("unit"))
    sheet.write_string(row, 3, str(kpi["meaning"]), look.of("text"))


def write_targets(sheet: Any, plan: "Plan", look: Look) -> None:
    """Each sales target with what is delivered of it, shortfall and attainment as formulas."""
    targets = highlights.targets(plan)
    targets = targets.assign(unit=targets["measure"].map({"revenue": plan.currency}).fillna("units"))
    titled(sheet, look, title="Sales targets", note="Shortfall and attainment are formulas.",
            widths=(28, 10, 10, 10, *[14] * 5))
    heads = ("Target", "Unit", "From", "To", "Quantity", "Demand", "Delivered", "Shortfall", "Attainment")
    _head(sheet, heads, look, row=HEAD_ROW, text=4)
    for row, target in enumerate(targets.to_dict("records"), start=HEAD_ROW + 1):
        span = (plan.calendar.label(target[edge]) for edge in ("from", "to"))
        for column, text in enumerate((target["target"], target["unit"], *span)):
            sheet.write_string(row, column, text, look.of("text"))
        for column, name in enumerate(("quantity", "demand", "delivered"), start=4):
            sheet.write_number(row, column, float(target[name]), look.of("text", number=WHOLE))
        quantity, delivered = cell(row, 4), cell(row, 6)
        sheet.write_formula(row, 7, f"=MAX(0,{quantity}-{delivered})", look.of("text", number=WHOLE),
                            float(max(0.0, target["quantity"] - target["delivered"])))
        sheet.write_formula(row, 8, f"=IF({quantity}>0,{delivered}/{quantity},1)",
                            look.of("text", number="0.0%"), float(target["attainment"]))
    last = HEAD_ROW + max(1, len(targets))
    missing = {"type": "cell", "criteria": "<", "value": highlights.FULL, "format": look.condition("missing")}
    sheet.conditional_format(HEAD_ROW + 1, 8, last, 8, missing)


def write_decisions(sheet: Any, plan: "Plan", look: Look) -> None:
    """What to order, start, send and hire in the first periods, list by list."""
    count = min(DECIDED[plan.bucket], plan.calendar.periods)
    end = plan.calendar.index[count - 1]
    titled(sheet, look, title="Decisions of the first periods",
            note=f"What to order, start, send and hire up to {plan.calendar.label(end)}. "
                 "planner export lists those of all periods for other systems.",
            widths=(20, 12, 12, *[14] * 8))
    row = HEAD_ROW
    for name, frame in orders(plan, list(ORDERS), end=plan.calendar.label(end)).items():
        if len(frame):
            sheet.write_string(row, 0, words(name), look.of("heading"))
            row = write_frame(sheet, frame, look, row=row + 1) + 1


def write_changes(sheet: Any, plan: "Plan", look: Look) -> None:
    """What differs from the base scenario."""
    note = f"{len(plan.changes)} differences." if len(plan.changes) else "There are no differences."
    widths = (22, 12, 30, 20, 24, 24)
    titled(sheet, look, title="Differences from the base scenario", note=note, widths=widths)
    if len(plan.changes):
        write_frame(sheet, plan.changes, look, row=HEAD_ROW)


def write_frame(sheet: Any, frame: pd.DataFrame, look: Look, *, row: int) -> int:
    """The frame under its headings; texts stay texts. The row below it."""
    kinds = [frame[name].dtype.kind in "iuf" for name in frame.columns]
    for column, (name, is_number) in enumerate(zip(frame.columns, kinds, strict=True)):
        sheet.write_string(row, column, words(str(name)), look.of("head_right" if is_number else "head_unit"))
    number, text = look.of("text", number=TENTHS), look.of("unit")
    columns = [frame[name].tolist() for name in frame.columns]
    for values in zip(*columns, strict=True):
        row += 1
        for column, (value, is_number) in enumerate(zip(values, kinds, strict=True)):
            if pd.isna(value):
                continue
            if is_number:
                sheet.write_number(row, column, value, number)
            else:
                sheet.write_string(row, column, str(value), text)
    return row + 1


def titled(sheet: Any, look: Look, *, title: str, note: str, widths: Sequence[float]) -> None:
    """The sheet has its title, a note below it, and columns of these widths."""
    page(sheet)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, look.of("title"))
    sheet.write_string(1, 0, note, look.of("muted"))
    sheet.freeze_panes(HEAD_ROW, 1)


def _head(sheet: Any, heads: Sequence[str], look: Look, *, row: int, text: int) -> None:
    for column, head in enumerate(heads):
        sheet.write_string(row, column, head, look.of("head" if column < text else "head_right"))
