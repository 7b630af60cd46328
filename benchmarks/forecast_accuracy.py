"""Measures the forecaster and writes docs/forecast-accuracy.md.

    python benchmarks/forecast_accuracy.py            all of it
    python benchmarks/forecast_accuracy.py crm speed  only these parts; the others stay as they are

Parts whose data are not there are left out, and the page is then not written: it would lose figures.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import crm_pipeline
import demand_kinds
import forecast_speed
import m3_choices
import m3_monthly
import public_data

PAGE = Path(__file__).resolve().parents[1] / "docs" / "forecast-accuracy.md"

HEAD = """# How good the forecast is

Made by `python benchmarks/forecast_accuracy.py`. Lower is better everywhere but in the coverage of intervals,
which should be what the interval promises. Every forecast knows only what was known on its day.
"""

M3 = """## Run-rate series: the M3 competition, monthly

OWA is the mean of sMAPE and MASE relative to Naive2. Choices were made on one half of the series only: look
at the other. The published Theta method has a sMAPE of 13.85 over all 1,428 series.
"""

CHOICES = """### Slips and sums

What cutting slips back gains (`forecast.outliers`), and what a series gains from agreeing with its sum
(`forecast.anchor`).
"""

CRM = """## Pipeline: a public CRM extract

8,300 deals of a hardware seller, won or lost in 2017 (Maven Analytics, "CRM Sales Opportunities"). It has no
stage history, no quantities and no expected closing days; what is forecast is the value won in the three
months after a day. The planner learns chances by age, office and month of the quarter from the deals decided
by that day, and moves their sum towards the number of wins that the months before let expect. What an open
deal will bring is not known: it counts with the mean of its product. WAPE is the sum of the errors over the
sum of what was won. "Same month last quarter" is hard to beat on the total here, because the quarters of this
extract are nearly alike; it says nothing about which deals, and nothing about a pipeline that grows or
shrinks.
"""

KINDS = """## Short, seasonal, silent, lumpy, sparse and weekly series

What companies have. Short series are those of M3 cut to their last months; the others are generated, and the same
every time (`benchmarks/demand_kinds.py` has their rules). Constants were chosen with half of the series of each
kind; the others are the ones to look at. Errors are mean absolute ones of the mean forecast, in units of the
series' own mean; for silent, lumpy and sparse series they are root mean squared ones, for saying nothing wins
absolute errors there. Simple smoothing is statsmodels', its parameter estimated; statsforecast is AutoETS, and
Croston's method with the correction of Syntetos and Boylan where a fifth of all figures are zeros; it refuses
the shortest series.
"""

SPEED = """## Speed

Where the wall clock shows more than the CPU seconds of a process, other work kept the machine busy.
"""


def accuracy_parts() -> dict[str, Callable[[], list[str]]]:
    """What the page is made of, after its head."""
    return {
        "m3": lambda: [M3, *m3_monthly.report(), CHOICES, *m3_choices.report()],
        "crm": lambda: [CRM, *crm_pipeline.report()],
        "speed": lambda: [SPEED, *forecast_speed.report()],
        "kinds": lambda: [KINDS, *demand_kinds.report()],
    }


def page(wanted: list[str]) -> str:
    """The page with the wanted parts measured again; the others stay as they stand there."""
    old = ["", *PAGE.read_text(encoding="utf-8").split("\n## ")[1:]] if PAGE.exists() else []
    kept = {name: f"## {text}" for name, text in zip(accuracy_parts(), old[1:], strict=False)}
    made = [
        "\n".join(make()) if name in wanted else kept[name].rstrip("\n") + "\n"
        for name, make in accuracy_parts().items()
    ]
    return "\n".join([HEAD, *made])


def main() -> int:
    """Writes the page, or says what is missing."""
    wanted = sys.argv[1:] or list(accuracy_parts())
    unknown = [name for name in wanted if name not in accuracy_parts()]
    if unknown:
        print(f"No part {' or '.join(unknown)}. Parts are {', '.join(accuracy_parts())}.", file=sys.stderr)
        return 2
    needed = {"m3": public_data.M3, "crm": public_data.CRM, "kinds": public_data.M3}
    lacking = [folder for name, folder in needed.items() if name in wanted and not folder.exists()]
    if lacking:
        print(*map(public_data.missing, lacking), "The page is not written.", sep="\n", file=sys.stderr)
        return 0
    PAGE.write_text(page(wanted), encoding="utf-8")
    print(f"Written: {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
