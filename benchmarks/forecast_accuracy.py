"""Measures the forecaster and writes docs/forecast-accuracy.md.

    python benchmarks/forecast_accuracy.py

Parts whose data are not there are left out, and the page is then not written: it would lose figures.
"""

import sys
from pathlib import Path

import crm_pipeline
import forecast_speed
import m3_monthly

PAGE = Path(__file__).resolve().parents[1] / "docs" / "forecast-accuracy.md"

HEAD = """# How good the forecast is

Made by `python benchmarks/forecast_accuracy.py`. Lower is better everywhere but in the coverage of intervals, which should
be what the interval promises. Every forecast knows only what was known on its day.
"""

M3 = """## Run-rate series: the M3 competition, monthly

OWA is the mean of sMAPE and MASE relative to Naive2. Choices were made on one half of the series only: look at the other.
The published Theta method has a sMAPE of 13.85 over all 1,428 series.
"""

CRM = """## Pipeline: a public CRM extract

8,300 deals of a hardware seller, won or lost in 2017 (Maven Analytics, "CRM Sales Opportunities"). It has no stage history, no
quantities and no expected closing days; what is forecast is the value won in the three months after a day. The planner learns
chances by age, office and month of the quarter from the deals decided by that day. WAPE is the sum of the errors over the
sum of what was won. "Same month last quarter" is hard to beat on the total here, because the quarters of this extract are
nearly alike; it says nothing about which deals, and nothing about a pipeline that grows or shrinks.
"""

SPEED = """## Speed

Where the wall clock shows more than the CPU seconds of a process, other work kept the machine busy.
"""


def main() -> int:
    """Writes the page, or says what is missing."""
    missing = [name for name, part in (("m3_monthly", m3_monthly), ("crm_maven", crm_pipeline)) if not part.available()]
    if missing:
        print(f"No {' and no '.join(missing)} in {m3_monthly.DATA}: the page is not written. Set PLANNER_DATA.", file=sys.stderr)
        return 0
    parts = [HEAD, M3, *m3_monthly.report(), CRM, *crm_pipeline.report(), SPEED, *forecast_speed.report()]
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    print(f"Written: {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
