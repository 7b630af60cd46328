"""The charts of a workbook, drawn by the spreadsheet from the cells of its sheets."""

from collections.abc import Mapping, Sequence
from typing import Any

from planner.report.charts import (
    GRID as GRID_COLOR,
    INK,
    LATE,
    ON_TIME,
    OVERTIME,
    SAVED,
    TERM_COLORS,
)
from planner.report.grids import Grid, Line
from planner.report.grids.money import ALL_COSTS, MARGIN_NAME, REVENUE_NAME
from planner.report.grids.sheet import TITLE
from planner.report.plan_looks import PLAN_COLORS
from planner.report.workbook.grid_sheet import Placed

SIZE = {"width": 660, "height": 300}
SHOWN_CENTERS = 6  # lines that can be told apart
LINE = {"width": 2.0}
GRIDLINES = {"visible": True, "line": {"color": GRID_COLOR}}
ROWS, COLUMNS, RIGHT = 16, 3, 250  # rows and columns that a chart covers, and pixels beyond them


def summary_charts(book: Any, sheet: Any, placed: Mapping[str, Placed], *, row: int) -> None:
    """Deliveries against demand, money, and the fullest work centers, below the scorecard."""
    drawn = (_deliveries(book, placed["Deliveries"]), _money(book, placed["Money"]),
             _hours(book, placed["Hours"]))
    charts = [chart for chart in drawn if chart is not None]
    for place, chart in enumerate(charts):
        sheet.insert_chart(row + ROWS * (place // 2), COLUMNS * (place % 2), chart,
                           {"object_position": 3, "x_offset": RIGHT * (place % 2)})
    sheet.set_h_pagebreaks([row])


def sheet_chart(book: Any, sheet: Any, placed: Placed, *, row: int) -> None:
    """Demand, deliveries and stock of one S&OP sheet."""
    by_measure = {line.measure: line for line in placed.grid.lines}
    chart = _combined(book, placed, by_measure, columns={"delivered": ON_TIME},
                      lines={"demand": INK, "closing stock": SAVED})
    if chart is not None:
        name = placed.grid.title.removeprefix(f"{TITLE} of ")
        _finish(chart, f"{name}: demand, deliveries and closing stock")
        sheet.insert_chart(row, 0, chart, {"object_position": 3})


def _combined(book: Any, placed: Placed, by_name: Mapping[str, Line], *, columns: Mapping[str, str],
              lines: Mapping[str, str], subtype: str | None = None) -> Any:
    """The lines as columns and lines in their colors, under their names; nothing where there are none."""
    charts = []
    for kind, colors in (("column", columns), ("line", lines)):
        present = {name: color for name, color in colors.items() if name in by_name}
        if present:
            chart = book.add_chart({"type": kind, "subtype": subtype if kind == "column" else None})
            for name, color in present.items():
                _series(chart, placed, by_name[name], color=color, name=name)
            charts.append(chart)
    if len(charts) > 1:
        charts[0].combine(charts[1])
    return charts[0] if charts else None


def _deliveries(book: Any, placed: Placed) -> Any:
    """Delivered on time and late as columns, demand as a line, of everything in the unit that comes first."""
    totals = _for_all(placed.grid)
    chart = _combined(book, placed, totals, columns={"on time": ON_TIME, "late": LATE}, lines={"demand": INK},
                      subtype="stacked")
    if chart is not None:
        _finish(chart, f"Deliveries against demand, in {next(iter(totals.values())).unit}")
    return chart


def _money(book: Any, placed: Placed) -> Any:
    """Revenue and costs as columns, the margin as a line."""
    by_name = {line.name: line for line in placed.grid.lines}
    chart = _combined(book, placed, by_name, columns={REVENUE_NAME: ON_TIME, ALL_COSTS: OVERTIME},
                      lines={MARGIN_NAME: SAVED})
    if chart is not None:
        _finish(chart, f"Revenue, costs and margin, in {placed.grid.currency}")
    return chart


def _hours(book: Any, placed: Placed) -> Any:
    """Utilization of the fullest work centers."""
    lines = [line for line in placed.grid.lines if line.measure == "utilization" and not line.is_for_all]
    fullest = sorted(lines, key=lambda line: (-(line.total or 0.0), line.name))[:SHOWN_CENTERS]
    if not fullest:
        return None
    chart = book.add_chart({"type": "line"})
    colors = (*PLAN_COLORS, *TERM_COLORS)
    for line, color in zip(fullest, colors, strict=False):
        _series(chart, placed, line, color=color, name=line.name)
    _finish(chart, "Utilization of the fullest work centers")
    chart.set_y_axis({"num_format": "0%", "major_gridlines": GRIDLINES})
    return chart


def _for_all(grid: Grid) -> dict[str, Line]:
    """The lines of everything, or of the only name, in the unit that comes first."""
    lines: Sequence[Line] = [line for line in grid.lines if line.is_for_all] or grid.lines
    return {line.measure: line for line in reversed(lines) if line.unit == lines[0].unit}


def _series(chart: Any, placed: Placed, line: Line, *, color: str, name: str) -> None:
    chart.add_series({"name": name, "categories": placed.periods, "values": placed.values(line),
                      "fill": {"color": color}, "line": {"color": color, **LINE}, "gap": 60})


def _finish(chart: Any, title: str) -> None:
    chart.set_title({"name": title, "name_font": {"size": 11, "bold": True, "color": INK}})
    chart.set_legend({"position": "bottom"})
    chart.set_size(SIZE)
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": GRIDLINES})
    chart.set_x_axis({"num_font": {"rotation": -45, "size": 8}, "label_position": "low"})  # below losses, too
