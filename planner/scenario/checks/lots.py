"""Whole numbers make sense: lots fit into capacities, prices fall with quantity, options can be chosen,
counts stay small.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.checks.draft import Draft
from planner.scenario.checks.rows import place_text
from planner.scenario.suggestions import quoted

MAXIMUM_WHOLE = 1_000_000  # beyond this the solver's tolerance is no longer small beside one
# table, the minimum lot, the multiple it comes in; both against the capacity of the row
LOTS = (("sourcing", "moq", "lot_multiple"), ("routings", "min_lot", "lot_multiple"))
# table, the capacity that is counted in whole units, and the size of a unit
COUNTED = (("sourcing", "capacity", "lot_multiple"), ("routings", "capacity", "lot_multiple"),
           ("lanes", "capacity", "vehicle_size"))
COUNTS = (("lanes", "max_vehicles"), ("capacity_options", "max_count"), ("maintenance", "stops"),
          ("maintenance", "max_stops_per_period"), ("site_options", "max_chosen"))
COUNTED_WORKERS = ("headcount", "min_headcount", "max_headcount")  # where whole_workers is yes


def check_lots_fit(draft: Draft) -> Iterator[Problem]:
    """A minimum lot, rounded up to whole lots, fits into the capacity, so that something can be ordered or
    started at all.
    """
    for table, minimum, multiple in LOTS:
        frame, cells = draft.frames[table], draft.cells[table]
        lots = np.ceil(frame[minimum] / frame[multiple] - 1e-9).clip(lower=1.0) * frame[multiple]
        smallest = lots.fillna(frame[multiple]).fillna(frame[minimum])
        wrong = (smallest > frame["capacity"]).to_numpy()
        by_minimum = wrong & (frame[minimum] > frame["capacity"]).to_numpy()
        message = _above_capacity(smallest, cells.column("capacity"))
        for rows, column in ((by_minimum, minimum), (wrong & ~by_minimum, multiple)):
            yield from cells.problems(rows, column, message, code="above_capacity", kind="number")


def _above_capacity(smallest: pd.Series, capacity: np.ndarray) -> Callable[[int], str]:
    def message(position: int) -> str:
        return (
            f"the minimum lot is {smallest.iloc[position]:g}, more than capacity, which is "
            f"{capacity[position]}: "
            "nothing could ever be ordered or started. Lower the lot or raise the capacity"
        )

    return message


def check_vehicles(draft: Draft) -> Iterator[Problem]:
    """Vehicles have a size, and a minimum shipment fits onto the lane."""
    frame, cells = draft.frames["lanes"], draft.cells["lanes"]
    sizeless = frame["vehicle_size"].isna().to_numpy() & cells.is_blank("vehicle_size")
    for column in ("vehicle_cost", "max_vehicles"):
        wrong = sizeless & frame[column].notna().to_numpy()
        reason = f"must be filled in where {column} is"
        yield from cells.problems(wrong, "vehicle_size", reason, code="needed")
    room = frame["vehicle_size"] * frame["max_vehicles"].astype(float)
    maximum = np.fmin(frame["capacity"].to_numpy(dtype=float), room.to_numpy(dtype=float))
    wrong = (frame["min_shipment"] > maximum).to_numpy()
    yield from cells.problems(wrong, "min_shipment", lambda position: (
        f"is more than can leave in a period, {maximum[position]:g}: nothing could ever be sent. "
        "Lower it or raise capacity, vehicle_size or max_vehicles"), code="never_fits", kind="number")


def check_price_breaks(draft: Draft) -> Iterator[Problem]:
    """The breaks of a supplier and item are of one kind, and prices fall as quantities rise."""
    frame, cells = draft.frames["price_breaks"], draft.cells["price_breaks"]
    ordered = frame.reset_index(names="row").sort_values(["supplier", "item", "from_quantity", "row"])
    breaks = ordered.groupby(["supplier", "item"], sort=False)
    other = ordered[(breaks["kind"].transform("first") != ordered["kind"]) & ordered["kind"].notna()][
        "row"
    ].to_numpy()
    reason = "all breaks of a supplier and item must be of the same kind"
    yield from cells.problems(np.sort(other), "kind", reason, code="mixed_kinds", kind="name")
    rising = ordered[ordered["unit_cost"] > breaks["unit_cost"].shift()]
    before = dict(
        zip(rising["row"], breaks[["row"]].shift().loc[rising.index, "row"].astype(int), strict=True)
    )

    def message(position: int) -> str:
        earlier = before[position]
        return (
            f"is more than the {cells.column('unit_cost')[earlier]} of smaller quantities in "
            f"{place_text(cells, earlier)}: "
            "prices should fall as quantities rise"
        )

    yield from cells.problems(
        np.array(sorted(before), dtype=np.int64),
        "unit_cost",
        message,
        code="rising_price",
        kind="number",
        severity="warning",
    )


def check_first_breaks(draft: Draft) -> Iterator[Problem]:
    """The first break is no dearer than what smaller quantities cost at the dearest of the supplier's
    sources.
    """
    frame, cells, sources = (
        draft.frames["price_breaks"],
        draft.cells["price_breaks"],
        draft.frames["sourcing"],
    )
    ordered = frame.reset_index(names="row").sort_values(["supplier", "item", "from_quantity", "row"])
    first = ordered.drop_duplicates(["supplier", "item"])
    dearest = sources.groupby(["supplier", "item"], as_index=False).agg(plain=("unit_cost", "max"))
    joined = first[first["from_quantity"] > 0].merge(dearest, on=["supplier", "item"])
    plain = joined[joined["unit_cost"] > joined["plain"]].set_index("row")["plain"]
    yield from cells.problems(
        np.sort(plain.index.to_numpy(dtype=np.int64)),
        "unit_cost",
        lambda position: (
            f"is more than the {plain[position]:g} of smaller quantities in sourcing: prices should fall as "
            "quantities rise"
        ),
        code="above_plain_price",
        kind="number",
        severity="warning",
    )


def check_maintenance_fits(draft: Draft) -> Iterator[Problem]:
    """The stops of a work center fit into the periods in which they are allowed."""
    assert draft.calendar is not None  # the rule asks for a calendar
    frame, cells, calendar = draft.frames["maintenance"], draft.cells["maintenance"], draft.calendar
    first = np.maximum(calendar.number(frame["from"]), 1)
    last = np.where(
        frame["to"].isna(), calendar.periods, np.minimum(calendar.number(frame["to"]), calendar.periods)
    )
    room = np.maximum(last - first + 1, 0) * frame["max_stops_per_period"].to_numpy(dtype=float)
    wrong = frame["stops"].to_numpy(dtype=float) > room
    yield from cells.problems(wrong, "stops", lambda position: (
        f"do not fit: there is room for {room[position]:g} between from and to, "
        "at max_stops_per_period in each period"), code="no_room", kind="whole")


def check_site_options(draft: Draft) -> Iterator[Problem]:
    """Expanding adds capacity where there is a limit, opening and closing add none, and only one option opens
    a site.
    """
    frame, cells = draft.frames["site_options"], draft.cells["site_options"]
    grows = (frame["kind"] == "expand").to_numpy()
    adds = (frame["added_capacity"] > 0).to_numpy()
    yield from cells.problems(
        grows & ~adds,
        "added_capacity",
        "must be more than 0 where kind is expand",
        code="nothing_added",
        kind="number",
    )
    reason = "counts only where kind is expand"
    yield from cells.problems(
        adds & ~grows, "added_capacity", reason, code="not_counted", kind="number", severity="warning"
    )
    limits = draft.frames["sites"].drop_duplicates("site").set_index("site")["storage_capacity"]
    unlimited = (
        grows & frame["site"].isin(limits.index).to_numpy() & frame["site"].map(limits).isna().to_numpy()
    )
    reason = "has no storage_capacity, so that expanding it adds nothing"
    yield from cells.problems(
        unlimited, "site", reason, code="unlimited_site", kind="name", severity="warning"
    )
    for kind, verb in (("open", "opens"), ("close", "closes")):
        same = frame[(frame["kind"] == kind) & frame["site"].notna()]
        first = same.groupby("site").cumcount() == 0
        earlier = same[first].reset_index(names="row").set_index("site")["row"]
        later = same.loc[~first, "site"]
        again = dict(
            zip(
                np.flatnonzero(frame.index.isin(later.index)).tolist(),
                later.map(earlier).tolist(),
                strict=True,
            )
        )
        yield from cells.problems(
            np.array(sorted(again), dtype=np.int64),
            "site",
            _overlapping(draft, again, verb),
            code="overlapping_option",
            kind="name",
            severity="warning",
        )


def _overlapping(draft: Draft, again: dict[int, int], verb: str) -> Callable[[int], str]:
    cells = draft.cells["site_options"]

    def message(position: int) -> str:
        other = again[position]
        name = quoted(cells.column("site_option")[other])
        return (
            f"option {name} in {place_text(cells, other)} {verb} it too: they overlap, and only one of them "
            f"can ever be chosen"
        )

    return message


def check_whole_numbers(draft: Draft) -> Iterator[Problem]:
    """What is decided in whole numbers is counted in no more than a million."""
    for table, column in COUNTS:
        if table not in draft.broken:
            wrong = (draft.frames[table][column] > MAXIMUM_WHOLE).fillna(False).to_numpy(dtype=bool)
            yield from draft.cells[table].problems(
                wrong, column, f"must be at most {MAXIMUM_WHOLE:,}", code="too_many", kind="whole"
            )
    for table, maximum, size in COUNTED:
        if table not in draft.broken:
            frame, cells = draft.frames[table], draft.cells[table]
            count = frame[maximum] / frame[size]
            reason = (f"makes more than {MAXIMUM_WHOLE:,} of the capacity: too many to be counted one by "
                      "one. Leave it blank, or make it larger")
            yield from cells.problems(
                (count > MAXIMUM_WHOLE).to_numpy(), size, reason, code="too_many_lots", kind="number"
            )
    yield from _whole_workers(draft)


def _whole_workers(draft: Draft) -> Iterator[Problem]:
    frame, cells = draft.frames["labor_pools"], draft.cells["labor_pools"]
    for column in COUNTED_WORKERS:
        wrong = (frame["whole_workers"] == "yes") & (frame[column] > MAXIMUM_WHOLE)
        reason = f"must be at most {MAXIMUM_WHOLE:,} where whole_workers is yes"
        yield from cells.problems(
            wrong.to_numpy(), column, reason, code="too_many_workers", kind="number"
        )
