"""The plans of several scenarios, solved side by side, each content once, and remembered.

A what-if under a limit of time or effort begins at the plan of its base where that is one of the others: then
it waits for it. All others start from nothing, so that a plan does not depend on what it was solved beside.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from planner.errors import CancelledError, InfeasibleError, NoPlanError
from planner.plan import cache
from planner.plan.plan import Plan, make_plan
from planner.plan.resolving import side_by_side
from planner.plan.start import is_limited, line_of, start_among
from planner.progress import Cancel, watched
from planner.scenario.scenario import Scenario

Result = TypeVar("Result")


def plans_together(contents: Sequence[Plan | Scenario], names: Sequence[str], *, use_cache: bool = True,
                   cancel: Cancel | None = None) -> list[Plan]:
    """Each plan as it is and each scenario's plan, in their order. `names` are how errors call them."""
    scenarios = {content.content_hash: (content, name) for content, name in zip(contents, names, strict=True)
                 if isinstance(content, Scenario)}
    plans: dict[str, Plan] = {}
    for key, (scenario, _) in scenarios.items():
        plan = cache.remembered(scenario) if use_cache else None
        if plan is not None:
            plans[key] = plan
    waiting = {key: pair for key, pair in scenarios.items() if key not in plans}
    later = {key for key, (scenario, _) in waiting.items() if _has_base_among(scenario, waiting.values())}
    for wave in ([key for key in waiting if key not in later], [key for key in waiting if key in later]):
        solved_already = [*plans.values(), *_plans_among(contents)]
        starts = [start_among(solved_already, waiting[key][0]) for key in wave]
        work = [(*waiting[key], start) for key, start in zip(wave, starts, strict=True)]
        solved = side_by_side(lambda one: _solved(*one, use_cache=use_cache, cancel=cancel), work)
        plans |= dict(zip(wave, solved, strict=True))
    return [content if isinstance(content, Plan) else plans[content.content_hash] for content in contents]


def _plans_among(contents: Sequence[Plan | Scenario]) -> list[Plan]:
    return [content for content in contents if isinstance(content, Plan)]


def _solved(scenario: Scenario, name: str, start: Plan | None, *, use_cache: bool,
            cancel: Cancel | None) -> Plan:
    with watched(about=name):
        plan = named_failure(name, lambda: make_plan(scenario, cancel=cancel, start=start))
    if use_cache:
        cache.remember(plan, scenario)
    return plan


def named_failure(name: str, work: Callable[[], Result]) -> Result:
    """What the work gives; where there is no plan, the message says for which scenario."""
    try:
        return work()
    except InfeasibleError as error:
        raise InfeasibleError(f"{name}: {error.message}", error.conflicts, error.notes) from None
    except CancelledError as error:
        raise CancelledError(f"{name}: {error}") from None
    except NoPlanError as error:
        raise NoPlanError(f"{name}: {error}") from None


def _has_base_among(scenario: Scenario, others: Iterable[tuple[Scenario, str]]) -> bool:
    """Whether the scenario waits for the plan of one of the others, to begin there."""
    places = {Path(other.source).resolve() for other, _ in others if other.source}
    return is_limited(scenario) and any(base in places for base in line_of(scenario))
