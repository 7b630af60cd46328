"""Sweeps as people read them in a terminal."""

from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import NOTHING, Scale, percent, scale_for
from planner.plan.sweeping import Point, Sweep
from planner.report.records.sweeps import sentences
from planner.report.terminal.parts import indented, titled_table

STATUS = {"optimal": "", "infeasible": "no plan keeps every limit", "no plan": "no plan in time",
          "time_limit": "not proven", "effort_limit": "not proven", "unproven": "not proven",
          "interrupted": "stopped"}


def sweep_result(swept: Sweep) -> RenderableType:
    """What the sweep shows in sentences, then every point beside the base."""
    title = {"service": "Cost against service", "stock": "Service and cost against stock"}.get(
        swept.of, f"Sweep of {swept.plan.name}")
    head = Text(title, style="bold")
    return Group(head, *(indented(sentence) for sentence in sentences(swept)), Text(), _table(swept))


def _table(swept: Sweep) -> Group:
    points = [swept.base, *swept.points]
    money = scale_for([amount for point in points for amount in _amounts(point)], "currency",
                      currency=swept.plan.currency)
    factors = list(swept.factors)
    listed = any(not point.values for point in swept.points)
    headings = [*(["what-if"] if listed or not factors else []), *_short(factors), "", "on time", "targets",
                "revenue", "margin", "cost", "stock"]
    words = len(headings) - 6
    rows = [[*([_name(point)] if listed or not factors else []), *_values(point, factors, swept),
             _note(point, swept), *_figures(point, money)] for point in points]
    return titled_table(f"Every point, solved again; money in {money.unit}", headings, rows, words=words,
                        note=_columns(factors))


def _short(factors: list[str]) -> list[str]:
    """Each factor by its column, where no other has that as well."""
    columns = [factor.rpartition(".")[2] for factor in factors]
    return [column if columns.count(column) == 1 else factor
            for factor, column in zip(factors, columns, strict=True)]


def _columns(factors: list[str]) -> str:
    """What columns with a short heading stand for."""
    return "; ".join(f"{short}: {factor}" for short, factor in zip(_short(factors), factors, strict=True)
                     if short != factor)


def _amounts(point: Point) -> list[float]:
    figures = point.figures
    if figures is None:
        return []
    return [figures.revenue, figures.margin, figures.cost, point.stock_value or 0.0]


def _name(point: Point) -> str:
    return "" if point.values else point.name


def _values(point: Point, factors: list[str], swept: Sweep) -> list[str]:
    if point is swept.base:
        return ["base", *[""] * (len(factors) - 1)] if factors else []
    return [point.values.get(factor, "") for factor in factors]


def _note(point: Point, swept: Sweep) -> str:
    is_knee = swept.knee is not None and swept.points[swept.knee] is point
    return ", ".join(filter(None, ["knee" if is_knee else "", STATUS.get(point.status, point.status)]))


def _figures(point: Point, money: Scale) -> list[str]:
    figures = point.figures
    if figures is None:
        return [NOTHING] * 6
    return [percent(point.service or 0.0), percent(figures.attainment), *map(money.text, _amounts(point))]
