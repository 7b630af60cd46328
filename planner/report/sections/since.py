"""Since last month: what was forecast and what was ordered, how good forecasts have been, what every step
of them adds, and what has changed in demand.
"""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from planner.demand.record.verdict import STEPS
from planner.figures import NOTHING, Scale, figure, percent, scale_for, share
from planner.naming import spelled
from planner.plan.demand_review import DemandReview
from planner.report import charts, review_charts
from planner.report.parts import Block, Cell, Charts, Figure, Key, Plans, Section, Sentences, Table
from planner.report.plan_looks import PLAN_COLORS
from planner.report.sections.agreed import agreed_blocks, agreed_sentence, begun_blocks

OURS, NAIVE = "planner", "seasonal_naive"
LAGS = (1, 2, 3)
OFF = 0.05  # a bias from which somebody should look
ORDERED, FORECAST = "ordered", "forecast one period ahead"
NO_RECORD = "There is no record of past forecasts to look back on."
YEAR = {"month": 12, "week": 52}


def since(plans: Plans) -> Section:
    """The record of the forecast that the plan in focus is made of, and its demand against a year earlier."""
    review = plans.focus.demand_review
    record = review["accuracy"] if review is not None else pd.DataFrame()
    blocks = [*_year_on_year(plans, review)]
    if review is not None and len(record):
        blocks = [
            *_last(plans, record),
            *_chart(plans, record),
            *_accuracy(plans, record),
            *_steps(review),
            *blocks,
        ]
    says = plans.focus_says(_in_words(plans, record) if len(record) else NO_RECORD)
    return Section("since", f"Since last {plans.focus.bucket}",
                   _after(agreed_sentence(plans), says),
                   blocks=[*agreed_blocks(plans), *begun_blocks(plans), *blocks, *_changes(plans)])


def _after(agreed: str, says: str) -> str:
    """Both sentences; that there is no record goes without saying where there is something better."""
    return " ".join(part for part in (agreed, says) if part and not (agreed and part.endswith(NO_RECORD)))


def _one_ahead(record: pd.DataFrame, method: str = OURS) -> pd.DataFrame:
    return record[(record["lag"] == 1) & (record["method"] == method)]


def _in_words(plans: Plans, record: pd.DataFrame) -> str:
    """How far the forecast of the last period that is over was off."""
    ahead = _one_ahead(record)
    if ahead.empty:
        return NO_RECORD
    last = ahead[ahead["period"] == ahead["period"].max()]
    actual, forecast = float(last["actual"].sum()), float(last["forecast"].sum())
    label = plans.focus.calendar.label(last["period"].iloc[0])
    off = percent(abs(forecast - actual) / actual) if actual > 0 else NOTHING
    side = "too high" if forecast > actual else "too low"
    return (
        f"{figure(actual)} units were ordered in {label}; {figure(forecast)} were forecast a "
        f"{plans.focus.bucket} "
        f"earlier, {off} {side}."
    )


def _last(plans: Plans, record: pd.DataFrame) -> list[Block]:
    """The last period that is over, family by family."""
    ahead = _one_ahead(record)
    if ahead.empty:
        return []
    period = ahead["period"].max()
    rows = ahead[ahead["period"] == period].sort_values("actual", ascending=False, kind="stable")
    units = scale_for([*rows["actual"], *rows["forecast"]], "units")
    body = [
        [Cell(spelled(row["family"]) or "no family"), *_forecast_cells(row, units)]
        for row in rows.to_dict("records")
    ]
    total = [[Cell("Total"), *_forecast_cells(rows[["actual", "forecast"]].sum().to_dict(), units)]]
    label = plans.focus.calendar.label(period)
    return [
        Block(
            "half",
            Table(
                f"Forecast against orders, {label}, {units.unit}",
                ["Family", "Ordered", "Forecast", "Forecast above orders", "Share"],
                [("", body), *([("", total)] if len(body) > 1 else [])],
            ),
        )
    ]


def _forecast_cells(row: Mapping[Hashable, Any], units: Scale) -> list[Cell]:
    above = row["forecast"] - row["actual"]
    off = percent(above / row["actual"]) if row["actual"] > 0 else NOTHING
    return [
        Cell(units.text(row["actual"])),
        Cell(units.text(row["forecast"])),
        Cell(units.difference(above)),
        Cell(f"+{off}" if above > 0 else off),
    ]


def _chart(plans: Plans, record: pd.DataFrame) -> list[Block]:
    """Ordered and forecast one period ahead, as far back as the record goes."""
    added = _one_ahead(record).groupby("period", as_index=False)[["actual", "forecast"]].sum()
    if len(added) < 2:
        return []
    scale = scale_for(added[["actual", "forecast"]].max(), "units")
    labels = plans.focus.calendar.labels(added["period"])
    tall = pd.concat(
        [
            pd.DataFrame({"period": labels, "kind": kind, "amount": added[name] / scale.divisor})
            for name, kind in (("actual", ORDERED), ("forecast", FORECAST))
        ],
        ignore_index=True,
    )
    colors = {ORDERED: charts.INK, FORECAST: PLAN_COLORS[0]}
    ahead = f"one {plans.focus.bucket} ahead"
    says = f"Orders and what was forecast of them {ahead}, from {labels[0]} to {labels[-1]}."
    drawn = review_charts.lines_panel(tall, unit=scale.unit, colors=colors)
    keys = [Key(ORDERED, charts.INK, "line"), Key(FORECAST, PLAN_COLORS[0], "line", dash="6 3")]
    return [
        Block(
            "half",
            Charts("Forecast and orders", [Figure("", charts.svg(drawn, says=says))], keys, look="wide"),
        )
    ]


def _accuracy(plans: Plans, record: pd.DataFrame) -> list[Block]:
    """Error by family one to three periods ahead, that of last year's figures, and the bias."""
    ours = record[record["method"] == OURS]
    naive = record[record["method"] == NAIVE]
    families = list(ours.groupby("family")["actual"].sum().sort_values(ascending=False, kind="stable").index)
    lags = [lag for lag in LAGS if (ours["lag"] == lag).any()]
    body = [
        [
            Cell(spelled(name) or "no family"),
            *_accuracy_cells(ours[ours["family"] == name], naive[naive["family"] == name], lags),
        ]
        for name in families
    ]
    total = [[Cell("Total"), *_accuracy_cells(ours, naive, lags)]]
    bucket = plans.focus.bucket
    heads = [
        "Family",
        *(f"{lag} {bucket}{'s' if lag > 1 else ''} ahead" for lag in lags),
        "Last year's figures",
        "Bias",
    ]
    note = (
        "Error (WAPE): how far forecasts were off item by item and market by market, as a share of orders. "
        "Last year's figures: the same one ahead, had they been the forecast. Bias: above 0 is too high."
    )
    return [
        Block(
            "half",
            Table(
                "Forecast error and bias",
                heads,
                [("", body), *([("", total)] if len(body) > 1 else [])],
                note=note,
            ),
        )
    ]


def _accuracy_cells(ours: pd.DataFrame, naive: pd.DataFrame, lags: list[int]) -> list[Cell]:
    cells = [Cell(_rate(ours[ours["lag"] == lag], "error")) for lag in lags]
    actual, forecast = float(ours["actual"].sum()), float(ours["forecast"].sum())
    bias = (forecast - actual) / actual if actual > 0 else 0.0
    text = (f"+{percent(bias)}" if bias > 0 else percent(bias)) if actual > 0 else NOTHING
    return [
        *cells,
        Cell(_rate(naive[naive["lag"] == lags[0]], "error")),
        Cell(text, verdict="", mark="full" if abs(bias) > OFF else ""),
    ]


def _rate(rows: pd.DataFrame, column: str) -> str:
    actual = float(rows["actual"].sum())
    return percent(float(rows[column].sum()) / actual) if actual > 0 else NOTHING


def _steps(review: DemandReview) -> list[Block]:
    """What every step takes off the error; harm is said in words."""
    rows = review["value_added"].to_dict("records")
    body = [
        [
            Cell(STEPS.get(row["forecast_step"], row["forecast_step"])),
            _points(row["of_series"]),
            _points(row["of_total"]),
        ]
        for row in rows
    ]
    note = (
        "Forecast value added: points of error (WAPE) that the step takes off that of the step before it; "
        "the first "
        "against last year's figures."
    )
    return (
        [
            Block(
                "half",
                Table(
                    "What every step of the forecast adds",
                    ["Step", "By item and market", "Of the total"],
                    [("", body)],
                    note=note,
                ),
            )
        ]
        if body
        else []
    )


def _points(value: float) -> Cell:
    if pd.isna(value):
        return Cell(NOTHING)
    if abs(value) < 0.0005:
        return Cell("no change")
    said = f"{100 * abs(value):.1f} points {'lower' if value > 0 else 'higher'}"
    return Cell(said, verdict="", mark="" if value > 0 else "missing")


def _year_on_year(plans: Plans, review: DemandReview | None) -> list[Block]:
    """What is expected of each family in the first year of the plan, against what was ordered in the year
    before.
    """
    focus = plans.focus
    count = min(YEAR[focus.bucket], focus.calendar.periods)
    items = focus.tables["items"].set_index("item")["family"]
    actual = focus.tables["actuals"]
    if actual.empty:
        return []
    same = actual[actual["period"] < focus.calendar.start - YEAR[focus.bucket] + count]
    before = same.groupby(same["item"].map(items).astype("object").fillna(""))["ordered"].sum()
    sales = focus.tables["sales"]
    near = sales[sales["period"] < focus.calendar.start + count]
    after = near.groupby(near["item"].map(items).astype("object").fillna(""))["demand"].sum()
    table = pd.concat([before.rename("before"), after.rename("after")], axis="columns").fillna(0.0)
    if not table["before"].any():
        return []
    units = scale_for(table.to_numpy().ravel(), "units")
    body = [
        [Cell(spelled(str(name)) or "no family"), *_change(row["before"], row["after"], units)]
        for name, row in table.sort_values("after", ascending=False, kind="stable").iterrows()
    ]
    total = [[Cell("Total"), *_change(float(table["before"].sum()), float(table["after"].sum()), units)]]
    label, start = focus.calendar.label, focus.calendar.start
    span = f"{label(start)} to {label(start + (count - 1))}"
    return [
        Block(
            "half",
            Table(
                f"Demand against a year earlier, {span}, {units.unit}",
                ["Family", "A year earlier", "Planned", "Change", "Share"],
                [("", body), *([("", total)] if len(body) > 1 else [])],
            ),
        )
    ]


def _change(before: float, after: float, units: Scale) -> list[Cell]:
    more = after - before
    off = percent(share(more, before)) if before > 0 else NOTHING
    return [
        Cell(units.text(before)),
        Cell(units.text(after)),
        Cell(units.difference(more)),
        Cell(f"+{off}" if more > 0 and before > 0 else off),
    ]


def _changes(plans: Plans) -> list[Block]:
    """What people have changed in the forecast, where anybody has."""
    review = plans.focus.demand_review
    if review is None or review["overrides"].empty:
        return []
    rows = review["overrides"].head(3).to_dict("records")
    said = [_override(row) for row in rows]
    return [Block("full", Sentences("Changed by hand, and why", said))]


def _override(row: Mapping[Hashable, Any]) -> str:
    reason = f" ({row['reason']})" if row["reason"] else ""
    return (
        f"{spelled(row['item'])} in {spelled(row['market'])}: {figure(row['before'])} to "
        f"{figure(row['after'])} "
        f"units{reason}"
    )
