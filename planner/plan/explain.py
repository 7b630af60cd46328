"""Why the plan is as it is, in sentences whose figures stand in its tables."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import PlanError
from planner.figures import figure
from planner.model.limits import LIMITS, subject
from planner.plan.plan import Plan
from planner.plan.prices import money_prices
from planner.scenario.suggestions import did_you_mean

MAXIMUM_LINES = 5  # lines of a kind; more than that nobody reads
NOTHING = 1e-6  # units that are the solver's rounding
SINGULAR = {
    "units": "unit",
    "hours": "hour",
    "workers": "worker",
    "volume": "unit of space",
    "options": "option",
    "stops": "stop",
    "units or currency": "unit",
}


@dataclass(frozen=True)
class Scope:
    """What is asked about: an item, a market, a period, or all of them where nothing is named."""

    plan: Plan
    item: str | None
    market: str | None
    period: pd.Period | None

    def rows(self, table: str) -> pd.DataFrame:
        """The rows of a table in the scope."""
        frame = self.plan.tables[table]
        wanted = {"item": self.item, "market": self.market, "period": self.period}
        for column, value in wanted.items():
            if value is not None and column in frame.columns:
                frame = frame[frame[column] == value]
        return frame

    @cached_property
    def when(self) -> str:
        """The period, or the horizon, as it stands in a sentence."""
        calendar = self.plan.calendar
        return f"in {calendar.label(self.period)}" if self.period is not None else f"from {calendar.span()}"

    @property
    def what(self) -> str:
        """Item and market, as they start a sentence."""
        of = self.item or "All items"
        return f"{of} in {self.market}" if self.market else of


def explain(plan: Plan, *, item: str | None = None, market: str | None = None,
            period: str | pd.Period | None = None) -> list[str]:
    """What was wanted and what became of it, how it was supplied, how stock stands, and which limits were in
    the way.
    """
    scope = Scope(plan, _known(plan, "item", item), _known(plan, "market", market),
                  period=_parsed(plan, period))
    sentences = [_service(scope), *_shortest(scope), *_targets(scope)]
    if scope.item is not None:
        sentences += [*_supply(scope), *_stock(scope)]
    return [*sentences, *_closed(scope), *_limits(scope)]


def _known(plan: Plan, kind: str, name: str | None) -> str | None:
    """The name, if any table of the plan knows it."""
    known = set(plan.tables["sales"][kind]) | (
        set(plan.tables["inventory"]["item"]) if kind == "item" else set()
    )
    if name is not None and name not in known:
        raise PlanError(f'no {kind} "{name}" in plan {plan.name}{did_you_mean(name, known)}')
    return name


def _parsed(plan: Plan, period: str | pd.Period | None) -> pd.Period | None:
    if period is None or isinstance(period, pd.Period):
        found = period
    else:
        try:
            found = plan.calendar.parse(period)
        except ValueError as error:
            raise PlanError(f'period "{period}": {error}') from error
    if found is not None and not (plan.calendar.start <= found <= plan.calendar.end):
        raise PlanError(f"period {found} is not in the plan, which goes from {plan.calendar.span()}")
    return found


def _service(scope: Scope) -> str:
    """What was wanted, and what of it came on time, late or not at all."""
    sales = scope.rows("sales")
    wanted = float(sales["demand"].sum())
    if wanted <= NOTHING and float(sales["backorders"].sum()) <= NOTHING:
        return f"{scope.what}: there is no demand {scope.when}."
    classes = sales.groupby("demand_class")["demand"].sum()
    split = ", ".join(f"{figure(amount)} {name}" for name, amount in classes.items() if amount > NOTHING)
    fates = {
        "late": sales["delivered_late"].sum(),
        "still owed at the end": _owed_at_end(scope),
        "lost": sales["lost"].sum(),
    }
    parts = [f"{figure(sales['delivered_on_time'].sum())} are delivered on time"]
    parts += [f"{figure(amount)} {fate}" for fate, amount in fates.items() if amount > NOTHING]
    return (
        f"{scope.what}: demand is {figure(wanted)} units {scope.when}{f' ({split})' if split else ''}; "
        f"{', '.join(parts)}."
    )


def _owed_at_end(scope: Scope) -> float:
    sales = scope.rows("sales")
    return float(sales.loc[sales["period"] == (scope.period or scope.plan.calendar.end), "backorders"].sum())


def _shortest(scope: Scope) -> list[str]:
    """Where most is lost or late, when more than one item and market is asked about."""
    sales = scope.rows("sales")
    sales = sales.assign(short=sales["lost"] + sales["delivered_late"])
    short = sales.groupby(["item", "market"], as_index=False)[
        ["short", "lost", "delivered_late", "demand"]
    ].sum()
    short = short[short["short"] > NOTHING].sort_values(
        ["short", "item", "market"], ascending=[False, True, True]
    )
    if len(short) < 2:
        return []
    return [
        f"Short is {row['item']} in {row['market']}: {figure(row['lost'])} lost and "
        f"{figure(row['delivered_late'])} late "
        f"of a demand of {figure(row['demand'])}."
        for row in short.head(MAXIMUM_LINES).to_dict("records")
    ]


def _targets(scope: Scope) -> list[str]:
    """The targets that are missed, where nothing narrower is asked about."""
    if scope.item is not None or scope.market is not None or scope.period is not None:
        return []
    targets = scope.plan.tables["targets"]
    missed = targets[targets["shortfall"] > NOTHING * targets["quantity"]]
    unit = {"units": "units", "revenue": scope.plan.currency}
    return [f"Target {row['target']} is missed by {figure(row['shortfall'])} of {figure(row['quantity'])} "
            f"{unit[row['measure']]}; the demand in its scope is {figure(row['demand'])}."
            for row in missed.head(MAXIMUM_LINES).to_dict("records")]


def _supply(scope: Scope) -> list[str]:
    """Where the item comes from: production, suppliers, and what was on its way."""
    made, bought, stock = scope.rows("production"), scope.rows("sourcing"), scope.rows("inventory")
    started = made.groupby(["site", "routing"], as_index=False)[["production"]].sum()
    ordered = bought.groupby(["supplier", "site"], as_index=False)[["purchased"]].sum()
    units = f"units of {scope.item} are"
    found = [
        f"{figure(row['production'])} {units} started on {row['routing']} at {row['site']} {scope.when}."
        for row in started[started["production"] > NOTHING].to_dict("records")
    ]
    found += [
        f"{figure(row['purchased'])} {units} ordered from {row['supplier']} for {row['site']} {scope.when}."
        for row in ordered[ordered["purchased"] > NOTHING].to_dict("records")
    ]
    arriving = float(stock["scheduled_receipts"].sum())
    known = f"{figure(arriving)} units of {scope.item} arrive {scope.when} as scheduled receipts."
    return [*found, known] if arriving > NOTHING else found


def _stock(scope: Scope) -> list[str]:
    """Stock at the end of the period, or of the horizon, against what is to be kept."""
    at = scope.period or scope.plan.calendar.end
    rows = scope.rows("inventory")
    rows = rows[rows["period"] == at]
    found = []
    for row in rows[(rows["closing"] > NOTHING) | (rows["safety_stock"] > NOTHING)].to_dict("records"):
        kept = f", {figure(row['safety_stock'])} are to be kept" if row["safety_stock"] > NOTHING else ""
        short = (
            f", {figure(row['safety_stock_shortfall'])} are missing"
            if row["safety_stock_shortfall"] > NOTHING
            else ""
        )
        found.append(
            f"Stock of {row['item']} at {row['site']} is {figure(row['closing'])} units at the end of "
            f"{scope.plan.calendar.label(at)}{kept}{short}."
        )
    return found


def _closed(scope: Scope) -> list[str]:
    """Work centers where the item is made that have no hours at all, where something is lost."""
    capacity = scope.rows("capacity")
    if scope.item is not None:
        capacity = capacity[capacity["site"].isin(scope.rows("production")["site"])]
    if capacity.empty or scope.rows("sales")["lost"].sum() <= NOTHING:
        return []
    hours = capacity[["effective_hours", "option_hours", "overtime_limit"]].sum(axis="columns", min_count=1)
    hours = hours.where(capacity["effective_hours"].notna(), np.inf)  # a blank is no limit
    maximum = hours.groupby([capacity["site"], capacity["work_center"]]).max()
    return [f"Work center {center} at {site} has no hours {scope.when}."
            for site, center in maximum[maximum <= NOTHING].index]


def _limits(scope: Scope) -> list[str]:
    """The limits in the scope that cost most, each at the period in which it does."""
    prices = money_prices(scope.plan)
    limits = [name for name, limit in LIMITS.items() if limit.is_limit]
    prices = prices[prices["constraint"].isin(limits) & (prices["shadow_price"] > NOTHING)]
    if scope.period is not None:
        prices = prices[(prices["period"] == scope.period) | prices["period"].isna()]
    prices = prices[_concerns(scope, prices)].sort_values(
        ["shadow_price", "constraint", "key"], ascending=[False, True, True]
    )
    worst = prices.drop_duplicates(["constraint", "key"]).head(MAXIMUM_LINES)
    return [_limit(scope, row) for row in worst.to_dict("records")]


def _limit(scope: Scope, row: Mapping[Hashable, Any]) -> str:
    """One limit, where and when it binds, and what one unit of it is worth."""
    unit = SINGULAR.get(row["unit"], row["unit"])
    when = "" if pd.isna(row["period"]) else f", {scope.plan.calendar.label(row['period'])}"
    worth = f"{figure(row['shadow_price'])} {scope.plan.currency} per {unit}"
    return f"Binding: {LIMITS[row['constraint']].words} of {subject(row)}{when}. Marginal value {worth}."


def _concerns(scope: Scope, prices: pd.DataFrame) -> pd.Series:
    """Whether a limit is one of the item or the market asked about, or of a site where the item is made or
    kept, and of no other item or market.
    """
    if scope.item is None and scope.market is None:
        return pd.Series(True, index=prices.index)
    markets = set(scope.plan.tables["sales"]["market"])
    reached = prices["market"].where(
        prices["market"].ne("") | ~prices["destination"].isin(markets), prices["destination"]
    )
    about = ("production", "inventory") if scope.item is not None else ()
    sites = {site for table in about for site in scope.rows(table)["site"]}
    suppliers = set(scope.rows("sourcing")["supplier"]) if scope.item is not None else set()
    asked = (prices["item"].ne("") & prices["item"].eq(scope.item or "")
             | reached.ne("") & reached.eq(scope.market or "")
             | prices[["site", "origin"]].isin(sites).any(axis="columns")
             | prices["supplier"].isin(suppliers))
    others = (prices["item"].ne("") & (scope.item is not None) & prices["item"].ne(scope.item or "")
              | reached.ne("") & (scope.market is not None) & reached.ne(scope.market or ""))
    return asked & ~others
