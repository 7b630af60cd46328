"""What is started, what comes out, and the hours that it takes on each work center."""

import pandas as pd

from planner.plan.tables.decisions import Decisions, arriving, join, rows_of, total

ROUTING = ["item", "site", "routing"]
WORK_CENTER = ["site", "work_center"]


def production_table(decisions: Decisions) -> pd.DataFrame:
    """Starts and completions of every routing, in every period in which it can be started or something is completed."""
    rates, keys = decisions.rates, [*ROUTING, "period"]
    production = decisions.of("production")
    started = production.merge(rates.routings[[*keys, "lead_time", "yield_rate"]], on=keys, how="left", validate="one_to_one")
    started = started.assign(yield_loss=started["production"] * (1.0 - started["yield_rate"]))
    completed = arriving(started, {"production": "produced", "yield_loss": "yield_loss"}, keys=ROUTING, last=rates.last)
    hours = total(_step_hours(decisions), keys, hours="hours")
    table = rows_of(rates.routings, production, completed, keys=keys)
    table = join(join(join(table, production, keys), completed, keys), hours, keys)
    return decisions.with_costs(table, keys, {"production_cost": "production"})


def capacity_table(decisions: Decisions, quality: pd.DataFrame) -> pd.DataFrame:
    """Hours worked on every work center against the hours there are."""
    rates, keys = decisions.rates, [*WORK_CENTER, "period"]
    load = pd.concat([_step_hours(decisions), _inspection_hours(decisions, quality)], ignore_index=True)
    overtime = decisions.of("overtime").rename(columns={"overtime": "overtime_hours"})
    limits = rates.work_centers[[*keys, "available_hours", "effective_hours", "overtime_limit"]]
    table = rows_of(limits, load, overtime, keys=keys).merge(limits, on=keys, how="left", validate="one_to_one")
    table = join(join(table, total(load, keys, load_hours="hours"), keys), overtime, keys)
    share = table["load_hours"] / table["effective_hours"].where(table["effective_hours"] > 0)
    costs = {"hour_cost": "work_center_hours", "overtime_cost": "work_center_overtime"}
    return decisions.with_costs(table.assign(utilization=share), keys, costs)


def _step_hours(decisions: Decisions) -> pd.DataFrame:
    steps = decisions.rates.scenario["routing_steps"][[*ROUTING, "work_center", "hours_per_unit"]]
    worked = decisions.of("production").merge(steps, on=ROUTING)
    return worked.assign(hours=worked["production"] * worked["hours_per_unit"])


def _inspection_hours(decisions: Decisions, quality: pd.DataFrame) -> pd.DataFrame:
    where = decisions.rates.scenario["inspections"][["item", "site", "work_center"]]
    inspected = quality.merge(where[where["work_center"].notna()], on=["item", "site"], validate="many_to_one")
    return inspected.rename(columns={"inspection_hours": "hours"})[[*WORK_CENTER, "period", "hours"]]
