"""Room in the model for what nobody orders yet.

A market's item that has no demand in a period has no deliveries in the model either, and where setups are
decided the model makes no room for more than is ordered. Then the model is built with orders of the inquiries
in every period, and their demand is taken away again: what is left is the plan's own model, with room.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.linear_algebra import one_thread
from planner.model.compiler.lookup import Floats
from planner.model.demand_lines import BOOKED
from planner.model.solver.matrix import Compiled
from planner.model.solver.placing import Change
from planner.model.solver.row_keys import spelled
from planner.plan.promise.ground import Ground
from planner.plan.resolving import Resolver
from planner.scenario.inquiries import Inquiry
from planner.scenario.scenario import Scenario

ORDER = "room for an inquiry"
LAST_PRIORITY = 9  # so that the orders share a line with as few others as can be
LINE = ["item", "market", "demand_class", "priority", "period"]


def ground_of(resolver: Resolver, inquiries: Sequence[Inquiry]) -> Ground:
    """The plan's model, with room for the inquiries."""
    own = Ground(resolver.scenario, resolver.compiled, values=resolver.start.values,
                 bases=resolver.start.bases)
    lines = _largest_lines(inquiries)
    if not own.compiled.whole.any():
        lines = lines.loc[~_has_room(own, lines)]
    return own if lines.empty else _with_room(resolver, own, lines)


def _largest_lines(inquiries: Sequence[Inquiry]) -> pd.DataFrame:
    """The items and markets that are asked for, with the most that one inquiry asks for of each."""
    rows = [(line.item, line.market, line.quantity) for inquiry in inquiries for line in inquiry.lines]
    frame = pd.DataFrame(rows, columns=["item", "market", "quantity"])
    most: pd.DataFrame = frame.groupby(["item", "market"], as_index=False).agg(quantity=("quantity", "max"))
    return most


def _has_room(ground: Ground, lines: pd.DataFrame) -> pd.Series:
    periods = range(1, ground.scenario.calendar.periods + 1)
    return pd.Series([all((item, market, period) in ground.arrivals for period in periods)
                      for item, market in zip(lines["item"], lines["market"], strict=True)],
                     index=lines.index, dtype=bool)


def _with_room(resolver: Resolver, own: Ground, lines: pd.DataFrame) -> Ground:
    from planner.model.solve import built, solve_built

    scenario = resolver.scenario.changed({"booked_orders": list(_orders(resolver.scenario, lines))})
    full = built(scenario, resolver.demand)
    roomy = Ground(resolver.scenario, full, np.zeros(full.layout.size), bases=())
    compiled = _without_demand(roomy, lines)
    values = _carried(own, compiled)
    bases: tuple[Any, ...] = ()
    if not compiled.whole.any():
        with one_thread():
            bases = solve_built(compiled).warm_start.bases  # type: ignore[attr-defined]
    return Ground(resolver.scenario, compiled, values=values, bases=bases)


def _orders(scenario: Scenario, lines: pd.DataFrame) -> Any:
    """An order for each item, market and period."""
    labels = scenario.calendar.labels(scenario.calendar.index)
    names = set(scenario["booked_orders"]["order"])
    for place, row in enumerate(lines.to_dict("records")):
        for label in labels:
            name = f"{ORDER} {place + 1} {label}"
            while name in names:
                name += "."
            yield {"add": {"order": name, "market": row["market"], "item": row["item"],
                           "quantity": float(row["quantity"]), "due": str(label),
                           "priority": LAST_PRIORITY}}


def _without_demand(ground: Ground, inquired: pd.DataFrame) -> Compiled:
    """The model with the demand of the orders taken away again."""
    lines = ground.lines[LINE].itertuples(index=False, name=None)
    places = {line: place for place, line in enumerate(lines)}
    rows: dict[int, float] = {}
    columns: dict[int, float] = {}
    for item, market, quantity in inquired.itertuples(index=False):
        for period in range(1, ground.scenario.calendar.periods + 1):
            line = places[item, market, BOOKED, LAST_PRIORITY, period]
            ground.expect_less(line, quantity, rows, columns)
    return Change(rows, columns).of(ground.compiled, ground.compiled.upper)


def _carried(own: Ground, compiled: Compiled) -> Floats:
    """The plan's decisions in the model with room; what it does not know is 0."""
    values = np.zeros(compiled.layout.size)
    for name in own.compiled.layout.first:
        before, after = (pd.MultiIndex.from_frame(spelled(getattr(one.model.pyomo, name).index_set().index))
                         for one in (own.compiled, compiled))
        if len(after) and len(before):
            place = before.get_indexer(after)
            decided = own.values[own.compiled.layout.place(name)]
            values[compiled.layout.place(name)] = np.where(place >= 0, decided[place], 0.0)
    return values
