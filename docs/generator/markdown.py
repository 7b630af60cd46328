"""Markdown by hand: a page and a table."""

from collections.abc import Iterable

NOTICE = "<!-- Made from the code by `python docs/generate.py`. Change the code, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A markdown page that ends with one line break."""
    return "\n\n".join([f"# {title}", NOTICE, *(part.strip("\n") for part in parts if part)]) + "\n"


def grid(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A markdown table."""
    lines = [list(headings), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def docstring(thing: object) -> str:
    """The docstring of a function or module as markdown: what is indented in it, a formula, stays as it was
    written.
    """
    # of a function's body, even where every line of its docstring is a formula
    indent = "    " if callable(thing) else ""
    return "\n".join(
        line.removeprefix(indent).rstrip() for line in (thing.__doc__ or "").strip().splitlines()
    )
