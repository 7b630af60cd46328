"""What is started, what comes out, and the hours that it takes on each work center."""

import pandas as pd

from planner.plan.tables.decisions import Decisions, arriving, join, rows_of, total, with_arrival
from planner.plan.tables.options import option_hours
from planner.scenario.keys import ROUTING, WORK_CENTER


def production_table(decisions: Decisions) -> pd.DataFrame:
    """Starts and completions of every routing, in every period in which it can be started or something is
    completed.
    """
    rates, keys = decisions.rates, [*ROUTING, "period"]
    production = decisions.of("production")
    started = production.merge(
        rates.routings[[*keys, "lead_time", "yield_rate"]], on=keys, how="left", validate="one_to_one"
    )
    started = started.assign(yield_loss=started["production"] * (1.0 - started["yield_rate"]))
    completed = arriving(
        started, {"production": "produced", "yield_loss": "yield_loss"}, keys=ROUTING, last=rates.last
    )
    hours = total(_step_hours(decisions), keys, hours="hours")
    table = rows_of(rates.routings, production, completed, keys=keys)
    setups = decisions.of("setup").rename(columns={"setup": "setups"})
    setup_hours = total(_setup_hours(decisions), keys, setup_hours="hours")
    for measures in (
        production,
        completed,
        hours,
        setups,
        decisions.of("carried"),
        setup_hours,
        decisions.of("production_lots"),
    ):
        table = join(table, measures, keys)
    table = table.merge(rates.routings[[*keys, "lot_multiple"]], on=keys, how="left", validate="one_to_one")
    table = table.assign(lots=table["production_lots"].where(table["lot_multiple"] > 0))
    return decisions.with_costs(with_arrival(table, rates.routings, keys=keys), keys, table="production")


def setup_families_table(decisions: Decisions) -> pd.DataFrame:
    """Setups of every family that the plan could use."""
    keys = ["site", "setup_family", "period"]
    declared = decisions.rates.scenario["setup_families"]
    families = declared[["site", "setup_family"]].assign(
        setup_hours=declared["setup_hours"].where(declared["work_center"].notna(), 0.0))
    setups = decisions.of("family_setup").rename(columns={"family_setup": "setups"})
    table = setups.merge(families, on=["site", "setup_family"], how="left", validate="many_to_one")
    timed = table.assign(setup_hours=table["setups"] * table["setup_hours"])
    return decisions.with_costs(timed, keys, table="setup_families")


def capacity_table(
    decisions: Decisions,
    *,
    quality: pd.DataFrame,
    families: pd.DataFrame,
    options: pd.DataFrame,
    maintenance: pd.DataFrame,
) -> pd.DataFrame:
    """Hours worked on every work center against the hours there are."""
    rates, keys = decisions.rates, [*WORK_CENTER, "period"]
    setups = pd.concat([_setup_hours(decisions), _family_hours(decisions, families)], ignore_index=True)
    load = pd.concat(
        [_step_hours(decisions), setups, _inspection_hours(decisions, quality)], ignore_index=True
    )
    overtime = decisions.of("overtime").rename(columns={"overtime": "overtime_hours"})
    limits = rates.work_centers[[*keys, "available_hours", "effective_hours", "overtime_limit"]]
    table = rows_of(limits, load, overtime, keys=keys).merge(
        limits, on=keys, how="left", validate="one_to_one"
    )
    stops = total(maintenance, keys, stop_hours="stop_hours")
    for measures in (
        total(load, keys, load_hours="hours"),
        total(setups, keys, setup_hours="hours"),
        overtime,
        option_hours(rates, options),
        stops,
    ):
        table = join(table, measures, keys)
    usable_hours = table["effective_hours"] + table["option_hours"] - table["stop_hours"]
    share = table["load_hours"] / usable_hours.where(usable_hours > 0)
    return decisions.with_costs(table.assign(utilization=share), keys, table="capacity")


def _step_hours(decisions: Decisions) -> pd.DataFrame:
    steps = decisions.rates.scenario["routing_steps"][[*ROUTING, "work_center", "hours_per_unit"]]
    worked = decisions.of("production").merge(steps, on=ROUTING)
    return worked.assign(hours=worked["production"] * worked["hours_per_unit"])


def _setup_hours(decisions: Decisions) -> pd.DataFrame:
    """Hours that the setups of routings take on each work center."""
    setups = decisions.of("setup").merge(decisions.rates.setup_steps, on=ROUTING)
    return setups.assign(hours=setups["setup"] * setups["setup_hours"])[
        [*ROUTING, "work_center", "period", "hours"]
    ]


def _family_hours(decisions: Decisions, families: pd.DataFrame) -> pd.DataFrame:
    """Hours that the setups of families take on their work centers."""
    where = decisions.rates.scenario["setup_families"][["site", "setup_family", "work_center"]]
    setups = families.merge(where[where["work_center"].notna()], on=["site", "setup_family"])
    return setups.assign(hours=setups["setup_hours"])[[*WORK_CENTER, "period", "hours"]]


def _inspection_hours(decisions: Decisions, quality: pd.DataFrame) -> pd.DataFrame:
    where = decisions.rates.scenario["inspections"][["item", "site", "work_center"]]
    inspected = quality.merge(
        where[where["work_center"].notna()], on=["item", "site"], validate="many_to_one"
    )
    return inspected.rename(columns={"inspection_hours": "hours"})[[*WORK_CENTER, "period", "hours"]]
