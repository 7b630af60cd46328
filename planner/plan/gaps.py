"""Demand against targets and supply against demand: how much is missing, and who can do something about it.

A target is missed for two reasons. Where it asks for more than customers want, demand is missing: sales acts.
Where customers want more than is delivered, supply is missing: operations acts. What is owed when the span of
a target begins can be delivered in it and counts as demand, so that nothing is delivered beyond demand.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from planner.figures import figure, one, scale_for
from planner.plan.plan import Plan
from planner.plan.rates import Rates
from planner.plan.scenario_of_plan import scenario_of
from planner.plan.statement import Statement
from planner.plan.tables.targets import counted
from planner.scenario.scenario import Scenario
from planner.scenario.scope import covered
from planner.text_cells import plain_texts

NOTHING = 1e-6  # of a target: below it, what is missing is rounding
CELL = ["family", "market", "period"]
NO_FAMILY = "no family"
MEASURES = ("units", "revenue")


@dataclass(frozen=True)
class Gaps:
    """The gap report of a plan: what is missing of its targets and of its demand.

    Amounts of `targets` and `cells` are in the target's measure: units, or revenue in the scenario's
    currency.
    """

    plan: Plan
    scenario: Scenario

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Every demand line and period with its family, its demand, what it owes from before, and what is
        delivered, in units and revenue.
        """
        rates, sales = Rates(self.scenario), self.plan.tables["sales"]
        numbered = sales.assign(period=self.scenario.calendar.number(sales["period"]))
        worth = counted(rates, numbered).set_axis(sales.index)
        family = numbered["item"].map(self.scenario.groups.family).fillna(NO_FAMILY)
        lines = numbered.assign(family=family, **{name: worth[name] for name in worth.columns})
        return lines.assign(**_owed(rates, lines))

    @cached_property
    def targets(self) -> pd.DataFrame:
        """Each target with its demand, what is owed when its span begins, what is delivered, and what is
        missing: `missing_demand` and `missing_supply` add up to its shortfall.
        """
        keys = ["target", "measure", "priority", "from", "to", "quantity"]
        sums = self.cells.groupby("target")[["demand", "owed", "delivered"]].sum()
        missing = self.cells.groupby("target")[["missing_demand", "missing_supply"]].sum()
        table = self.plan.tables["targets"][[*keys, "shortfall"]]
        return table.merge(sums.join(missing).reset_index(), on="target", how="left", validate="one_to_one")

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Each target by family, market and period.

        A target has no families, markets and periods of its own: it is divided as its demand is, what
        is missing of its demand with it, and its missing supply as what is not delivered.
        """
        parts = [self._cells_of(target) for target in self.scenario["sales_targets"].to_dict("records")]
        columns = ["target", *CELL, "quantity", "demand", "owed", "delivered", "missing_demand",
                   "missing_supply"]
        rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
        calendar = self.scenario.calendar
        return rows[columns].assign(period=calendar.index[rows["period"].to_numpy(dtype=int) - 1])

    def _cells_of(self, target: Mapping[Any, Any]) -> pd.DataFrame:
        rows = self.plan.tables["targets"]
        table = rows[rows["target"] == target["target"]].to_dict("records")[0]
        first, last = (int(table[end].ordinal - self.scenario.calendar.start.ordinal) + 1
                       for end in ("from", "to"))
        scope_names = self.scenario.groups.of(self.lines)
        inside = self.lines[covered(target, scope_names) & self.lines["period"].between(first, last)]
        unit = str(target["measure"])
        owed = inside[f"owed_{unit}"].where(inside["period"] == first, 0.0)
        of_target = inside[CELL].assign(demand=inside[f"demand_{unit}"], owed=owed,
                                        delivered=inside[f"delivered_{unit}"])
        cells = of_target.groupby(CELL, as_index=False)[["demand", "owed", "delivered"]].sum()
        quantity, shortfall = float(table["quantity"]), float(table["shortfall"])
        asked_for = cells["demand"] + cells["owed"]
        missing_demand = min(max(quantity - float(asked_for.sum()), 0.0), shortfall)
        undelivered = (asked_for - cells["delivered"]).clip(lower=0.0)
        return cells.assign(target=target["target"], quantity=quantity * _shares(asked_for),
                            missing_demand=missing_demand * _shares(asked_for),
                            missing_supply=(shortfall - missing_demand) * _shares(undelivered))

    @cached_property
    def supply(self) -> pd.DataFrame:
        """Supply against demand by family, market and period: demand, what is delivered on time and late, and
        what is lost, in units and in revenue at the prices of the demand.
        """
        lines = self.lines
        price = (lines["demand_revenue"] / lines["demand_units"].where(lines["demand_units"] > 0)).fillna(
            lines["price"])
        valued = lines.assign(lost_revenue=lines["lost"] * price.astype("float64").fillna(0.0))
        table = valued.groupby(CELL, as_index=False)[
            ["demand", "delivered_on_time", "delivered_late", "lost", "demand_revenue", "revenue",
             "lost_revenue"]].sum()
        return table.assign(period=self.scenario.calendar.index[table["period"] - 1])

    @property
    def for_operations(self) -> list[str]:
        """The targets that miss supply, the one that misses the largest share of its quantity first."""
        share = self.targets["missing_supply"] / self.targets["quantity"]
        missing = share[share > NOTHING].sort_values(ascending=False, kind="stable")
        return [str(target) for target in self.targets.loc[missing.index, "target"]]

    @cached_property
    def statements(self) -> list[Statement]:
        """What is missing and who acts, in sentences."""
        missed = self.targets[self.targets["shortfall"] > NOTHING * self.targets["quantity"]]
        sentences = [target_statement(self.plan, row) for row in missed.to_dict("records")]
        return [_targets_met(self.targets, len(missed)), *sentences, _lost(self.plan, self.supply)]


@plain_texts()
def gaps(plan: Plan, scenario: Scenario | str | os.PathLike[str] | None = None) -> Gaps:
    """The gap report of a plan. `scenario` is the one that it was made for, or its place; without one, it is
    found again; PlanError says that it has changed since.
    """
    return Gaps(plan, scenario_of(plan, scenario))


def target_statement(plan: Plan, row: Mapping[Any, Any]) -> Statement:
    """How much of a target is missed, what of it is missing demand and what missing supply."""
    unit = "units" if row["measure"] == "units" else "currency"
    amount = {name: float(row[name]) for name in
              ("quantity", "demand", "owed", "delivered", "shortfall", "missing_demand", "missing_supply")}
    scale = scale_for([amount["shortfall"], max(amount.values())], unit, currency=plan.currency)
    words = {name: scale.with_unit(value) for name, value in amount.items()}
    text = f"Target {row['target']} of {words['quantity']} is missed by {words['shortfall']}: "
    none = NOTHING * amount["quantity"]
    if amount["missing_demand"] <= none:
        text += "customers want as much, and it is not delivered. This gap is for operations to close."
    elif amount["missing_supply"] <= none:
        text += "customers want no more, and all that they want is delivered. This gap is for sales to close."
    else:
        text += (f"{words['missing_demand']} are more than customers want, for sales to close, and "
                 f"{words['missing_supply']} are wanted and not delivered, for operations to close.")
    figures = {"target": row["target"], "measure": row["measure"], **amount}
    return Statement("target_gap", text, figures)


def _targets_met(targets: pd.DataFrame, missed: int) -> Statement:
    if targets.empty:
        return Statement("targets", "There are no sales targets.", {"targets": 0, "missed": 0})
    count = len(targets)
    text = f"{count - missed} of {count} sales targets are met."
    return Statement("targets", text, {"targets": count, "missed": missed})


def _lost(plan: Plan, supply: pd.DataFrame) -> Statement:
    """How much of the demand is not supplied, in units and money."""
    lost, worth = float(supply["lost"].sum()), float(supply["lost_revenue"].sum())
    late, demand = float(supply["delivered_late"].sum()), float(supply["demand"].sum())
    figures = {"demand": demand, "lost": lost, "late": late, "lost_revenue": worth}
    if lost <= NOTHING and late <= NOTHING:
        return Statement("supply_gap", f"All demand of {figure(demand)} units is delivered on time.", figures)
    if lost <= NOTHING:
        text = f"All demand of {figure(demand)} units is delivered, {figure(late)} of it late."
        return Statement("supply_gap", text, figures)
    late_too = f" and {figure(late)} are late" if late > NOTHING else ""
    text = (f"Of a demand of {figure(demand)} units, {figure(lost)} are not delivered "
            f"({one(worth, 'currency', currency=plan.currency)} of revenue){late_too}.")
    return Statement("supply_gap", text, figures)


def _owed(rates: Rates, lines: pd.DataFrame) -> dict[str, pd.Series]:
    """What each line owes when the period begins, in units and revenue: orders overdue when the plan starts,
    later the backorders of the period before.
    """
    keys = ["item", "market", "demand_class", "priority", "period"]
    before = lines[[*keys, "backorders", "price"]].assign(period=lines["period"] + 1)
    before = before.assign(owed_revenue=before["backorders"] * before["price"].fillna(0.0))
    orders = rates.scenario.booked_orders
    overdue = orders[orders["number"] < 1]
    listed = overdue["price"].astype("float64").fillna(rates.list_prices(overdue.assign(period=1)))
    start = overdue.assign(demand_class="booked", period=1, backorders=overdue["quantity"],
                           owed_revenue=overdue["quantity"] * listed)
    owing = pd.concat([before, start], ignore_index=True)
    owed = owing.groupby(keys, as_index=False)[["backorders", "owed_revenue"]].sum()
    by_line = lines[keys].merge(owed, on=keys, how="left", validate="one_to_one").set_axis(lines.index)
    return {"owed_units": by_line["backorders"].fillna(0.0),
            "owed_revenue": by_line["owed_revenue"].fillna(0.0)}


def _shares(amounts: pd.Series) -> pd.Series:
    """Each part's share; all alike where there is nothing to divide by."""
    total = float(amounts.sum())
    return amounts / total if total > 0 else pd.Series(1.0 / max(len(amounts), 1), index=amounts.index)
