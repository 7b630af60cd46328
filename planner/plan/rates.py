"""What a scenario charges, allows and takes, by key and numbered period: the figures that plan tables and
audit start from.

Periods are whole numbers from 1 here, so that a lead time is an addition; 0 and less is before the plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from planner.scenario.keys import DEMAND_LINE, LANE, ROUTING
from planner.scenario.scenario import Scenario
from planner.scenario.scope import in_every_period, own_before_shared


@dataclass(frozen=True)
class Rates:
    """The scenario's figures in every period in which they hold."""

    scenario: Scenario

    @property
    def last(self) -> int:
        """Number of the last period."""
        return self.scenario.calendar.periods

    def numbered(self, table: str) -> pd.DataFrame:
        """One row for each key and period in which a row of the table holds, periods numbered."""
        frame = self.scenario.by_period(table)
        return frame.assign(period=self.scenario.calendar.number(frame["period"]))

    def with_periods(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The same rows with numbered periods turned into calendar periods, as the scenario looks them up."""
        return frame.assign(period=self.scenario.calendar.index[frame["period"].to_numpy(np.int64) - 1])

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Terms of each item, supplier and site by period."""
        return self.numbered("sourcing")

    @cached_property
    def routings(self) -> pd.DataFrame:
        """Terms of each item, site and routing by period."""
        return self.numbered("routings")

    @cached_property
    def components(self) -> pd.DataFrame:
        """What a unit of each item takes at each site where it is made; a row for the site beats the row for
        all sites.
        """
        routed = self.scenario["routings"][["item", "site"]].drop_duplicates()
        bill = self.scenario["bill_of_materials"].rename(columns={"parent": "item", "site": "own_site"})
        spread = routed.merge(bill, on="item")
        fits = spread["own_site"].isna() | (spread["own_site"] == spread["site"])
        keys = ["item", "site", "component"]
        chosen = own_before_shared(spread[fits], keys, own=spread["own_site"][fits].notna())
        return chosen[[*keys, "quantity_per"]].reset_index(drop=True)

    @cached_property
    def work_centers(self) -> pd.DataFrame:
        """Hours and costs of each work center by period, with the OEE factors multiplied out."""
        own, keys = self.numbered("work_centers"), ["site", "work_center", "period"]
        special = self.scenario["capacity"]
        special = special.assign(period=self.scenario.calendar.number(special["period"]))
        by_period = own.merge(special, on=keys, how="left", suffixes=("", "_there"), validate="one_to_one")
        available = by_period["available_hours_there"].fillna(by_period["available_hours"])
        oee = by_period["availability"] * by_period["performance"] * by_period["quality"]
        return by_period.assign(
            available_hours=available, effective_hours=available * oee, oee=oee,
            overtime_limit=by_period["overtime_hours_there"].fillna(by_period["overtime_hours"]) * oee,
            overtime_hour_cost=by_period["overtime_hour_cost"].fillna(by_period["hour_cost"]),
        )

    @cached_property
    def setup_steps(self) -> pd.DataFrame:
        """The hours that one setup of each routing takes on each work center."""
        steps = self.scenario["routing_steps"]
        return steps.loc[steps["setup_hours"] > 0, [*ROUTING, "work_center", "setup_hours"]]

    @cached_property
    def setups(self) -> pd.DataFrame:
        """The routings that make nothing without a setup, by period, with its cost and what it asks for."""
        own = self.routings
        timed = pd.MultiIndex.from_frame(own[ROUTING]).isin(
            pd.MultiIndex.from_frame(self.setup_steps[ROUTING])
        )
        return own[(own["min_lot"] > 0) | (own["setup_cost"] > 0) | timed]

    def spans(self, table: str) -> pd.DataFrame:
        """Every row of a table once for each period from its `from` to its `to`; blanks are open ends."""
        return in_every_period(self.scenario[table], self.scenario.calendar)

    @cached_property
    def pools(self) -> pd.DataFrame:
        """Terms of each labor pool by period."""
        return self.numbered("labor_pools")

    @cached_property
    def stocks(self) -> pd.DataFrame:
        """How each item is kept at each site, by period."""
        return self.numbered("inventory")

    @cached_property
    def receipts(self) -> pd.DataFrame:
        """What arrives from before the plan: item, site, period, scheduled_receipts."""
        scheduled = self.scenario["scheduled_receipts"]
        scheduled = scheduled.assign(period=self.scenario.calendar.number(scheduled["period"]))
        scheduled = scheduled[scheduled["period"].between(1, self.last)].rename(
            columns={"quantity": "scheduled_receipts"}
        )
        return scheduled.pipe(summed, ["item", "site", "period"], "scheduled_receipts")

    @cached_property
    def lane_rows(self) -> pd.DataFrame:
        """Terms of each lane's row by period; `lane_item` is its item, blank where it is shared."""
        lanes = self.numbered("lanes")
        return lanes.assign(lane_item=lanes["item"].fillna(""))

    def on_lanes(self, shipments: pd.DataFrame) -> pd.DataFrame:
        """The shipments with the terms of their lane: the item's own row where there is one, else the row for
        all items.

        `lane_item` names the row (blank: shared by all items without a row of their own); it is missing where
        no lane leads.
        """
        keys = [*LANE, "item", "period"]
        rows = self.lane_rows.drop(columns="item")
        offered = shipments[keys].merge(rows, on=[*LANE, "period"])
        fits = offered["lane_item"].isin([""]) | (offered["lane_item"] == offered["item"])
        on_lane = own_before_shared(offered[fits], keys, own=offered["lane_item"][fits] != "")
        return shipments.merge(on_lane, on=keys, how="left", validate="many_to_one")

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Booked orders by line and due period (0: overdue): quantity, the part with an agreed price, and its
        value.
        """
        orders = self.scenario.booked_orders
        agreed = orders["quantity"].where(orders["price"].notna(), 0.0)
        lines = orders.assign(demand_class="booked", period=orders["number"].clip(lower=0), agreed=agreed,
                              agreed_value=agreed * orders["price"].fillna(0.0))
        return lines.pipe(summed, [*DEMAND_LINE, "period"], "quantity", "agreed", "agreed_value")

    def demand_prices(self, lines: pd.DataFrame) -> pd.Series:
        """Mean price of the demand of each line and period: of booked orders each at its own, of the rest at
        the list price.
        """
        listed, keys = self.list_prices(lines), [*DEMAND_LINE, "period"]
        due = lines[keys].merge(self.orders, on=keys, how="left", validate="one_to_one").set_axis(lines.index)
        mixed = (due["agreed_value"] + (due["quantity"] - due["agreed"]) * listed) / due["quantity"]
        return mixed.where(due["agreed"] > 0).fillna(listed)

    def list_prices(self, frame: pd.DataFrame) -> pd.Series:
        """The list price of each row's item in its market and period: the most specific of `prices`, else the
        item's own.
        """
        keys = self.with_periods(frame[["item", "market", "period"]])
        return self.scenario.resolve("prices", keys)["price"].fillna(self.of_item(keys["item"], "price"))

    def of_item(self, items: pd.Series, measure: str) -> pd.Series:
        """What the scenario's table of items says of each of the items."""
        return items.map(self.scenario["items"].set_index("item")[measure]).astype("float64")

    def service_terms(self, lines: pd.DataFrame) -> pd.DataFrame:
        """The lines with the service terms that hold for each, by item, market, priority and period."""
        keys = self.with_periods(lines[["item", "market", "priority", "period"]])
        terms = self.scenario.resolve("service_terms", keys)
        return lines.assign(**{name: terms[name].to_numpy() for name in
                               ("backorder_cost", "lost_sale_cost", "max_lateness", "min_fill_rate")})


def summed(frame: pd.DataFrame, keys: Sequence[str], *measures: str) -> pd.DataFrame:
    """One row for each combination of keys, in order, with its measures added up."""
    if frame.empty:  # grouped, its text columns would lose their chunks, and two such frames cannot be merged
        return frame[[*keys, *measures]]
    return frame.groupby(list(keys), as_index=False)[list(measures)].sum()


def last_period_owed(rates: Rates, parts: pd.DataFrame) -> pd.Series:
    """The last period at whose end demand `due` in a period may still be owed; what is overdue waits as long
    as what is due in the first. Nothing is owed at the end of the horizon.
    """
    due = parts["due"].clip(lower=1)
    allowed = rates.service_terms(parts.assign(period=due))["max_lateness"].astype("Float64")
    until = due + allowed.fillna(rates.last).to_numpy(dtype=float)
    return until.clip(upper=rates.last) - 1
