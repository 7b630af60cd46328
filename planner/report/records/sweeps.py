"""Sweeps and frontiers as sentences, plain values and a chart."""

from typing import Any

from planner.figures import one, percent
from planner.plan.sweeping import Point, Sweep
from planner.report.records import result

DIGITS = {"service": 6, "margin": 2}  # beyond which figures are the same


def sweep_record(swept: Sweep) -> dict[str, Any]:
    """The base and every point, with every KPI of each."""
    plan = swept.plan
    return result("sweep", {
        "scenario": plan.name, "currency": plan.currency, "of": swept.of or None,
        "factors": list(swept.factors), "sentences": sentences(swept),
        "knee": None if swept.knee is None else swept.points[swept.knee].name,
        "points": [_point(point) for point in (swept.base, *swept.points)]})


def _point(point: Point) -> dict[str, Any]:
    figures = point.figures
    units = {"on_time": None, "late": None, "lost": None} if figures is None else {
        "on_time": figures.on_time, "late": figures.late, "lost": figures.lost}
    return {"name": point.name, "values": dict(point.values), "status": point.status, "gap": point.gap,
            "service": point.service, "stock_value": point.stock_value, **units, "kpis": dict(point.kpis)}


def sentences(swept: Sweep) -> list[str]:
    """What the sweep shows in a few sentences: how many points, without a plan, unproven; the best; the
    knee.
    """
    spoken = [_count(swept)]
    solved = [point for point in swept.points if point.figures is not None]
    if solved and not swept.of:
        spoken += [_best(swept, solved, "service", "Most on time"),
                   _best(swept, solved, "margin", "Highest margin")]
    if swept.knee is not None:
        spoken.append(_knee(swept, swept.points[swept.knee]))
    return spoken


def _count(swept: Sweep) -> str:
    without = [point.name for point in swept.points if point.figures is None]
    unproven = [point.name for point in swept.points if point.figures is not None and not point.is_proven]
    text = f"{len(swept.points)} what-ifs of {swept.plan.name}, each solved as a whole plan."
    if without:
        text += f" No plan for {len(without)}: {', '.join(without)}."
    if unproven:
        text += f" Not proven: {', '.join(unproven)}."
    return text


def _best(swept: Sweep, solved: list[Point], measure: str, words: str) -> str:
    """The best what-if by a measure, or the base where none is better."""
    unit = "0 to 1" if measure == "service" else "currency"
    candidates = [swept.base, *solved]
    figures = [point.service if measure == "service" else point.kpis["margin"] for point in candidates]
    rounded = [round(figure or 0.0, DIGITS[measure]) for figure in figures]
    best = rounded.index(max(rounded))
    written = one(figures[best] or 0.0, unit, currency=swept.plan.currency)
    base = one(figures[0] or 0.0, unit, currency=swept.plan.currency)
    if best == 0:
        return f"{words}: the base, {written}."
    return f"{words}: {candidates[best].name}, {written} (base {base})."


def _knee(swept: Sweep, point: Point) -> str:
    assert point.figures is not None
    assert point.service is not None
    cost = one(point.figures.cost, "currency", currency=swept.plan.currency)
    if swept.of == "service":
        return (f"Knee: {percent(point.service)} on time at {cost}. Beyond it, each further point of service "
                "costs more than before.")
    value = one(point.stock_value or 0.0, "currency", currency=swept.plan.currency)
    return (f"Knee: a stock of {value} on average, with {percent(point.service)} on time at {cost}. Below "
            "it, each further cut of stock costs more than before.")


