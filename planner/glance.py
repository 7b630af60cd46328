"""What a result is, at a glance: a few lines for a console, a small table for a notebook."""

import html
from collections.abc import Mapping

import pandas as pd

from planner.figures import figure, printable

WIDEST = 100  # letters of a line; a console breaks longer ones


def glance(title: str, facts: Mapping[str, str]) -> str:
    """The title, and a line for each fact."""
    width = max((len(name) for name in facts), default=0)
    lines = [title, *(f"  {name:{width}}  {fact}" for name, fact in facts.items())]
    return "\n".join(_short(printable(line)) for line in lines)


def glance_html(title: str, facts: Mapping[str, str]) -> str:
    """The same as a table, whatever letters names have."""
    rows = "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(fact)}</td></tr>"
                   for name, fact in facts.items())
    return f"<table><caption>{html.escape(printable(title))}</caption>{rows}</table>"


def in_short(thing: object) -> str:
    """The type of the thing and the beginning of what it looks like, for messages."""
    return f"{type(thing).__name__} {repr(thing).splitlines()[0]:.60}"


def row_counts(tables: Mapping[str, pd.DataFrame]) -> str:
    """How many rows each table has, the empty ones left out."""
    return ", ".join(f"{name} {figure(len(frame))}" for name, frame in tables.items() if len(frame)) or "none"


def _short(line: str) -> str:
    return line if len(line) <= WIDEST else f"{line[:WIDEST - 3]}..."
