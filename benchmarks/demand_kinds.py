"""How good is the forecast on what companies have: short, seasonal, silent, lumpy, sparse and weekly series?

    python benchmarks/demand_kinds.py

Short series are those of the M3 competition cut to their last months; the others are generated, each with its
own rules. Constants of the forecaster were chosen with every second series (the first, the third, ...); the
others are the ones to look at. Beside the planner stand the last value, last year's figures, simple
exponential smoothing of statsmodels and, where it can be run, statsforecast; STATSFORECAST_PYTHON names the
Python that has it, if it is not this one.
"""

import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import m3_monthly as m3
import numpy as np
from public_data import M3, print_report

from planner.demand.runrate.outliers import winsorised
from planner.demand.series.combination import forecast_series
from planner.demand.series.outlook import Outlook

SERIES = 240  # of each kind, both halves together
HALVES = {"chosen on": slice(0, None, 2), "kept aside": slice(1, None, 2)}

STATSFORECAST = """
import json, sys, warnings
import numpy as np
warnings.simplefilter("ignore")
from statsforecast.models import AutoETS, CrostonSBA
season, periods, sparse = (int(word) for word in sys.argv[2:])
found = []
for row in np.load(sys.argv[1]):
    history = row[~np.isnan(row)]
    model = CrostonSBA() if sparse else AutoETS(season_length=season if len(history) >= 2 * season else 1)
    found.append(np.nan_to_num(model.forecast(history, h=periods)["mean"]).tolist())
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Kind:
    """Series of one kind: what they are, right-aligned histories, and what followed.

    `squared` says that errors are squared: the all-zero forecast wins absolute errors of sparse series.
    """

    name: str
    what: str
    values: np.ndarray
    actual: np.ndarray
    season: int = 12
    squared: bool = False


def short() -> Iterator[Kind]:
    """M3 series cut to a few months."""
    histories, actual = m3.read_m3()
    step = len(histories) // SERIES
    chosen = [place for first in range(0, SERIES * step, 2 * step) for place in (first, first + 1)]
    for months in (1, 3, 6, 9, 12, 18, 23):
        cut = np.array([histories[place][-months:] for place in chosen])
        yield Kind(f"short, {months} months", f"M3 cut to {months} months, 12 ahead", cut, actual[chosen][:, :12])


def seasonal(random: np.random.Generator) -> Kind:
    """Monthly series whose season moves, 24 ahead."""
    months, ahead = 144, 24
    waves = random.normal(0, 1, (SERIES, 3, 2)) / np.arange(1, 4)[:, None]
    angle = 2 * np.pi * np.arange(12) * np.arange(1, 4)[:, None] / 12
    first = np.einsum("skc,ckm->sm", waves, np.array([np.sin(angle), np.cos(angle)]))
    moves = random.normal(0, 1, (SERIES, 14, 12)) * random.choice([0, 0.05, 0.15], (SERIES, 1, 1))
    season = (first[:, None] + np.cumsum(moves, axis=1)).reshape(SERIES, -1) * random.uniform(0.1, 0.4, (SERIES, 1))
    level = np.cumsum(random.normal(0.002, 0.015, season.shape), axis=1)
    values = np.exp(6 + level + season + 0.07 * random.standard_t(5, season.shape))
    return Kind("seasonal", "monthly, a season that moves, 24 ahead", values[:, :months], values[:, months:][:, :ahead])


def peaks(random: np.random.Generator) -> Kind:
    """Five years with a December of two to six times the other months."""
    peak = np.where(np.arange(72) % 12 == 11, random.uniform(2, 6, (SERIES, 1)), 1.0)
    values = 200 * peak * np.exp(0.12 * random.standard_normal((SERIES, 72)))
    return Kind("yearly peak", "five years with one high month, 12 ahead", values[:, :60], values[:, 60:])


def silent(random: np.random.Generator) -> Kind:
    """Items that sold in most months and have sold nothing for one to twelve; two of three have ended."""
    often = random.uniform(0.6, 1.0, (SERIES, 1))
    quantity = np.exp(random.normal(4, 0.3, (SERIES, 54)))
    values = np.where(random.random(quantity.shape) < often, quantity, 0.0)
    values[:, 0] = quantity[:, 0]
    quiet = random.integers(1, 13, (SERIES, 1))
    ended = random.random((SERIES, 1)) < 2 / 3
    values = np.where((np.arange(54) >= 48 - quiet) & ((np.arange(54) < 48) | ended), 0.0, values)
    return Kind("silent", "sold nothing for 1 to 12 months, 6 ahead", values[:, :48], values[:, 48:], squared=True)


def lumpy(random: np.random.Generator) -> Kind:
    """A little in most months, twenty times as much in one of ten."""
    large = random.random((SERIES, 51)) < 0.1
    values = np.where(large, random.uniform(300, 500, large.shape), random.uniform(10, 30, large.shape))
    return Kind("lumpy", "one month of ten sells twenty times as much, 3 ahead", values[:, :48], values[:, 48:],
                squared=True)


def sparse(random: np.random.Generator) -> Kind:
    """Spare parts: four of five months sell nothing."""
    often = random.beta(2, 7, (SERIES, 1)) * np.exp(np.cumsum(random.normal(0, 0.06, (SERIES, 51)), axis=1))
    sold = random.random((SERIES, 51)) < np.minimum(often, 1.0)
    values = sold * (1.0 + random.poisson(random.gamma(1, 1.5, (SERIES, 1)), (SERIES, 51)))
    values[~sold[:, :45].any(axis=1), 20] = 1.0
    begun = np.cumsum(values > 0, axis=1) > 0
    history = np.where(begun, values, np.nan)[:, :45]
    return Kind("sparse", "four of five months sell nothing, 6 ahead", history, values[:, 45:], squared=True)


def weekly(random: np.random.Generator) -> Kind:
    """Three years of weeks with levels that jump, half of them with a season."""
    weeks, ahead = 156, 13
    jumps = (random.random((SERIES, weeks + ahead)) < 1 / 80) * random.normal(0, 0.35, (SERIES, weeks + ahead))
    jumps[:, weeks:] = 0
    level = np.cumsum(jumps + random.normal(0, 0.01, jumps.shape), axis=1)
    angle = 2 * np.pi * (np.arange(weeks + ahead) / 52 + random.random((SERIES, 1)))
    season = random.choice([0, 0.3], (SERIES, 1)) * np.sin(angle)
    values = np.exp(6 + level + season + 0.06 * random.standard_t(5, jumps.shape))
    return Kind("weekly", "three years of weeks, levels that jump, 13 ahead", values[:, :weeks], values[:, weeks:], 52)


def kinds() -> list[Kind]:
    """All kinds; what is generated is the same every time."""
    makers = (seasonal, peaks, silent, lumpy, sparse, weekly)
    return [*short(), *(make(np.random.default_rng(place)) for place, make in enumerate(makers))]


def outlook_of(kind: Kind) -> Outlook:
    """The planner's forecast, slips winsorised before."""
    cleaned = winsorised(kind.values, kind.season)
    return forecast_series(cleaned, season=kind.season, periods=kind.actual.shape[1])


def last_year(kind: Kind) -> np.ndarray:
    """The same period of the year before; the last value where there was none."""
    length, ahead = kind.values.shape[1], np.arange(kind.actual.shape[1])
    place = length - kind.season + ahead % kind.season
    earlier = np.where(place >= 0, kind.values[:, np.maximum(place, 0)], np.nan)
    return np.where(np.isnan(earlier), kind.values[:, -1:], earlier)


def simple_smoothing(kind: Kind) -> np.ndarray:
    """Simple exponential smoothing by statsmodels, its parameter estimated."""
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing

    said = []
    for row in kind.values:
        history = row[~np.isnan(row)]
        found = history[-1]
        if len(history) > 2:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model = SimpleExpSmoothing(history, initialization_method="legacy-heuristic" if len(history) >= 10
                                           else "known", initial_level=None if len(history) >= 10 else history[0])
                found = model.fit().forecast(1)[0]
        said.append(found)
    return np.repeat(np.array(said)[:, None], kind.actual.shape[1], axis=1)


def by_statsforecast(kind: Kind) -> np.ndarray | None:
    """AutoETS, or Croston's method with Syntetos and Boylan's correction for sparse series; None without it."""
    python = os.environ.get("STATSFORECAST_PYTHON", sys.executable)
    zeros = (kind.values == 0).sum() > 0.2 * (~np.isnan(kind.values)).sum()
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "values.npy", kind.values)
        words = [str(kind.season), str(kind.actual.shape[1]), str(int(zeros))]
        done = subprocess.run([python, "-c", STATSFORECAST, f"{folder}/values.npy", *words],
                              capture_output=True, text=True, check=False)
    return np.array(json.loads(done.stdout.splitlines()[-1])) if done.returncode == 0 else None


def error(kind: Kind, said: np.ndarray, part: slice) -> float:
    """Mean error over the series of the half, in units of each series' own mean."""
    power = 2 if kind.squared else 1
    size = np.nanmean(kind.values, axis=1)[part, None]
    miss = (np.abs(said - kind.actual)[part] / size) ** power
    return float(miss.mean() ** (1 / power))


def lines_of(kind: Kind) -> list[str]:
    """A row of the table for each half."""
    outlook = outlook_of(kind)
    methods: dict[str, Callable[[], np.ndarray | None]] = {
        "planner": lambda: outlook.mean,
        "last value": lambda: np.repeat(kind.values[:, -1:], kind.actual.shape[1], axis=1),
        "last year": lambda: last_year(kind),
        "simple smoothing": lambda: simple_smoothing(kind),
        "statsforecast": lambda: by_statsforecast(kind),
    }
    said = {name: method() for name, method in methods.items()}
    lines = []
    for half, part in HALVES.items():
        errors = ["" if found is None else f"{error(kind, found, part):.3f}" for found in said.values()]
        actual = kind.actual[part]
        bias = outlook.mean[part].sum() / actual.sum() - 1
        held = [m3.held(actual, outlook.quantiles[part], nominal) for nominal in (80, 95)]
        lines.append(f"| {kind.what} | {half} | {' | '.join(errors)} | {bias:+.1%} | {held[0]:.1%} | {held[1]:.1%} |")
    return lines


def report() -> list[str]:
    """The table, as Markdown."""
    head = ["series", "half", "planner", "last value", "last year", "simple smoothing", "statsforecast",
            "planner's bias", "80 % interval holds", "95 %"]
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|",
            *(line for kind in kinds() for line in lines_of(kind)), ""]


if __name__ == "__main__":
    print_report(report, data=M3)
