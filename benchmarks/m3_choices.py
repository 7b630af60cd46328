"""What is gained by cutting slips back, and by letting sums have a say? On the monthly series of the M3
competition.

    python benchmarks/m3_choices.py

Slips: two of the last 24 months of every series are multiplied by .15 and by 5. Sums: series of like length
are scaled to one mean and added up in sixes that have nothing to do with each other, the hardest case for a
sum to say anything about its parts.
"""

from collections.abc import Callable

import m3_monthly as m3
import numpy as np
import pandas as pd
from public_data import M3, print_report

from planner.demand.runrate.history import History
from planner.demand.runrate.outliers import winsorised
from planner.demand.runrate.reconcile import anchored
from planner.demand.series.combination import forecast_series
from planner.demand.series.outlook import Outlook
from planner.scenario.scope import Groups

SIX = 6
HALVES = {"chosen on": slice(0, None, 2), "kept aside": slice(1, None, 2)}


def forecast(values: np.ndarray) -> Outlook:
    """The package's forecast."""
    return forecast_series(values, season=m3.SEASON, periods=m3.AHEAD)


def with_slips(values: np.ndarray) -> np.ndarray:
    """The series with two slips each."""
    random, slipped = np.random.default_rng(0), values.copy()
    for row in range(len(values)):
        known = np.flatnonzero(~np.isnan(values[row]))
        slipped[row, random.choice(known[-24:], 2, replace=False)] *= random.choice([0.15, 5], 2)
    return slipped


def slips() -> list[str]:
    """OWA of the series as they are and with slips, kept and winsorised, as Markdown."""
    histories, actual = m3.read_m3()
    ways: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "as they are, kept": lambda values: values,
        "as they are, winsorised": lambda values: winsorised(values, m3.SEASON),
        "two slips each, kept": with_slips,
        "two slips each, winsorised": lambda values: winsorised(with_slips(values), m3.SEASON),
    }
    lines = ["| series | " + " | ".join(f"OWA, half {half}" for half in HALVES) + " |", "|---|---|---|"]
    for name, way in ways.items():
        figures = []
        for part in HALVES.values():
            past, happened = histories[part], actual[part]
            yardstick = np.array([m3.naive2(history) for history in past])
            said = forecast(way(m3.matrix(past))).at(0.5)
            figures.append((m3.smape(happened, said) / m3.smape(happened, yardstick)
                            + m3.mase(happened, said, past) / m3.mase(happened, yardstick, past)) / 2)
        lines.append(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")
    return [*lines, ""]


def sums() -> list[str]:
    """Errors of parts and sums, apart and agreed, as Markdown."""
    histories, actual = m3.read_m3()
    lines = ["| half | forecasts | WAPE of the parts | WAPE of the sums |", "|---|---|---|---|"]
    for half, part in HALVES.items():
        past, happened = histories[part], actual[part]
        order = sorted(range(len(past)), key=lambda place: (len(past[place]), place))[:len(past) // SIX * SIX]
        mean = np.array([past[place].mean() for place in order])[:, None]
        values, truth = m3.matrix([past[place] for place in order]) / mean, happened[order] / mean
        names = pd.DataFrame({"item": [f"sum {place // SIX:03}" for place in range(len(order))],
                              "market": [str(place % SIX) for place in range(len(order))]})
        history = History(names, values, pd.Period("2020-12", freq="M"), m3.SEASON)
        nobody = Groups(pd.Series(dtype="str"), pd.Series(dtype="str"))
        apart = forecast(values)
        agreed = anchored(apart, history, level="item", groups=nobody, forecast=forecast)
        for name, outlook in (("each by itself", apart), ("agreed with the sum's", agreed)):
            errors = outlook.mean - truth
            together = np.abs(errors.reshape(-1, SIX, m3.AHEAD).sum(axis=1)).sum() / truth.sum()
            lines.append(f"| {half} | {name} | {np.abs(errors).sum() / truth.sum():.4f} | {together:.4f} |")
    return [*lines, ""]


def report() -> list[str]:
    """Both tables, as Markdown."""
    return [
        "**Slips of the pen**",
        "",
        *slips(),
        "**Sums of six series that have nothing to do with each other**",
        "",
        *sums(),
    ]


if __name__ == "__main__":
    print_report(report, data=M3)
