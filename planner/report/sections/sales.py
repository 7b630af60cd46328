"""Demand against targets: what is wanted and delivered, which targets are met, and where most is missing."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from planner.figures import NOTHING, Scale, figure, scale_for
from planner.report import charts, highlights
from planner.report.parts import Cell, Charts, Figure, Key, Plans, Row, Rows, Section, Table, by_key
from planner.report.sections.customers import customer_table

MAXIMUM_TARGETS = 12
MAXIMUM_SHORTAGES = 10
FLOWS = ["wanted", "on_time", "late"]
MISSING = ["lost_revenue", "lost", "late"]


def sales(plans: Plans) -> Section:
    """Wanted and delivered by period, each target with what is delivered of it, and the worst shortages."""
    said = [*highlights.service_sentences(plans.first), *highlights.target_sentence(plans.first)]
    targets = plans.each(highlights.targets)
    shown = list(
        targets.groupby("target")["attainment"].min().sort_values(kind="stable").index[:MAXIMUM_TARGETS]
    )
    hidden = targets["target"].nunique() - len(shown)
    note = f"The {len(shown)} targets of lowest attainment; {hidden} more are not shown." if hidden else ""
    return Section("sales", "Demand against targets", plans.first_says(*said),
                   charts=[*_demand(plans), *_target_charts(plans, targets, shown, note=note)],
                   tables=[*_target_table(plans, targets, shown, note=note), *_shortage_table(plans),
                           *customer_table(plans)])


# ------------------------------------------------------------------------------------------------------
# demand


def _demand(plans: Plans) -> list[Charts]:
    """A panel for each plan, all on the same scale: money where there are prices, else units."""
    flows = plans.each(highlights.demand_by_period)
    if flows.empty:
        return []
    in_money = bool((flows["wanted_value"] > 0).any())
    figures = flows[["plan", "period"]].assign(
        **{name: flows[f"{name}_value" if in_money else name] for name in FLOWS}
    )
    highest = max(figures["wanted"].max(), (figures["on_time"] + figures["late"]).max())
    scale = scale_for([highest], "currency" if in_money else "units", currency=plans.first.currency)
    scaled = figures.assign(**{name: figures[name] / scale.divisor for name in FLOWS})
    panels = [_demand_figure(plans, scaled, name, unit=scale.unit, highest=highest / scale.divisor)
              for name in plans.names if (scaled["plan"] == name).any()]
    legend = [
        Key("delivered on time", charts.ON_TIME),
        Key("delivered late", charts.LATE),
        Key("demand", charts.INK, "line"),
    ]
    title = "Demand and deliveries, at sales prices" if in_money else "Demand and deliveries"
    return [Charts(title, panels, legend, look="panels" if plans.are_several else "wide")]


def _demand_figure(plans: Plans, flows: pd.DataFrame, name: str, *, unit: str, highest: float) -> Figure:
    part = flows[flows["plan"] == name]
    delivered, wanted = (part["on_time"] + part["late"]).sum(), part["wanted"].sum()
    says = (
        f"{name}: demand and deliveries by period. In all {figure(delivered)} of {figure(wanted)} {unit} are "
        f"delivered."
    )
    panel = charts.svg(charts.demand_panel(part, unit=unit, highest=highest), says=says)
    if plans.are_several:
        return Figure(name, panel)
    wide = charts.demand_panel(part, unit=unit, highest=highest, width=charts.WIDE)
    return Figure("", charts.svg(wide, says=says), panel)


def _shortage_table(plans: Plans) -> list[Table]:
    """The items and markets where most is missing in any plan."""
    rows = plans.each(highlights.shortages)
    if rows.empty:
        return []
    worst = (
        rows.groupby(["item", "market"])[MISSING]
        .max()
        .sort_values(MISSING, ascending=False, kind="stable")
        .index
    )
    units = scale_for([*rows["lost"], *rows["late"]], "units")
    money = scale_for(rows["lost_revenue"], "currency", currency=plans.first.currency)
    by_plan = by_key(rows, ["item", "market", "plan"])
    body = [[Cell(item), Cell(market), *_missing(plans, by_plan, (item, market), units=units, money=money)]
            for item, market in worst[:MAXIMUM_SHORTAGES]]
    columns = plans.names if plans.are_several else ["Lost", "Late", f"Revenue lost, {money.unit}"]
    note = (
        f"{len(worst) - len(body)} more items and markets are late or lost in part."
        if len(worst) > len(body)
        else ""
    )
    caption = "Units lost and late, where most is missing"
    return [Table(caption, ["Item", "Market", *columns], [("", body)], words=2, note=note)]


def _missing(plans: Plans, rows: Rows, key: tuple[str, str], *, units: Scale, money: Scale) -> list[Cell]:
    """A column for each figure of a single plan, or for each of several plans."""
    known = [rows.get((*key, name), {"lost": 0.0, "late": 0.0, "lost_revenue": 0.0}) for name in plans.names]
    if not plans.are_several:
        only = known[0]
        return [
            Cell(units.text(only["lost"])),
            Cell(units.text(only["late"])),
            Cell(money.text(only["lost_revenue"])),
        ]
    return [
        Cell(units.text(row["lost"]), "" if units.hides(row["late"]) else f"{units.text(row['late'])} late")
        for row in known
    ]


# -----------------------------------------------------------------------------------------------------
# targets


def _target_charts(plans: Plans, targets: pd.DataFrame, shown: list[str], *, note: str) -> list[Charts]:
    """Delivered and wanted share of each target."""
    if not shown:
        return []
    shares = targets.assign(wanted=targets["demand"] / targets["quantity"], label=targets["target"])
    drawn = shares.set_index("target").loc[shown].reset_index()
    says = (f"Delivered share of {len(shown)} sales targets. "
            f"The lowest attainment is that of {shown[0]}, {drawn['attainment'].iloc[0]:.0%}.")
    wide, narrow = (charts.svg(charts.target_chart(drawn, plans=plans.names, width=width), says=says)
                    for width in (charts.WIDE, charts.PANEL))
    legend = [
        *(plans.legend("box") or [Key("delivered", charts.PLAN_COLORS[0])]),
        Key("demand", charts.WANTED),
        Key("the target", charts.INK, "line"),
    ]
    return [
        Charts(
            "Delivered share of each sales target", [Figure("", wide, narrow)], legend, note=note, look="wide"
        )
    ]


def _target_table(plans: Plans, targets: pd.DataFrame, shown: list[str], *, note: str) -> list[Table]:
    """Each target, the demand in its scope, and what each plan delivers of it."""
    if not shown:
        return []
    scales = {
        measure: scale_for(
            part["quantity"], "currency" if measure == "revenue" else "units", currency=plans.first.currency
        )
        for measure, part in targets.groupby("measure")
    }
    by_plan = by_key(targets, ["target", "plan"])
    body = [_target_row([by_plan.get((target, name)) for name in plans.names], scales) for target in shown]
    delivered = plans.names if plans.are_several else ["Delivered"]
    headings = ["Sales target", "Unit", "Target", "Demand", *delivered]
    return [Table("Sales targets and what is delivered", headings, [("", body)], words=2, note=note)]


def _target_row(rows: Sequence[Row | None], scales: Mapping[Any, Scale]) -> list[Cell]:
    first = next(row for row in rows if row is not None)
    scale = scales[first["measure"]]
    cells = [Cell(NOTHING) if row is None else _delivered(row, scale) for row in rows]
    asks, wanted = Cell(scale.text(first["quantity"])), Cell(scale.text(first["demand"]))
    return [Cell(first["target"]), Cell(scale.unit), asks, wanted, *cells]


def _delivered(row: Row, scale: Scale) -> Cell:
    if row["attainment"] >= highlights.FULL:
        return Cell(scale.text(row["delivered"]), "met", "met")
    return Cell(scale.text(row["delivered"]), f"shortfall {scale.text(row['shortfall'])}", "short")
