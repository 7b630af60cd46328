"""The charts of reviews: expected demand with its band, lines, service as a heat map, and the walk from one
figure to another.
"""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from planner.report.charts import (
    DEMAND,
    FRAME,
    INK,
    ON_TIME,
    OVERTIME,
    PANEL,
    PANEL_HEIGHT,
    SAVED,
    Drawing,
    described,
    panel_height,
    periods_axis,
    styled,
)
from planner.report.plan_looks import PLAN_COLORS

ROW_HEIGHT = 26  # pixels of a row of a heat map or a walk
SHARE_COLORS = ("#a8261b", "#f0a32f", "#f7e6b5", "#cfe3d4", "#4f9d76")  # of service, from none to all
SHARE_STEPS = (0.5, 0.8, 0.95, 0.995)  # where they change
PALE_TEXT_BELOW, PALE_TEXT_FROM = 0.5, 1.1  # shares whose ground is dark
FEW = 8  # points that are each drawn
LABEL = 190  # pixels that a name may take


def band_panel(
    frame: pd.DataFrame, *, unit: str, highest: float, width: int = PANEL, height: int | None = None
) -> Drawing:
    """Expected as a line over its 80 % interval, and what was ordered before the plan as points: columns
    period, expected, low, high, ordered; blank where there is none.
    """
    x, y = periods_axis(frame["period"], width=width), alt.Scale(domain=[0, highest], nice=True)
    says = described(
        "{period}: {expected:,.4g}, one time in ten below {low:,.4g} or above {high:,.4g}", frame, unit
    )
    labelled = frame.assign(says=says)
    planned = labelled[labelled["expected"].notna()]
    layers: list[alt.Chart] = []
    if planned["low"].notna().any():
        area = alt.Chart(planned[["period", "low", "high"]]).mark_area(color=DEMAND, aria=False)
        layers.append(area.encode(x, alt.Y("low:Q", title=unit, scale=y), y2="high:Q"))
    line = alt.Chart(planned[["period", "expected"]]).mark_line(
        color=PLAN_COLORS[0], strokeWidth=2.2, aria=False
    )
    points = alt.Chart(planned[["period", "expected", "says"]]).mark_point(
        filled=True, size=26, color=PLAN_COLORS[0], opacity=1
    )
    layers += [
        line.encode(x, alt.Y("expected:Q", title=unit, scale=y)),
        points.encode(x, y="expected:Q", description="says:N"),
    ]
    past = frame.loc[frame["ordered"].notna(), ["period", "ordered"]]
    if len(past):
        ordered = past.assign(says=described("{period} ordered: {ordered:,.4g}", past, unit))
        layers.append(
            alt.Chart(ordered)
            .mark_line(color=INK, strokeWidth=1.6, point=alt.OverlayMarkDef(color=INK, size=14))
            .encode(x, alt.Y("ordered:Q", title=unit, scale=y), description="says:N")
        )
    return styled(alt.layer(*layers), width=width, height=height or panel_height(width))


def lines_panel(
    frame: pd.DataFrame,
    *,
    unit: str,
    colors: Mapping[str, str],
    width: int = PANEL,
    height: int = PANEL_HEIGHT,
) -> Drawing:
    """A line for each kind, its points drawn where they are few: columns period, kind, amount."""
    labelled = frame.assign(says=described("{period} {kind}: {amount:,.4g}", frame, unit))
    x = periods_axis(labelled["period"], width=width)
    color = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(colors), range=list(colors.values())), legend=None
    )
    dash = alt.StrokeDash(
        "kind:N",
        legend=None,
        scale=alt.Scale(domain=list(colors), range=[[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]][: len(colors)]),
    )
    y = alt.Y("amount:Q", title=unit)
    lines = alt.Chart(labelled).mark_line(strokeWidth=2.2, aria=False).encode(x, y, color, dash)
    is_short = int(labelled["period"].nunique() <= FEW)
    points = (
        alt.Chart(labelled)
        .mark_point(filled=True, size=40, opacity=is_short)
        .encode(x, y, color, description="says:N")
    )
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=FRAME, aria=False).encode(y="at:Q")
    return styled(alt.layer(zero, lines, points), width=width, height=height)


def heat_map(frame: pd.DataFrame, *, width: int) -> Drawing:
    """A share for each name and period as a colored cell with its figure: columns name, period, share; blank
    where nothing is wanted.
    """
    names = list(dict.fromkeys(frame["name"]))
    labels = described("{name}, {period}: {share:.1%} on time", frame)
    labelled = frame.assign(says=labels, percent=[f"{100 * share:.0f}" for share in frame["share"]])
    x = periods_axis(labelled["period"], width=width)
    y = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=LABEL, ticks=False, domain=False))
    color = alt.Color(
        "share:Q",
        legend=None,
        scale=alt.Scale(type="threshold", domain=list(SHARE_STEPS), range=list(SHARE_COLORS)),
    )
    rectangles = alt.Chart(labelled).mark_rect(stroke="white", strokeWidth=1.5)
    cells = rectangles.encode(x, y, color, description="says:N")
    pale = alt.condition(
        (alt.datum.share < PALE_TEXT_BELOW) | (alt.datum.share > PALE_TEXT_FROM),
        alt.value("#ffffff"),
        alt.value("#10202e"),
    )
    texts = alt.Chart(labelled).mark_text(fontSize=11, aria=False).encode(x, y, text="percent:N", color=pale)
    return styled(alt.layer(cells, texts), width=width, height=ROW_HEIGHT * len(names))


def walk_panel(frame: pd.DataFrame, *, unit: str, width: int = PANEL) -> Drawing:
    """From one figure to another, step by step, each where the one before ended: columns step, kind (start,
    end, or anything else), begins, ends, says.
    """
    steps = list(frame["step"])
    y = alt.Y("step:N", sort=steps, title=None, axis=alt.Axis(labelLimit=LABEL, ticks=False, domain=False))
    low, high = (
        float(part) for part in (frame[["begins", "ends"]].min().min(), frame[["begins", "ends"]].max().max())
    )
    room = 0.08 * (high - low or 1.0)
    scale = alt.Scale(domain=[low - room, high + room], nice=False, zero=False, clamp=True)
    x = alt.X("begins:Q", title=unit, scale=scale, axis=alt.Axis(tickCount=4, labelOverlap=True))
    drawn = frame.assign(color=_step_colors(frame))
    bars = (
        alt.Chart(drawn)
        .mark_bar(height={"band": 0.68})
        .encode(y, x, x2="ends:Q", description="says:N", color=alt.Color("color:N", scale=None))
    )
    return styled(bars, width=width, height=ROW_HEIGHT * len(steps))


def _step_colors(frame: pd.DataFrame) -> Sequence[str]:
    """Blue for where the walk starts and ends, green for what adds to it, orange for what takes from it."""
    return [
        ON_TIME if kind in ("start", "end") else SAVED if ends > begins else OVERTIME
        for kind, begins, ends in zip(frame["kind"], frame["begins"], frame["ends"], strict=True)
    ]
