"""What is chosen: capacity options, the periods of maintenance stops, and sites opened, closed or
expanded.
"""

import pandas as pd

from planner.plan.rates import Rates
from planner.plan.tables.decisions import Decisions, every_period, join, rows_of, total
from planner.scenario.keys import WORK_CENTER

CENTER_PERIOD = [*WORK_CENTER, "period"]


def options_table(decisions: Decisions) -> pd.DataFrame:
    """Every capacity option in every period in which it can be bought or run."""
    keys = ["option", "period"]
    bought, running = decisions.of("bought"), decisions.of("running")
    table = join(join(rows_of(bought, running, keys=keys), bought, keys), running, keys)
    return decisions.with_costs(table, keys, table="options")


def maintenance_table(decisions: Decisions) -> pd.DataFrame:
    """The stops of every work center that has some to place, in every period in which they can be."""
    stops = decisions.of("stopped").rename(columns={"stopped": "stops"})
    return stops.assign(stop_hours=stops["stops"] * hours_of_a_stop(decisions.rates, stops))


def hours_of_a_stop(rates: Rates, stops: pd.DataFrame) -> pd.Series:
    """Effective hours that one stop takes, for each row of site, work center and period."""
    lost = rates.scenario["maintenance"][["site", "work_center", "hours_per_stop"]]
    rates_of_stop = stops[CENTER_PERIOD].merge(lost, on=["site", "work_center"], how="left").merge(
        rates.work_centers[[*CENTER_PERIOD, "oee"]], on=CENTER_PERIOD, how="left")
    return (rates_of_stop["hours_per_stop"] * rates_of_stop["oee"].fillna(0.0)).set_axis(stops.index)


def option_hours(rates: Rates, options: pd.DataFrame) -> pd.DataFrame:
    """Effective hours that running options add to each work center and period, as `option_hours`."""
    added = rates.scenario["capacity_options"][["option", "site", "work_center", "added_hours"]]
    running = options.merge(added, on="option").merge(
        rates.work_centers[[*CENTER_PERIOD, "oee"]], on=CENTER_PERIOD
    )
    running = running.assign(option_hours=running["running"] * running["added_hours"] * running["oee"])
    return total(running, CENTER_PERIOD, option_hours="option_hours")


def site_options_table(decisions: Decisions) -> pd.DataFrame:
    """Every site option in every period in which it can be chosen."""
    keys = ["site_option", "period"]
    return decisions.with_costs(decisions.of("chosen"), keys, table="site_options")


def sites_table(decisions: Decisions) -> pd.DataFrame:
    """Whether each site is open, where that costs something or somebody may choose it."""
    keys = ["site", "period"]
    opened = decisions.of("site_open").rename(columns={"site_open": "open"})
    return decisions.with_costs(opened, keys, table="sites")


def added_capacity(rates: Rates, chosen: pd.DataFrame) -> pd.DataFrame:
    """Space that the expansions chosen so far add to each site, as `added_capacity`."""
    options = rates.scenario["site_options"]
    growing = options.loc[options["kind"] == "expand", ["site_option", "site", "added_capacity"]]
    expansions = chosen.rename(columns={"period": "since"}).merge(growing, on="site_option")
    added = expansions["chosen"] * expansions["added_capacity"].fillna(0.0)
    grown = every_period(expansions.assign(added_capacity=added), rates.last)
    return total(
        grown[grown["since"] <= grown["period"]], ["site", "period"], added_capacity="added_capacity"
    )
