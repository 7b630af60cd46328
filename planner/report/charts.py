"""Every chart of the reports, as an SVG that prints sharply, needs no script and is read out by a screen
reader.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import vl_convert

from planner.figures import printable
from planner.report.plan_looks import PLAN_COLORS, PLAN_DASHES

Drawing = alt.Chart | alt.LayerChart | alt.FacetChart

SVG = "http://www.w3.org/2000/svg"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, MUTED, GRID, FRAME = "#1c2733", "#566373", "#e4e9ef", "#b8c2cc"
ON_TIME, LATE, REGULAR, OVERTIME, DEMAND, SAVED = (
    "#3a78b5",
    "#f0a32f",
    "#8fb4d8",
    "#e07b39",
    "#ccd5de",
    "#4f9d76",
)
TERM_COLORS = (
    "#3a6ea5",
    "#6fa8c9",
    "#e0903a",
    "#f2c879",
    "#4f9d76",
    "#a6cfa8",
    "#a4659b",
    "#cfa8c8",
    "#8d99a6",
)
THIRD, PANEL, WIDE = 350, 500, 1060  # pixels: a third of the page, half of it (also a phone), all of it
PANEL_HEIGHT, WIDE_HEIGHT = 132, 215
THIRD_HEIGHT = 94  # of a panel that is a third of the page wide
FROM_ZERO = alt.Scale(domainMin=0, nice=True)
LABEL_WIDTH = 74  # pixels that the label of a period needs


def panel_height(width: int) -> int:
    """The height of a panel of the width."""
    return THIRD_HEIGHT if width == THIRD else PANEL_HEIGHT


def svg(chart: Drawing, *, says: str) -> str:
    """The chart as SVG that scales with the page; `says` is read out, and each mark tells its figures when
    pointed at.
    """
    drawn = ElementTree.fromstring(vl_convert.vegalite_to_svg(_drawable(chart.to_dict(validate=False))))
    for size in ("width", "height"):
        drawn.attrib.pop(size, None)
    for element in list(drawn.iter()):
        label = element.attrib.pop("aria-label", "")
        for noise in ("aria-roledescription", "role", "aria-hidden"):
            element.attrib.pop(noise, None)
        if element.tag == f"{{{SVG}}}path" and label and not element.get("pointer-events"):
            title = ElementTree.Element(f"{{{SVG}}}title")
            title.text = label
            element.insert(0, title)
    # where the height is limited, as on paper, axes stay below their titles
    drawn.set("preserveAspectRatio", "xMinYMid")
    drawn.set("role", "img")
    drawn.set("aria-label", printable(says))
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(drawn, encoding="unicode")


def _drawable(part: Any) -> Any:
    """The chart's description with only letters that a drawing may hold."""
    if isinstance(part, str):
        return printable(part)
    if isinstance(part, Mapping):
        return {name: _drawable(inner) for name, inner in part.items()}
    return [_drawable(inner) for inner in part] if isinstance(part, list) else part


def load_panel(frame: pd.DataFrame, *, width: int = PANEL) -> Drawing:
    """Regular hours and overtime of one resource as columns under its capacity: columns period, regular,
    overtime, capacity.
    """
    tall = frame.melt("period", ["regular", "overtime"], var_name="kind", value_name="hours")
    labelled = tall.assign(says=described("{period} {kind}: {hours:,.0f}", tall, "hours"),
                           rank=tall["kind"].map({"regular": 0, "overtime": 1}))
    x = periods_axis(frame["period"], width=width)
    columns = (
        alt.Chart(labelled)
        .mark_bar()
        .encode(
            x,
            alt.Y("hours:Q", title="hours", scale=FROM_ZERO),
            alt.Order("rank:O"),
            description="says:N",
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=["regular", "overtime"], range=[REGULAR, OVERTIME]),
                legend=None,
            ),
        )
    )
    limit = alt.Chart(
        frame[["period", "capacity"]].assign(
            says=described("{period} capacity: {capacity:,.0f}", frame, "hours"))
    )
    ticks = limit.mark_tick(color=INK, thickness=2, width={"band": 1}, orient="horizontal")
    return styled(
        alt.layer(columns, ticks.encode(x, y="capacity:Q", description="says:N")),
        width=width,
        height=panel_height(width),
    )


def utilization_panel(frame: pd.DataFrame, *, plans: Sequence[str], width: int = PANEL) -> Drawing:
    """Utilization of one resource in several plans as lines, full marked: columns plan, period,
    utilization.
    """
    labelled = frame[["plan", "period", "utilization"]].assign(
        says=described("{plan}, {period}: {utilization:.0%}", frame)
    )
    full = (
        alt.Chart(pd.DataFrame({"at": [1.0]}))
        .mark_rule(color=INK, strokeWidth=1.2, aria=False)
        .encode(y="at:Q")
    )
    y = alt.Y("utilization:Q", title="load / capacity", axis=alt.Axis(format=".0%"), scale=FROM_ZERO)
    lines = _plan_lines(labelled, y, plans, width=width)
    return styled(alt.layer(full, *lines), width=width, height=panel_height(width))


def inventory_panel(frame: pd.DataFrame, *, plans: Sequence[str], unit: str, width: int = PANEL) -> Drawing:
    """Closing stock of each plan as a line over the safety stock: columns plan, period, closing,
    safety_stock.
    """
    labelled = frame[["plan", "period", "closing"]].assign(
        says=described("{plan}, {period}: {closing:,.4g}", frame, unit)
    )
    first = frame[frame["plan"] == plans[0]][["period", "safety_stock"]]
    area = alt.Chart(first).mark_area(color=DEMAND, opacity=0.75, aria=False)
    floor = area.encode(periods_axis(frame["period"], width=width), y="safety_stock:Q")
    y = alt.Y("closing:Q", title=unit, scale=FROM_ZERO)
    lines = _plan_lines(labelled, y, plans, width=width)
    return styled(alt.layer(floor, *lines), width=width, height=panel_height(width))


def target_chart(frame: pd.DataFrame, *, plans: Sequence[str], width: int) -> Drawing:
    """Delivered and wanted as shares of each target, with the interval of what is wanted: columns label,
    plan, attainment, wanted, low, high; an interval may be blank.
    """
    order = list(dict.fromkeys(frame["label"]))
    highest = max(1.1, float(frame[["attainment", "wanted", "high"]].max().max()) * 1.06)
    y = alt.Y(
        "label:N", sort=order, title=None, axis=alt.Axis(labelLimit=width // 4, ticks=False, domain=False)
    )
    x = alt.X("attainment:Q", title="share of the target", axis=alt.Axis(format=".0%", tickCount=width // 90),
              scale=alt.Scale(domain=[0, highest]))
    labels = described("{plan}, {label}: {attainment:.1%} delivered, demand {wanted:.1%}", frame)
    rows = alt.Chart(frame[["label", "plan", "attainment", "wanted"]].assign(says=labels))
    first = alt.Chart(frame[frame["plan"] == plans[0]][["label", "wanted"]])
    band = alt.Chart(frame.loc[(frame["plan"] == plans[0]) & frame["low"].notna(), ["label", "low", "high"]])
    interval = band.mark_rule(color=MUTED, strokeWidth=1.6, aria=False).encode(y, x="low:Q", x2="high:Q")
    demand_bars = first.mark_bar(color=DEMAND, height={"band": 0.86}, aria=False).encode(y, x="wanted:Q")
    bars = rows.mark_bar(height={"band": 0.86 if len(plans) == 1 else 1}).encode(
        y, x, alt.YOffset("plan:N", sort=list(plans)), color=_plan_color(plans), description="says:N")
    full = (
        alt.Chart(pd.DataFrame({"at": [1.0]}))
        .mark_rule(color=INK, strokeWidth=1.5, aria=False)
        .encode(x="at:Q")
    )
    return styled(
        alt.layer(demand_bars, bars, interval, full),
        width=width,
        height=len(order) * (20 if len(plans) == 1 else 8 + 6 * len(plans)),
    )


def cost_chart(
    frame: pd.DataFrame, *, terms: Mapping[str, str], unit: str, along: str, width: int
) -> Drawing:
    """Costs stacked by term: one bar for each plan, or one column for each period; columns plan or period,
    term, amount.
    """
    ranks = {term: rank for rank, term in enumerate(terms)}
    labels = described(f"{{{along}}}, {{term}}: {{amount:,.4g}}", frame, unit)
    labelled = frame.assign(says=labels, rank=frame["term"].map(ranks))
    color = alt.Color("term:N", scale=alt.Scale(domain=list(terms), range=list(terms.values())), legend=None)
    bars = alt.Chart(labelled).mark_bar(stroke="white", strokeWidth=0.5)
    if along == "period":
        x = periods_axis(frame["period"], width=width)
        drawn = bars.encode(
            x, alt.Y("amount:Q", title=unit), color=color, order="rank:O", description="says:N"
        )
        return styled(drawn, width=width, height=PANEL_HEIGHT if width == PANEL else WIDE_HEIGHT)
    names = alt.Y(
        "plan:N", sort=None, title=None, axis=alt.Axis(labelLimit=width // 4, ticks=False, domain=False)
    )
    drawn = bars.encode(
        names, alt.X("amount:Q", title=unit), color=color, order="rank:O", description="says:N"
    )
    return styled(drawn, width=width, height=40 * frame["plan"].nunique())


def _plan_lines(labelled: pd.DataFrame, y: alt.Y, plans: Sequence[str], *, width: int) -> list[alt.Chart]:
    """A line for each plan, the first drawn last so that it stays on top, and unseen points that tell their
    figures.
    """
    x = periods_axis(labelled["period"], width=width)
    color = _plan_color(plans)
    dash = alt.StrokeDash("plan:N", scale=alt.Scale(domain=list(plans), range=list(PLAN_DASHES)), legend=None)
    lines = alt.Chart(labelled).mark_line(strokeWidth=2.2, aria=False).encode(x, y, color, dash)
    unseen = alt.Chart(labelled).mark_point(filled=True, size=90, opacity=0)
    return [lines, unseen.encode(x, y, color, description="says:N")]


def _plan_color(plans: Sequence[str]) -> alt.Color:
    return alt.Color("plan:N", scale=alt.Scale(domain=list(plans), range=list(PLAN_COLORS)), legend=None)


def periods_axis(column: pd.Series, *, width: int = PANEL) -> alt.X:
    """The periods in their own order, with as many labels as can be read."""
    names = sorted(set(column))  # as they are written, periods sort by time
    steps = (1, 2, 4, 13, 26, 52) if names and "W" in names[0] else (1, 2, 3, 6, 12, 24)
    step = next((step for step in steps if len(names) * LABEL_WIDTH <= step * width), steps[-1])
    return alt.X(
        "period:O",
        sort=names,
        title=None,
        axis=alt.Axis(values=names[::step], labelAngle=0, labelOverlap=True),
    )


def described(sentence: str, frame: pd.DataFrame, unit: str = "") -> list[str]:
    """What each mark tells when it is pointed at: the sentence filled in with its row, and the unit."""
    return [f"{sentence.format_map(row)} {unit}".strip() for row in frame.to_dict("records")]


def styled(chart: Drawing, *, width: int, height: int) -> Drawing:
    """The chart in the house look, labels included in its width."""
    axis = {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "gridColor": GRID,
        "domainColor": FRAME,
        "tickColor": FRAME,
    }
    fitted = chart.properties(
        width=width, height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )
    drawn: Drawing = fitted.configure(
        font=FONT,
        background="transparent",
        padding=3,
        view={"stroke": None},
        axis=axis,
        axisX={"grid": False},
    )
    return drawn
