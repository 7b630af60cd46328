"""The operations side of the scorecard: what is delivered, with what, at which cost."""

import pandas as pd

from planner.plan.kpis.registry import YEAR_DAYS, Figures, kpi, ratio

FULL = 1.0 - 1e-6  # of the demand: the rest is the solver's tolerance


@kpi(unit="0 to 1", side="operations", better="higher")
def order_fill_rate(figures: Figures) -> float | None:
    """Share of the demand that is delivered in its period.

        sum of delivered_on_time / sum of demand; orders overdue when the plan starts are not counted

    Source: ASCM Supply Chain Dictionary, fill rate, by units.
    """
    sales = figures.tables["sales"]
    return ratio(float(sales["delivered_on_time"].sum()), float(sales["demand"].sum()))


@kpi(unit="0 to 1", side="operations", better="higher")
def on_time_in_full(figures: Figures) -> float | None:
    """Share of the demands (an item, market, class and priority in one period) delivered whole in their
    period.

        demands with delivered_on_time = demand / demands

    Source: SCOR RL.2.1 orders delivered in full and RL.2.2 delivery to commit date, taken together.
    """
    sales = figures.tables["sales"]
    due = sales[sales["demand"] > 0]
    return float((due["delivered_on_time"] >= FULL * due["demand"]).mean()) if len(due) else None


@kpi(unit="0 to 1", side="operations", better="higher")
def production_yield(figures: Figures) -> float | None:
    """Share of the units completed by production that come out good, before inspection.

        1 - sum of yield_loss / sum of produced

    Source: ASCM Supply Chain Dictionary, yield.
    """
    production = figures.tables["production"]
    lost = ratio(float(production["yield_loss"].sum()), float(production["produced"].sum()))
    return None if lost is None else 1.0 - lost


@kpi(unit="0 to 1", side="operations", better="lower")
def defect_rate(figures: Figures) -> float | None:
    """Share of the inspected units that are found defective, reworked ones included.

        sum of defective / sum of inspected

    Source: ASCM Supply Chain Dictionary, fraction defective.
    """
    quality = figures.tables["quality"]
    return ratio(float(quality["defective"].sum()), float(quality["inspected"].sum()))


@kpi(unit="0 to 1", side="operations", better="higher", basis="scenario")
def oee(figures: Figures) -> float | None:
    """Planned overall equipment effectiveness: standard hours of the work planned in the gross hours manned
    for it.

        sum of load_hours / sum of (available_hours + gross hours of options, stops and overtime), of work
            centers with limits
        = utilization * availability * performance * quality where no overtime is worked

    Gross hours are effective ones divided by availability * performance * quality; setups are part of the
    load. Source: ISO 22400-2, OEE index.
    """
    keys = ["site", "work_center", "period"]
    capacity = figures.rates.with_periods(figures.rates.work_centers)[[*keys, "oee"]]
    limited = _limited(figures).merge(capacity, on=keys, how="inner", validate="one_to_one")
    besides = limited["option_hours"] - limited["stop_hours"] + limited["overtime_hours"]
    gross = limited["available_hours"] + besides / limited["oee"]
    return ratio(float(limited["load_hours"].sum()), float(gross.sum()))


@kpi(unit="periods", side="operations", better="lower", basis="scenario")
def supply_lead_time(figures: Figures) -> float | None:
    """Average periods from an order at a supplier to its receipt, by units ordered.

        sum of purchased * lead_time / sum of purchased

    Source: SCOR RS.2.1 source cycle time, planned.
    """
    keys = ["item", "supplier", "site", "period"]
    terms = figures.rates.with_periods(figures.rates.sources)[[*keys, "lead_time"]]
    ordered = figures.tables["sourcing"].merge(terms, on=keys, how="inner", validate="one_to_one")
    return ratio(
        float((ordered["purchased"] * ordered["lead_time"]).sum()), float(ordered["purchased"].sum())
    )


@kpi(unit="turns per year", side="operations", better="higher", basis="scenario")
def inventory_turns(figures: Figures) -> float | None:
    """How often a year the average stock is sold, both at standard cost.

        cost of the units shipped to markets * 365 / days in the horizon / average value of the closing stock

    Absent where no item in stock has a standard cost. Source: ASCM Supply Chain Dictionary, inventory
    turnover.
    """
    sold = _at_standard_cost(figures, "shipped") * YEAR_DAYS / figures.days
    return ratio(sold, _average_stock_value(figures))


@kpi(unit="days", side="operations", better="lower", basis="scenario")
def days_of_supply(figures: Figures) -> float | None:
    """Days for which the average stock lasts at the plan's sales, both at standard cost.

        average value of the closing stock / (cost of the units shipped to markets / days in the horizon)

    Absent where nothing with a standard cost is shipped. Source: SCOR AM.2.2 inventory days of supply.
    """
    return ratio(_average_stock_value(figures), _at_standard_cost(figures, "shipped") / figures.days)


@kpi(unit="currency", side="operations", better="lower", grows_with_volume=True)
def stock_value(figures: Figures) -> float | None:
    """Average value of the closing stock at standard cost: the money that stock binds.

        sum over items and sites of closing * standard_cost / periods

    Absent where no item in the plan has a standard cost. Source: SCOR AM.1.3 working capital, its inventory
    part; IAS 2, paragraph 21, standard cost as a measure of the cost of inventories.
    """
    items = figures.tables["items"].set_index("item")["standard_cost"].fillna(0.0)
    inventory = figures.tables["inventory"]
    if not (items > 0).any() or inventory.empty:
        return None
    worth = inventory["closing"] * inventory["item"].map(items).astype("float64").fillna(0.0)
    return float(worth.sum()) / inventory["period"].nunique()


@kpi(unit="0 to 1", side="operations", better="higher")
def utilization(figures: Figures) -> float | None:
    """Hours worked against the regular effective hours of the work centers whose hours are limited; overtime
    counts as work.

        sum of load_hours / sum of (effective_hours + option_hours - stop_hours)

    Source: ASCM Supply Chain Dictionary, utilization, against demonstrated (effective) capacity.
    """
    limited = _limited(figures)
    usable_hours = limited["effective_hours"] + limited["option_hours"] - limited["stop_hours"]
    return ratio(float(limited["load_hours"].sum()), float(usable_hours.sum()))


@kpi(unit="units", side="operations", better="higher")
def units_delivered(figures: Figures) -> float | None:
    """Units that the plan delivers: the volume that its cost serves.

        sum of (delivered_on_time + delivered_late)

    Source: sales volume of the plan; what a total cost has to be read beside.
    """
    return float(figures.delivered.sum()) if len(figures.tables["sales"]) else None


@kpi(unit="currency per unit", side="operations", better="lower")
def cost_per_unit(figures: Figures) -> float | None:
    """Operations cost for each unit delivered.

        sum of all costs but backorders and lost sales / (delivered_on_time + delivered_late)

    Source: ASCM Supply Chain Dictionary, unit cost.
    """
    costs = figures.tables["costs"]
    return ratio(float(costs.loc[costs["area"] != "sales", "amount"].sum()), float(figures.delivered.sum()))


@kpi(unit="currency", side="operations", better="lower", grows_with_volume=True)
def total_cost(figures: Figures) -> float | None:
    """Everything that the plan costs.

        sum of the table costs, backorder and lost-sale costs included where the objective counts them

    Source: SCOR CO.1.1 total supply chain management cost.
    """
    return float(figures.tables["costs"]["amount"].sum())


def _limited(figures: Figures) -> pd.DataFrame:
    capacity = figures.tables["capacity"]
    return capacity[capacity["effective_hours"].notna()]


def _at_standard_cost(figures: Figures, measure: str) -> float:
    inventory = figures.tables["inventory"]
    return float((inventory[measure] * figures.rates.of_item(inventory["item"], "standard_cost")).sum())


def _average_stock_value(figures: Figures) -> float:
    return _at_standard_cost(figures, "closing") / figures.scenario.calendar.periods
