"""One read of a mapping: rows of files become rows of a table, and an account says what became of each."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.columns import Column
from planner.scenario.importing.account import Account, left_out_rows, sums_of
from planner.scenario.importing.conversion import in_one_currency, in_one_unit, per_deal, per_period
from planner.scenario.importing.evaluation import Evaluation
from planner.scenario.importing.files import FILE, ROW, Rows, chosen, has_columns, read_rows
from planner.scenario.importing.mapping import Condition, Expression, Read
from planner.scenario.importing.mapping_file import MappingFile, Place
from planner.scenario.importing.returned import cancelled
from planner.scenario.importing.shaping import UNMATCHED, shaped
from planner.scenario.lettering import plain_name
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.typed import outside_range
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean, listed, quoted

FAULTS = ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
FAULT_RULE = "must be a value, not what a spreadsheet shows for an error"
# what of two rows together is the sum of both
ADDED = ("quantity", "revenue", "amount", "on_hand", "leads", "qualified", "hours_per_unit", "setup_hours")


@dataclass(frozen=True)
class Ways:
    """How files write figures and dates, where something in them settles it."""

    decimal: str | None
    dates: str | None


UNKNOWN = Ways(None, None)


@dataclass(frozen=True)
class TableRows:
    """What one read brings: rows of its table, typed; rows of masters; its account; what was recognised; and
    everything that is wrong.
    """

    frame: pd.DataFrame
    masters: dict[str, pd.DataFrame]
    account: Account | None
    recognised: tuple[str, ...]
    problems: list[Problem]
    ways: Ways


def rows_in_words(count: int) -> str:
    """1 row, or 2 rows."""
    return f"{count:,} row{'' if count == 1 else 's'}"


def measures_of(table: str) -> list[str]:
    """The columns of a table that add up."""
    return [column.name for column in TABLES[table].columns if column.name in ADDED]


def failed(problems: list[Problem], ways: Ways = UNKNOWN) -> TableRows:
    """A read that brings nothing: it has problems, or its files are not there and may be missing."""
    nothing = pd.DataFrame({FILE: [], ROW: []})
    return TableRows(nothing, {}, None, recognised=(), problems=problems, ways=ways)


def read_all(mapping: MappingFile, files: list[Path]) -> dict[str, TableRows]:
    """The rows that each read brings. Where a file could be read in two ways, and all others that leave no
    doubt are written in one, it is read in that way, too.
    """
    reads = mapping.mapping.reads
    by_read = {name: read_table(name, read, mapping, files) for name, read in reads.items()}
    decimals = {one.ways.decimal for one in by_read.values()} - {None}
    orders = {one.ways.dates for one in by_read.values()} - {None}
    agreed = {
        "decimal": decimals.pop() if len(decimals) == 1 else None,
        "dates": orders.pop() if len(orders) == 1 else None,
    }
    for name, one in by_read.items():
        doubts = {
            problem.column.rpartition(".")[2] for problem in one.problems if problem.code == "import.either"
        }
        settled = {entry: agreed[entry] for entry in sorted(doubts) if agreed[entry] is not None}
        if settled:
            by_read[name] = read_table(name, reads[name].model_copy(update=settled), mapping, files)
    return by_read


def read_table(name: str, read: Read, mapping: MappingFile, files: list[Path]) -> TableRows:
    """The rows that one read brings from the files."""
    place = ("reads", name)
    try:
        chosen_files = [file for file in chosen(files, read.files) if has_columns(file, read)]
    except UnreadableError as error:
        return failed([error.problem])
    if not chosen_files and read.optional == "yes":
        return failed([])
    if not chosen_files:
        names = [file.name for file in files]
        having = f" and has {' and '.join(read.having)}" if read.having else ""
        near = did_you_mean(read.files, names)
        reason = f"none of the files given ({', '.join(names)}) is called so{having}{near}"
        problem = mapping.problem(reason, (*place, "files"), word="missing_file", value=quoted(read.files))
        return failed([problem])
    try:
        rows = read_rows(chosen_files, read)
        rows, problems = shaped(rows, read, mapping, place, files=files)
    except UnreadableError as error:
        return failed([error.problem])
    if problems:
        return failed(problems)
    return _evaluated(name, rows, read, Evaluation(rows, read, mapping=mapping, place=place))


def _evaluated(name: str, rows: Rows, read: Read, evaluation: Evaluation) -> TableRows:
    frame = _columns(evaluation, read)
    measures = [one for one in measures_of(read.table) if one in frame and frame[one].notna().any()]
    frame = in_one_unit(in_one_currency(frame, evaluation), evaluation)
    frame, moved = per_deal(frame, read)
    reasons = _filter_reasons(frame, evaluation, read)
    total = sums_of(frame, measures)
    masters = _masters(evaluation, read)
    readable = _unread(evaluation, read, reasons)
    is_kept = (reasons == "").to_numpy()
    problems = [*evaluation.problems, *readable, *_choice_problems(frame[is_kept], evaluation, read),
                *_share_problems(frame[is_kept], evaluation, read)]
    ways = Ways(evaluation.decimal, evaluation.day_order)
    out = [left_out_rows(frame, reasons, measures)]
    frame = frame[is_kept]
    if problems:
        return failed(problems, ways)
    frame, running = per_period(frame, read, measures)
    moved = moved | running
    frame, more, problems = _without_negatives(frame, evaluation, measures)
    out.append(more)
    reasons = _row_reasons(frame, read)
    out.append(left_out_rows(frame, reasons, measures))
    frame = frame[reasons == ""]
    account = Account(
        name,
        read.table,
        rows.files,
        rows_read=len(rows.frame),
        sums_read=total,
        rows_written=len(frame),
        sums_written=sums_of(frame, measures),
        left_out=pd.concat(out, ignore_index=True),
        moved=moved,
    )
    used = {master: columns.loc[frame.index] for master, columns in masters.items()}
    recognised = (*rows.recognised, *evaluation.recognised)
    return TableRows(frame, used, account, recognised=recognised, problems=problems, ways=ways)


# --------------------------------------------------------------------------------------------------- columns


def _columns(evaluation: Evaluation, read: Read) -> pd.DataFrame:
    """The columns that the mapping gives, typed, each row with its file and row."""
    frame = evaluation.rows.frame[[FILE, ROW]].copy()
    declared = {column.name: column for column in TABLES[read.table].columns}
    for name, expression in read.columns.items():
        frame[name] = typed(evaluation, declared[name], expression, (*evaluation.place, "columns", name))
    if read.close_date is not None:
        days = evaluation.days(read.close_date, (*evaluation.place, "close_date"))
        is_open = frame.get("outcome", pd.Series("open", index=frame.index)) == "open"
        frame["expected_close"] = (
            days.where(is_open) if "expected_close" not in frame else frame["expected_close"]
        )
        frame["closed"] = days.where(~is_open)
    return frame


def typed(evaluation: Evaluation, column: Column, expression: Expression, place: Place) -> pd.Series:
    """The cells of one column: figures, days or names."""
    if column.kind in ("number", "whole"):
        return evaluation.figures(expression, place)
    if column.kind in ("date", "period"):
        return evaluation.days(expression, place)
    choices = {choice.casefold(): choice for choice in column.choices}
    texts = evaluation.texts(expression, place).map(plain_name)
    evaluation.note_unreadable(expression.column or column.name, texts.isin(FAULTS).to_numpy(), FAULT_RULE)
    return texts.map(lambda text: choices.get(text.casefold(), text)).astype(object)


def _masters(evaluation: Evaluation, read: Read) -> dict[str, pd.DataFrame]:
    """What the rows say about each master, beside its key."""
    masters = {}
    for master, columns in read.masters.items():
        declared = {column.name: column for column in TABLES[master].columns}
        place = (*evaluation.place, "masters", master)
        masters[master] = pd.DataFrame(
            {
                name: typed(evaluation, declared[name], expression, (*place, name))
                for name, expression in columns.items()
            },
            index=evaluation.rows.frame.index,
        )
    return masters


# --------------------------------------------------------------------------------------- what is left out


def _filter_reasons(frame: pd.DataFrame, evaluation: Evaluation, read: Read) -> pd.Series:
    """Why each row is left out by the mapping; empty where it is not."""
    reasons = pd.Series("", index=frame.index, dtype=object)
    if UNMATCHED in evaluation.rows.frame:
        reasons = evaluation.rows.frame[UNMATCHED].astype(object).copy()
    for column, condition in read.drop.items():
        place = (*evaluation.place, "drop", column)
        meant = evaluation.holds(column, condition, place)
        texts = evaluation.column(column, place)
        if condition.below is not None or condition.above is not None:
            why = pd.Series(f"{column} is {_in_words(condition)}", index=frame.index, dtype=object)
        else:
            why = texts.map(lambda text, of=column: f"{of} = {quoted(text)}" if text else f"{of} is blank")
        reasons = reasons.where((reasons != "") | ~meant, why)
    for column, condition in read.keep.items():
        meant = evaluation.holds(column, condition, (*evaluation.place, "keep", column))
        reasons = reasons.mask((reasons == "") & ~meant, f"{column} is not {_in_words(condition)}")
    return reasons


def _in_words(condition: Condition) -> str:
    """What the condition asks for: below 0, sale or done."""
    limits = " and ".join(
        f"{word} {limit:g}"
        for word, limit in (("above", condition.above), ("below", condition.below))
        if limit is not None
    )
    blank = {"yes": "blank", "no": "filled in", None: ""}[condition.blank]
    return listed(filter(None, (*map(str, condition.like or ()), limits, blank)))


def _unread(evaluation: Evaluation, read: Read, reasons: pd.Series) -> list[Problem]:
    """Cells that cannot be read: problems, or reasons to leave their rows out."""
    if read.unreadable == "refuse":
        return evaluation.unread_problems((reasons == "").to_numpy())
    for one in evaluation.unreadable:
        wrong = one.wrong & (reasons == "").to_numpy()
        rows = evaluation.rows
        texts = rows.frame[one.column] if one.column in rows.columns else pd.Series("", reasons.index)
        why = texts.map(lambda text, of=one.column: f"{of} = {quoted(str(text))} cannot be read")
        reasons[wrong] = why[wrong]
    return []


def _choice_problems(frame: pd.DataFrame, evaluation: Evaluation, read: Read) -> list[Problem]:
    """Every value of a column with choices is one of them."""
    problems = []
    for column in TABLES[read.table].columns:
        if not column.choices or column.name not in frame:
            continue
        counts = frame.loc[~frame[column.name].isin([*column.choices, ""]), column.name].value_counts(
            sort=False
        )
        place = (*evaluation.place, "columns", column.name)
        problems += [
            evaluation.mapping.problem(
                f"must become {listed(column.choices)} ({rows_in_words(count)}). Say what it "
                f'becomes under map, where "*" is all else',
                place,
                word="no_choice",
                value=quoted(str(value)),
            )
            for value, count in sorted(counts.items())
        ]
    return problems


def _share_problems(frame: pd.DataFrame, evaluation: Evaluation, read: Read) -> list[Problem]:
    """No share is above 1, as where a file writes percent without a sign: its rows would be lost."""
    problems = []
    for column in TABLES[read.table].columns:
        if column.maximum != 1 or column.name not in frame or column.kind != "number":
            continue
        above = frame[frame[column.name] > 1]
        if len(above):
            source = read.columns[column.name].column or "..."
            have = "has" if len(above) == 1 else "have"
            reason = (
                f"must be 0 to 1, and {rows_in_words(len(above))} {have} more. If the file writes percent, "
                f"say {{divide: [{source}, 100]}}"
            )
            value = f"{above[column.name].iloc[0]:g}"
            place = (*evaluation.place, "columns", column.name)
            problems.append(evaluation.mapping.problem(reason, place, word="percent", value=value))
    return problems


def _without_negatives(
    frame: pd.DataFrame, evaluation: Evaluation, measures: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """The rows after those below 0 did what the mapping says, those left out, and a problem where it says
    nothing.
    """
    read, nothing = evaluation.read, left_out_rows(frame.iloc[:0], pd.Series(dtype=object), measures)
    below = (frame["quantity"] < 0).to_numpy() if "quantity" in frame else np.zeros(len(frame), dtype=bool)
    if not below.any() or read.negative == "net":
        return frame, nothing, []
    if read.negative == "refuse":
        first = frame[below].iloc[0]
        reason = (
            f"{below.sum():,} row{'' if below.sum() == 1 else 's'} with a quantity below 0, the first in "
            f"{first[FILE]} row {first[ROW]}: say net, drop or cancel"
        )
        place = (*evaluation.place, "negative")
        return frame, nothing, [evaluation.mapping.problem(reason, place, word="below_zero")]
    why = pd.Series("", index=frame.index, dtype=object)
    if read.negative == "cancel" and {"date", "item"} <= set(frame):
        buyer = frame.get("customer", pd.Series("", index=frame.index))
        buyer = buyer.where(buyer != "", frame.get("market", buyer))
        frame, unmatched = cancelled(frame, buyer, measures)
        empty = (frame[measures].fillna(0.0) == 0).all(axis=1)
        why[empty & below] = "returned: taken off its order"
        why[empty & ~below] = "order returned as a whole"
        why[unmatched] = "returned, and no order before it is left to take it off"
    else:
        why[below] = "quantity below 0"
    return frame[why == ""], left_out_rows(frame, why, measures), []


def _row_reasons(frame: pd.DataFrame, read: Read) -> pd.Series:
    """Why the table cannot take a row: what must be filled in is blank, or a figure is outside its range."""
    reasons = pd.Series("", index=frame.index, dtype=object)
    for column in (one for one in TABLES[read.table].columns if one.name in frame):
        values = frame[column.name]
        blank = values.isna() | (values == "") if values.dtype == object else values.isna()
        if column.required:
            reasons = reasons.mask((reasons == "") & blank, f"{column.name} is blank")
        if column.kind in ("number", "whole"):
            outside = (reasons == "") & outside_range(values.to_numpy(dtype=float), column)
            reasons = reasons.mask(outside, f"{column.name} {_range(column)}" if outside.any() else "")
    for group in TABLES[read.table].one_of:
        present = [name for name in group if name in frame]
        if present:
            blank = (frame[present] == "").all(axis=1)
            reasons = reasons.mask(
                (reasons == "") & blank, f"{' and '.join(present)} {'are' if present[1:] else 'is'} blank"
            )
    return reasons


def _range(column: Column) -> str:
    if column.above is not None:
        return f"is not more than {column.above:g}"
    return (
        f"is below {column.minimum:g}"
        if column.maximum is None
        else (f"is not from {column.minimum:g} to {column.maximum:g}")
    )
