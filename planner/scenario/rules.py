"""The rules that hold across rows and tables: a table of contents of the `check_` functions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from planner.errors import Problem
from planner.scenario import check_names, check_network, check_rows, check_values
from planner.scenario.draft import Draft


@dataclass(frozen=True)
class Rule:
    """A check, the tables that it must be able to trust, and whether it needs to know the calendar."""

    check: Callable[[Draft], Iterator[Problem]]
    reads: tuple[str, ...] = ()
    calendar: bool = False


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
    Rule(check_values.check_opportunities, ("opportunities",)),
    Rule(check_values.check_lost_sale_costs, ("service_terms", *WANTED, "opportunities"), calendar=True),
    Rule(check_values.check_lead_times, calendar=True),
    Rule(check_network.check_no_item_is_made_of_itself, ("bill_of_materials",)),
    Rule(check_network.check_lanes_lead_elsewhere, ("lanes",)),
    Rule(check_network.check_routings_have_steps, ("routings", "routing_steps")),
    Rule(check_network.check_items_can_be_supplied, (*SUPPLY, *WANTED, "bill_of_materials")),
    Rule(check_network.check_demand_can_be_delivered, (*SUPPLY, *WANTED, "lanes", "markets")),
    Rule(check_network.check_components_reach_routings, (*SUPPLY, "lanes", "bill_of_materials")),
)


def problems_across_tables(draft: Draft) -> list[Problem]:
    """Every problem that every rule finds, save the rules whose tables could not be read."""
    applicable = (rule for rule in RULES if draft.broken.isdisjoint(rule.reads))
    return [problem for rule in applicable if draft.calendar is not None or not rule.calendar for problem in rule.check(draft)]
