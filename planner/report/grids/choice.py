"""The grids that somebody wants to see, where not everything is said."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from planner.plan.plan_sources import PlanSource, plan_from
from planner.report.grids.build import SHEET, has_families, keys_of, make_grid, make_sheets
from planner.report.grids.grid import Grid
from planner.text_cells import plain_texts

if TYPE_CHECKING:
    from planner.plan.plan import Plan

OVERVIEW = ("deliveries", "production", "purchases", "stock", "hours", "crew", "money")


@plain_texts()
def show(plan: PlanSource, what: str | Sequence[str] = (), *, by: str = "",
         only: Mapping[str, str] | None = None, start: str | None = None, end: str | None = None,
         quarters: bool = False) -> list[Grid]:
    """The plan's figures by name and period: a grid for each subject in `what`, or an overview.

        planner.show(plan, "stock", by="family")[0].frame()

    `plan` is a plan, its folder, or a scenario, which is solved first. `what` names one or several of
    deliveries, production, purchases, stock, flows, crew, stability (against the plan agreed on), hours,
    money and sheet (the S&OP sheet of each family or item). `by` is item, family, market, customer, site,
    item_site, supplier, work_center,
    labor_pool or cost, as far as the subject is known by it. `only` keeps names, like {"family": "city*"};
    `start` and `end` are periods as they are written, both included; `quarters` puts periods together: flows
    are added up, levels are those at the end. PlanError says what cannot be shown, and what could be.
    """
    whats = (what,) if isinstance(what, str) else what
    return chosen_grids(plan_from(plan), whats, by=by, only=only, start=start, end=end, quarters=quarters)


def chosen_grids(plan: "Plan", whats: Sequence[str] = (), *, by: str = "",
                 only: Mapping[str, str] | None = None, start: str | None = None, end: str | None = None,
                 quarters: bool = False) -> list[Grid]:
    """A grid for each of the subjects; where none is named, the S&OP sheet of the families or items that
    are, or an overview of the plan by family, or of what is known by the key `by`.

    All else is as in `show`.
    """
    grids = []
    for what in whats or _usual(only or {}, by):
        if what == SHEET:
            grids += make_sheets(plan, by=by or _sheet_key(only or {}), only=only, start=start, end=end,
                                 quarters=quarters)
        else:
            key = by if whats or by else _overview_key(plan, what)
            grids.append(make_grid(plan, what, by=key, only=only, start=start, end=end, quarters=quarters))
    return grids


def _usual(only: Mapping[str, str], by: str) -> Sequence[str]:
    """What is shown where nothing is named."""
    if not by and {"family", "item"} & only.keys():
        return (SHEET,)
    return [what for what in OVERVIEW if (not by or by in keys_of(what))] or OVERVIEW


def _sheet_key(only: Mapping[str, str]) -> str:
    return "item" if "item" in only else ""


def _overview_key(plan: "Plan", what: str) -> str:
    """Families where there are any, else the usual key."""
    return "family" if what != "money" and "family" in keys_of(what) and has_families(plan) else ""


def grids_frame(grids: Sequence[Grid]) -> pd.DataFrame:
    """All the grids in one frame: what and by, then name, measure, unit, a column
    for each period, and the total.
    """
    frames = [grid.frame().assign(what=grid.what, by=grid.by) for grid in grids]
    joined = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["what", "by"])
    heads = ["what", "by", *(name for name in joined.columns if name not in ("what", "by"))]
    return joined[heads]
