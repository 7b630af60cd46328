"""What is held to the plan agreed on can be, and what changes of it cost is about something."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.agreed import AgreedPlan
from planner.scenario.calendar import Calendar
from planner.scenario.checks.draft import Draft
from planner.scenario.flows import FLOWS, Flow
from planner.scenario.reading.cells import few
from planner.scenario.reading.node import Node
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean, quoted
from planner.scenario.validity import expand_over_periods

PLACE, FROZEN = "agreed_plan", "calendar.frozen_periods"
# The master table of each name that a plan begins something with.
NAMED_IN = {"item": "items", "site": "sites", "origin": "sites", "destination": "sites"}
# The tables in which rows of stability costs can be about something, with the column that is their site.
ABOUT = {"production": ("routings", "site"), "sourcing": ("sourcing", "site"),
         "delivery": ("lanes", "origin"), "workforce": ("labor_pools", "site")}


def check_frozen_periods(draft: Draft) -> Iterator[Problem]:
    """No more periods are frozen than are planned, and there is a plan that they are held to."""
    assert draft.settings is not None
    frozen, periods = draft.settings.calendar.frozen_periods, draft.settings.calendar.periods
    place = _setting(draft.source.settings, FROZEN)
    if frozen > periods:
        yield place.problem(f"must be {periods} or less, the periods of the calendar", column=FROZEN,
                            value=str(frozen), code=f"settings.{FROZEN}.beyond_calendar")
    elif frozen and draft.source.agreed_plan is None:
        reason = ("nothing is frozen yet, since no plan is agreed on: agreed_plan names its folder. planner "
                  "roll writes it")
        warning = place.problem(reason, column=FROZEN, value=str(frozen), code=f"settings.{FROZEN}.no_agreed")
        yield replace(warning, severity="warning")


def check_agreed_plan(draft: Draft) -> Iterator[Problem]:
    """The plan agreed on has the scenario's currency, and reaches over the frozen periods."""
    agreed, calendar, settings = draft.agreed, draft.calendar, draft.settings
    if agreed is None or calendar is None or settings is None:
        return
    if agreed.currency != settings.currency:
        reason = f'is a plan in "{agreed.currency}", and the scenario is in "{settings.currency}"'
        yield _about_plan(draft, reason, "other_currency")
    frozen = min(settings.calendar.frozen_periods, calendar.periods)
    shared = agreed.shared(calendar)
    if frozen and (shared.start > 1 or shared.stop <= frozen):
        last = calendar.label(calendar.index[frozen - 1])
        first = calendar.label(calendar.start)
        span = f"{first} is" if frozen == 1 else f"{first} to {last} are"
        reason = (f"plans {agreed.calendar.span()}, and {span} frozen: name a later plan, or freeze fewer "
                  "periods")
        yield _about_plan(draft, reason, "does_not_reach")
    elif not frozen and not len(shared):
        reason = f"plans {agreed.calendar.span()}, and no period of {calendar.span()}: nothing can change"
        yield replace(_about_plan(draft, reason, "does_not_reach"), severity="warning")


def _about_plan(draft: Draft, reason: str, word: str) -> Problem:
    mentioned = draft.source.agreed_plan
    assert mentioned is not None
    return mentioned.entry.problem(reason, column=PLACE, value=quoted(mentioned.entry.text),
                                  code=f"scenario.{PLACE}.{word}")


def _setting(settings: Node, path: str) -> Node:
    """Where the setting is written, or the nearest place to it."""
    place = settings
    for name in path.split("."):
        place = place.get(name) or place
    return place


@dataclass(frozen=True)
class Impossible:
    """What the plan agreed on begins in a frozen period, and why it can no longer be begun."""

    flow: Flow
    row: dict[str, object]
    reason: str


def check_held_quantities(draft: Draft) -> Iterator[Problem]:
    """Everything that the plan agreed on begins in the frozen periods can still be begun."""
    agreed, calendar, settings = draft.agreed, draft.calendar, draft.settings
    if agreed is None or calendar is None or settings is None:
        return
    frozen = min(settings.calendar.frozen_periods, calendar.periods)
    gone = [one for flow in FLOWS.values()
            for one in _impossible(draft, agreed, flow, calendar=calendar, frozen=frozen)]

    def problem(one: Impossible) -> Problem:
        return _about_plan(draft, _sentence(one, calendar), "gone")

    yield from few(gone, problem, what="frozen quantities that are no longer possible", file=_file(draft))


def _file(draft: Draft) -> str:
    return "" if draft.source.agreed_plan is None else draft.source.agreed_plan.entry.file


def _impossible(
    draft: Draft, agreed: AgreedPlan, flow: Flow, *, calendar: Calendar, frozen: int
) -> Iterator[Impossible]:
    held = agreed.held(flow.name, calendar, frozen)
    if held.empty:
        return
    lead_times = _lead_times(draft, flow, held, calendar)
    for row, lead_time in zip(held.to_dict("records"), lead_times.tolist(), strict=True):
        reason = _why_not(draft, flow, row, lead_time, last=calendar.periods)
        if reason:
            yield Impossible(flow, {str(name): value for name, value in row.items()}, reason)


def _lead_times(draft: Draft, flow: Flow, held: pd.DataFrame, calendar: Calendar) -> pd.Series:
    """How many periods each of the quantities is on its way; blank where no row of the scenario allows it."""
    table = TABLES[flow.made_possible_by]
    rows = expand_over_periods(draft.frames[table.name], table, calendar)
    rows = rows.assign(period=calendar.number(rows["period"]), lead_time=rows.get("lead_time", 0))
    if table.name == "lanes":  # one may carry every item
        rows = rows.rename(columns={"item": "lane_item"})
    on = [key for key in (*flow.keys, "period") if key in rows]
    offered = held.reset_index().merge(rows, on=on)
    if table.name == "lanes":
        fits = offered["lane_item"].isna() | (offered["lane_item"] == offered["item"])
        offered = offered[fits].sort_values("lane_item", na_position="last", kind="stable")
    return offered.drop_duplicates("index").set_index("index")["lead_time"].reindex(held.index)


def _why_not(draft: Draft, flow: Flow, row: dict[object, object], lead_time: float, *, last: int) -> str:
    for key in flow.keys:
        if key in NAMED_IN:
            names = draft.frames[NAMED_IN[key]][TABLES[NAMED_IN[key]].keys[0]]
            if not (names == row[key]).any():
                near = did_you_mean(str(row[key]), names.dropna().astype(str))
                return f"there is no {TABLES[NAMED_IN[key]].keys[0]} {quoted(str(row[key]))} any more{near}"
    if np.isnan(lead_time):
        return f"no row of {flow.made_possible_by} allows it then"
    if int(str(row["period"])) + lead_time > last:
        return "it would arrive after the last period planned"
    return ""


def _sentence(one: Impossible, calendar: Calendar) -> str:
    names = ", ".join(f"{key} {one.row[key]}" for key in one.flow.keys)
    period = calendar.label(calendar.index[int(str(one.row["period"])) - 1])
    return f"{one.flow.words} {one.row['quantity']:.10g} in {period}, which is frozen ({names}): {one.reason}"


def check_stability_costs(draft: Draft) -> Iterator[Problem]:
    """Rows of stability costs have a plan to compare with, and are about something that can change."""
    cells, frame = draft.cells["stability_costs"], draft.frames["stability_costs"]
    if len(cells) and draft.source.agreed_plan is None:
        reason = "no change costs anything yet, since no plan is agreed on: agreed_plan names its folder"
        yield cells.about(reason, severity="warning", code="stability_costs.no_agreed")
    of_workers = ((frame["area"] == "workforce") & frame["item"].notna()).fillna(False).to_numpy(dtype=bool)
    yield from cells.problems(of_workers, "item", "must be blank for workforce: workers are of no item",
                              code="of_workers", kind="name")
    idle = np.array([not _is_about(draft, row) for row in frame.to_dict("records")], dtype=bool)
    reason = "nothing of this area, item and site can be planned, so that the row costs nothing"
    yield from cells.problems(idle & ~of_workers, "area", reason, code="about_nothing", kind="name",
                              severity="warning")


def _is_about(draft: Draft, row: dict[object, object]) -> bool:
    """Whether the scenario has anything of which the row speaks."""
    if row["area"] not in ABOUT:
        return True  # reported already
    table, site = ABOUT[str(row["area"])]
    rows = draft.frames[table]
    fits = pd.Series(True, index=rows.index)
    for column, name in ((site, row["site"]), ("item", row["item"])):
        if isinstance(name, str) and column in rows:
            fits &= (rows[column] == name) | (rows[column].isna() & (table == "lanes"))
    return bool(fits.any())
