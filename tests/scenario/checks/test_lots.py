"""Lots, vehicles, breaks, options and whole numbers that contradict each other: what is said about them."""

from collections.abc import Callable

import pytest

from tests.scenario.conftest import BAKERY, changed

Problems = Callable[..., list[str]]
SOURCING = "item,supplier,site,unit_cost,moq,lot_multiple,capacity\n"
ROUTINGS = "item,site,routing,min_lot,lot_multiple,capacity,setup_family\n"
LANES = "origin,destination,mode,capacity,min_shipment,vehicle_size,vehicle_cost,max_vehicles\n"
BREAKS = "supplier,item,from_quantity,unit_cost,kind\n"
SITES = {"sites.csv": "site,storage_capacity\nbakery,100\nstore,\n"}
OPTIONS = "site_option,site,kind,fixed_cost,added_capacity\n"
CENTER = "site,work_center,"
TOO_LARGE = "nothing could ever be ordered or started. Lower the lot or raise the capacity"
NO_ROOM = "nothing could ever be sent. Lower it or raise capacity, vehicle_size or max_vehicles"

CASES = [
    (
        {"sourcing.csv": SOURCING + "flour,mill,bakery,1,60,,50\n"},
        [f"sourcing.csv row 2, moq = 60: the minimum lot is 60, more than capacity, which is 50: {TOO_LARGE}"],
    ),
    (
        {"sourcing.csv": SOURCING + "flour,mill,bakery,1,,60,50\n"},
        [
            "sourcing.csv row 2, lot_multiple = 60: the minimum lot is 60, more than capacity, which is 50: "
            f"{TOO_LARGE}"
        ],
    ),
    (
        {"sourcing.csv": SOURCING + "flour,mill,bakery,1,50,40,70\n"},
        [
            "sourcing.csv row 2, lot_multiple = 40: the minimum lot is 80, more than capacity, which is 70: "
            f"{TOO_LARGE}"
        ],
    ),
    ({"sourcing.csv": SOURCING + "flour,mill,bakery,1,50,40,80\n"}, []),
    (
        {"routings.csv": ROUTINGS + "bread,bakery,oven,9,,8,\n"},
        [f"routings.csv row 2, min_lot = 9: the minimum lot is 9, more than capacity, which is 8: {TOO_LARGE}"],
    ),
    (
        {
            "routings.csv": ROUTINGS + "bread,bakery,oven,,,,loaves\n",
            "setup_families.csv": "site,setup_family,work_center,setup_hours\nbakery,loafs,oven,1\n",
        },
        [
            'routings.csv row 2, setup_family = "loaves": no such setup family in setup_families for site '
            '"bakery". '
            'Did you mean "loafs"?'
        ],
    ),
    (
        {"setup_families.csv": "site,setup_family,work_center,setup_hours\nbakery,loaves,ovn,1\n"},
        [
            'setup_families.csv row 2, work_center = "ovn": no such work center in work_centers for site '
            '"bakery". '
            'Did you mean "oven"?'
        ],
    ),
    (
        {"lanes.csv": LANES + "bakery,town,van,,,,5,3\n"},
        [
            "lanes.csv row 2, vehicle_size: must be filled in where vehicle_cost is",
            "lanes.csv row 2, vehicle_size: must be filled in where max_vehicles is",
        ],
    ),
    (
        {"lanes.csv": LANES + "bakery,town,van,20,30,,,\n"},
        [f"lanes.csv row 2, min_shipment = 30: is more than can leave in a period, 20: {NO_ROOM}"],
    ),
    (
        {"lanes.csv": LANES + "bakery,town,van,,30,10,,2\n"},
        [f"lanes.csv row 2, min_shipment = 30: is more than can leave in a period, 20: {NO_ROOM}"],
    ),
    (
        {"price_breaks.csv": BREAKS + "mill,flour,10,0.9,\nmill,flour,50,0.95,\nmill,flour,100,0.8,\n"},
        [
            "price_breaks.csv row 3, unit_cost = 0.95: is more than the 0.9 of smaller quantities in row 2: "
            "prices should fall as quantities rise"
        ],
    ),
    (
        {"price_breaks.csv": BREAKS + "mill,flour,10,0.9,all_units\nmill,flour,50,0.8,incremental\n"},
        [
            'price_breaks.csv row 3, kind = "incremental": all breaks of a supplier and item must be of the '
            'same kind'
        ],
    ),
    (
        {
            "sourcing.csv": SOURCING + "flour,mill,bakery,0.8,,,\nflour,mill,store,0.85,,,\n",
            "price_breaks.csv": BREAKS + "mill,flour,50,0.7,\nmill,flour,10,0.9,\n",
        },
        [
            "price_breaks.csv row 3, unit_cost = 0.9: is more than the 0.85 of smaller quantities in "
            "sourcing: "
            "prices should fall as quantities rise"
        ],
    ),
    (
        {
            "sourcing.csv": SOURCING + "flour,mill,bakery,0.8,,,\nflour,mill,store,0.95,,,\n",
            "price_breaks.csv": BREAKS + "mill,flour,10,0.9,\n",
        },
        [],
    ),
    (
        {"price_breaks.csv": BREAKS + "mill,flour,0,2,\n"},
        [],
    ),  # from the first unit on: it replaces the source's own price
    (
        {"price_breaks.csv": BREAKS + "mil,flour,10,0.9,\n"},
        [
            'price_breaks.csv row 2, supplier = "mil": no such supplier in sourcing for item "flour". Did '
            'you mean "mill"?'
        ],
    ),
    (
        {"capacity_options.csv": f"option,{CENTER}added_hours\nnight,bakery,ovn,8\n"},
        [
            'capacity_options.csv row 2, work_center = "ovn": no such work center in work_centers for site '
            '"bakery". '
            'Did you mean "oven"?'
        ],
    ),
    (
        {"maintenance.csv": f"{CENTER}hours_per_stop,stops,from,to\nbakery,oven,8,3,2026-01,2026-02\n"},
        [
            "maintenance.csv row 2, stops = 3: do not fit: there is room for 2 between from and to, "
            "at max_stops_per_period in each period"
        ],
    ),
    (
        {"maintenance.csv": f"{CENTER}hours_per_stop\nstore,oven,8\n"},
        ['maintenance.csv row 2, work_center = "oven": no such work center in work_centers for site "store"'],
    ),
    (
        {**SITES, "site_options.csv": OPTIONS + "attic,bakery,expand,5,\n"},
        ['site_options.csv row 2, added_capacity = "": must be more than 0 where kind is expand'],
    ),
    (
        {**SITES, "site_options.csv": OPTIONS + "attic,store,expand,5,10\n"},
        [
            'site_options.csv row 2, site = "store": has no storage_capacity, so that expanding it adds '
            'nothing'
        ],
    ),
    (
        {**SITES, "site_options.csv": OPTIONS + "go,shop,open,5,\n"},
        ['site_options.csv row 2, site = "shop": no such site'],
    ),
    (
        {**SITES, "site_options.csv": OPTIONS + "go,store,open,5,\nrun,store,open,9,\n"},
        [
            'site_options.csv row 3, site = "store": option "go" in row 2 opens it too: they overlap, and '
            'only one of them can ever be '
            "chosen"
        ],
    ),
    (
        {**SITES, "site_options.csv": OPTIONS + "go,store,open,5,7\n"},
        ["site_options.csv row 2, added_capacity = 7: counts only where kind is expand"],
    ),
    (
        {"lanes.csv": LANES + "bakery,town,van,,,10,,2000000\n"},
        ["lanes.csv row 2, max_vehicles = 2000000: must be at most 1,000,000"],
    ),
    (
        {"sourcing.csv": SOURCING + "flour,mill,bakery,1,,0.5,1000000\n"},
        [
            "sourcing.csv row 2, lot_multiple = 0.5: makes more than 1,000,000 of the capacity: too many to "
            "be counted one by one. "
            "Leave it blank, or make it larger"
        ],
    ),
    (
        {
            "labor_pools.csv": "site,labor_pool,headcount,hours_per_worker,whole_workers\nbakery,bakers,3000000,150,yes\n"
        },
        ["labor_pools.csv row 2, headcount = 3000000: must be at most 1,000,000 where whole_workers is yes"],
    ),
    (
        {"bill_of_materials.csv": "parent,component,quantity_per\nbread,flour,0.00000001\n"},
        [
            "bill_of_materials.csv row 2, quantity_per = 0.00000001: is 10 orders of magnitude below "
            "hours_per_worker = 150 in "
            "labor_pools row 2, more than the solver's arithmetic is made for. Choose units such as "
            "thousands or kilograms in which "
            "they lie closer"
        ],
    ),
    (
        {"sourcing.csv": SOURCING + "flour,mill,bakery,1e-13,,,\n"},
        [
            "sourcing.csv row 2, unit_cost = 1e-13: is 13 orders of magnitude below overtime_hour_cost = 7 in "
            "work_centers row 2, more than the solver's arithmetic is made for. Choose units such as "
            "thousands or kilograms in which they lie closer"
        ],
    ),
]


@pytest.mark.parametrize(("files", "said"), CASES, ids=lambda value: "" if isinstance(value, list) else next(reversed(value)))
def test_what_contradicts_itself_is_said_with_its_place(
    files: dict[str, str], said: list[str], problems_of: Problems
) -> None:
    assert problems_of(files) == said


def test_the_bakery_itself_has_no_problem(problems_of: Problems) -> None:
    assert problems_of({}) == []
    assert BAKERY


def test_a_figure_too_small_to_calculate_with_is_a_problem_and_no_traceback(problems_of: Problems) -> None:
    assert problems_of(changed("labor_pools.csv", (",150", ",1e-320"))) == [
        "labor_pools.csv row 2, hours_per_worker = 1e-320: must be 0, or at least 1e-30"
    ]
