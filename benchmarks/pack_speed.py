"""How fast three solved plans become a meeting pack: the baseline and two what-ifs, read from their folders.

    python benchmarks/pack_speed.py

The goal is 5 seconds for three plans. Seconds differ from machine to machine; the ratio to one cold solve of the
baseline comes from the same run.
"""

import tempfile
from pathlib import Path
from time import process_time

import planner
from planner.report.pack import render_pack

ROOT = Path(__file__).parents[1]
SCENARIOS = ("baseline", "supplier-outage", "second-shift")


def main() -> None:
    """The seconds of processor of both, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = []
        for name in SCENARIOS:
            began = process_time()
            plan = planner.solve(planner.load_scenario(ROOT / "scenarios" / name))
            seconds.append(process_time() - began)
            plan.save(Path(folder) / name)
        began = process_time()
        text = render_pack([planner.load_plan(Path(folder) / name) for name in SCENARIOS])
        pack = process_time() - began
    print(f"three plans: pack {pack:.1f} s ({len(text.encode()) / 1e6:.2f} MB), a cold solve of the baseline "
          f"{seconds[0]:.1f} s, ratio {pack / seconds[0]:.2f}")


if __name__ == "__main__":
    main()
