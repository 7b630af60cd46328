"""Makes the pictures and the terminal excerpt of the README from the bundled scenarios: `python
docs/pictures.py`.

The page's picture is taken by Chromium, which must be installed (`chromium`, `chromium-browser` or
`google-chrome`).
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import altair as alt
import pandas as pd
import vl_convert

import planner
from planner.demand.demand import Demand
from planner.scenario.scenario import Scenario

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGE_SIZE = (1180, 1240)  # down to what has to be decided
EXCERPT = re.compile(r"(?<=<!-- excerpt: planner solve -->\n).*?(?=<!-- end -->)", re.DOTALL)
SHOWN = {"item": "city-one", "market": "france"}
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
COLOR = "#1f5a94"


def picture_of_the_page() -> None:
    """docs/pictures/report.png shows the pack about two plans, down to what has to be decided."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit(f"none of {', '.join(BROWSERS)} is installed")
    plans = [
        planner.solve(planner.load_scenario(ROOT / "scenarios" / name))
        for name in ("baseline", "second-shift")
    ]
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "pack.html"
        planner.write_report(plans, page)
        # Chromium will not start as root inside a container unless its sandbox is off; the page is our own.
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--hide-scrollbars",
                f"--screenshot={PICTURES / 'report.png'}",
                f"--window-size={PAGE_SIZE[0]},{PAGE_SIZE[1]}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


def past_orders(scenario: Scenario) -> pd.DataFrame:
    """Units ordered per month of what is shown."""
    market_of = scenario["customers"].set_index("customer")["market"]
    history = scenario["order_history"].assign(
        market=lambda orders: orders["market"].fillna(orders["customer"].map(market_of))
    )
    shown = history[(history["item"] == SHOWN["item"]) & (history["market"] == SHOWN["market"])]
    months = shown["date"].dt.to_period("M").dt.start_time
    return shown.groupby(months)["quantity"].sum().rename("units").rename_axis("month").reset_index()


def expected_orders(demand: Demand) -> pd.DataFrame:
    """Mean and quantiles of what is shown."""
    quantiles = demand.quantiles
    shown = quantiles[(quantiles["item"] == SHOWN["item"]) & (quantiles["market"] == SHOWN["market"])]
    return shown.assign(month=shown["period"].dt.start_time).drop(columns=["period", *SHOWN])


def picture_of_a_forecast() -> None:
    """docs/pictures/forecast.svg shows three years of orders and the demand expected after them, with two
    intervals.
    """
    scenario = planner.load_scenario(ROOT / "scenarios" / "baseline")
    past, coming = past_orders(scenario), expected_orders(planner.forecast(scenario))
    x, y = (
        alt.X("month:T", title=None),
        alt.Y("units:Q", title=f"units of {SHOWN['item']} in {SHOWN['market']}"),
    )
    bands = [
        alt.Chart(coming)
        .mark_area(color=COLOR, opacity=opacity)
        .encode(x, alt.Y(f"{low}:Q"), alt.Y2(f"{high}:Q"))
        for low, high, opacity in (("q05", "q95", 0.16), ("q25", "q75", 0.26))
    ]
    expected = (
        alt.Chart(coming.rename(columns={"mean": "units"})).mark_line(color=COLOR, strokeWidth=2).encode(x, y)
    )
    ordered = (
        alt.Chart(past)
        .mark_line(color="#1c2733", strokeWidth=1.5, point=alt.OverlayMarkDef(size=14))
        .encode(x, y)
    )
    chart = (
        alt.layer(*bands, expected, ordered)
        .properties(width=760, height=240)
        .configure(
            font=FONT,
            background="white",
            view=alt.ViewConfig(stroke=None),
            axis=alt.AxisConfig(gridColor="#e4e9ef"),
        )
    )
    (PICTURES / "forecast.svg").write_text(vl_convert.vegalite_to_svg(chart.to_dict()), encoding="utf-8")


def excerpt_of_the_terminal() -> None:
    """The README shows what `planner solve` prints, down to the costs."""
    command = [sys.executable, "-m", "planner", "solve", "scenarios/baseline"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    shown = printed.partition("\nCosts\n")[0].rstrip()
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(EXCERPT.sub(lambda _: f"```text\n{shown}\n```\n", text), encoding="utf-8")


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    excerpt_of_the_terminal()
    picture_of_a_forecast()
    picture_of_the_page()
