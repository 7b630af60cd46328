"""What a comparison comes to, in sentences: service first, then what is earned, then the cost beside the
volume that it serves.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from planner.figures import NOTHING, one, percent, scale_for
from planner.plan.comparison.compare import OPEN, SAME, difference_column, verdict_column

if TYPE_CHECKING:
    from planner.plan.comparison.compare import Comparison
    from planner.plan.plan import Plan

SERVICE = ("order_fill_rate", "target_attainment", "on_time_in_full")
EARNINGS = ("margin", "cost_per_unit")  # where nothing has a price, what a unit costs
OVERALL = {
    ("better", "worse"): "more service for less money",
    ("worse", "better"): "more money for less service",
    ("same", "same"): "as good",
}
# Of service and of money, where only one of them can be told.
WORDS = {"better": ("more service", "more money"), "worse": ("less service", "less money")}
# The sentences that a verdict is made of, each with its figures.
SENTENCES = (("order_fill_rate", "target_attainment"), ("margin", "revenue"),
             ("total_cost", "units_delivered", "cost_per_unit"))
DELIVERED = ("units_delivered", "cost_per_unit")  # said as "64,507 units delivered"
Row = Mapping[Hashable, Any]
Rows = Mapping[Hashable, Row]


def verdicts(comparison: "Comparison") -> list[str]:
    """What to think of each plan but the first, and the figures that say so; blank for the first."""
    rows: Rows = comparison.kpis.set_index("kpi", drop=False).to_dict("index")
    first, *others = comparison.plans
    demands = [_demand(plan, first) for plan in others]
    return ["", *(_verdict(rows, name, demand=demand, first=comparison.names[0], currency=first.currency)
                  for name, demand in zip(comparison.names[1:], demands, strict=True))]


def _verdict(rows: Rows, name: str, *, demand: str, first: str, currency: str) -> str:
    sentences = [_sentence(rows, name, kpis, first=first, currency=currency) for kpis in SENTENCES]
    filled = [sentence[:1].upper() + sentence[1:] for sentence in (demand, *sentences) if sentence]
    return f"{'. '.join([_overall(rows, name), *filled])}."


def _sentence(rows: Rows, name: str, kpis: Sequence[str], *, first: str, currency: str) -> str:
    present = [kpi for kpi in kpis if kpi in rows]
    return ", ".join(_figure(rows[kpi], name, first=first, currency=currency) for kpi in present)


def _overall(rows: Rows, name: str) -> str:
    """Service and money together: better only where neither is worse, and both can be told."""
    service, money = (_first_that_differs(rows, name, kpis) for kpis in (SERVICE, EARNINGS))
    if OPEN in (service, money):
        words = [WORDS[verdict][place] for place, verdict in enumerate((service, money)) if verdict in WORDS]
        other = "service" if service == OPEN else "money"
        return f"{words[0]}, {other} {OPEN}" if words else OPEN
    return OVERALL.get((service, money), "worse" if "worse" in (service, money) else "better")


def _first_that_differs(rows: Rows, name: str, kpis: Sequence[str]) -> str:
    judged = [rows[kpi][verdict_column(name)] for kpi in kpis if kpi in rows]
    return next((verdict for verdict in judged if verdict in ("better", "worse", OPEN)), "same")


def _demand(plan: "Plan", first: "Plan") -> str:
    """Service is a share of the demand, so a plan of another demand says so."""
    demand, before = (float(each.tables["sales"]["demand"].sum()) for each in (plan, first))
    more = demand - before
    if abs(more) <= SAME * max(demand, before):
        return ""
    share = f" ({percent(abs(more) / before)})" if before > 0 else ""
    return f"Demand is {one(abs(more), 'units')}{share} {'higher' if more > 0 else 'lower'}"


def _figure(row: Row, name: str, *, first: str, currency: str) -> str:
    """The figure with its unit, and in brackets its difference from the first plan."""
    scale = scale_for([row[first], row[name]], str(row["unit"]), currency=currency)
    difference = scale.difference(row[difference_column(name)])
    points = " points" if scale.unit == "%" else ""
    changed = {"=": " (no change)", NOTHING: ""}.get(difference, f" ({difference}{points})")
    value = scale.with_unit(row[name])
    if row["kpi"] in DELIVERED:
        return f"{value} delivered{changed}"
    return f"{str(row['kpi']).replace('_', ' ')} {value}{changed}"
