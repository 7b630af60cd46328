"""Rows of files brought into shape before anything is read in them: other files beside them, columns that
become rows, cells that list several things.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from planner.errors import Problem
from planner.scenario.importing.evaluation import fits
from planner.scenario.importing.files import FILE, ROW, Rows, chosen, read_rows
from planner.scenario.importing.mapping import Across, Beside, Read
from planner.scenario.importing.mapping_file import MappingFile, Place
from planner.scenario.suggestions import did_you_mean, quoted

UNMATCHED = "\0unmatched"  # what a row found no match in; such a row is left out


def shaped(
    rows: Rows, read: Read, mapping: MappingFile, place: Place, *, files: list[Path]
) -> tuple[Rows, list[Problem]]:
    """The rows with what stands beside them, a row for each period across and for each thing in a list."""
    problems: list[Problem] = []
    for column in read.fill_down:
        if column not in rows.columns:
            problems.append(_no_column(rows, column, mapping, (*place, "fill_down")))
        else:
            rows = _filled_down(rows, column)
    for at, beside in enumerate(read.beside):
        rows, wrong = _with_beside(rows, beside, mapping, (*place, "beside", at), files=files)
        problems += wrong
    if read.across is not None:
        rows, wrong = _from_across(rows, read.across, mapping, (*place, "across", "columns"))
        problems += wrong
    for column, separator in read.split.items():
        if column not in rows.columns:
            problems.append(_no_column(rows, column, mapping, (*place, "split", column)))
        else:
            rows = _split(rows, column, separator)
    return rows, problems


def _no_column(rows: Rows, name: str, mapping: MappingFile, place: Place) -> Problem:
    reason = f"no such column in {' and '.join(rows.files)}{did_you_mean(name, rows.columns)}"
    return mapping.problem(reason, place, word="no_source", value=quoted(name))


def _with_beside(
    rows: Rows, beside: Beside, mapping: MappingFile, place: Place, *, files: list[Path]
) -> tuple[Rows, list[Problem]]:
    other_files = chosen(files, beside.files)
    if not other_files and beside.optional == "yes":
        return rows, []
    if not other_files:
        reason = (
            f"none of the files given is called so{did_you_mean(beside.files, [one.name for one in files])}"
        )
        value = quoted(beside.files)
        return rows, [mapping.problem(reason, (*place, "files"), word="missing_file", value=value)]
    other = read_rows(other_files, beside)
    wrong = [
        _no_column(of, name, mapping, (*place, "match", own))
        for own, theirs in beside.match.items()
        for of, name in ((rows, own), (other, theirs))
        if name not in of.columns
    ]
    if wrong:
        return rows, wrong
    keys = list(beside.match)
    right = other.frame.drop(columns=[FILE, ROW]).rename(
        columns={theirs: own for own, theirs in beside.match.items()}
    )
    right = right[(right[keys] != "").all(axis=1)]
    right = right.rename(
        columns={
            name: f"{name} ({other_files[0].stem})"
            for name in right.columns
            if name not in keys and name in rows.frame.columns
        }
    )
    joined = rows.frame.merge(right.drop_duplicates(), on=keys, how="left", sort=False, indicator=True)
    missed = (joined.pop("_merge") == "left_only").to_numpy()
    texts = [name for name in joined.columns if name != ROW]
    joined[texts] = joined[texts].fillna("")
    if beside.missing == "drop":
        reason = f"no row of {other_files[0].name} has its {' and '.join(keys)}"
        before = joined[UNMATCHED] if UNMATCHED in joined else pd.Series("", index=joined.index, dtype=object)
        joined[UNMATCHED] = before.mask(missed & (before == "").to_numpy(), reason)
    return Rows(joined, (*rows.recognised, *other.recognised), (*rows.files, *other.files)), []


def _from_across(
    rows: Rows, across: Across, mapping: MappingFile, place: Place
) -> tuple[Rows, list[Problem]]:
    columns = [name for name in rows.columns if _is_one_of(name, across.columns)]
    if not columns:
        reason = (
            f"no column of {' and '.join(rows.files)} is called so: there are {', '.join(rows.columns[:12])}"
        )
        return rows, [mapping.problem(reason, place, word="no_source")]
    others = [name for name in rows.frame.columns if name not in columns]
    long = rows.frame.melt(id_vars=others, value_vars=columns, var_name=across.heading,
                           value_name=across.cell, ignore_index=False)
    long[across.heading] = long[across.heading].astype(object)
    long = long[long[across.cell] != ""].sort_index(kind="stable").reset_index(drop=True)
    return Rows(long, rows.recognised, rows.files), []


def _is_one_of(name: str, patterns: Iterable[str]) -> bool:
    return any(fits(name.casefold(), pattern.casefold()) for pattern in patterns)


def _filled_down(rows: Rows, column: str) -> Rows:
    """The rows with the cell above where the column is blank; each file begins anew."""
    cells = rows.frame[column].where(rows.frame[column] != "", None)
    filled = cells.groupby(rows.frame[FILE], sort=False).ffill().fillna("")
    return Rows(rows.frame.assign(**{column: filled}), rows.recognised, rows.files)


def _split(rows: Rows, column: str, separator: str) -> Rows:
    """A row for each thing that the cell lists."""
    parts = rows.frame[column].map(
        lambda cell: [part.strip() for part in cell.split(separator) if part.strip()] or [""]
    )
    frame = rows.frame.assign(**{column: parts}).explode(column, ignore_index=True)
    return Rows(frame, rows.recognised, rows.files)
