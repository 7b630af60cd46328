"""How long the command line takes to start, and how long everything but the solver takes on the baseline.
Ratios in one run.

    python benchmarks/baseline_speed.py

1. `planner --help` and `planner check scenarios/baseline` against importing pyomo, pandas and statsmodels,
   bytecode compiled: each should take less than half.
2. Reading, forecasting, building and writing of the baseline together against HiGHS: they should take no
   longer than twice what HiGHS takes, or 5 s, whichever is more. Measured in a fresh process, so that imports
   count.

Medians of several runs, wall and processor seconds; the processor seconds bear a busy machine better.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
BASELINE = ROOT / "scenarios" / "baseline"
RUNS = 5
SOLVES = 3
MAXIMUM_OF_IMPORT = 0.5
MAXIMUM_OF_HIGHS, FREE_SECONDS = 2.0, 5.0

IMPORT = [sys.executable, "-c", "import pyomo.environ, pandas, statsmodels.api"]
COMMANDS = {"planner --help": [sys.executable, "-m", "planner", "--help"],
            "planner check scenarios/baseline": [sys.executable, "-m", "planner", "check", str(BASELINE)]}

PHASES = """
import json, sys, tempfile, time
clock = {"wall": time.perf_counter, "processor": time.process_time}
def lap(done, text):
    now = {kind: tick() for kind, tick in clock.items()}
    laps[text] = {kind: now[kind] - done[kind] for kind in now}
    return now
laps = {}
now = {kind: tick() for kind, tick in clock.items()}
import planner
scenario = planner.load_scenario(sys.argv[1])
now = lap(now, "reading")
demand = planner.forecast(scenario)
now = lap(now, "forecasting")
plan = planner.solve(scenario, demand)
now = lap(now, "building, solving and making tables")
with tempfile.TemporaryDirectory() as folder:
    plan.save(folder + "/plan")
    lap(now, "writing")
print(json.dumps({"laps": laps, "highs": plan.seconds["highs"]}))
"""


def main() -> int:
    """Prints the ratios; 1 when one is missed."""
    subprocess.run(IMPORT, check=True, cwd=ROOT)  # compiles the bytecode
    for command in COMMANDS.values():
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    wall, processor = timed(IMPORT)
    print(
        f"{'import pyomo.environ, pandas, statsmodels.api':48} {wall:6.2f} s wall {processor:6.2f} s "
        "processor"
    )
    kept = [starts_fast(name, command, wall, processor) for name, command in COMMANDS.items()]
    return 0 if all([*kept, solves_fast()]) else 1


def starts_fast(name: str, command: list[str], import_wall: float, import_processor: float) -> bool:
    """Whether a command takes less than half of the import, in processor seconds."""
    wall, processor = timed(command)
    ratio = processor / import_processor
    print(
        f"{name:48} {wall:6.2f} s wall {processor:6.2f} s processor: {wall / import_wall:.2f} and "
        f"{ratio:.2f} of it"
    )
    return ratio < MAXIMUM_OF_IMPORT


def timed(command: list[str]) -> tuple[float, float]:
    """Median wall and processor seconds of a command."""
    taken = [once(command) for _ in range(RUNS)]
    return median(wall for wall, _ in taken), median(processor for _, processor in taken)


def once(command: list[str]) -> tuple[float, float]:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def solves_fast() -> bool:
    """Whether everything but HiGHS stays within its allowance on the baseline."""
    command = [sys.executable, "-c", PHASES, str(BASELINE)]
    runs = [json.loads(subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout)
            for _ in range(SOLVES)]
    print("\nscenarios/baseline, a fresh process:")
    for phase in runs[0]["laps"]:
        wall, processor = (median(run["laps"][phase][kind] for run in runs) for kind in ("wall", "processor"))
        print(f"  {phase:40} {wall:6.2f} s wall {processor:6.2f} s processor")
    highs = median(run["highs"] for run in runs)
    rest = median(sum(lap["wall"] for lap in run["laps"].values()) - run["highs"] for run in runs)
    allowed = max(MAXIMUM_OF_HIGHS * highs, FREE_SECONDS)
    print(
        f"  of which HiGHS {highs:.2f} s; all else {rest:.2f} s = {rest / highs:.2f} of it; allowed "
        f"{allowed:.2f} s"
    )
    return rest <= allowed


if __name__ == "__main__":
    sys.exit(main())
