"""The chart of a sweep: every point by cost and service, or along its frontier, as a drawing of its own."""

import altair as alt
import pandas as pd

from planner.figures import one, percent, scale_for
from planner.plan.sweeping import Point, Sweep
from planner.report.charts import INK, MUTED, WIDE, Drawing, styled, svg
from planner.report.plan_looks import PLAN_COLORS

HEIGHT = 420
SAME = 0.02  # of a chart: points nearer to each other have one label
TICK_WIDTH = 90  # pixels between two figures below
LABEL_HEIGHT = 16  # pixels that a point's label needs below it
POINT, KNEE = PLAN_COLORS[0], PLAN_COLORS[1]


def sweep_svg(swept: Sweep, *, width: int = WIDE, height: int = HEIGHT) -> str:
    """The chart as SVG of so many pixels: service over cost; of a frontier of stock, cost or service over the
    stock.
    """
    points = [point for point in (swept.base, *swept.points) if point.figures is not None]
    money = scale_for([_cost(point) for point in points], "currency", currency=swept.plan.currency)
    frame = pd.DataFrame([_row(swept, point) for point in points])
    over_stock = swept.of == "stock"
    varies = frame["service"].max() - frame["service"].min() > 1e-4
    x = ("stock", f"average stock, {money.unit}") if over_stock else ("cost", f"cost, {money.unit}")
    y = ("cost", f"cost, {money.unit}") if over_stock and not varies else ("service", "on time")
    frame[["cost", "stock"]] /= money.divisor
    frame = _without_twin_of_base(frame, (x[0], y[0]))
    return svg(_drawn(frame, x, y, is_line=bool(swept.of), size=(width, height)),
               says=f"{len(points)} plans: {y[1]} against {x[1]}")


def _service_span(service: pd.Series) -> list[float]:
    """From a little below the lowest service, for its label, to the highest that can be."""
    lowest = float(service.min())
    return [max(lowest - max(0.1 * (1.0 - lowest), 0.01), 0.0), 1.0]


def _without_twin_of_base(frame: pd.DataFrame, axes: tuple[str, str]) -> pd.DataFrame:
    """The base's label stands at the point that lies where it does, where there is one."""
    base, places = frame.iloc[0], frame[[*axes]].astype("float64")
    span = (places.max() - places.min()).where(lambda size: size > 0, 1.0)
    apart = (places - places.iloc[0]).abs() / span
    twins = frame.index[(apart.max(axis="columns") < SAME) & (frame["kind"] != "base")]
    if twins.empty:
        return frame
    labels = frame["label"].where(~frame.index.isin(twins[-1:]), frame["label"] + f" ({base['label']})")
    return frame.assign(label=labels.where(frame["kind"] != "base", ""))


def _cost(point: Point) -> float:
    return 0.0 if point.figures is None else point.figures.cost


def _row(swept: Sweep, point: Point) -> dict[str, object]:
    is_knee = swept.knee is not None and swept.points[swept.knee] is point
    kind = "base" if point is swept.base else "knee" if is_knee else "point"
    label = ", ".join(point.values.values()) or point.name
    cost = one(_cost(point), "currency", currency=swept.plan.currency)
    return {"label": f"{label} (knee)" if is_knee else label, "kind": kind, "cost": _cost(point),
            "service": point.service, "stock": point.stock_value,
            "says": f"{label}: {percent(point.service or 0.0)} on time, cost {cost}"}


def _drawn(frame: pd.DataFrame, x: tuple[str, str], y: tuple[str, str], *, is_line: bool,
           size: tuple[int, int]) -> Drawing:
    shares, scale = alt.Axis(), alt.Scale(zero=False, nice=True, padding=LABEL_HEIGHT)
    if y[0] == "service":
        shares, scale = alt.Axis(format=".1%"), alt.Scale(domain=_service_span(frame["service"]))
    along = alt.Axis(tickCount=size[0] // TICK_WIDTH)
    across = alt.Scale(zero=False, nice=True, padding=LABEL_HEIGHT)
    places = (alt.X(f"{x[0]}:Q", title=x[1], axis=along, scale=across),
              alt.Y(f"{y[0]}:Q", title=y[1], axis=shares, scale=scale))
    kinds = alt.Color("kind:N", legend=None,
                      scale=alt.Scale(domain=["base", "knee", "point"], range=[INK, KNEE, POINT]))
    marks = alt.Chart(frame).mark_point(filled=True, size=70, opacity=1).encode(
        *places, color=kinds, description="says:N")
    below = 13 if is_line else -6  # where no line runs through them
    labels = alt.Chart(frame).mark_text(align="left", dx=8, dy=below, color=MUTED, fontSize=12, aria=False)
    names = labels.encode(*places, text="label:N")
    points = alt.Chart(frame[frame["kind"] != "base"])
    line = points.mark_line(color=POINT, strokeWidth=1.4, aria=False).encode(*places)
    return styled(alt.layer(*([line] if is_line else []), marks, names), width=size[0], height=size[1])
