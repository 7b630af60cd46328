"""What has happened in the periods that are over when a cycle begins, one row a kind, item, place and
period.
"""

from pathlib import Path

import pandas as pd

from planner.csv_tables import csv_text
from planner.errors import CycleError
from planner.plan.cycle.files import ACTUALS
from planner.plan.cycle.inputs import read_texts
from planner.plan.rates import summed
from planner.plan.rolling.actuals import Actuals, read_actuals
from planner.scenario.calendar import FREQUENCIES, Bucket, parse_period, period_label
from planner.scenario.reading.node import cell_text
from planner.scenario.scenario import Scenario
from planner.scenario.scope import with_market
from planner.writing import write_text

KEYS = ("kind", "item", "site", "market", "period")
COLUMNS = (*KEYS, "quantity")


def save_actuals(folder: Path, source: Path | None, scenario: Scenario, *, first: str) -> None:
    """The cycle's folder holds what happened from the period `first` on until the scenario begins: what the
    source says, and the orders of the scenario's own history where the source says nothing of demand.
    """
    bucket = scenario.calendar.bucket
    actuals = read_actuals(source, bucket)
    over = (parse_period(first, bucket=bucket), scenario.calendar.start - 1)
    parts = [actuals.rows[list(COLUMNS)].astype({"quantity": "float64"}), _stock(actuals, over[1])]
    if not len(actuals.of_kind("demand")):
        orders = actuals.frames.get("order_history", scenario["order_history"])
        parts.append(_ordered(orders, scenario))
    rows = pd.concat([part for part in parts if len(part)] or [parts[0]], ignore_index=True)
    inside = rows["period"].map(lambda period: over[0] <= period <= over[1]).astype(bool)
    rows = rows[inside]
    if not len(rows):
        return
    texts = rows.assign(period=rows["period"].map(period_label), quantity=rows["quantity"].map(cell_text))
    write_text(folder / ACTUALS, csv_text(texts.fillna("").sort_values(list(KEYS), kind="stable")))


def _stock(actuals: Actuals, last: pd.Period) -> pd.DataFrame:
    """Stock as counted, which is that at the end of the last period."""
    frame = actuals.frames.get("inventory")
    if frame is None or len(actuals.of_kind("inventory")):
        return pd.DataFrame(columns=list(COLUMNS))
    counted = frame[frame["on_hand"].notna()].drop_duplicates(["item", "site"])
    last_of_all = pd.Series([last] * len(counted), index=counted.index, dtype=object)
    return _rows(counted.assign(kind="inventory", period=last_of_all, quantity=counted["on_hand"]))


def _ordered(orders: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Orders added up by item, market and the period for which they were wanted."""
    if not len(orders):
        return pd.DataFrame(columns=list(COLUMNS))
    located = with_market(orders, scenario["customers"])
    due = located["wanted"] if "wanted" in located else located["date"]
    days = pd.DatetimeIndex(due.where(due.notna(), located["date"]))
    located = located.assign(period=pd.PeriodIndex(days, freq=scenario.calendar.freq))
    return _rows(summed(located, ["item", "market", "period"], "quantity").assign(kind="demand"))


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reindex(columns=list(COLUMNS)).astype({"period": object})


def actuals_of(folder: Path, bucket: Bucket) -> pd.DataFrame:
    """What happened before the cycle: kind, item, site, market, period, quantity; nothing where nobody said.
    CycleError names a row that cannot be read.
    """
    file = folder / ACTUALS
    nothing = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    frame = read_texts(file, COLUMNS) if file.is_file() else nothing
    for row, (period, quantity) in enumerate(zip(frame["period"], frame["quantity"], strict=True), start=2):
        try:
            parse_period(period, bucket=bucket)
            float(quantity)
        except ValueError as error:
            raise CycleError(f"{file} row {row}: {error}") from None
    return frame[list(COLUMNS)].assign(period=as_periods(frame["period"], bucket),
                                       quantity=frame["quantity"].astype(float))


def as_periods(texts: pd.Series, bucket: Bucket) -> pd.PeriodIndex:
    """The periods that the texts name; ValueError says the rule."""
    periods = [parse_period(text, bucket=bucket) for text in texts]
    return pd.PeriodIndex(periods, dtype=f"period[{FREQUENCIES[bucket]}]")
