"""Names are names of something: every reference names a row of the table it refers to."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.checks.draft import Draft
from planner.scenario.columns import Column
from planner.scenario.lettering import appearance, strange_letter
from planner.scenario.reading.cells import Cells
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean, quoted

# The last column of each is a name that must stand in the table beside it, together with the columns before
# it.
LISTED = (
    ("routing_steps", "routings", ("item", "site", "routing")),
    ("routing_steps", "work_centers", ("site", "work_center")),
    ("capacity", "work_centers", ("site", "work_center")),
    ("inspections", "work_centers", ("site", "work_center")),
    ("work_centers", "labor_pools", ("site", "labor_pool")),
    ("capacity_options", "work_centers", ("site", "work_center")),
    ("maintenance", "work_centers", ("site", "work_center")),
    ("setup_families", "work_centers", ("site", "work_center")),
    ("routings", "setup_families", ("site", "setup_family")),
    ("price_breaks", "sourcing", ("item", "supplier")),
    ("supplier_capacity", "sourcing", ("supplier",)),
    *((name, target, columns) for name in ("sales_targets", "forecast_overrides", "forecast_streams")
      for target, columns in (("items", ("family",)), ("markets", ("region",)))),
    ("goals", "items", ("family",)),
)


def check_master_tables(draft: Draft) -> Iterator[Problem]:
    """A table whose names others use has rows: one that has none is one problem, not one for each name."""
    users: dict[str, list[str]] = {}
    for name, column in _referring(draft):
        if _is_empty(draft, column) and not draft.cells[name].is_blank(column.name).all():
            users.setdefault(_targets(column)[0], []).append(f"{name}.{column.name}")
    for target, columns in users.items():
        noun = TABLES[target].keys[0]
        more = f" and {len(columns) - 3} more columns" if len(columns) > 3 else ""
        verb = "name" if len(columns) > 1 else "names"
        yield Problem(
            f"the table is missing or has no rows, and {', '.join(columns[:3])}{more} {verb} {target}. "
            f"Give it a row for each {noun}",
            file=target, code=f"{target}.no_names",
        )


def _referring(draft: Draft) -> Iterator[tuple[str, Column]]:
    """The columns with rows that refer to tables which could be read."""
    for name, table in TABLES.items():
        if table.planned and len(draft.cells[name]):
            yield from ((name, column) for column in table.columns
                        if column.refers_to and not draft.broken.intersection(_targets(column)))


def _is_empty(draft: Draft, column: Column) -> bool:
    return all(not len(draft.cells[target]) for target in _targets(column))


def check_references(draft: Draft) -> Iterator[Problem]:
    """A column that refers to a table holds only names of that table."""
    for name, column in _referring(draft):
        if not _is_empty(draft, column):
            cells = draft.cells[name]
            message = _no_such_name(draft, cells, column)
            wrong = _is_unknown(draft, name, column)
            yield from cells.problems(wrong, column.name, message, code="reference", kind="name")


def _targets(column: Column) -> list[str]:
    return column.refers_to.split(" or ")


def _known_names(draft: Draft, column: Column) -> set[str]:
    return {
        name
        for target in _targets(column)
        for name in draft.cells[target].column(TABLES[target].keys[0]).tolist()
        if name
    }


def _is_unknown(draft: Draft, table: str, column: Column) -> np.ndarray:
    texts = draft.cells[table].column(column.name)
    names = _known_names(draft, column)
    codes, different = pd.factorize(texts)
    unknown = np.array([text != "" and text not in names for text in different], dtype=bool)
    return unknown[codes] if len(codes) else np.zeros(0, dtype=bool)


def _no_such_name(draft: Draft, cells: Cells, column: Column) -> Callable[[int], str]:
    nouns = " or ".join(TABLES[target].keys[0] for target in _targets(column))
    suggestions: dict[str, str] = {}  # one misspelt name may stand in many rows

    def message(position: int) -> str:
        text = cells.column(column.name)[position]
        if text not in suggestions:
            suggestions[text] = _meant(text, _known_names(draft, column))
        return f"no such {nouns}{suggestions[text]}"

    return message


def _meant(name: str, names: Iterable[str]) -> str:
    """The end of a message about a wrong name; one that only looks like a known name is told from it."""
    names = sorted(names)
    twin = next((other for other in names if appearance(other) == appearance(name)), None)
    letter = "" if twin is None else strange_letter(name, twin) or strange_letter(twin, name)
    return f'. Did you mean "{twin}"? It looks the same, but {letter} is in one of them' if letter else (
        did_you_mean(name, names)
    )


def check_listed_names(draft: Draft) -> Iterator[Problem]:
    """Work centers, labor pools and routings exist at the site where they are named; suppliers, families and
    regions exist.
    """
    for name, target, columns in LISTED:
        if draft.broken.isdisjoint((name, target)) and len(draft.cells[name]):
            yield from _unlisted(draft, name, target, columns)


def _unlisted(draft: Draft, name: str, target: str, columns: tuple[str, ...]) -> Iterator[Problem]:
    cells, listed = draft.cells[name], draft.cells[target]
    used = pd.MultiIndex.from_arrays([cells.column(column) for column in columns])
    wrong = ~used.isin(pd.MultiIndex.from_arrays([listed.column(column) for column in columns]))
    for column in columns:
        wrong &= ~cells.is_blank(column)
        if TABLES[name][column].refers_to:  # an unknown item or site is reported already
            wrong &= ~_is_unknown(draft, name, TABLES[name][column])

    def message(position: int) -> str:
        context = [(column, cells.column(column)[position]) for column in columns[:-1]]
        same = np.ones(len(listed), dtype=bool)
        for column, text in context:
            same &= listed.column(column) == text
        candidates = [text for text in listed.column(columns[-1])[same].tolist() if text]
        where = ", ".join(f"{column} {quoted(text)}" for column, text in context)
        near = _meant(cells.column(columns[-1])[position], candidates)
        return f"no such {columns[-1].replace('_', ' ')} in {target}{f' for {where}' if where else ''}{near}"

    yield from cells.problems(wrong, columns[-1], message, code="not_listed", kind="name")


def check_market_names(draft: Draft) -> Iterator[Problem]:
    """No market is called like a site, so that a lane's destination is one or the other."""
    markets, sites = draft.cells["markets"], draft.cells["sites"]
    wrong = np.isin(
        markets.column("market").astype(str), [site for site in sites.column("site").tolist() if site]
    )
    reason = "is the name of a site too: lanes could mean either. Rename one of them"
    yield from markets.problems(wrong, "market", reason, code="site_too", kind="name")
