"""Only what can be supplied and can help is planned: the network is cut down before the model sees it."""

from typing import Any

import pandas as pd
import pytest

from planner.model.network import Flows, Reader, flows
from planner.scenario.load import load_scenario
from tests.model.plants import plant, table

LANES = "origin destination mode item unit_cost"
BOUGHT = table("item supplier site unit_cost", ("bike", "maker", "plant", 1))


def network(**changes: Any) -> tuple[Reader, Flows]:
    """The network that serves bikes in the market north."""
    read = Reader(load_scenario(plant([5, 5], **{"sourcing": BOUGHT, **changes})))
    demanded = pd.DataFrame({"item": [read.names.code("bike")], "market": [read.names.code("north")]})
    return read, flows(read, demanded)


def named(read: Reader, frame: pd.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    """Columns of names, spelled out, each row once and sorted."""
    return sorted(set(zip(*(read.names.decode(frame[column].to_numpy()) for column in columns), strict=True)))


def test_stock_points_are_where_an_item_can_be_supplied_and_is_of_use() -> None:
    sites = table("site", ("plant",), ("depot",), ("museum",))
    lanes = table(LANES, ("plant", "depot", "truck", None, 0), ("depot", "north", "truck", None, 0),
                  ("plant", "museum", "truck", None, 0))
    read, found = network(sites=sites, lanes=lanes)
    # nothing leads from the museum to a market
    assert named(read, found.stock_points, "item", "site") == [("bike", "depot"), ("bike", "plant")]
    assert named(read, found.lanes, "origin", "destination") == [("depot", "north"), ("plant", "depot")]


def test_a_stock_that_has_terms_of_its_own_is_kept_though_no_market_needs_it() -> None:
    sites = table("site", ("plant",), ("museum",))
    lanes = table(LANES, ("plant", "north", "truck", None, 0), ("plant", "museum", "truck", None, 0))
    kept = table("item site safety_stock safety_stock_penalty", ("bike", "museum", 1, 5))
    read, found = network(sites=sites, lanes=lanes, inventory=kept)
    assert ("plant", "museum") in named(read, found.lanes, "origin", "destination")
    assert ("bike", "museum") in named(read, found.stock_points, "item", "site")


def test_an_items_own_lane_replaces_the_shared_one() -> None:
    items = table("item", ("bike",), ("car",))
    lanes = table(LANES, ("plant", "north", "truck", None, 3), ("plant", "north", "truck", "bike", 7))
    read, found = network(items=items, lanes=lanes)
    assert named(read, found.lanes, "item", "lane_item") == [("bike", "bike")]
    assert found.lanes["unit_cost"].tolist() == [7, 7]  # in both periods


def test_a_bill_of_a_site_replaces_the_shared_one_there() -> None:
    made = {"items": table("item", ("bike",), ("wheel",)), "sites": table("site", ("plant",), ("works",)),
            "routings": table("item site routing unit_cost", ("bike", "plant", "line", 1), ("bike", "works", "line", 1)),
            "bill_of_materials": table("parent component site quantity_per", ("bike", "wheel", None, 2),
                                       ("bike", "wheel", "works", 3))}
    read, found = network(**made)
    sites = read.names.decode(found.components["site"].to_numpy())
    assert sorted(zip(sites, found.components["quantity_per"], strict=True)) == [("plant", 2), ("works", 3)]


def test_a_key_has_a_row_in_every_period_and_blanks_where_no_row_holds() -> None:
    january = table("item supplier site unit_cost from to", ("bike", "maker", "plant", 4, "2026-01", "2026-01"))
    read, _ = network(sourcing=january)
    every = read.every_period("sourcing", ["item", "supplier", "site"])
    assert every["period"].tolist() == [1, 2]
    assert every["unit_cost"].tolist() == [4, pytest.approx(float("nan"), nan_ok=True)]
