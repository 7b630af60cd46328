"""Every flow of every stock, the stock to keep, and the space that stock takes."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.plan.tables.decisions import Decisions, every_period, join, rows_of, total
from planner.plan.tables.options import added_capacity
from planner.scenario.keys import STOCK

KEYS = [*STOCK, "period"]
Matrix = NDArray[np.float64]


def inventory_table(
    decisions: Decisions,
    *,
    production: pd.DataFrame,
    sourcing: pd.DataFrame,
    quality: pd.DataFrame,
    delivery: pd.DataFrame,
) -> pd.DataFrame:
    """Opening and closing stock and all that comes between, for every item wherever it can stand."""
    rates, closing = decisions.rates, decisions.of("inventory").rename(columns={"inventory": "closing"})
    opening = closing.assign(period=closing["period"] + 1).rename(columns={"closing": "opening"})
    lost = pd.concat([total(production, KEYS, scrapped="yield_loss"), quality[[*KEYS, "scrapped"]]])
    flows = [
        total(production, KEYS, produced="produced"),
        total(sourcing, KEYS, received="received"),
        rates.receipts,
        *_journeys(decisions, delivery),
        _consumption(decisions, production),
        total(lost, KEYS, scrapped="scrapped"),
    ]
    stocks = rows_of(rates.stocks, closing, *flows, keys=STOCK)
    table = every_period(stocks.sort_values(STOCK, ignore_index=True), rates.last)
    for measures in (opening, closing, *flows, decisions.of("safety_stock_shortfall")):
        table = join(table, measures, KEYS)
    table = table.assign(safety_stock=_stock_to_keep(table, decisions))
    return decisions.with_costs(table, KEYS, table="inventory")


def storage_table(decisions: Decisions, inventory: pd.DataFrame, site_options: pd.DataFrame) -> pd.DataFrame:
    """Space that the closing stock takes at every site."""
    volume = inventory["closing"] * decisions.rates.of_item(inventory["item"], "volume")
    used = total(inventory.assign(volume=volume), ["site", "period"], volume="volume")
    overflow = decisions.of("storage_overflow").rename(columns={"storage_overflow": "overflow"})
    sites = every_period(
        decisions.rates.scenario["sites"][["site", "storage_capacity"]], decisions.rates.last
    )
    table = sites
    for measures in (used, overflow, added_capacity(decisions.rates, site_options)):
        table = join(table, measures, ["site", "period"])
    return decisions.with_costs(table, ["site", "period"], table="storage")


def _journeys(decisions: Decisions, delivery: pd.DataFrame) -> list[pd.DataFrame]:
    """Shipments to markets, transfers to other sites and transfers from them, as flows of the stocks they
    leave and reach.
    """
    between_sites = delivery["destination"].isin(decisions.rates.scenario["sites"]["site"])
    leaving, arriving = (
        delivery.rename(columns={"origin": "site"}),
        delivery.rename(columns={"destination": "site"}),
    )
    return [total(leaving[~between_sites], KEYS, shipped="shipped"),
            total(leaving[between_sites], KEYS, transferred_out="shipped"),
            total(arriving[between_sites], KEYS, transferred_in="arrived")]


def _consumption(decisions: Decisions, production: pd.DataFrame) -> pd.DataFrame:
    used = production.merge(decisions.rates.components, on=STOCK)
    used = used.assign(consumed=used["production"] * used["quantity_per"], item=used["component"])
    return total(used, KEYS, consumed="consumed")


def _stock_to_keep(table: pd.DataFrame, decisions: Decisions) -> Matrix:
    """The larger of the safety stock and what covers the days of supply, for a table of whole calendars per
    stock.
    """
    rates = decisions.rates
    terms = table.merge(
        rates.stocks[[*KEYS, "safety_stock", "days_of_supply"]], on=KEYS, how="left", validate="one_to_one"
    )
    outflow = (
        (table["consumed"] + table["shipped"] + table["transferred_out"]).to_numpy().reshape(-1, rates.last)
    )
    days = terms["days_of_supply"].fillna(0.0).to_numpy().reshape(-1, rates.last)
    cover = cover_of_days(outflow, days, np.asarray(rates.scenario.calendar.days, dtype=float))
    minimum: Matrix = np.maximum(terms["safety_stock"].fillna(0.0).to_numpy(), cover.ravel())
    return minimum


def cover_of_days(outflow: Matrix, days: Matrix, days_in_period: Matrix) -> Matrix:
    """Outflow of the days that follow each period: whole periods, then a part; past the end the last period's
    outflow repeats.

    One row for each stock, one column for each period.
    """
    clock = np.concatenate([[0.0], np.cumsum(days_in_period)])
    used = np.hstack([np.zeros((len(outflow), 1)), np.cumsum(outflow, axis=1)])
    until = clock[1:] + days
    last = len(days_in_period) - 1
    start = np.clip(np.searchsorted(clock, until, side="right") - 1, 0, last)
    rate = np.take_along_axis(outflow, start, axis=1) / days_in_period[start]
    cover: Matrix = np.take_along_axis(used, start, axis=1) + (until - clock[start]) * rate - used[:, 1:]
    return cover
