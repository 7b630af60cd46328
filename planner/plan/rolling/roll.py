"""Next month's scenario: the calendar moved, states as planned or as they are, the past archived."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planner.csv_tables import csv_text
from planner.errors import OutputError, PlannerError, Problem
from planner.plan.folder import load_plan
from planner.plan.plan import Plan
from planner.plan.rolling.actuals import Actuals, read_actuals
from planner.plan.rolling.changes import (
    carry_backlog,
    carry_deliveries,
    carry_options,
    carry_orders,
    carry_overdue,
    carry_receipts,
    drop_arrived,
    reduce_targets,
)
from planner.plan.rolling.description import described_anew
from planner.plan.rolling.moment import Moment, moment_of
from planner.plan.rolling.tables import Rolling, archive_past, set_states
from planner.plan.rolling.told import tell_actuals
from planner.plan.scenario_of_plan import scenario_of
from planner.scenario.calendar import period_label
from planner.scenario.load import Place, check, load_scenario
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.settings import SECTIONS
from planner.text_cells import plain_texts
from planner.writing import whole_folder

MARKER = "scenario.yaml"
ARCHIVE = "archive"
CARRIED = (ARCHIVE, "import")  # folders beside the tables that go on with the scenario


@dataclass(frozen=True)
class RollResult:
    """What a roll made: the folder, how many rows of each table it has and has archived, notes, and what is
    wrong with the new scenario.
    """

    folder: Path
    rows: dict[str, int]
    archived: dict[str, int]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]


@plain_texts()
def roll(
    scenario: Place,
    output: str | os.PathLike[str],
    *,
    to: str,
    plan: Plan | str | os.PathLike[str] | None = None,
    actuals: str | os.PathLike[str] | None = None,
    periods: int | None = None,
) -> RollResult:
    """The folder `output` holds the `scenario` as it is planned from the period `to` on.

    What happens until then is taken from the `plan` of the scenario: stock, crews, what is ordered, started
    or on its way, backorders, deliveries. What the `actuals` say, a folder of tables as they stand now or a
    file of actuals, takes the place of the plan's. The new calendar has as many periods as the old one,
    unless `periods` says how many. PlannerError says what is missing; ScenarioError and PlanError what is
    wrong.
    """
    loaded = load_scenario(scenario)
    start = _new_start(loaded, to)
    count = periods or loaded.calendar.periods
    target = Path(output)
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise OutputError(f"{target}: is there already and not empty. Name a new folder")
    loaded_plan = _plan_of(plan, loaded)
    actuals_read = read_actuals(Path(actuals) if actuals is not None else None, loaded.calendar.bucket)
    knows_stock = "inventory" in actuals_read.frames or len(actuals_read.of_kind("inventory"))
    if loaded_plan is None and not knows_stock:
        raise PlannerError(
            "nothing says what is in stock at the new start: name a --plan, or --actuals with inventory"
        )
    moment = moment_of(loaded_plan, loaded, start) if loaded_plan is not None else None
    rolling = _rolled(loaded, moment, actuals_read, start, end=start + count - 1)
    agreed = Path(plan) if isinstance(plan, str | os.PathLike) else None
    if plan is None and loaded.written.agreed_plan is not None:  # the one before is still agreed on
        agreed = loaded.written.agreed_plan.path
    described = _description(
        loaded, target, rolling, periods=count, agreed=agreed, knows_orders=_knows_orders(actuals_read)
    )
    _write(loaded, target, rolling, described)
    return RollResult(
        target,
        {name: len(frame) for name, frame in rolling.tables.items()},
        archived={name: len(frame) for name, frame in rolling.archived.items()},
        notes=tuple(rolling.notes),
        problems=tuple(check(target)),
    )


def _new_start(scenario: Scenario, to: str) -> pd.Period:
    calendar = scenario.calendar
    try:
        start = calendar.parse(to)
    except ValueError as error:
        raise PlannerError(f"--to {to}: {error}") from None
    if not calendar.start < start <= calendar.end:
        raise PlannerError(
            f"--to {to}: must be a period of the scenario's calendar after its first, "
            f"{calendar.label(calendar.start + 1)} to {calendar.label(calendar.end)}"
        )
    return start


def _plan_of(plan: Plan | str | os.PathLike[str] | None, scenario: Scenario) -> Plan | None:
    if plan is None:
        return None
    loaded = plan if isinstance(plan, Plan) else load_plan(Path(plan))
    scenario_of(loaded, scenario)  # refuses the plan of another scenario
    return loaded


def _knows_orders(actuals: Actuals) -> bool:
    return "order_history" in actuals.frames or len(actuals.of_kind("demand")) > 0


def _rolled(
    scenario: Scenario, moment: Moment | None, actuals: Actuals, start: pd.Period, *, end: pd.Period
) -> Rolling:
    """The tables at the new start."""
    cells = scenario.written.tables
    texts = {
        name: pd.DataFrame(dict(cells[name].columns), dtype=object)
        for name in TABLES
        if name in cells and len(cells[name])
    }
    rolling = Rolling(start, texts)
    frames = dict(scenario.tables)
    archive_past(rolling, frames, end=end)
    delivered = moment.delivered if moment is not None else None
    if moment is not None:
        set_states(rolling, "inventory", "on_hand", moment.stock)
        set_states(rolling, "labor_pools", "headcount", moment.crews)
        carry_options(rolling, scenario, moment)
        if "booked_orders" not in actuals.frames:
            carry_orders(rolling, moment.settled)
            carry_backlog(rolling, moment.owed)
        if "scheduled_receipts" not in actuals.frames:
            carry_receipts(rolling, moment.receipts, end=end)
        if not len(actuals.of_kind("shipment")):
            carry_deliveries(rolling, moment.on_the_way, end=end)
    delivered = tell_actuals(rolling, scenario, actuals, delivered, end=end)
    if "demand" not in actuals.frames:
        carry_overdue(rolling, scenario)
    if delivered is not None:
        reduce_targets(rolling, scenario, delivered)
    drop_arrived(rolling)
    _note_the_end(rolling, scenario, end)
    return rolling


def _note_the_end(rolling: Rolling, scenario: Scenario, end: pd.Period) -> None:
    """Periods that are new at the end, and for which a table of demand says nothing."""
    if end > scenario.calendar.end and "demand" in rolling.tables:
        first = period_label(scenario.calendar.end + 1)
        span = first if end == scenario.calendar.end + 1 else f"{first} to {period_label(end)}"
        rolling.notes.append(f"demand.csv says nothing about {span}: add it, or roll with fewer --periods")


# ------------------------------------------------------------------------------------------------- writing


def _description(
    scenario: Scenario,
    target: Path,
    rolling: Rolling,
    *,
    periods: int,
    agreed: Path | None,
    knows_orders: bool,
) -> str:
    """The scenario.yaml of the new scenario, with the comments of the old one."""
    settings: dict[str, Any] = {
        name: child.plain()
        for name, child in scenario.written.settings.items()
        if name in SECTIONS and child.plain() is not None
    }
    span = {"start": period_label(rolling.start), "periods": periods}
    settings["calendar"] = {**settings.get("calendar", {}), **span}
    forecast = dict(settings.get("forecast") or {})
    if knows_orders:
        forecast.pop("as_of", None)
    elif scenario.settings.forecast.as_of is not None and len(scenario["order_history"]):
        forecast["as_of"] = scenario.settings.forecast.as_of.isoformat()
        rolling.notes.append(
            f"no orders of the month that is over are given: demand is forecast from what was known on "
            f"{forecast['as_of']}"
        )
    settings |= {"forecast": forecast} if forecast else {}
    head = {"name": scenario.name, "question": scenario.question}
    if agreed is not None:
        head["agreed_plan"] = Path(os.path.relpath(agreed.resolve(), target.resolve())).as_posix()
    values = {name: value for name, value in {**head, **settings}.items() if value not in ("", {})}
    return described_anew(scenario, values)


def _write(scenario: Scenario, target: Path, rolling: Rolling, described: str) -> None:
    files = {
        f"{name}.csv": csv_text(_filled(name, frame)) for name, frame in rolling.tables.items() if len(frame)
    }
    past = {f"{name}.csv": csv_text(frame) for name, frame in rolling.archived.items()}
    files[MARKER] = described
    with whole_folder(target, own=[*files, *CARRIED], marker=MARKER) as new:
        _carry_folders(scenario, new)
        over = new / ARCHIVE / period_label(scenario.calendar.start)
        if past:
            over.mkdir(parents=True, exist_ok=True)
        for place, texts in ((new, files), (over, past)):
            for name, text in texts.items():
                (place / name).write_text(text, encoding="utf-8", newline="\n")


def _filled(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The table without columns in which nothing stands."""
    needed = {column.name for column in TABLES[name].columns if column.required}
    return frame[[column for column in frame.columns if column in needed or (frame[column] != "").any()]]


def _carry_folders(scenario: Scenario, new: Path) -> None:
    """What stands beside the tables and belongs to the scenario goes on with it."""
    import shutil

    for name in CARRIED:
        old = Path(scenario.source) / name
        if scenario.source and old.is_dir():
            shutil.copytree(old, new / name)
