"""Items, sites, markets and customers made from what occurs in the rows of other tables."""

from collections.abc import Iterator

import pandas as pd

from planner.scenario.importing.mapping_file import MASTERS
from planner.scenario.importing.table_rows import TableRows
from planner.scenario.schema import TABLES

Frames = dict[str, pd.DataFrame]


def made_masters(reads: list[tuple[str, TableRows]]) -> tuple[Frames, list[str]]:
    """A row for each item, site, market and customer that occurs, with what the mapping says about it, and
    notes on what the files do not agree about. `reads` holds the table and the rows of each read.
    """
    parts = [part for table, rows in reads for part in _occurring(table, rows)]
    customers, notes = _one_each("customers", parts)
    if "market" in customers:
        parts.append(("markets", pd.DataFrame({"market": customers["market"]})))
    masters = {"customers": customers}
    for master in ("items", "sites", "markets"):
        masters[master], more_notes = _one_each(master, parts)
        notes += more_notes
    return {name: frame for name, frame in masters.items() if len(frame)}, notes


def with_one_buyer(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the market left away where the customer is known: the customer's market counts."""
    if table == "customers" or not {"customer", "market"} <= set(frame):
        return frame
    return frame.assign(market=frame["market"].where(frame["customer"] == "", ""))


def _occurring(table: str, rows: TableRows) -> Iterator[tuple[str, pd.DataFrame]]:
    """The names of masters in the rows, each with what its row says about it."""
    frame = rows.frame
    for column in TABLES[table].columns:
        master = column.refers_to
        if master not in MASTERS or column.name not in frame:
            continue
        part = pd.DataFrame({TABLES[master].keys[0]: frame[column.name]})
        if column.name == TABLES[master].keys[0]:
            part = part.join(rows.masters.get(master, pd.DataFrame(index=frame.index)))
        if master == "customers" and "market" in frame and "market" not in part:
            part["market"] = frame["market"]
        yield master, part


def _one_each(master: str, parts: list[tuple[str, pd.DataFrame]]) -> tuple[pd.DataFrame, list[str]]:
    """The last filled-in cell of each column for each name, in the order of names."""
    occurring = [part for name, part in parts if name == master]
    key = TABLES[master].keys[0]
    if not occurring:
        return pd.DataFrame({key: pd.Series(dtype=object)}), []
    rows = pd.concat(occurring, ignore_index=True)
    rows = rows[rows[key].notna() & (rows[key] != "")]
    rows = rows.where(rows != "", None)
    by_name = rows.groupby(key, sort=True)
    notes = []
    for column in rows.columns.drop(key):
        differing = int((by_name[column].nunique() > 1).sum()) if rows[column].dtype == object else 0
        if differing:
            word = master if differing > 1 else master.removesuffix("s")
            verb = "have" if differing > 1 else "has"
            notes.append(f"{differing:,} {word} {verb} more than one {column}: the last one counts")
    return by_name.last().reset_index(), notes
