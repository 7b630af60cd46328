"""A first mapping, made by looking at a file, with what it is unsure of."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import PlannerError, ScenarioError
from planner.scenario.importing.files import Rows, likely_header, read_rows
from planner.scenario.importing.known_columns import (
    BLOCKED,
    FAMILIES,
    LOST,
    MASTERS,
    NAMES,
    PRICES,
    STATUSES,
    TELLING,
    WON,
    columns_called,
    plain,
)
from planner.scenario.importing.mapping import WAYS, Expression, Read
from planner.scenario.importing.mapping_file import profiles, read_mapping
from planner.scenario.importing.recognition import dates, numbers
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.suggestions import quoted

SHOWN = 8  # values that a note lists
FEW = 40  # different values of a column of states
ENOUGH_OF_A_PROFILE = 0.8  # share of the columns that a read of a profile needs and the file has
FEWEST_COLUMNS = 3  # by fewer no file is known
Entries = dict[str, Any]


@dataclass(frozen=True)
class Suggestion:
    """Entries of one read, and for each entry what is not sure about it."""

    table: str
    entries: Entries
    unsure: dict[str, list[str]] = field(default_factory=dict)

    def doubt(self, entry: str, text: str) -> None:
        """The entry is not sure."""
        self.unsure.setdefault(entry, []).append(text)


def suggest_mapping(files: Sequence[str | os.PathLike[str]]) -> str:
    """A mapping for the files, as YAML to be read through: what it is unsure of stands beside it as
    `# unsure:`.
    """
    if not files:
        raise PlannerError("give the files to look at")
    parts = [_of_file(Path(file), several=len(files) > 1) for file in files]
    return (
        "\n".join(
            [
                "# A first mapping, made by looking at the files. Read it, above all where it is unsure.",
                "reads:",
                *parts,
            ]
        )
        + "\n"
    )


def _of_file(path: Path, *, several: bool) -> str:
    try:
        header_row = likely_header(path)
        rows = read_rows([path], Read(table="items", columns={}, header_row=header_row))
    except UnreadableError as error:
        raise ScenarioError("the import", [error.problem]) from None
    known = _profile_for(rows)
    found = _wide(rows) or _master(rows) or _long(rows)
    name = "_".join(plain(path.stem).split()) or "file"
    if several:
        found.entries["files"] = path.name
    if header_row > 1:
        found.entries["header_row"] = header_row
    header = [f"  # {path.name}: {len(rows.frame):,} rows with {', '.join(rows.columns)}"]
    header += (
        [f"  # It looks like an export that the profile {known} knows: try --profile {known}"]
        if known
        else []
    )
    return "\n".join([*header, *_written(name, found)])


def _profile_for(rows: Rows) -> str:
    """The profile one of whose reads finds nearly all its columns in the file, and most of them; empty where
    there is none.
    """
    best, most = "", (ENOUGH_OF_A_PROFILE, FEWEST_COLUMNS)
    have = {name.casefold() for name in rows.columns}
    for name in profiles():
        for read in read_mapping({"profile": name}).mapping.reads.values():
            sources = [(_names_in(one), _may_be_missing(one)) for one in read.columns.values()]
            found = [any(source.casefold() in have for source in names) for names, _ in sources]
            both = zip(found, sources, strict=True)
            needed = [is_there for is_there, (names, may) in both if names and not may]
            rank = (sum(needed) / max(len(needed), 1), sum(found))
            if rank > most:
                best, most = name, rank
    return best


def _names_in(expression: Expression) -> list[str]:
    """Every column that an expression names."""
    inner = [one for way in WAYS[2:] for one in getattr(expression, way) or ()]
    own = [expression.column] if expression.column is not None else []
    return [*own, *(name for one in inner for name in _names_in(one))]


def _may_be_missing(expression: Expression) -> bool:
    return any(one.value is not None for one in expression.first or ())


# ------------------------------------------------------------------------------------------ kinds of file


def _wide(rows: Rows) -> Suggestion | None:
    """A file with periods across, a column each."""
    heads = pd.Series([name for name in rows.columns], dtype=object)
    read = dates(heads, None)
    across = heads[~read.unreadable & ~pd.isna(read.values)].tolist()
    if len(across) < 3:
        return None
    others = [name for name in rows.columns if name not in across]
    found = Suggestion(
        "order_history", {"across": {"columns": across if len(across) <= 4 else _pattern(across)}}
    )
    columns: Entries = {"date": "heading", "quantity": "cell"}
    for target in ("item", "customer", "market"):
        called = columns_called(NAMES["order_history"][target], others)
        if called:
            columns[target] = called[0]
            others.remove(called[0])
    found.entries["columns"] = columns
    for name in others:
        values = _values(rows.frame[name])
        if 1 < len(values) <= FEW and not _is_numeric(rows.frame[name]):
            found.entries["keep"] = {name: values[0]}
            found.doubt("keep", f"rows of other measures are left out; {name} has {_list(values)}")
            break
    _required(found, columns)
    return found


def _pattern(heads: list[str]) -> list[str]:
    """Patterns that mean the headings: by the letters they begin with."""
    starts = sorted({head[:2] for head in heads})
    return [f"{start}*" for start in starts] if len(starts) <= 6 else heads


def _master(rows: Rows) -> Suggestion | None:
    """A list of items or customers: each is there once, and no row has a day or a stage."""
    telling = [NAMES["order_history"]["date"], NAMES["opportunities"]["stage"], NAMES["inventory"]["on_hand"]]
    if any(columns_called(names, rows.columns) for names in telling):
        return None
    for table, targets in MASTERS.items():
        key, *_ = targets
        called = columns_called(targets[key], rows.columns)
        if called and not rows.frame[called[0]].duplicated().any():
            columns = {
                target: found[0]
                for target, names in targets.items()
                if (found := columns_called(names, rows.columns))
            }
            suggestion = Suggestion(table, {"columns": columns})
            _required(suggestion, columns)
            return suggestion
    return None


def _long(rows: Rows) -> Suggestion:
    """A file with a row for each order line, deal or stock."""
    scores = {
        table: sum(bool(columns_called(names, rows.columns)) for names in targets.values())
        + 2 * all(columns_called(NAMES[table][column], rows.columns) for column in TELLING[table])
        for table, targets in NAMES.items()
    }
    table = max(scores, key=lambda name: scores[name])
    found = Suggestion(table, {})
    columns = _columns(found, rows)
    found.entries["columns"] = columns
    if scores[table] < 3:
        found.doubt("table", f"few columns are known; {', '.join(NAMES)} or any other table may be meant")
    if table == "opportunities":
        _deals(found, rows, columns)
    elif table == "inventory":
        _stock(found, rows, columns)
    else:
        _orders(found, rows, columns)
    _required(found, columns)
    return found


def _columns(found: Suggestion, rows: Rows) -> Entries:
    """The columns that are called as they usually are, each used once."""
    columns: Entries = {}
    free = list(rows.columns)
    for target, names in NAMES[found.table].items():
        called = columns_called(names, free)
        if called:
            columns[target] = called[0]
            free.remove(called[0])
            if len(called) > 1 and target in ("item", "customer", "date", "market", "opportunity"):
                found.doubt(f"columns.{target}", f"or {' or '.join(called[1:4])}?")
    return columns


def _orders(found: Suggestion, rows: Rows, columns: Entries) -> None:
    """Order lines: revenue from prices, returns, prices of 0, families and states."""
    price = columns_called(PRICES, rows.columns)
    if "revenue" not in columns and price and "quantity" in columns:
        columns["revenue"] = {"multiply": [columns["quantity"], price[0]]}
        free = numbers(rows.frame[price[0]], None).values == 0
        if free.any():
            found.entries["drop"] = {price[0]: 0}
            found.doubt("drop", f"rows with {price[0]} 0 are left out: {int(free.sum()):,}")
    family = columns_called(FAMILIES, rows.columns)
    if family:
        found.entries["masters"] = {"items": {"family": family[0]}}
    if "quantity" in columns:
        below = int((numbers(rows.frame[str(columns["quantity"])], None).values < 0).sum())
        if below:
            found.entries["negative"] = "cancel"
            found.doubt("negative", f"rows below 0: {below:,}. Shall they net, drop or cancel?")
    _states(found, rows, columns)
    _formats(found, rows, columns)


def _states(found: Suggestion, rows: Rows, columns: Entries) -> None:
    for name in columns_called(STATUSES, rows.columns):
        values = _values(rows.frame[name])
        if name not in columns.values() and 1 < len(values) <= FEW:
            kept = [
                value
                for value in values
                if not any(word in value.casefold() for word in ("cancel", "draft", "void"))
            ]
            found.entries["keep"] = {name: kept}
            found.doubt("keep", f"{name} has {_list(values)}: which of them count?")


def _deals(found: Suggestion, rows: Rows, columns: Entries) -> None:
    """Deals: what their stages say about the outcome, and their one close date or two."""
    close = columns.pop("close", None)
    if close:
        found.entries["close_date"] = close
    if "stage" in columns:
        stages = _values(rows.frame[str(columns["stage"])])
        names = {
            stage: "won" if _has(stage, WON) else "lost"
            for stage in stages
            if _has(stage, WON) or _has(stage, LOST)
        }
        columns["outcome"] = {"column": columns["stage"], "map": {**names, "*": "open"}}
        found.doubt("columns.outcome", f"{columns['stage']} has {_list(stages)}")
    keys = columns.get("opportunity")
    if keys and rows.frame[keys].duplicated().any():
        found.doubt(
            "columns.opportunity", f"{keys} is there more than once: rows of one deal and item are added up"
        )
    _formats(found, rows, columns | {"close": close} if close else columns)


def _stock(found: Suggestion, rows: Rows, columns: Entries) -> None:
    blocked = columns_called(BLOCKED, rows.columns)
    if blocked and "on_hand" in columns:
        columns["on_hand"] = {"subtract": [columns["on_hand"], blocked[0]], "at_least": 0}
        found.doubt("columns.on_hand", f"is {blocked[0]} part of it?")


def _formats(found: Suggestion, rows: Rows, columns: Entries) -> None:
    """Dates and figures that could be read in two ways."""
    for target in ("date", "created", "close"):
        source = columns.get(target)
        if isinstance(source, str) and (read := dates(rows.frame[source], None)).either:
            found.entries["dates"] = "dmy"
            found.doubt("dates", f"{source} = {quoted(read.either)} could be dmy or mdy")
    for target in ("quantity", "revenue", "amount"):
        source = columns.get(target)
        if isinstance(source, str) and (figures := numbers(rows.frame[source], None)).either:
            found.entries["decimal"] = "point"
            found.doubt("decimal", f"{source} = {quoted(figures.either)} could have a decimal point or comma")


def _required(found: Suggestion, columns: Entries) -> None:
    """What must be given and was not found, as a value to be changed."""
    needed = {
        "order_history": ("date", "item", "quantity"),
        "opportunities": ("opportunity", "item", "created", "outcome"),
        "inventory": ("item", "site"),
        "items": ("item",),
        "customers": ("customer", "market"),
    }[found.table]
    for target in needed:
        if target not in columns:
            columns[target] = {"value": "all" if target in ("item", "site") else ""}
            found.doubt(f"columns.{target}", "no column is called so; which one is it?")
    if found.table in ("order_history", "opportunities") and "market" not in columns:
        columns["market"] = {"value": "all"}
        found.doubt("columns.market", "no column is called so: all is one market")


def _values(texts: pd.Series) -> list[str]:
    counts = texts[texts != ""].value_counts()
    return [str(value) for value in counts.index]


def _is_numeric(texts: pd.Series) -> bool:
    return not numbers(texts, "point").unreadable.any()


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text.casefold() for word in words)


def _list(values: list[str]) -> str:
    more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    return ", ".join(values[:SHOWN]) + more


# ------------------------------------------------------------------------------------------------ writing


def _written(name: str, found: Suggestion) -> list[str]:
    lines = [f"  {name}:", f"    table: {found.table}{_doubts(found, 'table')}"]
    for entry in (
        "files",
        "header_row",
        "across",
        "columns",
        "close_date",
        "masters",
        "keep",
        "drop",
        "negative",
        "dates",
        "decimal",
    ):
        if entry not in found.entries:
            continue
        value = found.entries[entry]
        if entry != "columns":
            lines.append(f"    {entry}: {_flow(value)}{_doubts(found, entry)}")
            continue
        lines.append("    columns:")
        lines += [
            f"      {column}: {_flow(source)}{_doubts(found, f'columns.{column}')}"
            for column, source in value.items()
        ]
    return lines


def _doubts(found: Suggestion, entry: str) -> str:
    said = found.unsure.get(entry)
    return f"  # unsure: {'; '.join(said)}" if said else ""


def _flow(value: Any) -> str:
    """The value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(str(name))}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if not isinstance(value, str):
        return str(value)
    is_plain = (
        value and all(letter.isalnum() or letter in " _" for letter in value) and not value[0].isdigit()
    )
    return (
        value
        if is_plain and value.casefold() not in ("null", "true", "false")
        else json.dumps(value, ensure_ascii=False)
    )
