"""A comparison as tables that terminal and page show: service, targets, load, customers, margin, and the
walk.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from planner.figures import NOTHING, figure, percent, scale_for
from planner.naming import spelled
from planner.plan.comparison.compare import Comparison
from planner.plan.comparison.walk import Walk
from planner.plan.orders import who
from planner.report import proof
from planner.report.highlights import words
from planner.report.parts import Cell, Table

SMALLEST = 0.005  # units: less is the solver's rounding
MAXIMUM_ROWS = 12  # of a table: files have all
OF_AREA = 4  # moves of one area that are shown
Row = Mapping[Hashable, Any]
FULLNESS = "Hours over regular capacity; in brackets the periods in which it is full."


def comparison_tables(comparison: Comparison) -> list[Table]:
    """Every table that has something to show, in the order in which a meeting goes through them."""
    tables = (_families(comparison), _periods(comparison), _targets(comparison), _customers(comparison),
              _load(comparison), *(walk_table(walk) for walk in comparison.walks),
              *([] if comparison.walks else _bridge(comparison)))
    return [table for table in tables if table.bodies[0][1]]


def move_groups(comparison: Comparison) -> dict[str, dict[str, list[str]]]:
    """The largest moves in words, by plan and area."""
    moves = comparison.moves.groupby(["plan", "area"], sort=False).head(OF_AREA)
    groups: dict[str, dict[str, list[str]]] = {}
    for row in moves.to_dict("records"):
        groups.setdefault(str(row["plan"]), {}).setdefault(str(row["area"]), []).append(str(row["text"]))
    return groups


def _families(comparison: Comparison) -> Table:
    return _service(comparison, "family", "Demand on time by family")


def _periods(comparison: Comparison) -> Table:
    labelled = comparison.service.assign(period=_labels(comparison, comparison.service["period"]))
    bucket = comparison.plans[0].bucket
    return _service(comparison, "period", f"Demand on time by {bucket}", labelled)


def _service(comparison: Comparison, key: str, title: str, rows: pd.DataFrame | None = None) -> Table:
    """The share on time by a key of the table, beside the demand in the first plan."""
    frame = comparison.service if rows is None else rows
    added = frame.groupby([key, "plan"], sort=True)[["demand", "on_time"]].sum()
    share = (added["on_time"] / added["demand"].where(added["demand"] > 0)).unstack("plan")
    demand = added["demand"].unstack("plan")[comparison.names[0]]
    units = scale_for(demand.dropna(), "units")
    body = [[Cell(str(name)), Cell(units.text(demand[name])),
             *(Cell(_share(share.loc[name, plan])) for plan in comparison.names)] for name in share.index]
    heads = [key, f"demand, {units.unit}", *proof.marked(comparison)]
    return Table(title, heads, [("", body)], words=1)


def _share(value: float) -> str:
    return NOTHING if pd.isna(value) else percent(float(value))


def _targets(comparison: Comparison) -> Table:
    """How far each plan reaches each target."""
    rows, currency = comparison.targets, comparison.plans[0].currency
    share = rows.pivot_table(index="target", columns="plan", values="attainment", sort=False)
    firsts = rows.sort_values(["priority", "target"]).drop_duplicates("target")
    body = []
    for row in firsts.to_dict("records"):
        scale = scale_for([row["quantity"]], "units" if row["measure"] == "units" else "currency",
                          currency=currency)
        cells = [Cell(_share(share.loc[row["target"]].get(name))) for name in comparison.names]
        body.append([Cell(str(row["target"])), Cell(scale.unit), Cell(scale.text(row["quantity"])), *cells])
    heads = ["sales target", "unit", "target", *proof.marked(comparison)]
    return Table("Attainment of the sales targets", heads, [("", body)], words=2)


def _customers(comparison: Comparison) -> Table:
    """Units late and lost of those whose demand is late or lost in any plan."""
    keys = ["customer", "market", "demand_class"]
    rows = {(*(row[key] for key in keys), row["plan"]): row
            for row in comparison.customers.to_dict("records")}
    names = list(dict.fromkeys(key[:3] for key in rows))
    body = []
    for name in names[:MAXIMUM_ROWS]:
        one = next(row for key, row in rows.items() if key[:3] == name)
        cells = [Cell(_fates(rows.get((*name, plan)))) for plan in comparison.names]
        market = spelled(str(name[1]))
        body.append([Cell(who({**one, "market": market})), Cell(market), *cells])
    more = len(names) - len(body)
    note = f"Late includes what is overdue when the plan starts.{f' {more} more with less.' if more else ''}"
    heads = ["whose demand", "market", *proof.marked(comparison)]
    return Table("Units late and lost, where most money is", heads, [("", body)], words=2, note=note)


def _fates(row: Row | None) -> str:
    if row is None:
        return NOTHING
    late, lost = row["late"] + row["overdue"], row["lost"]
    fates = ((late, "late"), (lost, "lost"))
    parts = [f"{figure(amount)} {fate}" for amount, fate in fates if amount > SMALLEST]
    return ", ".join(parts) or "none"


def _load(comparison: Comparison) -> Table:
    """How full the fullest resources are in each plan."""
    rows = {(row["kind"], row["site"], row["resource"], row["plan"]): row
            for row in comparison.utilization.to_dict("records")}
    names = list(dict.fromkeys(key[:3] for key in rows))
    body = [[Cell(str(name[2])), Cell(spelled(str(name[1]))),
             *(Cell(_fullness(rows.get((*name, plan)))) for plan in comparison.names)]
            for name in names[:MAXIMUM_ROWS]]
    heads = ["work center or pool", "site", *proof.marked(comparison)]
    return Table("Load against capacity", heads, [("", body)], words=2, note=FULLNESS)


def _fullness(row: Row | None) -> str:
    return NOTHING if row is None else f"{percent(row['average'])} ({row['full']:.0f})"


def _bridge(comparison: Comparison) -> Iterator[Table]:
    """What adds to the margin of each other plan, side by side."""
    rows = comparison.bridge
    others = list(comparison.names[1:])
    if rows.empty:
        return
    amounts = rows.pivot_table(index="term", columns="plan", values="amount", aggfunc="sum")
    kinds = rows.drop_duplicates("term").set_index("term")["kind"]
    order = ["start", "revenue", "cost", "end"]
    steps = sorted(kinds.index, key=lambda step: order.index(kinds[step]))
    scale = scale_for(rows["amount"], "currency", currency=comparison.plans[0].currency)
    body = [[Cell(words(str(step))), *(_step(amounts.loc[step].get(name), kinds[step], scale)
                                       for name in others)] for step in steps]
    heads = [f"from {comparison.names[0]}, {scale.unit}", *proof.marked(comparison)[1:]]
    yield Table("Margin, step by step", heads, [("", body)], words=1,
                note="A cost that is lower adds to the margin.")


def _step(amount: float | None, kind: str, scale: Any) -> Cell:
    if amount is None or pd.isna(amount):
        return Cell(NOTHING)
    return Cell(scale.text(amount) if kind in ("start", "end") else scale.difference(amount))


def walk_table(walk: Walk) -> Table:
    """The steps from one plan to the other with what each adds."""
    money = scale_for([*walk.steps["cost"], *walk.steps["margin"]], "currency", currency=walk.currency)
    units = scale_for([*walk.steps["delivered"], *walk.steps["lost"]], "units")
    rows: list[Row] = [*walk.steps.to_dict("records"), _whole(walk)]
    body = [[Cell(str(row["text"])), Cell(money.difference(row["margin"])),
             Cell(money.difference(row["cost"])), Cell(units.difference(row["delivered"])),
             Cell(units.difference(row["lost"])), Cell(_points(row["attainment"]))] for row in rows]
    heads = ["one change at a time", f"margin, {money.unit}", f"cost, {money.unit}", "delivered", "lost",
             "targets"]
    return Table(f"Why {walk.second} differs from {walk.first}", heads, [("", body)], words=1,
                 note="Each change on top of those above, solved again; the order is the schema's. "
                      "Targets: mean attainment in points.")


def _whole(walk: Walk) -> dict[Hashable, Any]:
    return {"text": "In all", **{name: getattr(walk.difference, name)
                                 for name in ("margin", "cost", "delivered", "lost", "attainment")}}


def _points(share: float) -> str:
    return scale_for([share], "0 to 1").difference(share)


def _labels(comparison: Comparison, periods: pd.Series) -> Sequence[str]:
    return list(comparison.plans[0].calendar.labels(periods))
