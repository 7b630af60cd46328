"""What an import or a roll did, as people read it in a terminal."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from planner.figures import figure, printable
from planner.scenario.importing.table_rows import rows_in_words

if TYPE_CHECKING:
    from planner.errors import Problem
    from planner.plan.rolling.roll import RollResult
    from planner.scenario.importing.account import Account
    from planner.scenario.importing.importing import ImportResult
    from planner.scenario.importing.merging import TableChange

MAXIMUM_REASONS = 8  # of a read; the file has all rows
MAXIMUM_PROBLEMS = 5


def import_result(outcome: "ImportResult") -> RenderableType:
    """What became of the rows of every file, what changed in every table, and what is still missing."""
    head = "nothing has changed" if outcome.is_unchanged else "imported"
    parts: list[RenderableType] = [Text(printable(f"{outcome.folder}: {head}"), style="bold")]
    for account in outcome.accounts:
        parts += [Text(), *_account(account)]
    if len(outcome.left_out):
        parts.append(
            Text(printable(f"Every row left out is listed in {outcome.folder / 'import' / 'left_out.csv'}"))
        )
    parts += [
        Text(),
        Text("Tables", style="bold"),
        *(line for change in outcome.changes for line in _change(change)),
    ]
    for heading, sentences in (("Recognised", outcome.recognised), ("Notes", outcome.notes)):
        if sentences:
            parts += [Text(), Text(heading, style="bold"), *map(_line, sentences)]
    return Group(*parts, Text(), *_problems(outcome.folder, outcome.problems, next_step="forecast"))


def _line(text: str) -> Text:
    return Text(printable(f"  {text}"))


def _account(account: "Account") -> Iterator[RenderableType]:
    """Rows and sums of one read, and why rows are not in the table."""
    files = " and ".join(account.files)
    yield Text(printable(f"{files} into {account.table}"), style="bold")
    out = account.rows_read - account.rows_written
    yield _line(
        f"{rows_in_words(account.rows_read)} read, {account.rows_written:,} written"
        + (f", {out:,} left out" if out > 0 else f", {-out:,} of them made by several" if out < 0 else "")
    )
    for name, total in account.sums_read.items():
        parts = [f"{figure(account.sums_written[name])} written"]
        left = float(account.left_out[name].sum())
        parts += [f"{figure(left)} left out"] if left else []
        parts += [f"{figure(sums[name])} {why}" for why, sums in account.moved.items() if sums.get(name)]
        yield _line(f"{name}: {figure(total)} read = {' + '.join(parts)}")
    if len(account.left_out):
        yield _reasons(account)


def _reasons(account: "Account") -> Table:
    reasons, measures = account.reasons(), list(account.sums_read)
    table = Table("    left out because", "rows", *measures, box=None, padding=(0, 2, 0, 0), header_style="")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in reasons.head(MAXIMUM_REASONS).to_dict("records"):
        table.add_row(
            printable(f"    {row['reason']}"), f"{row['rows']:,}", *(figure(row[name]) for name in measures)
        )
    others = reasons.iloc[MAXIMUM_REASONS:]
    if len(others):
        table.add_row(
            f"    {len(others):,} other reasons",
            f"{others['rows'].sum():,}",
            *(figure(float(others[name].sum())) for name in measures),
        )
    return table


def _change(change: "TableChange") -> Iterator[Text]:
    if not change.before:
        yield _line(f"{change.table}: new, {rows_in_words(change.after)}")
        return
    parts = [
        f"{count:,} {word}"
        for count, word in ((change.added, "new"), (change.removed, "gone"), (change.changed, "changed"))
        if count
    ]
    by_hand = f"; {change.by_hand:,} changed by hand stay as they are" if change.by_hand else ""
    done = ", ".join(parts) or "none changed"
    yield _line(f"{change.table}: {rows_in_words(change.after)}, {done}{by_hand}")
    yield from (_line(f"  {example}") for example in change.examples)


def roll_result(outcome: "RollResult", *, before: str) -> RenderableType:
    """What went into the archive, what was carried over in an unusual way, and what is wrong."""
    parts: list[RenderableType] = [Text(printable(f"{outcome.folder}: {before}, rolled"), style="bold")]
    parts += [_line(f"{name}: {rows_in_words(count)} archived") for name, count in outcome.archived.items()]
    parts += [_line(sentence) for sentence in outcome.notes]
    return Group(*parts, *_problems(outcome.folder, outcome.problems, next_step="solve"))


def _problems(folder: Path, problems: "Sequence[Problem]", *, next_step: str) -> Iterator[Text]:
    """What the scenario still needs before it can be planned."""
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = len(problems) - len(errors)
    if not problems:
        yield Text(printable(f"The scenario has no problems. Try: planner {next_step} {folder}"))
        return
    counts = [
        f"{count:,} {word}{'' if count == 1 else 's'}"
        for count, word in ((len(errors), "error"), (warnings, "warning"))
        if count
    ]
    yield Text(
        printable(f"The scenario has {' and '.join(counts)}: planner check {folder} lists all of them"),
        style="bold red" if errors else "yellow",
    )
    listed = (errors or list(problems))[:MAXIMUM_PROBLEMS]
    yield from (_line(str(problem)) for problem in listed)
