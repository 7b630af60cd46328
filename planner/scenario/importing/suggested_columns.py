"""Which column of a file is which of a table: by its name, a word in its name, or what stands in it."""

from dataclasses import dataclass, field

import pandas as pd

from planner.scenario.importing.files import Rows
from planner.scenario.importing.known_columns import LOST, NAMES, TELLING, WON, WORDS, columns_called, plain
from planner.scenario.reading.recognition.columns import Recognised, dates, numbers

DAYS = ("date", "created", "close")
FIGURES = ("quantity", "revenue", "amount", "on_hand", "safety_stock", "probability")
EXPLAINED = ("item", "customer", "date", "market", "opportunity")  # of which other candidates are named
MARKETS = range(2, 41)  # different names that a column of markets usually has
READABLE = 0.9  # share of the cells of a column that are days or figures, where it is one of them


@dataclass
class Matches:
    """The columns of a file as columns of a table, and what is not sure about each."""

    table: str
    columns: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, list[str]] = field(default_factory=dict)
    named: int = 0
    shows_stages: bool = True

    @property
    def score(self) -> float:
        """How much speaks for the table: columns found, those known by a word in their name half."""
        has_telling = all(column in self.columns for column in TELLING[self.table])
        return self.named + 0.5 * (len(self.columns) - self.named) + 2 * (has_telling and self.shows_stages)

    def take(self, target: str, names: list[str], free: list[str], *, doubt: str = "") -> None:
        """The first of the names is the column; the others are named where they could be it as well."""
        self.columns[target] = names[0]
        free.remove(names[0])
        doubts = [doubt] if doubt else []
        if len(names) > 1 and target in EXPLAINED:
            doubts.append(f"or {' or '.join(names[1:4])}?")
        if doubts:
            self.doubts[target] = doubts


def matched(table: str, rows: Rows) -> Matches:
    """The columns of the file as those of the table, each used once."""
    matches, free = Matches(table), list(rows.columns)
    for target, names in NAMES[table].items():
        called = [name for name in columns_called(names, free) if holds(target, rows.frame[name])]
        if target == "market":
            called.sort(key=lambda name: rows.frame[name].nunique() not in MARKETS)
        if called:
            matches.take(target, called, free)
    matches.named = len(matches.columns)
    for target, words in WORDS[table].items():
        if target in matches.columns:
            continue
        called = words_called(target, free, words)
        alike = [name for name in called if holds(target, rows.frame[name], serial=False)]
        if alike:
            matches.take(target, alike, free, doubt="by a word in its name")
    if table == "opportunities":
        source = matches.columns.get("stage", "")
        matches.shows_stages = bool(source) and ("stage" in plain(source) or _has_won(rows.frame[source]))
    _by_what_stands_there(matches, rows, free)
    return matches


def _by_what_stands_there(matches: Matches, rows: Rows, free: list[str]) -> None:
    """Days and stages are known by what stands in a column, whatever its name is."""
    targets = ("stage", "created", "close") if matches.table == "opportunities" else ("date",)
    for target in targets if matches.table != "inventory" else ():
        alike = [name for name in free if target not in matches.columns and _shows(target, rows.frame[name])]
        if alike:
            matches.take(target, alike, free, doubt="by what stands in it")


def words_called(target: str, names: list[str], words: tuple[str, ...] = ()) -> list[str]:
    """The names that hold a word by which the column of order lines, or of the words given, is known."""
    parts = words or WORDS["order_history"][target]
    return list(dict.fromkeys(name for word in parts for name in names if word in plain(name)))


def is_year(texts: pd.Series) -> bool:
    """Whether all that stands in the column is years."""
    filled = texts[texts != ""].drop_duplicates()
    return len(filled) > 0 and bool(filled.str.fullmatch("(19|20)[0-9]{2}").all())


def year_and_month(rows: Rows) -> dict[str, list[str]] | None:
    """The date made of a column of years and one of months; none where the file has no two such columns."""
    year = next((name for name in rows.columns if is_year(rows.frame[name])), None)
    months = [name for name in rows.columns if name != year and _is_month(rows.frame[name])]
    months.sort(key=lambda name: not plain(name).startswith("mon"))
    return {"join": [year, months[0]]} if year and months else None


def _is_month(texts: pd.Series) -> bool:
    filled = texts[texts != ""].drop_duplicates()
    return len(filled) > 0 and not dates("2000-" + filled, "month").unreadable.any()


def _has_won(texts: pd.Series) -> bool:
    return any(word in text.casefold() for text in texts.unique() for word in WON)


def _shows(target: str, texts: pd.Series) -> bool:
    if target != "stage":
        return holds(target, texts, serial=False)
    values = [text.casefold() for text in texts.unique()]
    return all(any(word in value for value in values for word in words) for words in (WON, LOST))


def holds(target: str, texts: pd.Series, *, serial: bool = True) -> bool:
    """Whether what stands in the column can be that: days, as Excel counts them with `serial`, or figures."""
    filled = texts[texts != ""]
    if target in DAYS:
        read = dates(filled, None)
        return (serial or read.way != "serial") and _is_readable(read)
    return target not in FIGURES or _is_readable(numbers(filled, None))


def _is_readable(read: Recognised) -> bool:
    return len(read.values) > 0 and float(read.unreadable.mean()) <= 1 - READABLE
