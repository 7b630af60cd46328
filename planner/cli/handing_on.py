"""The command that hands a plan's orders on to other systems."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import AsJson, Locale, OnePlace
from planner.cli.running import found_or_solved, note
from planner.csv_tables import ENGLISH, handed_on, locale_of
from planner.errors import OutputError

if TYPE_CHECKING:
    pass

FILE = ".csv"
BYTE_ORDER_MARK = "\ufeff"  # by which the spreadsheets of other languages know the letters of UTF-8


def export(
    plan: OnePlace,
    what: Annotated[list[str] | None, typer.Option(
        metavar="WHAT", help="purchase_requisitions, production_orders, transfers, shipments or hires; may "
                             "be given several times. By default all.")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="PERIOD", help="The first period.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="PERIOD", help="The last period.")] = None,
    output: Annotated[Path | None, typer.Option(
        metavar="PLACE", help="A file, like orders.csv, for one list; a folder for several. By default they "
                              "are printed.")] = None,
    whole: Annotated[bool, typer.Option(
        "--whole", help="Whole units: running totals are rounded up, so that nothing comes late.")] = False,
    locale: Locale = ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Export a plan's orders as flat lists for other systems.

    What to order, start, send and hire, with dates, lots and quantities.
    """
    from planner.report import records
    from planner.report.orders import orders

    written = locale_of(locale)
    if output is not None:
        _expect(output, single=len(what or ()) == 1)
    loaded_plan = found_or_solved([plan])[0]
    lists = orders(loaded_plan, what or (), start=start, end=end, whole=whole)
    if as_json:
        print(records.json_text(records.order_records(loaded_plan, lists)))
    elif output is None:
        print("\n".join(handed_on(frame, written) for frame in lists.values()), end="")
    if output is not None:
        mark = "" if locale == ENGLISH else BYTE_ORDER_MARK
        _save(output, {name: f"{mark}{handed_on(frame, written)}" for name, frame in lists.items()})


def _expect(output: Path, *, single: bool) -> None:
    """The place fits what is asked for; OutputError otherwise."""
    from planner.writing import expect_folder, expect_list, refuse_record

    if output.suffix.lower() == ".xlsx":
        raise OutputError(f"{output}: lists are CSV. planner report --output writes a workbook of the plan")
    if output.suffix.lower() != FILE:
        expect_folder(output)
        refuse_record(output, output)
    elif single:
        expect_list(output, example="orders.csv")
    else:
        raise OutputError(f"{output}: is one file. Choose one list with --what, or a folder for several")


def _save(output: Path, texts: Mapping[str, str]) -> None:
    """Each list stands in its file."""
    from planner.writing import write_text

    is_file = output.suffix.lower() == FILE
    for name, text in texts.items():
        write_text(output if is_file else output / f"{name}{FILE}", text)
    note(f"{', '.join(name.replace('_', ' ') for name in texts)} written to {output}")
