"""The command that shows a plan's figures by name and period."""

from typing import Annotated

import typer

from planner.cli.options import AsJson, Locale, OnePlace
from planner.cli.running import found_or_solved, show as show_result
from planner.csv_tables import ENGLISH

ANY = "; * stands for any letters."


def show(
    plan: OnePlace,
    what: Annotated[list[str] | None, typer.Option(
        metavar="WHAT",
        help="deliveries, production, purchases, stock, flows (all that comes to a stock and leaves it), "
             "crew, stability (against the plan agreed on), hours, money or sheet (the S&OP sheet of each "
             "family); may be given several times. By default all but flows, stability and sheet.")] = None,
    by: Annotated[str, typer.Option(
        metavar="KEY",
        help="item, family, market, customer, site, item_site, supplier, work_center, labor_pool or cost, as "
             "far as the figures are known by it.", show_default=False)] = "",
    start: Annotated[str | None, typer.Option("--from", metavar="PERIOD", help="The first period.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="PERIOD", help="The last period.")] = None,
    quarters: Annotated[bool, typer.Option("--quarters", help="Show quarters.")] = False,
    family: Annotated[str | None, typer.Option(
        metavar="NAME", help=f"Only this family, by default on its S&OP sheet{ANY}")] = None,
    item: Annotated[str | None, typer.Option(
        metavar="NAME", help=f"Only this item, by default on its S&OP sheet{ANY}")] = None,
    site: Annotated[str | None, typer.Option(metavar="NAME", help=f"Only this site{ANY}")] = None,
    market: Annotated[str | None, typer.Option(metavar="NAME", help=f"Only this market{ANY}")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of tables.")] = False,
    locale: Locale = ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Show a plan's figures by name and period.

    What is delivered, made, bought, kept, staffed, loaded and spent, with totals.
    """
    from planner.csv_tables import handed_on, locale_of
    from planner.report import records
    from planner.report.grids import chosen_grids, grids_frame
    from planner.report.grids.terminal import grid_result

    written = locale_of(locale)
    loaded_plan = found_or_solved([plan])[0]
    scope = {"family": family, "item": item, "site": site, "market": market}
    only = {key: name for key, name in scope.items() if name}
    grids = chosen_grids(loaded_plan, what or (), by=by, only=only, start=start, end=end, quarters=quarters)
    if as_csv:
        print(handed_on(grids_frame(grids), written), end="")
        return
    show_result(as_json, lambda: records.grid_records(loaded_plan, grids), lambda: grid_result(grids))
