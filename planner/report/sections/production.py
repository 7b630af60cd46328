"""Load against capacity: the most loaded work centers and labor pools."""

from collections.abc import Sequence

import pandas as pd

from planner.figures import NOTHING, percent
from planner.naming import spelled
from planner.report import charts, highlights
from planner.report.parts import Block, Cell, Charts, Figure, Key, Plans, Row, Rows, Table, by_key

MAXIMUM_PANELS = 6  # a meeting looks at no more
MAXIMUM_RESOURCES = 9
RESOURCE = ["kind", "site", "resource"]
Resource = tuple[str, str, str]


def load_blocks(plans: Plans) -> list[Block]:
    """Panels of the most loaded resources, and all resources in a table."""
    rated = plans.each(highlights.resources)
    ranked = list(rated.groupby(RESOURCE)["average"].max().sort_values(ascending=False, kind="stable").index)
    return [*(Block("full", drawn) for drawn in _load(plans, ranked)),
            *(Block("half", table) for table in _resource_table(plans, rated, ranked))]


def _load(plans: Plans, ranked: Sequence[Resource]) -> list[Charts]:
    """Hours under capacity for a single plan, utilization by plan for several."""
    if not ranked:
        return []
    hours = plans.each(highlights.load)
    figures = [_load_figure(plans, hours, resource) for resource in ranked[:MAXIMUM_PANELS]]
    note = (
        f"The {len(figures)} most loaded of {len(ranked)} work centers and labor pools."
        if len(ranked) > len(figures)
        else ""
    )
    if plans.are_several:
        return [
            Charts(
                "Utilization by period",
                figures,
                [*plans.legend("line"), Key("full", charts.INK, "line")],
                note=note, look="row",
            )
        ]
    legend = [Key("regular hours", charts.REGULAR), Key("overtime", charts.OVERTIME),
              Key("capacity without overtime", charts.INK, "line")]
    return [Charts("Hours by period", figures, legend, note=note, look="row")]


def _load_figure(plans: Plans, hours: pd.DataFrame, resource: Resource) -> Figure:
    kind, site, name = resource
    part = hours[(hours["kind"] == kind) & (hours["site"] == site) & (hours["resource"] == name)]
    if plans.are_several:
        chart = charts.utilization_panel(part, plans=plans.names, width=charts.THIRD)
    else:
        regular = part["load_hours"] - part["overtime_hours"]
        worked = part.assign(regular=regular, overtime=part["overtime_hours"])
        chart = charts.load_panel(worked, width=charts.THIRD)
    peak = part["utilization"].max()
    loaded = "no hours in any period" if pd.isna(peak) else f"{percent(peak)} at its peak"
    says = f"{kind} {name} in {site}: load against capacity by period, {loaded}."
    title = f"{spelled(name)}, {spelled(site)}{' (labor pool)' if kind == 'labor pool' else ''}"
    return Figure(title, charts.svg(chart, says=says))


def _resource_table(plans: Plans, rated: pd.DataFrame, ranked: Sequence[Resource]) -> list[Table]:
    """How full each resource is in each plan."""
    if not ranked:
        return []
    listed = ranked[:MAXIMUM_RESOURCES]
    by_plan = by_key(rated, [*RESOURCE, "plan"])
    body = [[Cell(key[2], key[0]), Cell(spelled(key[1])), *_fullness(plans, by_plan, key)] for key in listed]
    columns = plans.marked if plans.are_several else (
        "Average", "Peak", f"Full, of {plans.periods(plans.first.calendar.periods)}", "Overtime hours")
    others_load = rated[~rated.set_index(RESOURCE).index.isin(listed)]["average"].max()
    note = (
        f"{len(ranked) - len(listed)} more are loaded {percent(others_load)} or less on average."
        if len(ranked) > len(listed)
        else ""
    )
    what = ", average / peak, %" if plans.are_several else ""
    caption = f"Utilization: load over hours without overtime{what}"
    return [Table(caption, ["Resource", "Site", *columns], [("", body)], words=2, note=note)]


def _fullness(plans: Plans, rows: Rows, key: Resource) -> list[Cell]:
    """A column for each figure of a single plan, or for each of several plans."""
    by_plan = [rows.get((*key, name)) for name in plans.names]
    if plans.are_several:
        return [Cell(NOTHING if row is None else _average_and_peak(row)) for row in by_plan]
    return [cell for row in by_plan if row is not None for cell in (
        Cell(percent(row["average"])), Cell(percent(row["peak"])), Cell(f"{row['full']:.0f}"),
        Cell(f"{row['overtime']:,.0f}"))]


def _average_and_peak(row: Row) -> str:
    return f"{100 * row['average']:.0f} / {100 * row['peak']:.0f}"
