"""Supply review: load against capacity, work done ahead, the crew, stock against target, and the S&OP sheet
of each family in short.
"""

from collections.abc import Sequence

import pandas as pd

from planner.figures import figure, percent
from planner.naming import spelled
from planner.plan.deciding.statements import ahead_statements
from planner.report import highlights
from planner.report.grids import Grid, Line, make_grid, make_sheets
from planner.report.grids.grid import EVERYTHING, MISSING, scaled
from planner.report.parts import Block, Cell, Plans, Section, Sentences, Table
from planner.report.sections.inventory import stock_charts, stock_tables
from planner.report.sections.production import load_blocks

MOST_FAMILIES = 3
MOST_POOLS = 8
MOST_AHEAD = 6
MEASURES = ("demand", "delivered", "produced", "closing stock", "safety stock")
CREW = ("hired", "let go", "crew")


def supply(plans: Plans) -> Section:
    """Whether what is demanded can be made and bought, and what it takes."""
    sentences = [highlights.bottleneck(plans.focus), highlights.stock_sentence(plans.focus)]
    blocks = [
        *load_blocks(plans),
        *_ahead(plans),
        *stock_charts(plans),
        *_families(plans),
        *stock_tables(plans),
        *_crew(plans),
    ]
    return Section("supply", "Supply review", plans.focus_says(*sentences), blocks=blocks)


def _ahead(plans: Plans) -> list[Block]:
    """What is worked ahead in the first period."""
    to_decide = plans.to_decide
    statements = ahead_statements(to_decide) if to_decide is not None else []
    if not statements:
        return []
    largest = sorted(statements, key=lambda one: -float(one.figures["hours"]))[:MOST_AHEAD]
    texts = [
        f"{one.figures['work_center']} at {spelled(str(one.figures['site']))}: "
        f"{figure(one.figures['hours'], 'hours')} hours, {percent(one.figures['share'])} of its load, for "
        f"deliveries {_until(one.figures['from'], one.figures['to'])}."
        for one in largest
    ]
    label = plans.focus.calendar.label(plans.focus.calendar.start)
    return [Block("half", Sentences(f"Worked ahead in {label}", texts))]


def _until(first: object, last: object) -> str:
    return f"of {first}" if first == last else f"from {first} to {last}"


def _crew(plans: Plans) -> list[Block]:
    """Hires, separations and the crew of each labor pool at the end of each quarter."""
    grid = make_grid(plans.focus, "crew", by="labor_pool", quarters=True)
    lines = [line for line in grid.lines if line.measure in CREW and not line.is_for_all]
    names = list(dict.fromkeys(line.name for line in lines))[:MOST_POOLS]
    pool_lines = [line for line in lines if line.name in names]
    note = "Crew: workers at the end of the quarter."
    return (
        [Block("half", lines_table("Crew and hires, workers", "Labor pool", grid, pool_lines, note=note))]
        if pool_lines
        else []
    )


def _families(plans: Plans) -> list[Block]:
    """Demand, supply and stock of each family by quarter."""
    sheets = make_sheets(plans.focus, quarters=True, maximum=MOST_FAMILIES)
    bodies = []
    for sheet in sheets:
        lines = [line for line in sheet.lines if line.measure in MEASURES]
        name = sheet.title.removeprefix("S&OP sheet of ")
        unit = f", {sheet.units[0]}" if sheet.units else ""
        if lines:
            bodies.append((f"{spelled(name)}{unit}", _rows(sheet, lines, with_names=False)))
    if not bodies:
        return []
    first = sheets[0]
    heads = ["Measure", *first.periods[first.past :], "Total"]
    note = " ".join(
        filter(
            None,
            [
                "Stock: at the end of the quarter. Red: below the safety stock.",
                first.note.removeprefix("a: actual; totals are those of the plan.").strip(),
            ],
        )
    )
    return [
        Block(
            "half", Table("Demand, supply and stock by family and quarter", heads, bodies, note=note), rows=2
        )
    ]


def lines_table(caption: str, key: str, grid: Grid, lines: Sequence[Line], *, note: str = "") -> Table:
    """Lines of a grid as a table: name, measure, a figure for each period, the total."""
    return Table(
        caption,
        [key, "Measure", *grid.periods[grid.past :], "Total"],
        [("", _rows(grid, lines, with_names=True))],
        words=2,
        note=" ".join(filter(None, [note, grid.note])),
    )


def _rows(grid: Grid, lines: Sequence[Line], *, with_names: bool) -> list[list[Cell]]:
    scales, before, rows = grid.scales(), "", []
    for line in lines:
        name = spelled(line.name) if line.name else EVERYTHING
        heads = [*([Cell("" if name == before else name)] if with_names else []), Cell(line.measure)]
        figures = [
            Cell(scaled(scales, line, value), mark=mark)
            for value, mark in zip(line.values[grid.past :], _marks(grid, line), strict=True)
        ]
        rows.append([*heads, *figures, Cell(scaled(scales, line, line.total))])
        before = name
    return rows


def _marks(grid: Grid, line: Line) -> Sequence[str]:
    """Closing stock is marked where it is below the safety stock of the same time."""
    floor = next((other for other in grid.lines if other.measure == "safety stock"), None)
    if line.measure != "closing stock" or floor is None:
        return ("",) * (len(line.values) - grid.past)
    return tuple(
        MISSING if (stock or 0.0) < (least or 0.0) - 0.5 else ""
        for stock, least in list(zip(line.values, floor.values, strict=True))[grid.past :]
    )


def service_by_family(plans: Plans) -> pd.DataFrame:
    """On time over what is wanted, by family and period, of the plan in focus: columns name, period, share.
    """
    focus = plans.focus
    sales, items = focus.tables["sales"], focus.tables["items"].set_index("item")["family"]
    family = sales["item"].map(items).astype("object").fillna("").replace("", "no family")
    added = (
        sales.assign(name=family)
        .groupby(["name", "period"], as_index=False)[["demand", "delivered_on_time"]]
        .sum()
    )
    demanded = added[added["demand"] > highlights.TOLERANCE]
    return demanded.assign(
        share=(demanded["delivered_on_time"] / demanded["demand"]).clip(upper=1.0),
        name=demanded["name"].map(spelled),
        period=focus.calendar.labels(demanded["period"]),
    )
