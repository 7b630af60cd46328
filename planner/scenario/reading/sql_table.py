"""A table that is a query to a database: its rows are read each time the scenario is."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from planner.errors import Problem
from planner.scenario.calendar import Bucket
from planner.scenario.columns import Table
from planner.scenario.reading.cells import Cells, no_cells
from planner.scenario.reading.headings import column_problems
from planner.scenario.reading.node import Node
from planner.scenario.reading.records import frame_cells
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean, quoted

SECTION = "tables"
ENTRIES = ("query", "connection")
READS = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Query:
    """A query, and the name of the environment variable that holds the address of its database."""

    text: str
    connection: str
    place: Node


def queries_of(description: Node) -> tuple[dict[str, Query], list[Problem]]:
    """The queries that the description gives, by table, and what is wrong with them."""
    section = description.get(SECTION)
    if section is None or section.is_blank:
        return {}, []
    if not section.is_mapping:
        reason = "must be tables, each with query and connection"
        return {}, [section.problem(reason, column=SECTION, code="scenario.tables.query")]
    queries, problems = {}, []
    for name, query in section.items():
        wrong = list(_faults(name, query))
        problems += wrong
        if not wrong:
            queries[name] = Query(query["query"].text, query["connection"].text.strip(), query)
    return queries, problems


def _faults(name: str, query: Node) -> Iterator[Problem]:
    column = f"{SECTION}.{name}"
    if name not in TABLES:
        reason = f"no such table{did_you_mean(name, TABLES)}"
        yield query.problem(reason, column=column, code="scenario.tables.query")
        return
    entries = [entry for entry, _ in query.items()] if query.is_mapping else []
    for entry in entries:
        if entry not in ENTRIES:
            reason = f"no such entry. Allowed are query and connection{did_you_mean(entry, ENTRIES)}"
            yield query[entry].problem(reason, column=f"{column}.{entry}", code="scenario.tables.query")
    for entry in ENTRIES:
        if entry not in entries or not query[entry].text.strip():
            reason = "needs query, and connection: the environment variable with the address of the database"
            yield query.problem(reason, column=column, code="scenario.tables.query")
            return
    if not READS.match(query["query"].text):
        reason = "must be a query that begins with select or with"
        yield query["query"].problem(reason, column=f"{column}.query", code="scenario.tables.query")
    if not NAME.fullmatch(query["connection"].text.strip()):
        reason = "must be the name of an environment variable, never the address itself"
        yield query["connection"].problem(reason, column=f"{column}.connection", code="scenario.tables.query")


def read_query(query: Query, table: Table, bucket: Callable[[], Bucket]) -> tuple[Cells, list[Problem]]:
    """The rows of the query as cells, the first one row 1, and what is wrong with their columns.

    The address comes from the environment and is nowhere repeated: not in messages, plans or hashes.
    """
    try:
        frame = _rows(query, table)
        cells = frame_cells(frame, table, bucket(), file=f"{table.name} (query)", first_row=1)
    except UnreadableError as error:
        return no_cells(table.name), [error.problem]
    return cells, column_problems(cells, table, header=None)


def _rows(query: Query, table: Table) -> pd.DataFrame:
    address = os.environ.get(query.connection, "")
    if not address:
        raise _refused(
            query,
            table,
            f"the environment variable {query.connection} is not set: set it to the address "
            "of the database, like postgresql+psycopg://user@host/name",
        )
    try:
        import sqlalchemy
    except ImportError:
        raise _refused(
            query, table, 'queries need SQLAlchemy. Install it: pip install "planner[sql]"'
        ) from None
    try:
        engine = sqlalchemy.create_engine(address)
        opened = engine.connect()
    except Exception as error:  # whatever a driver raises may repeat the address
        raise _refused(
            query, table, f"the database in {query.connection} cannot be reached ({type(error).__name__})"
        ) from None
    try:
        with opened as connection:  # closed without a commit: nothing is changed
            if engine.dialect.name == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
            result = connection.execute(sqlalchemy.text(query.text))
            return pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
    except sqlalchemy.exc.SQLAlchemyError as error:
        message = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        raise _refused(
            query, table, f"the database refuses the query: {_without(message, engine.url)}"
        ) from None
    finally:
        engine.dispose()


def _without(text: str, url: object) -> str:
    """The text without anything of the address that could be a secret."""
    secrets = [
        str(part)
        for part in (
            getattr(url, "password", None),
            getattr(url, "username", None),
            getattr(url, "host", None),
        )
        if part
    ]
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _refused(query: Query, table: Table, reason: str) -> UnreadableError:
    problem = query.place.problem(
        reason,
        column=f"{SECTION}.{table.name}",
        code="scenario.tables.database",
        value=quoted(" ".join(query.text.split())),
    )
    return UnreadableError(problem)
