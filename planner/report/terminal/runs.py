"""A run over a folder of scenarios as people read it in a terminal."""

from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import NOTHING, Scale, percent, scale_for
from planner.plan.plan import Plan
from planner.plan.run import Planned, Run
from planner.report.proof import MARK
from planner.report.records.runs import sentences
from planner.report.terminal.parts import indented, titled_table

STATES = {"solved": "solved", "unchanged": "unchanged", "remembered": "solved before",
          "infeasible": "no plan keeps every limit", "no plan": "no plan in time"}


def run_result(outcome: Run) -> RenderableType:
    """Every scenario with its plan's leading figures, then what there is to say."""
    plans = outcome.plans
    currency = plans[0].currency if len({plan.currency for plan in plans}) == 1 else ""
    money = scale_for([plan.kpis[name] for plan in plans for name in ("margin", "total_cost")], "currency",
                      currency=currency)
    headings = ["scenario", "name", "", "on time", "targets", f"margin, {money.unit}", f"cost, {money.unit}"]
    rows = [[one.name, _title(one), STATES[one.state], *_figures(one.plan, money)] for one in outcome.planned]
    note = f"{MARK.strip()} not proven" if any(not plan.is_proven for plan in plans) else ""
    return Group(titled_table("Plans of the folder", headings, rows, words=3, note=note), Text(),
                 *(indented(sentence) for sentence in sentences(outcome)))


def _title(one: Planned) -> str:
    if one.plan is None:
        return ""
    return one.plan.name if one.plan.is_proven else f"{one.plan.name}{MARK}"


def _figures(plan: Plan | None, money: Scale) -> list[str]:
    if plan is None:
        return [NOTHING] * 4
    shares = [plan.kpis.get(name) for name in ("order_fill_rate", "target_attainment")]
    return [*(NOTHING if share is None else percent(share) for share in shares),
            money.text(plan.kpis["margin"]), money.text(plan.kpis["total_cost"])]
