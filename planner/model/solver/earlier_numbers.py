"""The integer values of a plan of another shape, carried over by key and made a plan again.

What the earlier plan does not show (a price tier, a setup where there was none) follows from its quantities,
and what these leave open (workers in a new pool) from what flows when the rest is as it was. Where its
numbers together are no longer possible, switches that were off stay off and the others are decided once more.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal
from planner.model.solver.earlier_quantities import with_quantities
from planner.model.solver.highs import Session
from planner.model.solver.in_order import relaxed_in_order, with_numbers
from planner.model.solver.matrix import Compiled
from planner.model.solver.row_keys import keyed, spelled
from planner.model.solver.slope_scaling import roundings, switch_columns


def numbers_of(compiled: Compiled, decided: Mapping[str, pd.DataFrame]) -> Floats:
    """The value of every integer variable of the model that was decided, by its keys, or follows from the
    quantities decided; NaN for all others.
    """
    values = np.full(compiled.layout.size, np.nan)
    for name, frame in decided.items():
        place = compiled.layout.place(name)
        if place.stop > place.start and len(frame):
            members = spelled(getattr(compiled.model.pyomo, name).index_set().index)
            values[place] = _by_key(keyed(members), frame)
    numbers = np.where(compiled.whole, values, np.nan)
    return with_quantities(compiled, numbers, np.where(compiled.whole, np.nan, values))


def _by_key(members: pd.DataFrame, frame: pd.DataFrame) -> Floats:
    members = members if "period" in members else members.rename(columns={"start": "period"})
    keys = list(members.columns)
    typed = {key: "int64" if key == "period" else "str" for key in keys}
    typed_frame = frame.assign(**{key: frame[key].fillna("") for key in keys if key != "period"})
    joined = members.astype(typed).merge(typed_frame[[*keys, "value"]].astype(typed), on=keys, how="left",
                                         validate="one_to_one")
    values: Floats = joined["value"].to_numpy(float)
    return values


def carried_over(
    session: Session, compiled: Compiled, goals: Sequence[Goal], numbers: Floats, *, deadline: float | None
) -> Floats | None:
    """The best plan by the goals in order with the numbers where they are, or near them; None where no plan
    is found there in time.
    """
    for candidate in _completed(session, compiled, goals, numbers, deadline=deadline):
        values = with_numbers(session, goals, candidate, deadline=deadline)
        if values is not None:
            return values
    return None


def _completed(
    session: Session, compiled: Compiled, goals: Sequence[Goal], numbers: Floats, *, deadline: float | None
) -> Iterator[Floats]:
    """Integer values near those that are known, the likeliest first."""
    is_known = ~np.isnan(numbers)
    if is_known[compiled.whole].all():
        yield numbers
    switches = np.isin(np.arange(len(numbers)), switch_columns(compiled))
    off = switches & is_known & (numbers < 0.5)
    for lower, upper in (
        (np.where(is_known, numbers, compiled.lower), np.where(is_known, numbers, compiled.upper)),
        (compiled.lower, np.where(off, 0.0, compiled.upper)),
    ):
        linear = _between(session, compiled, goals, lower, upper, deadline=deadline)
        if linear is not None:
            for rounded in roundings(compiled, linear):
                yield np.where(lower == upper, lower, rounded)


def _between(
    session: Session, compiled: Compiled, goals: Sequence[Goal], lower: Floats, upper: Floats, *,
    deadline: float | None,
) -> Floats | None:
    """The linear plan with the integer variables between these bounds."""
    columns = np.flatnonzero(compiled.whole).astype(np.int32)
    lower, upper = (np.clip(bound, compiled.lower, compiled.upper) for bound in (lower, upper))
    session.bound(columns, lower[columns], upper[columns])
    outcome = relaxed_in_order(session, goals, deadline=deadline)
    session.free_numbers()
    return None if outcome is None else outcome.values
