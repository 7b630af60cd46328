"""The command `peg`: what serves a delivery, and what depends on a source."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import AsJson, OfPlan, PlanPlace
from planner.cli.running import progress, show
from planner.errors import PlanError

if TYPE_CHECKING:
    from planner.plan.pegging.pegged import Pegging
    from planner.plan.pegging.stock import Rule

Name = str | None


def peg(
    plan: PlanPlace,
    order: Annotated[Name, typer.Option(help="What serves this booked order.")] = None,
    item: Annotated[Name, typer.Option(
        help="What serves deliveries of this item; of flows: only those of this item.")] = None,
    market: Annotated[Name, typer.Option(help="What serves this market.")] = None,
    customer: Annotated[Name, typer.Option(help="What serves the orders of this customer.")] = None,
    target: Annotated[Name, typer.Option(help="What serves what counts for this sales target.")] = None,
    origin: Annotated[
        Name, typer.Option(help="What serves demand of this origin: booked, pipeline, baseline, ...")] = None,
    period: Annotated[Name, typer.Option(
        help="Only deliveries, or flows, of this period, like 2026-03 or 2026-W10.")] = None,
    supplier: Annotated[Name, typer.Option(help="What depends on this supplier.")] = None,
    work_center: Annotated[Name, typer.Option(help="What depends on this work center.")] = None,
    flow: Annotated[Name, typer.Option(
        help="What depends on flows of this kind: opening, receipt, purchase, production, shipment.")] = None,
    site: Annotated[Name, typer.Option(help="Of these flows: only those that come to this site.")] = None,
    latest_first: Annotated[bool, typer.Option(
        "--latest-first", help="Take from a stock what came last: shows what is made ahead.")] = False,
    scenario: OfPlan = None,
    as_json: AsJson = False,
) -> None:
    """Say what serves a delivery, and its landed cost.

    Or, the other way, what depends on a supplier, a work center or a receipt.
    """
    served = {"order": order, "item": item, "market": market, "customer": customer, "target": target,
              "origin": origin, "period": period}
    sources = {"supplier": supplier, "work_center": work_center, "kind": flow, "site": site, "item": item,
               "period": period}
    is_backward = any(name is not None for name in (supplier, work_center, flow, site))
    if is_backward:
        _expect_one_question(served)
    pegging = _pegged(plan, scenario, rule="latest_first" if latest_first else "oldest_first")
    (_show_dependents if is_backward else _show_served)(pegging, sources if is_backward else served, as_json)


def _pegged(plan: Path, scenario: Path | None, *, rule: "Rule") -> "Pegging":
    from planner.plan.pegging import peg as pegged
    from planner.plan.plan import Plan

    with progress():
        return pegged(Plan.load(plan), scenario, rule=rule)


def _show_served(pegging: "Pegging", names: dict[str, Name], as_json: bool) -> None:
    from planner.report.records import pegging as pegging_records
    from planner.report.terminal import pegging as terminal_pegging

    served = pegging.serving(**names)
    show(as_json, lambda: pegging_records.served_record(pegging, served, names),
         lambda: terminal_pegging.served_result(pegging, served, names))


def _show_dependents(pegging: "Pegging", names: dict[str, Name], as_json: bool) -> None:
    from planner.report.records import pegging as pegging_records
    from planner.report.terminal import pegging as terminal_pegging

    dependents = pegging.depending(**names)
    show(as_json, lambda: pegging_records.dependents_record(pegging, dependents, names),
         lambda: terminal_pegging.dependents_result(pegging, dependents, names))


def _expect_one_question(served: dict[str, Name]) -> None:
    """What is asked is what depends on something; PlanError where it is also what serves something."""
    of_deliveries = [f"--{kind}" for kind, name in served.items()
                     if name is not None and kind not in ("item", "period")]
    if of_deliveries:
        raise PlanError(f"{' and '.join(of_deliveries)}: ask either what serves deliveries or what depends "
                        "on a source, not both at once")
