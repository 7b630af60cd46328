"""A first mapping, made by looking at a file, with what it is unsure of."""

import os
from collections.abc import Sequence
from pathlib import Path

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
    STATES,
    STATUSES,
    TOTALS,
    WON,
    columns_called,
    plain,
)
from planner.scenario.importing.mapping import WAYS, Expression, Read
from planner.scenario.importing.mapping_file import profiles, read_mapping
from planner.scenario.importing.suggested_columns import matched, year_and_month
from planner.scenario.importing.suggestion_text import Entries, Suggestion, written, written_settings
from planner.scenario.importing.wide_suggestion import wide
from planner.scenario.reading.recognition.columns import dates, numbers
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.suggestions import quoted

LEAST_SCORE = 3  # below which the table itself is not sure
SELDOM = 0.1  # share of the rows that codes of no items have
MOST_CODES = 12  # of them that are listed
MAXIMUM_LISTED = 8  # values that a note lists
FEW = 40  # different values of a column of states
ENOUGH_OF_A_PROFILE = 0.8  # share of the columns that a read of a profile needs and the file has
FEWEST_COLUMNS = 3  # by fewer no file is known
IN_MONEY = {"items": {"unit": {"value": "money"}, "price": {"value": 1}}}  # planned in money, which costs 1


def suggest_mapping(files: Sequence[str | os.PathLike[str]]) -> str:
    """A mapping for the files, as YAML to be read through: what it is unsure of stands beside it as
    `# unsure:`.
    """
    if not files:
        raise PlannerError("give the files to look at")
    parts = [_of_file(Path(file), several=len(files) > 1) for file in files]
    _with_prices([suggestion for _, _, suggestion in parts])
    settings = next((suggestion.settings for _, _, suggestion in parts if suggestion.settings), {})
    lines = ["# A first mapping, made by looking at the files. Read it, above all where it is unsure."]
    return "\n".join([*lines, *written_settings(settings), "reads:", *(
        "\n".join([*header, *written(name, suggestion)]) for name, header, suggestion in parts)]) + "\n"


def _with_prices(suggestions: Sequence[Suggestion]) -> None:
    """Deals in money become units where one of the files lists what items cost."""
    if not any(one.table == "items" and "price" in one.entries["columns"] for one in suggestions):
        return
    for one in suggestions:
        if one.entries.get("masters") == IN_MONEY:
            del one.entries["masters"]
            del one.unsure["masters"]
            one.doubt("columns.amount", "deals have no quantities: units are amounts by prices of items")


def _of_file(path: Path, *, several: bool) -> tuple[str, list[str], Suggestion]:
    try:
        header_row = likely_header(path)
        rows = read_rows([path], Read(table="items", columns={}, header_row=header_row))
    except UnreadableError as error:
        raise ScenarioError("the import", [error.problem]) from None
    profile = _profile_for(rows)
    suggestion = wide(rows) or _master(rows) or _long(rows)
    name = "_".join(plain(path.stem).split()) or "file"
    if several:
        suggestion.entries["files"] = path.name
    if header_row > 1:
        suggestion.entries["header_row"] = header_row
    header = [f"  # {path.name}: {len(rows.frame):,} rows with {', '.join(rows.columns)}"]
    header += (
        [f"  # It looks like an export that the profile {profile} knows: try --profile {profile}"]
        if profile
        else []
    )
    _required(suggestion, suggestion.entries["columns"])
    _without_totals(suggestion, rows)
    return name, header, suggestion


def _profile_for(rows: Rows) -> str:
    """The profile one of whose reads finds nearly all its columns in the file, and most of them; empty where
    there is none.
    """
    best, most = "", (ENOUGH_OF_A_PROFILE, FEWEST_COLUMNS)
    have = {name.casefold() for name in rows.columns}
    for name in profiles():
        for read in read_mapping({"profile": name}).mapping.reads.values():
            sources = [(_names_in(one), _may_be_missing(one)) for one in read.columns.values()]
            is_there_of = [any(source.casefold() in have for source in names) for names, _ in sources]
            pairs = zip(is_there_of, sources, strict=True)
            needed = [is_there for is_there, (names, may) in pairs if names and not may]
            rank = (sum(needed) / max(len(needed), 1), sum(is_there_of))
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
                target: called_so[0]
                for target, names in targets.items()
                if (called_so := columns_called(names, rows.columns))
            }
            return Suggestion(table, {"columns": columns})
    return None


def _long(rows: Rows) -> Suggestion:
    """A file with a row for each order line, deal or stock."""
    best = max((matched(table, rows) for table in NAMES), key=lambda one: one.score)
    columns: Entries = dict(best.columns)
    suggestion = Suggestion(best.table, {"columns": columns})
    if best.score < LEAST_SCORE:
        tables = ", ".join(NAMES)
        suggestion.doubt("table", f"few columns are known; {tables} or any other table may be meant")
    for target, doubts in best.doubts.items():
        for text in doubts:
            suggestion.doubt(f"columns.{target}", text)
    {"opportunities": _deals, "inventory": _stock}.get(best.table, _orders)(suggestion, rows, columns)
    return suggestion


def _orders(suggestion: Suggestion, rows: Rows, columns: Entries) -> None:
    """Order lines: revenue from prices, returns, prices of 0, families and states."""
    price = columns_called(PRICES, rows.columns)
    parted = year_and_month(rows) if "date" not in columns else None
    if parted:
        columns["date"] = parted
    if "quantity" not in columns and "revenue" in columns:
        columns["quantity"] = columns.pop("revenue")
        suggestion.doubt("columns.quantity", "units or money?")
    if "revenue" not in columns and price and "quantity" in columns:
        columns["revenue"] = {"multiply": [columns["quantity"], price[0]]}
        free = numbers(rows.frame[price[0]], None).values == 0
        if free.any():
            _leave_out(suggestion, {price[0]: 0}, f"rows with {price[0]} 0 are left out: {int(free.sum()):,}")
    family = columns_called(FAMILIES, rows.columns)
    if family:
        suggestion.entries["masters"] = {"items": {"family": family[0]}}
    if "quantity" in columns:
        below = int((numbers(rows.frame[str(columns["quantity"])], None).values < 0).sum())
        if below:
            suggestion.entries["negative"] = "cancel"
            suggestion.doubt("negative", f"rows below 0: {below:,}. Shall they net, drop or cancel?")
    _states(suggestion, rows, columns)
    _no_items(suggestion, rows, columns)
    _formats(suggestion, rows, columns)


def _leave_out(suggestion: Suggestion, condition: Entries, doubt: str) -> None:
    """Rows of which the condition holds are left out."""
    suggestion.entries["drop"] = suggestion.entries.get("drop", {}) | condition
    suggestion.doubt("drop", doubt)


def _no_items(suggestion: Suggestion, rows: Rows, columns: Entries) -> None:
    """Codes without a figure, like POST or BANK CHARGES, where nearly all codes have one, are no items."""
    source = columns.get("item")
    if not isinstance(source, str):
        return
    counts = rows.frame[source].value_counts()
    lines = counts[(counts.index != "") & ~counts.index.str.contains(r"\d")]
    if len(lines) and lines.sum() < SELDOM * len(rows.frame):
        codes = [str(code) for code in lines.index[:MOST_CODES]]
        _leave_out(suggestion, {source: codes}, f"{source} has codes that may be no items: {_list(codes)}")


def _without_totals(suggestion: Suggestion, rows: Rows) -> None:
    """Rows of totals are left out: their figures stand in the other rows already."""
    for target in ("item", "customer", "market", "opportunity"):
        source = suggestion.entries["columns"].get(target)
        if not isinstance(source, str) or source not in rows.frame:
            continue
        totals = [value for value in _values(rows.frame[source]) if plain(value) in TOTALS]
        if totals and rows.frame[source].nunique() > len(totals):
            _leave_out(suggestion, {source: totals}, f"rows of {_list(totals)} are sums of others")


def _states(suggestion: Suggestion, rows: Rows, columns: Entries) -> None:
    for name in columns_called(STATUSES, rows.columns):
        values = _values(rows.frame[name])
        says_states = any(_has(one, STATES) for one in values)
        if says_states and name not in columns.values() and 1 < len(values) <= FEW:
            counting = [
                value
                for value in values
                if not any(word in value.casefold() for word in ("cancel", "draft", "void"))
            ]
            suggestion.entries["keep"] = {name: counting}
            suggestion.doubt("keep", f"{name} has {_list(values)}: which of them count?")


def _deals(suggestion: Suggestion, rows: Rows, columns: Entries) -> None:
    """Deals: what their stages say about the outcome, and their one close date or two."""
    close = columns.pop("close", None)
    if close:
        suggestion.entries["close_date"] = close
    if "stage" in columns:
        stages = _values(rows.frame[str(columns["stage"])])
        names = {
            stage: "won" if _has(stage, WON) else "lost"
            for stage in stages
            if _has(stage, WON) or _has(stage, LOST)
        }
        columns["outcome"] = {"column": columns["stage"], "map": {**names, "*": "open"}}
        suggestion.doubt("columns.outcome", f"{columns['stage']} has {_list(stages)}")
    if "amount" in columns and "quantity" not in columns:
        _in_money(suggestion, columns)
    source = columns.get("probability")
    if isinstance(source, str) and (numbers(rows.frame[source], None).values > 1).any():
        columns["probability"] = {"divide": [source, 100]}
    keys = columns.get("opportunity")
    if keys and rows.frame[keys].duplicated().any():
        suggestion.doubt(
            "columns.opportunity", f"{keys} is there more than once: rows of one deal and item are added up"
        )
    _formats(suggestion, rows, columns | {"close": close} if close else columns)


def _in_money(suggestion: Suggestion, columns: Entries) -> None:
    """Deals with an amount and no quantity are planned in money: the unit is the currency, and costs 1."""
    suggestion.entries["masters"] = IN_MONEY
    suggestion.doubt("masters", "deals have amounts and no quantities, so plans are in money. For units give "
                                "the prices of items in place of 1")
    columns.setdefault("item", {"value": "all products"})


def _stock(suggestion: Suggestion, rows: Rows, columns: Entries) -> None:
    blocked = columns_called(BLOCKED, rows.columns)
    if blocked and "on_hand" in columns:
        columns["on_hand"] = {"subtract": [columns["on_hand"], blocked[0]], "at_least": 0}
        suggestion.doubt("columns.on_hand", f"is {blocked[0]} part of it?")


def _formats(suggestion: Suggestion, rows: Rows, columns: Entries) -> None:
    """Dates and figures that could be read in two ways."""
    for target in ("date", "created", "close"):
        source = columns.get(target)
        if isinstance(source, str) and (read := dates(rows.frame[source], None)).either:
            suggestion.entries["dates"] = "dmy"
            suggestion.doubt("dates", f"{source} = {quoted(read.either)} could be dmy or mdy")
    for target in ("quantity", "revenue", "amount"):
        source = columns.get(target)
        if isinstance(source, str) and (figures := numbers(rows.frame[source], None)).either:
            suggestion.entries["decimal"] = "point"
            value = quoted(figures.either)
            suggestion.doubt("decimal", f"{source} = {value} could have a decimal point or comma")


def _required(suggestion: Suggestion, columns: Entries) -> None:
    """What must be given and was not found, as a value to be changed."""
    needed = {
        "order_history": ("date", "item", "quantity"),
        "opportunities": ("opportunity", "item", "created", "outcome"),
        "inventory": ("item", "site"),
        "items": ("item",),
        "customers": ("customer", "market"),
    }[suggestion.table]
    for target in needed:
        if target not in columns:
            columns[target] = {"value": "all" if target in ("item", "site") else ""}
            suggestion.doubt(f"columns.{target}", "no column is called so; which one is it?")
    if suggestion.table in ("order_history", "opportunities") and "market" not in columns:
        columns["market"] = {"value": "all"}
        suggestion.doubt("columns.market", "no column is called so: all is one market")


def _values(texts: pd.Series) -> list[str]:
    counts = texts[texts != ""].value_counts()
    return [str(value) for value in counts.index]


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text.casefold() for word in words)


def _list(values: list[str]) -> str:
    more = f" and {len(values) - MAXIMUM_LISTED} more" if len(values) > MAXIMUM_LISTED else ""
    return ", ".join(values[:MAXIMUM_LISTED]) + more
