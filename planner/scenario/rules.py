"""The rules that hold across rows and tables: a table of contents of the `check_` functions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.errors import Problem
from planner.scenario import check_lots, check_names, check_network, check_pipeline, check_rows, check_values
from planner.scenario.draft import Draft


@dataclass(frozen=True)
class Rule:
    """A check, the tables that it must be able to read, and whether it needs to know the calendar.

    One that `concludes` looks at the whole network: a wrong name in those tables would make it see ghosts, so that it
    waits until they have no errors.
    """

    check: Callable[[Draft], Iterator[Problem]]
    reads: tuple[str, ...] = ()
    calendar: bool = False
    concludes: bool = False


SUPPLY = ("inventory", "scheduled_receipts", "sourcing", "routings")
WANTED = ("demand", "booked_orders", "order_history", "customers")

RULES = (
    Rule(check_rows.check_unplanned),
    Rule(check_names.check_references),
    Rule(check_names.check_listed_names),
    Rule(check_names.check_market_names, ("markets", "sites")),
    Rule(check_rows.check_one_of),
    Rule(check_rows.check_duplicates),
    Rule(check_rows.check_spans),
    Rule(check_rows.check_overlaps),
    Rule(check_rows.check_states),
    Rule(check_rows.check_periods, calendar=True),
    Rule(check_values.check_pairs),
    Rule(check_values.check_safety_stock_penalties, ("inventory",)),
    Rule(check_values.check_min_shares, ("sourcing",), calendar=True),
    Rule(check_values.check_max_shares, ("sourcing",), calendar=True),
    Rule(check_values.check_streams, ("forecast_streams",)),
    Rule(check_values.check_lifecycles, ("lifecycles",)),
    Rule(check_pipeline.check_opportunities, ("opportunities",)),
    Rule(check_pipeline.check_deal_sizes, ("opportunities", "items")),
    Rule(check_pipeline.check_stages, ("opportunities", "stage_history")),
    Rule(check_values.check_lost_sale_costs, ("service_terms", *WANTED, "opportunities"), calendar=True),
    Rule(check_values.check_lead_times, calendar=True),
    Rule(check_lots.check_lots_fit, ("sourcing", "routings")),
    Rule(check_lots.check_vehicles, ("lanes",)),
    Rule(check_lots.check_price_breaks, ("price_breaks",)),
    Rule(check_lots.check_first_breaks, ("price_breaks", "sourcing")),
    Rule(check_lots.check_maintenance_fits, ("maintenance",), calendar=True),
    Rule(check_lots.check_site_options, ("site_options", "sites")),
    Rule(check_lots.check_whole_numbers, ("labor_pools",)),
    Rule(check_lots.check_range),
    Rule(check_network.check_no_item_is_made_of_itself, ("bill_of_materials",)),
    Rule(check_network.check_lanes_lead_elsewhere, ("lanes",)),
    Rule(check_network.check_routings_have_steps, ("routings", "routing_steps"), concludes=True),
    Rule(check_network.check_items_can_be_supplied, (*SUPPLY, *WANTED, "bill_of_materials"), concludes=True),
    Rule(check_network.check_demand_can_be_delivered, (*SUPPLY, *WANTED, "lanes", "markets"), concludes=True),
    Rule(check_network.check_components_reach_routings, (*SUPPLY, "lanes", "bill_of_materials"), concludes=True),
)


def problems_across_tables(draft: Draft) -> list[Problem]:
    """Every problem that the rules find, save those rules that cannot judge what they would have to read."""
    found: list[Problem] = []
    for rule in RULES:
        readable = draft.broken.isdisjoint(rule.reads) and (draft.calendar is not None or not rule.calendar)
        if readable and not (rule.concludes and _troubled([*draft.problems, *found]).intersection(rule.reads)):
            found += rule.check(draft)
    return found


def _troubled(problems: list[Problem]) -> set[str]:
    """The tables with errors: named by the file, or by the column where an override wrote the cell."""
    errors = [problem for problem in problems if problem.severity == "error"]
    return {Path(problem.file).stem for problem in errors} | {problem.column.split(".")[0] for problem in errors}
