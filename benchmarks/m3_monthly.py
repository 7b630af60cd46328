"""How good is the run-rate forecast on the monthly series of the M3 competition, and how fast?

    python benchmarks/m3_monthly.py

Choices were made on every second series (the first, the third, ...); the others are the ones to look at.
Beside it stand the usual yardsticks: Naive2, seasonal naive, and statsmodels' own Theta and best ETS on a
sample. statsforecast's AutoETS and median combination are run too where it is installed.
"""

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from public_data import M3, print_report

from planner.demand.series.combination import forecast_series
from planner.demand.series.cumulated import cumulated_quantiles
from planner.demand.series.outlook import LEVELS, Outlook

SEASON, AHEAD = 12, 18
Series = list[np.ndarray]


def read_m3() -> tuple[Series, np.ndarray]:
    """Histories, and what followed (series, month)."""
    table = pd.read_parquet(M3 / "m3_monthly.parquet").sort_values(["unique_id", "t"])
    parts = {
        split: [group.to_numpy() for _, group in rows.groupby("unique_id")["y"]]
        for split, rows in table.groupby("split")
    }
    return parts["train"], np.array(parts["test"])


def matrix(histories: Series) -> np.ndarray:
    """The histories right-aligned, NaN before they start."""
    length = max(map(len, histories))
    return np.array(
        [np.concatenate([np.full(length - len(history), np.nan), history]) for history in histories]
    )


def naive2(history: np.ndarray) -> np.ndarray:
    """Last value of the seasonally adjusted series, season put back if the competition's test finds one."""
    if not seasonal(history):
        return np.repeat(history[-1], AHEAD)
    average = pd.Series(np.convolve(history, [0.5 / 12, *[1 / 12] * 11, 0.5 / 12], "valid"))
    ratio = history[6:-6] / average.to_numpy()
    index = np.array([ratio[(place - 6) % 12::12].mean() for place in range(12)])
    index /= index.mean()
    last = history[-1] / index[(len(history) - 1) % 12]
    return last * index[(len(history) + np.arange(AHEAD)) % 12]


def seasonal(history: np.ndarray) -> bool:
    """The competition's test: autocorrelation a year apart against its 90 % limit."""
    centred = history - history.mean()
    correlation = (
        np.array([(centred[lag:] * centred[:-lag]).sum() for lag in range(1, 13)]) / (centred**2).sum()
    )
    limit = 1.645 * np.sqrt((1 + 2 * (correlation[:-1] ** 2).sum()) / len(history))
    return len(history) >= 36 and abs(correlation[-1]) > limit


def smape(actual: np.ndarray, said: np.ndarray) -> float:
    """Mean symmetric percentage error."""
    return float(np.mean(200 * np.abs(actual - said) / (np.abs(actual) + np.abs(said))))


def mase(actual: np.ndarray, said: np.ndarray, histories: Series) -> float:
    """Mean error in units of the seasonal naive one within each history."""
    scale = np.array([np.abs(history[SEASON:] - history[:-SEASON]).mean() for history in histories])
    return float((np.abs(actual - said).mean(axis=1) / scale).mean())


def theta_of_statsmodels(history: np.ndarray) -> np.ndarray:
    """statsmodels' ThetaModel."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    return np.asarray(
        ThetaModel(pd.Series(history), period=SEASON, method="multiplicative").fit().forecast(AHEAD)
    )


def ours(histories: Series) -> Outlook:
    """The package's forecast."""
    return forecast_series(matrix(histories), season=SEASON, periods=AHEAD)


def statsforecast_methods() -> dict[str, Callable[[Series], np.ndarray]]:
    """AutoETS and median(ETS, CES, DOT) of statsforecast, where it is installed."""
    try:
        from statsforecast.models import AutoCES, AutoETS, DynamicOptimizedTheta
    except ImportError:
        return {}
    members = {"ETS": AutoETS, "CES": AutoCES, "DOT": DynamicOptimizedTheta}

    def said(histories: Series, names: tuple[str, ...]) -> np.ndarray:
        return np.median(
            [
                [
                    members[name](season_length=SEASON).forecast(history, AHEAD)["mean"]
                    for history in histories
                ]
                for name in names
            ],
            axis=0,
        )

    return {"statsforecast AutoETS": lambda histories: said(histories, ("ETS",)),
            "statsforecast median(ETS, CES, DOT)": lambda histories: said(histories, ("ETS", "CES", "DOT"))}


def rows(histories: Series, actual: np.ndarray) -> list[str]:
    """One row of the table for each method: sMAPE, MASE, OWA, milliseconds of CPU a series."""
    yardstick = np.array([naive2(history) for history in histories])
    anchor = smape(actual, yardstick), mase(actual, yardstick, histories)
    methods: dict[str, Callable[[Series], np.ndarray]] = {
        "planner": lambda given: ours(given).at(0.5),
        "Naive2": lambda given: np.array([naive2(history) for history in given]),
        "seasonal naive": lambda given: np.array(
            [history[-SEASON + np.arange(AHEAD) % SEASON] for history in given]
        ),
        "statsmodels Theta": lambda given: np.array([theta_of_statsmodels(history) for history in given]),
        **statsforecast_methods(),
    }
    lines = []
    for name, method in methods.items():
        method(histories[:2])  # imports are not to be measured
        started = time.process_time()
        said = method(histories)
        spent = (time.process_time() - started) / len(histories) * 1000
        error = smape(actual, said), mase(actual, said, histories)
        owa = (error[0] / anchor[0] + error[1] / anchor[1]) / 2
        lines.append(f"| {name} | {error[0]:.2f} | {error[1]:.3f} | {owa:.3f} | {spent:.2f} |")
    return lines


def coverage(histories: Series, actual: np.ndarray) -> str:
    """How often the intervals hold what happened."""
    outlook = ours(histories)
    said = ", ".join(
        f"{nominal} % interval: {held(actual, outlook.quantiles, nominal):.1%}" for nominal in (80, 95)
    )
    sums, upto = np.cumsum(actual, axis=1), cumulated_quantiles(outlook, seed=0)
    cumulated = (
        f"{months} months: "
        + " and ".join(
            f"{held(sums[:, months - 1 : months], upto[:, months - 1 : months], nominal):.1%}"
            for nominal in (80, 95)
        )
        for months in (3, 6, 12, 18)
    )
    return f"{said}. The same of the sums over the first {', '.join(cumulated)}"


def held(actual: np.ndarray, quantiles: np.ndarray, nominal: int) -> float:
    """How often the interval of so many percent held what happened."""
    tail = LEVELS.index((100 - nominal) / 200)
    return float(
        np.mean((actual >= quantiles[..., tail]) & (actual <= quantiles[..., len(LEVELS) - 1 - tail]))
    )


def report() -> list[str]:
    """The tables, as Markdown."""
    histories, actual = read_m3()
    lines = []
    parts = {
        "Series kept aside (half of the 1,428)": slice(1, None, 2),
        "Series that choices were made on": slice(0, None, 2),
        "All 1,428 series": slice(None),
    }
    for title, part in parts.items():
        lines += [
            f"**{title}**",
            "",
            "| method | sMAPE | MASE | OWA | CPU ms a series |",
            "|---|---|---|---|---|",
            *rows(histories[part], actual[part]),
            "",
            f"Coverage: {coverage(histories[part], actual[part])}.",
            "",
        ]
    return lines


if __name__ == "__main__":
    print_report(report, data=M3)
