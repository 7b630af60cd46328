"""What a meeting has before it beside its plans: the record of its monthly cycle, the budget, a frontier."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.errors import CycleError
from planner.plan.comparison.common_ground import on_common_ground
from planner.plan.cycle import Cycle, Status
from planner.plan.cycle.files import place_from
from planner.plan.layout import TABLES
from planner.plan.plan import Plan
from planner.plan.plan_sources import PlanSource, plan_from

SMALL = 1_000  # rows by period in the tables of a plan
FEW = 60  # orders, lots, setups and the like that it makes
DEFAULT_PRICE = 3  # decisions and gaps of a small plan
GivenCycle = Cycle | str | os.PathLike[str]


@dataclass(frozen=True)
class Papers:
    """What a pack shows beside the plans; what is not there is left out of it.

    `price` is for how many decisions and gaps the plan in focus is solved again; by default some of a plan
    that is small. `frontier` is service or stock.
    """

    price: int | None = None
    cycle: GivenCycle | None = None
    budget: PlanSource | None = None
    frontier: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing beside the plans."""
        return self.cycle is None and self.budget is None and not self.frontier


def priced_by_default(plan: Plan) -> int:
    """For how many decisions and gaps a plan is solved again where nobody says: with few rows and whole
    numbers it takes seconds. It goes by what the plan has, never by the time that anything took.
    """
    rows = sum(len(plan.tables[name]) for name, table in TABLES.items()
               if "period" in table.keys and not table.past)
    whole = sum(int((plan.tables[name][column.name] > 0).sum()) for name, table in TABLES.items()
                for column in table.columns if column.is_whole)
    return DEFAULT_PRICE if plan.is_proven and rows <= SMALL and whole <= FEW else 0


def budget_for(budget: PlanSource | None, plans: Sequence[Plan]) -> Plan | None:
    """The plan that is the budget; PlanError where it cannot be held against the plans."""
    if budget is None:
        return None
    loaded = plan_from(budget)
    on_common_ground([plans[0], loaded], (plans[0].name, f"the budget {loaded.name}"))
    return loaded


def status_for(cycle: GivenCycle | None, plans: Sequence[Plan]) -> Status | None:
    """How the cycle stands; CycleError where none of the plans begins where it does."""
    if cycle is None:
        return None
    loaded = cycle if isinstance(cycle, Cycle) else Cycle.load(cycle)
    starts = [plan.calendar.label(plan.calendar.start) for plan in plans]
    if loaded.record.cycle not in starts:
        raise CycleError(f"{loaded.folder}: is about plans from {loaded.record.cycle} on, and "
                         f"{plans[0].name} begins in {starts[0]}")
    return loaded.status()


def plans_considered(cycle: Path) -> list[Path]:
    """The folders of the plans that the cycle considers; CycleError where there are none."""
    record = Cycle.load(cycle).record
    if not record.plans:
        raise CycleError(f"{cycle}: considers no plan yet. Name plans, or add them: planner cycle add "
                         f"{cycle} PLAN --by NAME")
    return [place_from(cycle, plan.folder) for plan in record.plans]
