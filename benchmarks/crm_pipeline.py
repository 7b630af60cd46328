"""How good is the pipeline forecast on a public CRM extract? Leak-free: each forecast knows what was known on
its day.

    python benchmarks/crm_pipeline.py            as of 2017-09-30, against October to December, and over five
    month ends

Beside it stand the ways in which pipelines are usually read: every open deal at one in two (stage-weighted),
the win rate of the past times the amount, and the share of the open value that past months brought (coverage
ratio).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from crm_data import crm_scenario, read_deals
from public_data import CRM, print_report

import planner
from planner.demand.expectation import expect
from planner.demand.inputs import gather_sources
from planner.demand.pipeline.forecast import PipelineOutlook

MONTHS = 3
SNAPSHOTS = ("2017-05-31", "2017-06-30", "2017-07-31", "2017-08-31", "2017-09-30")
# the extract has one open stage; 90 days are the usual reading of "this quarter"
STAGE_CHANCE, STAGE_DAYS = 0.5, 90


@dataclass(frozen=True)
class Comparison:
    """Value won by item and month in the three months after a day: what happened, what each method said,
    chances and outcomes.
    """

    actual: pd.DataFrame
    actual_total: pd.DataFrame
    methods: dict[str, pd.DataFrame]
    methods_total: dict[str, pd.DataFrame]
    chance: np.ndarray
    won: np.ndarray
    inside: list[bool]
    inside_items: list[bool]


@cache
def deals() -> pd.DataFrame:
    """All deals of the extract."""
    return read_deals()


def months_after(day: pd.Timestamp) -> pd.PeriodIndex:
    """The three months that are forecast."""
    return pd.period_range((day + pd.Timedelta(days=1)).to_period("M"), periods=MONTHS, freq="M")


def by_item_and_month(
    items: pd.Series, months: pd.Series, values: pd.Series, day: pd.Timestamp
) -> pd.DataFrame:
    """Sums by item and forecast month, zeros included."""
    table = pd.DataFrame({"item": items, "month": months, "value": values}).pivot_table(
        index="item", columns="month", values="value", aggfunc="sum")
    return table.reindex(index=sorted(deals()["item"].unique()), columns=months_after(day)).fillna(0.0)


def actual_wins(day: pd.Timestamp, *, only_open: bool) -> pd.DataFrame:
    """What was won after the day, of the deals open on it or of all."""
    won = deals()[(deals()["outcome"] == "won") & (deals()["closed"] > day)]
    won = won[won["created"] <= day] if only_open else won
    return by_item_and_month(won["item"], won["closed"].dt.to_period("M"), won["amount"], day)


def known_on(day: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deals open on the day, and deals decided by then."""
    begun = deals()[deals()["created"] <= day]
    decided = begun["closed"] <= day
    return begun[~decided], begun[decided]


def placed(opened: pd.DataFrame, value: pd.Series, expected: pd.Series, day: pd.Timestamp) -> pd.DataFrame:
    """Values in the month of the expected close; what is overdue in the first."""
    month = expected.where(expected > day, day + pd.Timedelta(days=1)).dt.to_period("M")
    return by_item_and_month(opened["item"], month, value, day)


def stage_weighted(day: pd.Timestamp) -> pd.DataFrame:
    """Every open deal at its stage's chance, 90 days after it began."""
    opened, _ = known_on(day)
    return placed(
        opened, STAGE_CHANCE * opened["price"], opened["created"] + pd.Timedelta(days=STAGE_DAYS), day
    )


def historical_win_rate(day: pd.Timestamp) -> pd.DataFrame:
    """Every open deal at its item's win rate so far, one median cycle after it began."""
    opened, decided = known_on(day)
    rate = (decided["outcome"] == "won").groupby(decided["item"]).mean()
    won = decided[decided["outcome"] == "won"]
    cycle = (won["closed"] - won["created"]).median()
    return placed(opened, opened["item"].map(rate) * opened["price"], opened["created"] + cycle, day)


def coverage_ratio(day: pd.Timestamp) -> pd.DataFrame:
    """Open value by item times the share of the open value that the same month ahead brought from past month
    ends.
    """
    opened, _ = known_on(day)
    value = opened.groupby("item")["price"].sum().reindex(sorted(deals()["item"].unique())).fillna(0.0)
    brought, stood = np.zeros(MONTHS), np.zeros(MONTHS)
    for back in range(1, 6):
        past = (day + pd.Timedelta(days=1)) - pd.DateOffset(months=back) - pd.Timedelta(days=1)
        if past < deals()["closed"].min():
            break
        came = deals()[(deals()["created"] <= past) & (deals()["closed"] > past) & (deals()["closed"] <= day)]
        came = came[came["outcome"] == "won"]
        ahead = min(back, MONTHS)
        value_won = by_item_and_month(
            came["item"], came["closed"].dt.to_period("M"), came["amount"], past
        ).sum()
        brought[:ahead] += value_won.to_numpy()[:ahead]
        stood[:ahead] += known_on(past)[0]["price"].sum()
    share = np.divide(brought, stood, out=np.zeros(MONTHS), where=stood > 0)
    return pd.DataFrame(value.to_numpy()[:, None] * share, index=value.index, columns=months_after(day))


def same_month_last_quarter(day: pd.Timestamp) -> pd.DataFrame:
    """All wins of the three months before, one for one."""
    won = deals()[(deals()["outcome"] == "won") & (deals()["closed"] <= day)]
    return by_item_and_month(won["item"], won["closed"].dt.to_period("M") + MONTHS, won["amount"], day)


def planner_outlook(day: pd.Timestamp) -> PipelineOutlook:
    """What the package expects of the pipeline."""
    scenario = planner.load_scenario(crm_scenario(start=str(months_after(day)[0]), periods=MONTHS))
    outlook = expect(gather_sources(scenario), scenario.calendar).pipeline
    assert outlook is not None
    return outlook


def compare(day: pd.Timestamp) -> Comparison:
    """All methods for one day."""
    outlook = planner_outlook(day)
    price = deals().drop_duplicates("item").set_index("item")["price"]
    opened = outlook.deals["opportunity"].notna().to_numpy()
    size = outlook.deals["item"].map(price) * outlook.deals["quantity"] * outlook.deals["weight"]
    value = outlook.chances * size.to_numpy()[:, None]
    ours, ours_total = (
        pd.DataFrame(value[rows], columns=months_after(day))
        .groupby(outlook.deals["item"].to_numpy()[rows])
        .sum()
        for rows in (opened, np.ones(len(opened), dtype=bool))
    )
    outcome = deals().set_index("opportunity").loc[outlook.deals["opportunity"][opened]]
    end = months_after(day)[-1].end_time
    actual, total = actual_wins(day, only_open=True), actual_wins(day, only_open=False)
    drawn = outlook.draws * outlook.series["item"].map(price).to_numpy()[:, None, None]
    low, high = np.quantile(drawn.sum(axis=0), [0.1, 0.9], axis=1)
    by_item = np.array(
        [drawn[(outlook.series["item"] == item).to_numpy()].sum(axis=0) for item in total.index]
    )
    item_low, item_high = np.quantile(by_item, [0.1, 0.9], axis=2)
    return Comparison(
        actual,
        total,
        {
            "planner": ours,
            "coverage ratio": coverage_ratio(day),
            "stage-weighted": stage_weighted(day),
            "historical win rate": historical_win_rate(day),
        },
        {"planner": ours_total, "same month last quarter": same_month_last_quarter(day)},
        outlook.chances[opened].sum(axis=1),
        ((outcome["outcome"] == "won") & (outcome["closed"] <= end)).to_numpy(),
        list((total.sum() >= low) & (total.sum() <= high)),
        list(((total >= item_low) & (total <= item_high)).to_numpy().ravel()),
    )


def errors(actual: list[pd.DataFrame], said: list[pd.DataFrame]) -> tuple[float, float, float, float]:
    """WAPE by item and month, by month, of the quarter, and bias."""
    cells = [
        np.abs(a - s.reindex_like(a).fillna(0.0)).to_numpy().sum() for a, s in zip(actual, said, strict=True)
    ]
    months = [np.abs(a.sum() - s.sum()).sum() for a, s in zip(actual, said, strict=True)]
    quarters = [abs(a.to_numpy().sum() - s.to_numpy().sum()) for a, s in zip(actual, said, strict=True)]
    size = sum(a.to_numpy().sum() for a in actual)
    bias = sum(s.to_numpy().sum() for s in said) / size - 1
    return sum(cells) / size, sum(months) / size, sum(quarters) / size, bias


def table(comparisons: list[Comparison], title: str) -> list[str]:
    """A Markdown table of all methods."""
    lines = [
        title,
        "",
        "| method | WAPE item x month | WAPE month | WAPE quarter | bias |",
        "|---|---|---|---|---|",
    ]
    for part, actual, said in (
        ("open deals", "actual", "methods"),
        ("all wins", "actual_total", "methods_total"),
    ):
        for method in getattr(comparisons[0], said):
            figures = errors(
                [getattr(c, actual) for c in comparisons], [getattr(c, said)[method] for c in comparisons]
            )
            row = " | ".join(f"{figure:.3f}" for figure in figures[:3])
            lines.append(f"| {part}: {method} | {row} | {figures[3]:+.3f} |")
    return lines


def verdict(comparisons: list[Comparison]) -> str:
    """Brier score of the chances beside the one of the average, and coverage of the 80 % interval."""
    brier = np.mean([((c.chance - c.won) ** 2).mean() for c in comparisons])
    average = np.mean([c.won.mean() * (1 - c.won.mean()) for c in comparisons])
    months, items = (
        [hit for c in comparisons for hit in getattr(c, part)] for part in ("inside", "inside_items")
    )
    return (
        f"Brier score {brier:.4f} (always saying the average: {average:.4f}). The 80 % interval held "
        f"{np.mean(items):.0%} of "
        f"{len(items)} figures by item and month, and {np.mean(months):.0%} of the {len(months)} of a month "
        "over all items."
    )


def report() -> list[str]:
    """Both tables, as Markdown."""
    comparisons = [compare(pd.Timestamp(day)) for day in SNAPSHOTS]
    lines = []
    for part, title in (
        (comparisons[-1:], f"**As of {SNAPSHOTS[-1]}, October to December 2017**"),
        (comparisons, f"**Month ends {SNAPSHOTS[0]} to {SNAPSHOTS[-1]}, three months each**"),
    ):
        lines += [*table(part, title), "", verdict(part), ""]
    return lines


if __name__ == "__main__":
    print_report(report, data=CRM)
