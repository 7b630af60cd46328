"""Every way in which one more unit could come to a place: made there, bought for it, or brought to it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from planner.plan.explain.room import FROZEN, LEAD_TIME, Stop, stop_of
from planner.plan.rates import Rates
from planner.scenario.keys import WORK_CENTER


@dataclass(frozen=True)
class Way:
    """One way, started early enough to arrive in a period.

    `limits` are what it takes of each limit for a unit that arrives, `goods` what of other items must be
    where and when: item, site, period and units. `unit_cost` leaves out the goods. Where it would have had to
    start before the plan, `too_late` says so, and nothing else counts.
    """

    kind: str  # made, bought or brought
    name: str  # the routing, the supplier or the means of transport
    origin: str
    start: int
    unit_cost: float
    limits: tuple[tuple[Stop, float], ...] = ()
    goods: tuple[tuple[str, str, int, float], ...] = ()
    too_late: Stop | None = None


@dataclass(frozen=True)
class Ways:
    """The ways of a scenario, by item, place and period of arrival."""

    rates: Rates

    def to(self, item: str, place: str, arrival: int) -> tuple[Way, ...]:
        """All ways on which one more unit of the item arrives at a site or a market in the period."""
        rows = self._rows.get((item, place), ())
        shared = self._shared_lanes.get((place,), ())
        ways = [self._way(row, item, place, arrival) for row in (*rows, *shared)]
        return tuple(way for way in ways if way is not None)

    def _way(self, row: Mapping[Any, Any], item: str, place: str, arrival: int) -> Way | None:
        start = arrival - int(row["lead_time"])
        if row["period"] != max(start, 1) or self._is_replaced(row, item):
            return None
        if start < 1:
            return Way(kind=row["kind"], name=row["name"], origin=row["origin"], start=start,
                       unit_cost=0.0,
                       too_late=self._late(row, item, place, arrival))
        return {"made": self._made, "bought": self._bought, "brought": self._brought}[row["kind"]](
            row, item, place=place, start=start)

    def _is_replaced(self, row: Mapping[Any, Any], item: str) -> bool:
        """Whether it is a lane's shared row and the item has one of its own."""
        own = (row["origin"], row.get("destination", ""), row["name"], item, row["period"])
        return row["kind"] == "brought" and not row["lane_item"] and own in self._own_lanes

    def _late(self, row: Mapping[Any, Any], item: str, place: str, arrival: int) -> Stop:
        """That the way takes longer than the time left."""
        keys = {"made": {"item": item, "site": place, "routing": row["name"]},
                "bought": {"item": item, "site": place, "supplier": row["name"]},
                "brought": {"item": item, "origin": row["origin"], "destination": place,
                            "mode": row["name"]}}[row["kind"]]
        return stop_of(LEAD_TIME, {**keys, "periods": str(int(row["lead_time"]))}, arrival)

    def _made(self, row: Mapping[Any, Any], item: str, *, place: str, start: int) -> Way:
        started = 1.0 / max(float(row["yield_rate"]) * self._good_share.get((item, place, ""), 1.0), 1e-9)
        routing = {"item": item, "site": place, "routing": row["name"]}
        limits = [(stop_of(limit, routing, start), started)
                  for limit in ("routing_capacity", FROZEN["production"])]
        cost = float(row["unit_cost"]) * started
        for center, hours in self._steps.get((item, place, row["name"]), ()):
            crew, hour_cost = self._centers.get((place, center, start), (None, 0.0))
            limits.append((stop_of("work_center_capacity", {"site": place, "work_center": center}, start),
                           hours * started))
            cost += hours * started * hour_cost
            if crew is not None:
                limits.append((stop_of("labor_hours", {"site": place, "labor_pool": crew[0]}, start),
                               hours * started * crew[1]))
        goods = tuple((component, place, start, quantity * started)
                      for component, quantity in self._bill.get((item, place), ()))
        return Way(kind="made", name=row["name"], origin=place, start=start, unit_cost=cost,
                   limits=tuple(limits), goods=goods)

    def _bought(self, row: Mapping[Any, Any], item: str, *, place: str, start: int) -> Way:
        supplier = row["name"]
        limits = (stop_of("source_capacity", {"item": item, "supplier": supplier, "site": place}, start),
                  stop_of("supplier_capacity", {"item": item, "supplier": supplier}, start),
                  stop_of("supplier_capacity", {"supplier": supplier}, start),
                  stop_of(FROZEN["purchased"], {"item": item, "supplier": supplier, "site": place}, start))
        return Way(kind="bought", name=supplier, origin="", start=start, unit_cost=float(row["unit_cost"]),
                   limits=tuple((limit, 1.0) for limit in limits))

    def _brought(self, row: Mapping[Any, Any], item: str, *, place: str, start: int) -> Way:
        lane = {"item": row["lane_item"], "origin": row["origin"], "destination": place, "mode": row["name"]}
        held = stop_of(FROZEN["shipped"], {**lane, "item": item}, start)
        return Way(kind="brought", name=row["name"], origin=row["origin"], start=start,
                   unit_cost=float(row["unit_cost"]),
                   limits=((stop_of("lane_capacity", lane, start), 1.0), (held, 1.0)),
                   goods=((item, row["origin"], start, 1.0),))

    # ------------------------------------------------------------------------------------- by key

    @cached_property
    def _rows(self) -> dict[tuple[str, ...], list[dict[Any, Any]]]:
        """Routings, sources and lanes of one item, by item and place."""
        routings = self.rates.routings.assign(kind="made", name=self.rates.routings["routing"], origin="")
        bought = self.rates.sources.assign(kind="bought", name=self.rates.sources["supplier"], origin="")
        lanes = self.rates.lane_rows[self.rates.lane_rows["lane_item"] != ""]
        own = lanes.assign(kind="brought", name=lanes["mode"], site=lanes["destination"])
        return _grouped([routings, bought, own], ("item", "site"))

    @cached_property
    def _shared_lanes(self) -> dict[tuple[str, ...], list[dict[Any, Any]]]:
        """Lanes that carry every item, by where they lead."""
        lanes = self.rates.lane_rows[self.rates.lane_rows["lane_item"] == ""]
        return _grouped([lanes.assign(kind="brought", name=lanes["mode"])], ("destination",))

    @cached_property
    def _own_lanes(self) -> set[tuple[str, str, str, str, int]]:
        lanes = self.rates.lane_rows
        own = lanes[lanes["lane_item"] != ""]
        return set(own[["origin", "destination", "mode", "lane_item", "period"]].itertuples(index=False,
                                                                                          name=None))

    @cached_property
    def _steps(self) -> dict[tuple[str, str, str], list[tuple[str, float]]]:
        steps = defaultdict(list)
        for row in self.rates.scenario["routing_steps"].to_dict("records"):
            steps[row["item"], row["site"], row["routing"]].append(
                (row["work_center"], float(row["hours_per_unit"])))
        return steps

    @cached_property
    def _bill(self) -> dict[tuple[str, str], list[tuple[str, float]]]:
        bill = defaultdict(list)
        for row in self.rates.components.to_dict("records"):
            bill[row["item"], row["site"]].append((row["component"], float(row["quantity_per"])))
        return bill

    @cached_property
    def _centers(self) -> dict[tuple[str, str, int], tuple[tuple[str, float] | None, float]]:
        """Crew and cost of an hour of each work center and period."""
        return {(row["site"], row["work_center"], row["period"]):
                (_crew(row), float(row["hour_cost"] or 0.0))
                for row in self.rates.work_centers[[*WORK_CENTER, "period", "labor_pool", "crew_size",
                                                    "hour_cost"]].to_dict("records")}

    @cached_property
    def _good_share(self) -> dict[tuple[str, str, str], float]:
        """Share of what is made that inspection does not scrap."""
        rows = self.rates.scenario["inspections"]
        scrapped = rows["defect_rate"] * (1.0 - rows["rework_rate"])
        return {(item, site, ""): 1.0 - float(share) for item, site, share
                in zip(rows["item"], rows["site"], scrapped, strict=True)}


def _crew(row: Mapping[Any, Any]) -> tuple[str, float] | None:
    """The labor pool that works there, and its workers for an hour."""
    return (row["labor_pool"], float(row["crew_size"])) if pd.notna(row["labor_pool"]) else None


def _grouped(frames: list[pd.DataFrame], by: tuple[str, ...]) -> dict[tuple[str, ...], list[dict[Any, Any]]]:
    """The rows of all frames as records, by their keys."""
    grouped: dict[tuple[str, ...], list[dict[Any, Any]]] = defaultdict(list)
    for frame in frames:
        for row in frame.to_dict("records"):
            grouped[tuple(row[key] for key in by)].append(row)
    return dict(grouped)
