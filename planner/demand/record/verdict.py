"""The record in plain sentences: how far off past forecasts were, whether they beat simple ones, and which
step helped.
"""

from collections.abc import Iterator

import pandas as pd

from planner.demand.record.accuracy import OFF_TRACK
from planner.demand.record.backtest import LAGS, NAIVE, OURS, QUARTERLY, WHOLE_HORIZON
from planner.figures import percent

STEPS = {
    "run_rate": "Forecasting run-rate business",
    "pipeline": "Adding the pipeline",
    "promotions": "Planning promotions",
    "streams": "The consensus of the streams",
    "overrides": "Changing it by hand",
}
BASES = {"run_rate": "compared with last year's figures", "pipeline": "compared with run-rate business alone"}
SMALL = 0.0005  # of the demand: no difference that anybody would notice
CLOSE = 0.04  # a range that holds within this of what it promises is right
Figures = dict[tuple[str, str, int, str], float]


def verdict(record: pd.DataFrame) -> tuple[str, ...]:
    """What the record says, the most important first; where there is none, why."""
    if record.empty:
        return ("There is less than a year of history to look back on, so past forecasts cannot be judged.",)
    keys = zip(record["level"], record["measure"], record["lag"], record["method"], strict=True)
    figures: Figures = dict(zip(keys, record["value"], strict=True))
    parts = (_errors, _biased, _steps, _streams, _ranges, _tracking, _steadiness)
    return tuple(sentence for part in parts for sentence in part(figures))


def _errors(figures: Figures) -> Iterator[str]:
    """How far off, by series and over all, and against simple methods."""
    judged = [lag for _, measure, lag, _ in figures if measure == "wape" and lag > WHOLE_HORIZON]
    if not judged:
        yield "Nothing was ordered in the periods that past forecasts are judged by: errors have no measure."
        return
    lag = min(judged)
    for level, of in (("item and market", "by item and market"), ("total", "of the total")):
        error = figures.get((level, "wape", lag, OURS))
        if error is not None:
            naive, quarter = (figures[level, "wape", lag, method] for method in (NAIVE, QUARTERLY))
            best = _against(error, naive, quarter)
            yield (
                f"{_ahead(lag)}, forecasts {of} were off by {percent(error)} of the demand: {best} "
                "last year's figures "
                f"({percent(naive)}) and last quarter's ({percent(quarter)})."
            )
    far = figures.get(("item and market", "wape", WHOLE_HORIZON, OURS))
    if far is not None:
        yield (
            f"Over all periods ahead that have happened, they were off by {percent(far)} by item and market."
        )


def _against(error: float, *simple: float) -> str:
    """How an error stands beside those of two simple methods; a difference that nobody would notice is none.
    """
    best, worst = min(simple), max(simple)
    if error <= best - SMALL:
        return "better than both"
    if error < best + SMALL:
        return "as good as both" if worst < best + SMALL else "no better than the better of"
    return "NOT better than both" if error < worst + SMALL else "WORSE than both"


def _biased(figures: Figures) -> Iterator[str]:
    """Too high or too low on the whole."""
    lean = figures.get(("total", "bias", WHOLE_HORIZON, OURS))
    if lean is not None:
        yield (
            f"They were too {'high' if lean > 0 else 'low'} by {percent(abs(lean))} on the whole."
            if abs(lean) >= SMALL
            else "They were neither too high nor too low on the whole."
        )


def _steps(figures: Figures) -> Iterator[str]:
    """What every step added, at the level of series over all lags; one that does harm is named as such."""
    for step, does in STEPS.items():
        gained = figures.get(("item and market", "step_value", WHOLE_HORIZON, step))
        if gained is None:
            continue
        base = BASES.get(step, "compared with the step before")
        if step == "run_rate" and ("item and market", "wape", WHOLE_HORIZON, "pipeline") in figures:
            base += ", with business from deals still missing"
        of_total = figures.get(("total", "step_value", WHOLE_HORIZON, step), 0.0)
        yield (
            f"{does}, forecast value added: WAPE {_gain(gained)} by item and market and {_gain(of_total)} "
            f"of the total, {base}."
        )


def _streams(figures: Figures) -> Iterator[str]:
    """How good each stream would have been by itself."""
    for level, measure, lag, method in sorted(figures):
        if (level, measure, lag) == ("item and market", "wape", WHOLE_HORIZON) and method.startswith(
            "stream_"
        ):
            yield (
                f"Had {method.removeprefix('stream_')} been followed wherever it had a figure, forecasts by "
                "item and market "
                f"would have been off by {percent(figures[level, measure, lag, method])}."
            )


def _ranges(figures: Figures) -> Iterator[str]:
    """Whether the ranges hold what they promise."""
    for measure, promised in (("coverage_80", 0.80), ("coverage_95", 0.95)):
        coverage = figures.get(("item and market", measure, WHOLE_HORIZON, OURS))
        if coverage is not None:
            judged = (
                "as promised"
                if abs(coverage - promised) <= CLOSE
                else "too wide"
                if coverage > promised
                else "too narrow"
            )
            yield f"{percent(coverage)} of actuals fell inside the {promised:.0%} interval: {judged}."


def _tracking(figures: Figures) -> Iterator[str]:
    """Whether the total is wrong on the same side nearly every time."""
    signal = figures.get(("total", "tracking_signal", 1, OURS))
    if signal is not None and abs(signal) > OFF_TRACK:
        yield (
            f"Forecasts of the total are off track: too {'high' if signal > 0 else 'low'} nearly every time "
            f"(tracking signal {signal:+.1f})."
        )


def _steadiness(figures: Figures) -> Iterator[str]:
    """How much forecasts move from one origin to the next."""
    moved = [figures.get(("item and market", "instability", lag, OURS)) for lag in range(1, LAGS + 1)]
    moves = [value for value in moved if value is not None]
    if moves:
        yield (
            "From one backtest origin to the next, the forecast of the same period moved by "
            f"{percent(sum(moves) / len(moves))} "
            "by item and market."
        )


def _ahead(lag: int) -> str:
    return "One period ahead" if lag == 1 else f"{lag} periods ahead"


def _gain(share: float) -> str:
    """What a step does to an error; harm is written so that nobody reads over it."""
    if abs(share) < SMALL:
        return "unchanged"
    return f"{100 * abs(share):.1f} points {'lower' if share > 0 else 'HIGHER'}"
