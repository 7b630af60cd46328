"""What is asked about: an item, a market, a period, an order, a customer, a target, or the whole plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from planner.errors import PlanError
from planner.naming import spelled
from planner.plan.plan import Plan
from planner.scenario.suggestions import did_you_mean


@dataclass(frozen=True)
class Asked:
    """The part of a plan that is asked about; what is not named is all."""

    plan: Plan
    item: str | None = None
    market: str | None = None
    period: pd.Period | None = None
    order: str | None = None
    customer: str | None = None
    target: str | None = None

    def rows(self, table: str) -> pd.DataFrame:
        """The rows of a table that are asked about, by whatever of it the table knows."""
        frame = self.plan.tables[table]
        names = {"item": self.item, "market": self.market, "period": self.period, "order": self.order,
                 "customer": self.customer, "target": self.target}
        for column, value in names.items():
            if value is not None and column in frame.columns:
                frame = frame[frame[column] == value]
        return frame

    @property
    def is_whole(self) -> bool:
        """Whether the whole plan is asked about."""
        names = (self.item, self.market, self.period, self.order, self.customer, self.target)
        return all(name is None for name in names)

    @property
    def is_of_orders(self) -> bool:
        """Whether booked orders are asked about, one by one."""
        return self.order is not None or self.customer is not None

    @cached_property
    def when(self) -> str:
        """The period, or the horizon, as it stands in a sentence."""
        calendar = self.plan.calendar
        return f"in {calendar.label(self.period)}" if self.period is not None else f"from {calendar.span()}"

    @property
    def what(self) -> str:
        """Item and market, as they start a sentence."""
        of = self.item or "All items"
        return f"{of} in {spelled(self.market)}" if self.market else of


def asked_about(plan: Plan, *, item: str | None, market: str | None, period: str | pd.Period | None,
                order: str | None, customer: str | None, target: str | None) -> Asked:
    """What is asked about, by names that the plan knows; PlanError lists every other, with the nearest."""
    sales, orders = plan.tables["sales"], plan.tables["fulfillment"]
    names_of = {"item": set(sales["item"]) | set(plan.tables["inventory"]["item"]),
                "market": set(sales["market"]), "order": set(orders["order"]) - {""},
                "customer": set(orders["customer"]) - {""}, "target": set(plan.tables["targets"]["target"])}
    by_kind = {"item": item, "market": market, "order": order, "customer": customer, "target": target}
    wrong = [f'no {kind} "{name}" in plan {plan.name}{did_you_mean(name, names_of[kind])}'
             for kind, name in by_kind.items() if name is not None and name not in names_of[kind]]
    parsed, problems = _parsed(plan, period)
    wrong += problems
    if target is not None and any(value is not None for value in (item, market, period, order, customer)):
        wrong.append("a target has items, markets and periods of its own: ask about it alone")
    if wrong:
        raise PlanError("\n".join(wrong))
    return Asked(plan, item=item, market=market, period=parsed, order=order, customer=customer, target=target)


def _parsed(plan: Plan, period: str | pd.Period | None) -> tuple[pd.Period | None, Iterable[str]]:
    """The period, or why it is none of the plan's."""
    parsed: pd.Period | None
    if period is None or isinstance(period, pd.Period):
        parsed = period
    else:
        try:
            parsed = plan.calendar.parse(period)
        except ValueError as error:
            return None, [f'period "{period}": {error}']
    if parsed is not None and not (plan.calendar.start <= parsed <= plan.calendar.end):
        return None, [f"period {parsed} is not in the plan, which goes from {plan.calendar.span()}"]
    return parsed, []
