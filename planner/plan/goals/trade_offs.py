"""What more of one goal costs the others, each step solved again: service, stock, cost, revenue."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.errors import InfeasibleError, NoPlanError
from planner.linear_algebra import one_thread
from planner.plan.plan import Plan
from planner.plan.resolving import Resolver
from planner.plan.standard_cost import average_stock_value
from planner.plan.start import decided
from planner.plan.sweeping.points import Base, solved_held
from planner.progress import Progress, tell
from planner.scenario.scenario import Scenario

if TYPE_CHECKING:  # the solver is imported when something is solved
    from planner.model.compiler.lookup import Floats
    from planner.model.objective import Goal
    from planner.model.solver.matrix import Compiled

POINT, TENTH, HUNDREDTH = 0.01, 0.1, 0.01  # the steps: of service, of stock, of cost and revenue
# What is asked of each figure; and, where no plan goes that far, a tenth of it.
STEPS = {"order_fill_rate": ("one more point of service", "a tenth of a point more of service"),
         "stock_value": ("10 % less stock", "1 % less stock"),
         "total_cost": ("1 % less cost", "0.1 % less cost"),
         "revenue": ("1 % more revenue", "0.1 % more revenue")}
FAR = (1.0, 0.1)
ROUNDING = 1e-7
FIGURES = ("order_fill_rate", "revenue", "margin", "total_cost", "inventory_turns", "stock_value")


@dataclass(frozen=True)
class TradeOff:
    """A step of one figure, and what it changes in the others, between two plans that were solved for it.

    Both plans hold the figure at its level, the second one step further, and are the best that is left.
    `status` is optimal, that of a search that was stopped, or infeasible: no plan goes that far.
    """

    measure: str
    step: str
    status: str
    differences: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """How a figure is held: the model that holds it at a level, from 0 (as it is) to 1 (one step on)."""

    measure: str
    held: Callable[[float], "tuple[Compiled, list[Goal] | None]"]


def trade_offs(plan: Plan, scenario: Scenario) -> tuple[TradeOff, ...]:
    """What one step of each leading figure costs the others. Of a plan without stock at standard cost, stock
    is left out. Each step is given as much time as the plan itself.
    """
    resolver = Resolver(plan, scenario)
    with one_thread():
        base = Base(resolver.scenario, resolver.demand, start=None,
                    whole_numbers=decided(plan, resolver.scenario.calendar),
                    time_limit=plan.settings["solver"]["time_limit"])
        questions = _questions(plan, resolver.compiled)
        return tuple(_answered(question, base, place, len(questions))
                     for place, question in enumerate(questions, start=1))


def _questions(plan: Plan, compiled: "Compiled") -> list[Question]:
    from planner.model.solver.frontier import limited, money_goal, most_on_time, stock, units_on_time

    on_time, money = units_on_time(compiled), money_goal(compiled)
    spent, earned = _spent(money), compiled.costs.revenue.coefficients_by_column(compiled.layout.size)
    sales = plan.tables["sales"]
    units, demand = float(sales["delivered_on_time"].sum()), float(sales["demand"].sum())
    cost, revenue = plan.kpis["total_cost"], plan.kpis["revenue"]
    best_service = [most_on_time(compiled), money]
    questions = [
        Question("order_fill_rate", lambda far: (
            limited(compiled, on_time, lower=_slightly(units + far * POINT * demand, -1)), [money])),
        Question("total_cost", lambda far: (
            limited(compiled, spent, upper=_slightly(cost * (1 - far * HUNDREDTH), 1) - money.constant),
            best_service)),
        Question("revenue", lambda far: (
            limited(compiled, earned, lower=_slightly(revenue * (1 + far * HUNDREDTH), -1)), [money])),
    ]
    value = average_stock_value(plan)
    if value > 0:
        in_stock = stock(compiled)
        questions.insert(1, Question("stock_value", lambda far: (
            limited(compiled, in_stock, upper=_slightly(value * (1 - far * TENTH), 1)), None)))
    return questions


def _slightly(level: float, sign: int) -> float:
    """The level with room for rounding: the plan itself must keep it."""
    return level + sign * ROUNDING * max(1.0, abs(level))


def _spent(money: "Goal") -> "Floats":
    """What each variable adds to the cost of the plan, its earnings left out."""
    return money.coefficients if money.earning is None else money.coefficients + money.earning


def _answered(question: Question, base: Base, place: int, count: int) -> TradeOff:
    """The difference between the plan one step on, or a tenth of it, and the one that holds the figure where
    it is.
    """
    steps = STEPS[question.measure]
    tell(Progress("solving", f"trade-off: {steps[0]}", step=place, steps=count))
    try:
        here = _solved(question, 0.0, base)
        gone = next(_gone(question, base, here), None)
    except NoPlanError:
        return TradeOff(question.measure, steps[0], status="no plan")
    if gone is None:
        return TradeOff(question.measure, steps[0], status="infeasible")
    step, there = gone
    differences = {name: there.kpis[name] - here.kpis[name] for name in FIGURES if name in here.kpis}
    status = there.status if here.is_proven else here.status
    return TradeOff(question.measure, step, status=status, differences=differences)


def _gone(question: Question, base: Base, here: Plan) -> Iterator[tuple[str, Plan]]:
    """Each step that a plan takes, the longest first, with its words."""
    for step, far in zip(STEPS[question.measure], FAR, strict=True):
        try:
            yield step, _solved(question, far, base, start=here)
        except InfeasibleError:
            continue


def _solved(question: Question, far: float, base: Base, *, start: Plan | None = None) -> Plan:
    compiled, ranked = question.held(far)
    return solved_held(base, compiled, ranked, start=None if start is None else start.warm_start)
