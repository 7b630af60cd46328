"""What a meeting has before it beside its plans: the record of its monthly cycle."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.errors import CycleError
from planner.plan.cycle import Cycle, Status
from planner.plan.cycle.files import place_from
from planner.plan.plan import Plan

GivenCycle = Cycle | str | os.PathLike[str]


@dataclass(frozen=True)
class Papers:
    """What a pack shows beside the plans; what is not there is left out of it.

    `price` is for how many decisions and gaps the plan in focus is solved again.
    """

    price: int = 0
    cycle: GivenCycle | None = None


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
