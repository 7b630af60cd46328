"""Why a demand figure is what it is, in sentences whose figures stand in the tables, and what changed since
the forecast before.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from planner.demand.folder import Previous, read_previous
from planner.demand.parts import PARTS
from planner.errors import PlanError
from planner.figures import figure, signed
from planner.scenario.calendar import Bucket, parse_period, period_label
from planner.scenario.suggestions import did_you_mean

if TYPE_CHECKING:
    from planner.demand.demand import Demand

MAXIMUM_NAMED = 5  # deals, or markets, that are named; more than that nobody reads
SMALL = 0.05  # units; a change that is not seen in a figure


@dataclass(frozen=True)
class Scope:
    """What is asked about; None is all."""

    item: str | None
    market: str | None
    period: str | None

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows in the scope; periods are texts."""
        for column, value in (("item", self.item), ("market", self.market), ("period", self.period)):
            if value is not None:
                frame = frame[frame[column] == value]
        return frame

    @property
    def what(self) -> str:
        """Item, market and period, as they start a sentence."""
        where = f" in {self.market}" if self.market else ""
        when = f", {self.period}" if self.period else ", all periods"
        return f"{self.item or 'All items'}{where}{when}"


def explain(
    demand: "Demand",
    *,
    item: str | None = None,
    market: str | None = None,
    period: str | pd.Period | None = None,
    previous: Previous | Path | str | None = None,
) -> list[str]:
    """The figure with its range, the parts that add up to it, deals and people behind it, and what changed
    since `previous`.
    """
    scope = Scope(
        _expect_name(demand, "item", item), _expect_name(demand, "market", market), _period(demand, period)
    )
    parts = scope.of(_written(demand.parts))
    sentences = [_figure_of(demand, scope, parts), *_parts(parts), *_deals(scope.of(_written(demand.deals))),
                 *_people(scope.of(_written(demand.adjustments)))]
    if previous is None:
        return sentences
    earlier = previous if isinstance(previous, Previous) else read_previous(Path(previous))
    return [*sentences, *_changes(scope, parts, demand, earlier)]


def _expect_name(demand: "Demand", kind: str, name: str | None) -> str | None:
    """The name, if anything is wanted of it."""
    names = set(demand.quantiles[kind])
    if name is not None and name not in names:
        raise PlanError(f'no demand of {kind} "{name}"{did_you_mean(name, names)}')
    return name


def _period(demand: "Demand", period: str | pd.Period | None) -> str | None:
    """The period as it is written, if it is planned."""
    if period is None:
        return None
    planned = [period_label(one) for one in demand.quantiles["period"].drop_duplicates().sort_values()]
    try:
        bucket: Bucket = "week" if planned and "W" in planned[0] else "month"
        text = period_label(parse_period(period, bucket=bucket) if isinstance(period, str) else period)
    except ValueError as error:
        raise PlanError(f'period "{period}": {error}') from error
    if text not in planned:
        raise PlanError(
            f"period {text} is not planned" + (f", only {planned[0]} to {planned[-1]} are" if planned else "")
        )
    return text


def _written(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its periods as people write them."""
    if frame.empty or not isinstance(frame["period"].dtype, pd.PeriodDtype):
        return frame
    codes, periods = pd.factorize(frame["period"])
    return frame.assign(
        period=pd.Series([period_label(one) for one in periods], dtype="str").take(codes).to_numpy()
    )


def _figure_of(demand: "Demand", scope: Scope, parts: pd.DataFrame) -> str:
    """The figure, and its range where one series and period is asked about."""
    sentence = f"{scope.what}: demand is {figure(parts['quantity'].sum())} units"
    if None in (scope.item, scope.market, scope.period):
        return f"{sentence}."
    row = scope.of(_written(demand.quantiles)).iloc[0]
    return f"{sentence}; in four of five cases it will be {figure(row['q10'])} to {figure(row['q90'])}."


def _parts(parts: pd.DataFrame) -> list[str]:
    """Every part with what it is."""
    sums = parts.groupby("part")["quantity"].sum()
    return [
        f"  {signed(sums[name])} {name}: {meaning}"
        for name, meaning in PARTS.items()
        if abs(sums.get(name, 0.0)) > SMALL
    ]


def _deals(deals: pd.DataFrame) -> list[str]:
    """The deals that most is expected of, with chance and period, and the rest in one line."""
    worth = deals.assign(worth=deals["chance"] * deals["quantity"]).sort_values(
        ["worth", "opportunity"], ascending=[False, True]
    )
    sentences = [
        f"Deal {row['opportunity']}: {figure(row['quantity'])} units, won in {row['period']} with a chance "
        "of "
        f"{row['chance']:.0%}: {figure(row['worth'])}."
        for row in worth.head(MAXIMUM_NAMED).to_dict("records")
    ]
    others = worth.iloc[MAXIMUM_NAMED:]
    return sentences + (
        [f"{others['opportunity'].nunique():,} more deals: {figure(others['worth'].sum())}."]
        if len(others)
        else []
    )


def _people(adjustments: pd.DataFrame) -> list[str]:
    """Who changed what, and why."""
    filled = adjustments.fillna({"author": "Somebody", "reason": "no reason given"})
    return [
        f"{row['author']} changed {row['item']} in {row['market']}, {row['period']}, from "
        f"{figure(row['before'])} to "
        f"{figure(row['after'])}: {row['reason']}."
        for row in filled.to_dict("records")
    ][-MAXIMUM_NAMED:]


def _changes(scope: Scope, parts: pd.DataFrame, demand: "Demand", previous: Previous) -> list[str]:
    """What the figure was in the forecast before, which parts moved, and which deals came and went."""
    common = set(previous.parts["period"]) & set(_written(demand.quantiles)["period"])
    now, before = (frame[frame["period"].isin(common)] for frame in (parts, scope.of(previous.parts)))
    if not common or (scope.period is not None and scope.period not in common):
        return ["The last forecast does not reach these periods."]
    moved = (now.groupby("part")["quantity"].sum()).sub(
        before.groupby("part")["quantity"].sum(), fill_value=0.0
    )
    over = "" if scope.period else f" in the {len(common)} periods that both forecasts have"
    total = moved.sum()
    sentences = [
        f"In the last forecast it was {figure(before['quantity'].sum())}{over}; now it is "
        f"{figure(now['quantity'].sum())}, "
        f"{signed(total)}."
        if abs(total) > SMALL
        else f"In the last forecast it was the same{over}."
    ]
    sentences += [f"  {signed(moved[name])} {name}" for name in PARTS if abs(moved.get(name, 0.0)) > SMALL]
    return sentences + _deals_come_and_gone(scope, _written(demand.deals), previous.deals, common)


def _deals_come_and_gone(
    scope: Scope, now: pd.DataFrame, before: pd.DataFrame, common: set[str]
) -> list[str]:
    """Deals that are no longer open, and deals that are new, those of which most is or was expected first."""
    sentences = []
    for frame, other, fate in ((before, now, "is no longer open"), (now, before, "is new")):
        inside = scope.of(frame)
        other_names = set(other["opportunity"])
        rows = inside[inside["period"].isin(common) & ~inside["opportunity"].isin(other_names)]
        worth = rows.assign(worth=rows["chance"] * rows["quantity"]).groupby("opportunity")["worth"].sum()
        sentences += [f"Deal {name}, of which {figure(units)} were expected, {fate}."
                      for name, units in worth.sort_values(ascending=False, kind="stable")
                      .head(MAXIMUM_NAMED).items()]
    return sentences
