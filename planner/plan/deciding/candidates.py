"""What the plan decides in its first periods."""

import numpy as np
import pandas as pd

from planner.plan.audit.findings import Books
from planner.plan.deciding.layout import KINDS, NAMES
from planner.plan.pegging import Pegging
from planner.plan.pegging.ahead import shares_ahead
from planner.plan.rates import summed
from planner.scenario.keys import SOURCE, WORK_CENTER

SMALLEST = 1e-3  # units, hours or workers: less is nobody's decision
FROZEN = ("order", "hire", "let_go", "prebuild")  # in frozen periods as the plan agreed on has them
MINIMUM_SHARE = 0.01  # of the hours of a work center that are worked ahead: less just happens to wait


def candidates(books: Books, pegging: Pegging, *, last: int) -> pd.DataFrame:
    """Orders, hires, separations, overtime, options and work done ahead, up to the `last` period: the names
    of each, `quantity`, `unit`, `arrives` (0: blank) and `cost`. What is frozen is decided already.
    """
    parts = [
        _rows_of(books, "site_options", "site_option", "chosen", cost="option_cost"),
        _rows_of(books, "options", "option", "bought", cost="option_cost"),
        _rows_of(books, "workforce", "hire", "hired", cost="hire_cost"),
        _rows_of(books, "workforce", "let_go", "separated", cost="separation_cost"),
        _orders(books), _ahead(pegging),
        _rows_of(books, "capacity", "overtime", "overtime_hours", cost="overtime_cost"),
        _rows_of(books, "workforce", "crew_overtime", "overtime_hours", cost="overtime_cost"),
    ]
    every = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    every = every[(every["period"] <= last) & (every["quantity"] > SMALLEST)]
    is_decided = every["kind"].isin(FROZEN) & (every["period"] <= books.scenario.frozen_periods)
    every = every[~is_decided]
    blanks: dict[str, str | float] = dict.fromkeys(NAMES, "") | {"arrives": 0}
    filled = every.reindex(columns=["kind", *NAMES, "period", "quantity", "unit", "arrives", "cost"])
    rank = filled["kind"].map(list(KINDS).index)
    filled = filled.astype(dict.fromkeys(NAMES, "object")).fillna(blanks)
    return filled.assign(rank=rank).sort_values(
        ["period", "rank", *NAMES], ignore_index=True).drop(columns="rank")


UNITS = {"site_option": "options", "option": "options", "hire": "workers", "let_go": "workers",
         "overtime": "hours", "crew_overtime": "hours"}


def _rows_of(books: Books, table: str, kind: str, measure: str, *, cost: str) -> pd.DataFrame:
    """The rows of a table in which something is decided."""
    rows = books[table]
    names = [name for name in NAMES if name in rows.columns]
    decided = rows.loc[rows[measure] > SMALLEST, [*names, "period", measure, cost]]
    return decided.rename(columns={measure: "quantity", cost: "cost"}).assign(kind=kind, unit=UNITS[kind])


def _orders(books: Books) -> pd.DataFrame:
    rows = books["sourcing"]
    rows = rows[rows["purchased"] > SMALLEST]
    terms = books.rates.sources[[*SOURCE, "period", "lead_time"]]
    orders = rows.merge(terms, on=[*SOURCE, "period"], how="left", validate="one_to_one")
    return orders[[*SOURCE, "period"]].assign(
        kind="order", unit="units", quantity=orders["purchased"],
        arrives=orders["period"] + orders["lead_time"].fillna(0).astype("int64"),
        cost=orders["purchase_cost"] + orders["order_cost"])


def _ahead(pegging: Pegging) -> pd.DataFrame:
    """Hours of each work center that are worked ahead, the first period that they serve, and what is made in
    them costs by itself.
    """
    waiting, hours = shares_ahead(pegging), pegging.hours
    node = hours["node"].to_numpy(np.int64)
    share = waiting[node].sum(axis=1)
    rows = hours[[*WORK_CENTER, "period"]].assign(
        quantity=hours["weight"] * share, load=hours["weight"],
        cost=pegging.laid.by_node.sum(axis=1)[node] * share)
    hours_ahead = summed(rows, [*WORK_CENTER, "period"], "quantity", "load", "cost")
    due = np.where(waiting > SMALLEST, np.arange(1, waiting.shape[1] + 1), np.inf)
    first = due.min(axis=1, initial=np.inf)
    serves = hours[[*WORK_CENTER, "period"]].assign(arrives=first[node])
    hours_ahead = hours_ahead.merge(serves.groupby([*WORK_CENTER, "period"], as_index=False)["arrives"].min(),
                                    on=[*WORK_CENTER, "period"])
    hours_ahead = hours_ahead[hours_ahead["quantity"] > MINIMUM_SHARE * hours_ahead["load"]]
    return hours_ahead.drop(columns="load").assign(kind="prebuild", unit="hours")
