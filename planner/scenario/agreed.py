"""The plan that was agreed on last, as far as a scenario holds on to it: what it begins in which period."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from planner.scenario.calendar import Calendar

ROUNDING = 1e-6  # units or workers: the solver's integers and rows may be off by so much


@dataclass(frozen=True, eq=False)
class AgreedPlan:
    """The plan agreed on: its name, its periods, its sites, and for each flow the keys, `period` and
    `quantity` of what it begins.
    """

    name: str
    calendar: Calendar
    currency: str
    sites: frozenset[str]
    flows: Mapping[str, pd.DataFrame]

    def shared(self, calendar: Calendar) -> range:
        """The numbers, in the calendar, of the periods that both have."""
        before = calendar.start.ordinal - 1
        first, last = self.calendar.start.ordinal - before, self.calendar.end.ordinal - before
        return range(max(first, 1), min(last, calendar.periods) + 1)

    def begun(self, flow: str, calendar: Calendar, periods: range) -> pd.DataFrame:
        """What the flow begins in these periods of the calendar: its keys, `period` as a number and
        `quantity`.
        """
        frame = self.flows[flow]
        numbers = calendar.number(frame["period"])
        inside = (periods.start <= numbers) & (numbers < periods.stop)
        return frame[inside].assign(period=numbers[inside]).reset_index(drop=True)

    def held(self, flow: str, calendar: Calendar, frozen: int) -> pd.DataFrame:
        """What the flow begins in the frozen periods, and may begin neither more nor less of. Shipments to
        markets are not held: they follow customers' orders.
        """
        begun = self.begun(flow, calendar, range(1, frozen + 1))
        return begun[begun["destination"].isin(self.sites)] if "destination" in begun else begun


def agreed_quantities(values: pd.Series) -> pd.Series:
    """What a plan's files say, without the solver's rounding: whole lots and workers are whole again."""
    whole = values.round()
    return values.where((values - whole).abs() > ROUNDING, whole)
