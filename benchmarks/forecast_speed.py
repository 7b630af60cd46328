"""How fast is the forecaster, and how much memory does it take? Many series, large histories, many open
deals.

    python benchmarks/forecast_speed.py

Where statsforecast can be run, its AutoETS forecasts a sample of the same series beside; STATSFORECAST_PYTHON
names the Python that has it, if it is not this one (it may not get along with the versions that the planner
needs).
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from planner.demand.pipeline.simulation import common_shocks, simulate
from planner.demand.series.combination import forecast_series
from planner.demand.series.parallel import Spread
from planner.workers import cores

SERIES, MONTHS, AHEAD = 10_000, 60, 18
LARGE = 100_000
SAMPLE = 200  # series that AutoETS is run on
DEALS, PERIODS, ITEMS = 20_000, 12, 200

AUTO_ETS = """
import json, sys, time
import numpy as np
from statsforecast.models import AutoETS
values = np.load(sys.argv[1])
model = AutoETS(season_length=12)
model.forecast(values[0], h=18, level=[80, 95])  # compiled and warm
started = time.process_time()
for series in values:
    model.forecast(series, h=18, level=[80, 95])
print(json.dumps(time.process_time() - started))
"""

FROM_FILE = """
import json, resource, sys, time, planner
started = time.perf_counter()
planner.forecast_history(sys.argv[1], sys.argv[2], periods=18)
own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
most = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))  # ru_maxrss counts what
started this print(json.dumps([time.perf_counter() - started, own.ru_utime + others.ru_utime,
int(most.split()[1]) / 1024, others.ru_maxrss / 1024]))
"""


def clocks() -> np.ndarray:
    """Wall-clock seconds so far, and CPU seconds of this process and of those that it has waited for."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return np.array([time.perf_counter(), own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime])


def generated(count: int) -> np.ndarray:
    """Seasonal series of 60 months with a level that wanders."""
    random = np.random.default_rng(0)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)
    level = np.exp(np.cumsum(0.03 * random.standard_normal((count, MONTHS)), axis=1))
    return 100 * level * season * np.exp(0.1 * random.standard_normal((count, MONTHS)))


def many_series(workers: int) -> np.ndarray:
    """Wall-clock and CPU seconds for mean and quantiles of 10,000 series on so many processes, their start
    included.
    """
    values = generated(SERIES)
    forecast_series(values[:2], season=12, periods=AHEAD)  # imports are not to be measured
    started = clocks()
    with Spread(workers=workers) as spread:
        spread.forecast(values, season=12, periods=AHEAD)
    return clocks() - started


def auto_ets_seconds() -> float | None:
    """CPU seconds of statsforecast's AutoETS for a series, from a sample; None where it is not installed."""
    python = os.environ.get("STATSFORECAST_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        values = Path(folder) / "values.npy"
        np.save(values, generated(SERIES)[:SAMPLE])
        done = subprocess.run(
            [python, "-c", AUTO_ETS, str(values)], capture_output=True, text=True, check=False
        )
    return json.loads(done.stdout.splitlines()[-1]) / SAMPLE if done.returncode == 0 else None


def write_history(count: int, path: Path) -> None:
    """A parquet file of so many series, month by month, some at a time."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    dates = pd.period_range("2021-01", periods=MONTHS, freq="M").start_time
    writer = None
    for first in range(0, count, SERIES):
        number = np.repeat(np.arange(first, min(first + SERIES, count)), MONTHS)
        rows = pd.DataFrame({"date": np.tile(dates, len(number) // MONTHS),
                             "item": np.char.add("item-", (number // 20).astype(str)),
                             "market": np.char.add("market-", (number % 20).astype(str)),
                             "quantity": generated(len(number) // MONTHS).ravel().round(2)})
        table = pa.Table.from_pandas(rows, preserve_index=False)
        writer = writer or ParquetWriter(path, table.schema)
        writer.write_table(table)
    writer.close()


def from_file(count: int) -> list[float]:
    """Wall-clock and CPU seconds from parquet to parquet, and maximum megabytes of the main process and of a
    worker.
    """
    with tempfile.TemporaryDirectory() as folder:
        history, forecast = Path(folder) / "history.parquet", Path(folder) / "forecast.parquet"
        write_history(count, history)
        command = [sys.executable, "-c", FROM_FILE, str(history), str(forecast)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


def many_deals() -> np.ndarray:
    """Wall-clock and CPU seconds for 1,000 draws of 20,000 open deals over 12 months."""
    random = np.random.default_rng(0)
    chances = random.dirichlet(np.full(PERIODS + 1, 0.4), DEALS)[:, :PERIODS] * 0.5
    deals = pd.DataFrame({"quantity": random.lognormal(1, 1, DEALS), "quantity_spread": 0.0, "weight": 1.0})
    started = clocks()
    shock = common_shocks(np.arange(PERIODS), spread=0.2, seed=0)
    simulate(deals, chances, random.integers(0, ITEMS, DEALS), count=ITEMS, shock=shock, seed=0)
    return clocks() - started


def beside_auto_ets(ours: float) -> str:
    """How many times the CPU of AutoETS: a sentence."""
    theirs = auto_ets_seconds()
    if theirs is None:
        return "statsforecast is not installed, so its AutoETS was not run beside."
    return (
        f"statsforecast's AutoETS, with intervals, run beside on {SAMPLE} of the same series: "
        f"{1000 * theirs:.1f} CPU ms a "
        f"series against {1000 * ours:.2f}, {theirs / ours:.0f} times as much; all {SERIES:,} would take it "
        f"{theirs * SERIES:.0f} s."
    )


def report() -> list[str]:
    """The figures, as Markdown."""
    what = f"{SERIES:,} monthly series of {MONTHS} months, {AHEAD} months ahead, mean and quantiles"
    alone = many_series(1)
    measured = {
        f"{what}, one process": alone,
        f"the same, {cores()} processes, their start included": many_series(cores()),
        f"{DEALS:,} open deals, {PERIODS} months, 1,000 draws, by {ITEMS} items": many_deals(),
    }
    files = {count: from_file(count) for count in (SERIES, LARGE)}
    return [
        "| what | wall-clock seconds | CPU seconds |",
        "|---|---|---|",
        *(f"| {name} | {wall:.1f} | {cpu:.1f} |" for name, (wall, cpu) in measured.items()),
        "",
        beside_auto_ets(float(alone[1]) / SERIES),
        "",
        "| `planner.forecast_history`, file to file | wall-clock seconds | CPU seconds | peak MB, main "
        "process | a worker |",
        "|---|---|---|---|---|",
        *(
            f"| {count:,} series of {MONTHS} months | {wall:.0f} | {cpu:.0f} | {own:.0f} | {worker:.0f} |"
            for count, (wall, cpu, own, worker) in files.items()
        ),
        "",
    ]


def main() -> int:
    """Prints the figures."""
    print("\n".join(report()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
