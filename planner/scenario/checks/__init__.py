"""The rules that hold across rows and tables: a table of contents of the `check_` functions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.errors import Problem
from planner.scenario.checks import (
    days,
    history,
    lookalikes,
    lots,
    magnitudes,
    names,
    network,
    pipeline,
    rows,
    stability,
    values,
)
from planner.scenario.checks.draft import Draft


@dataclass(frozen=True)
class Rule:
    """A check, the tables that it must be able to read, and whether it needs to know the calendar.

    One that `concludes` looks at the whole network: a wrong name in those tables would make it see ghosts, so
    that it waits until they have no errors.
    """

    check: Callable[[Draft], Iterator[Problem]]
    reads: tuple[str, ...] = ()
    calendar: bool = False
    concludes: bool = False


SUPPLY = ("inventory", "scheduled_receipts", "sourcing", "routings")
BEGUN = ("items", "sites", "routings", "sourcing", "lanes", "labor_pools")
DEMAND_TABLES = ("demand", "booked_orders", "order_history", "customers")

RULES = (
    Rule(rows.check_unplanned),
    Rule(names.check_master_tables),
    Rule(names.check_references),
    Rule(names.check_listed_names),
    Rule(names.check_market_names, ("markets", "sites")),
    Rule(rows.check_one_of),
    Rule(rows.check_duplicates),
    Rule(rows.check_spans),
    Rule(rows.check_overlaps),
    Rule(rows.check_states),
    Rule(rows.check_periods, calendar=True),
    Rule(lookalikes.check_lookalikes),
    Rule(days.check_known_from),
    Rule(days.check_far_days, calendar=True),
    Rule(days.check_overdue_orders, ("booked_orders",), calendar=True),
    Rule(values.check_pairs),
    Rule(values.check_safety_stock_penalties, ("inventory",)),
    Rule(values.check_min_shares, ("sourcing",), calendar=True),
    Rule(values.check_max_shares, ("sourcing",), calendar=True),
    Rule(values.check_streams, ("forecast_streams",)),
    Rule(values.check_goals, ("goals",)),
    Rule(values.check_lifecycles, ("lifecycles",)),
    Rule(values.check_phase_outs, ("lifecycles",), calendar=True),
    Rule(values.check_like_items, ("lifecycles", "order_history")),
    Rule(history.check_returns, ("order_history",)),
    Rule(history.check_months_in_weeks, ("order_history",), calendar=True),
    Rule(history.check_twins, ("order_history",)),
    Rule(history.check_lonely_days, ("order_history",)),
    Rule(pipeline.check_currencies, ("opportunities", "exchange_rates")),
    Rule(pipeline.check_own_rate, ("exchange_rates",)),
    Rule(pipeline.check_opportunities, ("opportunities",)),
    Rule(pipeline.check_deal_lines, ("opportunities",)),
    Rule(pipeline.check_deal_prices, ("opportunities", "items", "prices")),
    Rule(pipeline.check_deal_sizes, ("opportunities", "items")),
    Rule(pipeline.check_stages, ("opportunities", "stage_history")),
    Rule(values.check_lost_sale_costs, ("service_terms", *DEMAND_TABLES, "opportunities"), calendar=True),
    Rule(values.check_lead_times, calendar=True),
    Rule(lots.check_lots_fit, ("sourcing", "routings")),
    Rule(lots.check_vehicles, ("lanes",)),
    Rule(lots.check_price_breaks, ("price_breaks",)),
    Rule(lots.check_first_breaks, ("price_breaks", "sourcing")),
    Rule(lots.check_maintenance_fits, ("maintenance",), calendar=True),
    Rule(lots.check_site_options, ("site_options", "sites")),
    Rule(lots.check_whole_numbers, ("labor_pools",)),
    Rule(stability.check_frozen_periods, calendar=True),
    Rule(stability.check_agreed_plan, calendar=True),
    Rule(stability.check_held_quantities, BEGUN, calendar=True),
    Rule(stability.check_stability_costs, ("stability_costs", *BEGUN)),
    Rule(magnitudes.check_range),
    Rule(network.check_no_item_is_made_of_itself, ("bill_of_materials",)),
    Rule(network.check_lanes_lead_elsewhere, ("lanes",)),
    Rule(network.check_routings_have_steps, ("routings", "routing_steps"), concludes=True),
    Rule(network.check_items_can_be_supplied, (*SUPPLY, *DEMAND_TABLES, "bill_of_materials"), concludes=True),
    Rule(network.check_demand_can_be_delivered, (*SUPPLY, *DEMAND_TABLES, "lanes", "markets"),
         concludes=True),
    Rule(network.check_components_reach_routings, (*SUPPLY, "lanes", "bill_of_materials"), concludes=True),
)


def problems_across_tables(draft: Draft) -> list[Problem]:
    """Every problem that the rules find, save those rules that cannot judge what they would have to read."""
    problems: list[Problem] = []
    for rule in RULES:
        readable = draft.broken.isdisjoint(rule.reads) and (draft.calendar is not None or not rule.calendar)
        if readable and not (
            rule.concludes and _troubled([*draft.problems, *problems]).intersection(rule.reads)
        ):
            problems += rule.check(draft)
    return problems


def _troubled(problems: list[Problem]) -> set[str]:
    """The tables with errors: named by the sheet or file, or by the column where an override wrote the
    cell.
    """
    errors = [problem for problem in problems if problem.severity == "error"]
    return {problem.sheet or Path(problem.file).stem for problem in errors} | {
        problem.column.split(".")[0] for problem in errors
    }
