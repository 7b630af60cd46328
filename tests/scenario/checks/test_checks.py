"""Every rule across rows and tables: what it says when it is broken. The bakery itself breaks none."""

from collections.abc import Callable

import pytest

from planner.scenario.checks import RULES
from planner.scenario.load import check
from tests.scenario.conftest import BAKERY, Write, changed, with_row

Problems = Callable[..., list[str]]
COST = {"scenario.yaml": BAKERY["scenario.yaml"] + "objective: {mode: cost}\n"}
SOURCING = "item,supplier,site,unit_cost,min_share,max_share,from,to\n"
INVENTORY = "item,site,on_hand,safety_stock,safety_stock_penalty,max_inventory,ending_inventory\n"

NAMES = [
    (
        changed("bill_of_materials.csv", ("flour", "flur")),
        ['bill_of_materials.csv row 2, component = "flur": no such item. Did you mean "flour"?'],
    ),
    (
        {"customers.csv": None},
        ["customers: the table is missing or has no rows, and booked_orders.customer names customers. Give it a row for each customer"],
    ),
    (
        changed("lanes.csv", ("town", "twn")),
        ['lanes.csv row 2, destination = "twn": no such site or market. Did you mean "town"?'],
    ),
    (
        changed("routing_steps.csv", (",oven,oven", ",ofen,oven")),
        [
            'routing_steps.csv row 2, routing = "ofen": no such routing in routings for item "bread", site '
            '"bakery". Did you mean "oven"?'
        ],
    ),
    (
        changed("routing_steps.csv", (",oven,oven", ",oven,ofen")),
        [
            'routing_steps.csv row 2, work_center = "ofen": no such work center in work_centers for site '
            '"bakery". Did you mean "oven"?'
        ],
    ),
    (
        changed("work_centers.csv", (",bakers", ",baker")),
        [
            'work_centers.csv row 2, labor_pool = "baker": no such labor pool in labor_pools for site '
            '"bakery". '
            'Did you mean "bakers"?'
        ],
    ),
    (
        {
            "capacity.csv": "site,work_center,period,available_hours\nbakery,ovn,2026-01,3\nstore,oven,2026-01,3\n"
        },
        [
            'capacity.csv row 2, work_center = "ovn": no such work center in work_centers for site '
            '"bakery". Did '
            'you mean "oven"?',
            'capacity.csv row 3, work_center = "oven": no such work center in work_centers for site "store"',
        ],
    ),
    (
        {"inspections.csv": "item,site,work_center\nbread,bakery,ovn\nbread,store,\n"},
        [
            'inspections.csv row 2, work_center = "ovn": no such work center in work_centers for site '
            '"bakery". '
            'Did you mean "oven"?'
        ],
    ),
    (
        {"supplier_capacity.csv": "supplier,item,period,capacity\nmil,,,3\nmill,flour,2026-01,3\n"},
        ['supplier_capacity.csv row 2, supplier = "mil": no such supplier in sourcing. Did you mean "mill"?'],
    ),
    (
        {"sales_targets.csv": "target,family,region,quantity\nt,bakd,nort,3\nu,baked,north,3\n"},
        [
            'sales_targets.csv row 2, family = "bakd": no such family in items. Did you mean "baked"?',
            'sales_targets.csv row 2, region = "nort": no such region in markets. Did you mean "north"?',
        ],
    ),
    (
        with_row("markets.csv", "bakery,north"),
        [
            'markets.csv row 3, market = "bakery": is the name of a site too: lanes could mean either. '
            'Rename one of them'
        ],
    ),
]

ROWS = [
    (
        changed("booked_orders.csv", ("cafe", "")),
        ["booked_orders.csv row 2, customer, market: one of them must be filled in"],
    ),
    (
        {"booked_orders.csv": "order,customer,market,item,quantity,due\nA,cafe,town,bread,1,2026-01\n"},
        ["booked_orders.csv row 2, customer, market: only one of them may be filled in"],
    ),
    (
        with_row("demand.csv", "bread,town,2026-01,3"),
        [
            'demand.csv row 4, item, market, period: "bread", "town", "2026-01" is there already, in row 2. '
            'Remove one of them'
        ],
    ),
    (
        {"service_terms.csv": "item,market,priority,lost_sale_cost\n,,5,3\n,,5.0,4\n"},
        [
            'service_terms.csv row 3, item, market, priority: blank, blank, "5.0" is there already, in row '
            '2. '
            "Remove one of them, or give spans in from and to"
        ],
    ),
    (
        with_row("sourcing.csv", "flour,mill,bakery,2,0,,"),
        [
            'sourcing.csv row 3, item, supplier, site: "flour", "mill", "bakery" is there already, in row 2. '
            "Remove one of them, or give spans in from and to"
        ],
    ),
    (
        {
            "sourcing.csv": SOURCING
            + "flour,mill,bakery,1,,,,\nflour,mill,bakery,1,,,2026-01,2026-02\nflour,mill,bakery,1,,,2026-02,\n"
            "flour,mill,bakery,1,,,,2026-01\nflour,other,bakery,1,,,2026-01,2026-03\n"
        },
        [
            "sourcing.csv row 3, from, to: 2026-01 to 2026-02 overlaps the start to 2026-01 in row 5. Spans "
            "of "
            "one key must not overlap",
            "sourcing.csv row 4, from, to: 2026-02 to the end overlaps 2026-01 to 2026-02 in row 3. Spans "
            "of one "
            "key must not overlap",
        ],
    ),
    (
        {
            "sourcing.csv": SOURCING
            + "flour,mill,bakery,1,,,2026-01,2026-03\nflour,mill,bakery,1,,,2026-02,2026-02\n"
            "flour,mill,bakery,1,,,2026-03,2026-03\n"
        },
        [
            "sourcing.csv row 3, from, to: 2026-02 to 2026-02 overlaps 2026-01 to 2026-03 in row 2. Spans "
            "of one "
            "key must not overlap",
            "sourcing.csv row 4, from, to: 2026-03 to 2026-03 overlaps 2026-01 to 2026-03 in row 2. Spans "
            "of one "
            "key must not overlap",
        ],
    ),
    (
        {"sourcing.csv": SOURCING + "flour,mill,bakery,1,,,2026-03,2026-02\n"},
        ['sourcing.csv row 2, to = "2026-02": must not be before from, which is "2026-03"'],
    ),
    (
        with_row("inventory.csv", "flour,bakery,40,,,2026-02,2026-02", "flour,bakery,30,,,2026-03,2026-03"),
        ["inventory.csv row 3, on_hand = 40: row 2 says 30 for the same key. It has one value: give it once"],
    ),
    (
        changed("demand.csv", ("2026-01", "2030-01")),
        [
            'demand.csv row 2, period = "2030-01": lies outside the calendar, 2026-01 to 2026-03. Remove '
            'the row'
        ],
    ),
    (
        {"scheduled_receipts.csv": "item,site,period,quantity\nflour,bakery,2025-12,3\n"},
        [
            'scheduled_receipts.csv row 2, period = "2025-12": lies outside the calendar, 2026-01 to '
            '2026-03. Remove the row'
        ],
    ),
    (
        {"items.csv": "item,shelf_life\nflour,5\nbread,\n", "budgets.csv": "category,limit\nx,3\n"},
        [
            "items.csv row 2, shelf_life = 5: is not planned by this version; leave it blank",
            "budgets.csv: is not planned by this version; remove the table",
        ],
    ),
]

VALUES = [
    (
        changed("inventory.csv", ("30,5,2", "30,5,")),
        [
            "inventory.csv row 2, safety_stock_penalty: must be filled in where safety_stock or "
            "days_of_supply is: what a unit missing costs in a period, more than its holding_cost"
        ],
    ),
    (
        {"inventory.csv": INVENTORY + "flour,bakery,1,,,3,4\n"},
        ["inventory.csv row 2, ending_inventory = 4: must not be more than max_inventory, which is 3"],
    ),
    (
        changed("work_centers.csv", ("5,7", "9,7")),
        ["work_centers.csv row 2, hour_cost = 9: must not be more than overtime_hour_cost, which is 7"],
    ),
    (
        {
            "labor_pools.csv": "site,labor_pool,hours_per_worker,min_headcount,max_headcount\nbakery,bakers,1,4,3\n"
        },
        ["labor_pools.csv row 2, min_headcount = 4: must not be more than max_headcount, which is 3"],
    ),
    (
        {"sourcing.csv": SOURCING + "flour,mill,bakery,1,0.7,0.5,,\n"},
        ["sourcing.csv row 2, min_share = 0.7: must not be more than max_share, which is 0.5"],
    ),
    (
        {
            "sourcing.csv": SOURCING
            + "flour,mill,bakery,1,0.7,,,\nflour,other,bakery,1,0.2,,,\nflour,other,bakery,1,0.4,,2026-02,\n"
        },
        [
            'sourcing.csv row 2, min_share = 0.7: of item "flour" at site "bakery" all suppliers together '
            'have 1.1 in 2026-02: '
            "must be at most 1"
        ],
    ),
    (
        {
            "opportunities.csv": "opportunity,market,item,created,closed,outcome\na,town,bread,2025-03-01,2025-02-01,won\n"
            "b,town,bread,2025-03-01,2025-04-01,open\nc,town,bread,2025-03-01,,lost\n"
        },
        [
            'opportunities.csv row 3, outcome = "open": must be won or lost where closed is filled in',
            "opportunities.csv row 4, closed: must be filled in where outcome is won or lost",
        ],
    ),
    (
        {"lifecycles.csv": "item,launch,phase_out\nbread,2026-03,2026-02\nflour,2026-02,2026-02\n"},
        ['lifecycles.csv row 2, phase_out = "2026-02": must not be before launch, which is "2026-03"'],
    ),
    (
        {"lifecycles.csv": "item,like_item,cannibalization,like_share\nbread,,0.2,\nflour,flour,,\n"},
        [
            "lifecycles.csv row 2, cannibalization = 0.2: needs a like_item. Name it, or leave this blank",
            'lifecycles.csv row 3, like_item = "flour": is the item itself. Name another item',
        ],
    ),
    (
        {
            "forecast_streams.csv": "stream,item,family,period,quantity\nstatistical,bread,,2026-01,4\nsales,,cakes,2026-01,1\n"
        },
        [
            'forecast_streams.csv row 3, family = "cakes": no such family in items',
            'forecast_streams.csv row 2, stream = "statistical": is what the planner\'s own forecast is '
            'called. Use another name',
        ],
    ),
    (
        {**COST, "service_terms.csv": None},
        [
            'demand.csv row 2, item = "bread": mode cost needs a lost_sale_cost in service_terms, here for '
            'market "town" and priority 5. '
            "A row with item, market and priority blank gives it for all",
            'booked_orders.csv row 2, item = "bread": mode cost needs a lost_sale_cost in service_terms, '
            'here '
            'for market "town" and '
            "priority 2. A row with item, market and priority blank gives it for all",
        ],
    ),
    (
        {
            **COST,
            "service_terms.csv": "item,market,priority,lost_sale_cost,from,to\n,,5,3,,\n,,2,3,2026-01,2026-02\n",
        },
        [
            'booked_orders.csv row 2, item = "bread": mode cost needs a lost_sale_cost in service_terms, '
            'here '
            'for market "town" and '
            "priority 2. A row with item, market and priority blank gives it for all"
        ],
    ),
    (
        changed("lanes.csv", ("town", "bakery")),
        ['lanes.csv row 2, destination = "bakery": must not be the origin'],
    ),
    (
        with_row("bill_of_materials.csv", "flour,bread,1"),
        [
            'bill_of_materials.csv row 3, component = "bread": an item cannot be a part of itself: bread -> '
            'flour -> bread'
        ],
    ),
    (
        with_row("bill_of_materials.csv", "flour,flour,1"),
        [
            'bill_of_materials.csv row 3, component = "flour": an item cannot be a part of itself: flour -> '
            'flour'
        ],
    ),
    (
        {
            "items.csv": "item,family\nbread,baked\nflour,\na,\nb,\nc,\n",
            **with_row("bill_of_materials.csv", "a,b,1", "b,c,1", "c,a,1", "c,b,2"),
        },
        [
            'bill_of_materials.csv row 5, component = "a": an item cannot be a part of itself: a -> b -> c '
            '-> a',
            'bill_of_materials.csv row 6, component = "b": an item cannot be a part of itself: b -> c -> b',
        ],
    ),
]

WARNINGS = [
    (
        {
            "items.csv": BAKERY["items.csv"] + "cake,,9\npie,,9\n",
            "order_history.csv": "date,market,item,quantity\n2025-01-01,town,cake,5\n2025-01-01,town,pie,5\n",
            "inventory.csv": BAKERY["inventory.csv"] + "pie,store,5,,,,\n",
        },
        [
            'order_history.csv row 2, item = "cake": nothing supplies it: it has no row in sourcing or '
            'routings, '
            "no stock on hand "
            "and no scheduled receipts",
            'order_history.csv row 3, item = "pie": no lane brings it to market "town". Add a lane there '
            'from '
            '"store", where it can be',
        ],
    ),
    (
        {
            "sales_targets.csv": "target,from,to,quantity\nt,2027-01,,3\nu,2025-01,2026-02,3\nv,2026-01,2026-03,3\n"
        },
        [
            "sales_targets.csv row 2, from, to: 2027-01 to the end lies outside the calendar, 2026-01 to "
            "2026-03, so the row has no effect",
            "sales_targets.csv row 3, from, to: 2025-01 to 2026-02 reaches beyond the calendar, 2026-01 to "
            "2026-03: "
            "only deliveries inside it count towards the target",
        ],
    ),
    (
        {"prices.csv": "item,market,price,from,to\nbread,,3,,2025-12\nbread,,3,2026-01,2030-12\n"},
        [
            "prices.csv row 2, from, to: the start to 2025-12 lies outside the calendar, 2026-01 to "
            "2026-03, so "
            "the row has no effect"
        ],
    ),
    (
        changed("booked_orders.csv", ("2026-02", "2026-07-30")),
        [
            'booked_orders.csv row 2, due = "2026-07-30": is due after the calendar ends in 2026-03, so it '
            'is not planned'
        ],
    ),
    (
        {"inventory.csv": INVENTORY + "flour,bakery,1,5,2,3,\n"},
        [
            "inventory.csv row 2, safety_stock = 5: is more than max_inventory, which is 3: it can never be "
            "kept"
        ],
    ),
    (
        {"sourcing.csv": SOURCING + "flour,mill,bakery,1,,0.5,,\nflour,other,bakery,1,,0.3,,\n"},
        [
            'sourcing.csv row 2, max_share = 0.5: of item "flour" at site "bakery" all suppliers together '
            'have 0.8 in 2026-01: '
            "below 1 nothing can be bought"
        ],
    ),
    (
        changed("sourcing.csv", ("1,1,,", "1,3,,")),
        [
            "sourcing.csv row 2, lead_time = 3: is as long as the calendar of 3 periods: nothing planned "
            "here would arrive in time"
        ],
    ),
    (
        with_row("routings.csv", "bread,bakery,stove,1"),
        ['routings.csv row 3, routing = "stove": has no routing_steps, so it takes no hours'],
    ),
    (
        {"routing_steps.csv": None, **with_row("routings.csv", "bread,store,oven,1")},
        [
            'routings.csv row 3, item = "bread": its component "flour" cannot be had at the site: '
            "no sourcing, routing, lane, stock or receipt brings it"
        ],
    ),
    (
        {"sourcing.csv": None, "inventory.csv": None},
        [
            'bill_of_materials.csv row 2, component = "flour": nothing supplies it: it has no row in '
            'sourcing or routings, '
            "no stock on hand and no scheduled receipts"
        ],
    ),
    (
        {"routings.csv": None, "routing_steps.csv": None},
        [
            'demand.csv row 2, item = "bread": nothing supplies it: it has no row in sourcing or routings, '
            'no stock on hand '
            "and no scheduled receipts",
        ],  # and not once more for booked_orders
    ),
    (
        {"lanes.csv": None},
        [
            'demand.csv row 2, item = "bread": no lane brings it to market "town". Add a lane there from '
            '"bakery", where it can be'
        ],
    ),
    (
        {"lanes.csv": "origin,destination,mode,item\nbakery,store,van,flour\nstore,town,van,\n"},
        [
            'demand.csv row 2, item = "bread": no lane brings it to market "town". Add a lane there from '
            '"bakery", where it can be'
        ],
    ),
    (
        {"demand.csv": None, "lanes.csv": None},
        [
            'booked_orders.csv row 2, item = "bread": no lane brings it to market "town". Add a lane there '
            'from '
            '"bakery", where it can be'
        ],
    ),
]


@pytest.mark.parametrize(("files", "problems"), [*NAMES, *ROWS, *VALUES])
def test_a_broken_rule_is_an_error_with_place_value_and_remedy(
    problems_of: Problems, files: dict[str, str | None], problems: list[str]
) -> None:
    assert problems_of(files, severity="error") == problems


@pytest.mark.parametrize(("files", "problems"), WARNINGS)
def test_what_can_be_planned_but_hardly_be_meant_is_a_warning(
    write: Write, files: dict[str, str | None], problems: list[str]
) -> None:
    assert [(problem.severity, str(problem)) for problem in check(write(files))] == [
        ("warning", text) for text in problems
    ]


@pytest.mark.parametrize(
    "files",
    [
        # over two lanes
        {"lanes.csv": "origin,destination,mode,item\nbakery,store,van,bread\nstore,town,van,\n"},
        {"sourcing.csv": None},  # there is stock
        {"sourcing.csv": SOURCING + "flour,mill,bakery,1,,,2026-01,2026-01\nflour,mill,bakery,1,,,2026-02,2026-02\n"},
        with_row("bill_of_materials.csv")
        | {"items.csv": BAKERY["items.csv"] + "jam,,\n", "inventory.csv": BAKERY["inventory.csv"] + "jam,bakery,5,,,,\n"},
        with_row("inventory.csv", "flour,bakery,30,,,2026-02,2026-02"),
        COST,
        {
            "scenario.yaml": "name: Nothing\ncalendar: {start: 2026-01, periods: 1}\n",
            **{name: None for name in BAKERY if name.endswith("csv")},
        },
        {"prices.csv": "item,market,price\n", "budgets.csv": "category,limit\n"},  # empty tables say nothing
        changed("routing_steps.csv", ("0.1", "0")),
        changed("work_centers.csv", ("40", "0")),
    ],
)
def test_what_is_allowed_has_no_problems(problems_of: Problems, files: dict[str, str | None]) -> None:
    assert problems_of(files) == []


def test_one_component_at_two_sites_is_no_cycle_when_each_site_goes_one_way(problems_of: Problems) -> None:
    bill = "parent,component,site,quantity_per\nbread,flour,bakery,1\nflour,bread,store,1\n"
    assert problems_of({"bill_of_materials.csv": bill}, severity="error") == []


def test_a_cycle_that_shows_at_every_site_is_reported_once(problems_of: Problems) -> None:
    bill = "parent,component,site,quantity_per\nbread,flour,,1\nflour,bread,,1\nbread,flour,bakery,2\nbread,flour,store,2\n"
    assert problems_of({"bill_of_materials.csv": bill}, severity="error") == [
        'bill_of_materials.csv row 3, component = "bread": an item cannot be a part of itself: bread -> '
        'flour -> bread'
    ]


def test_a_wrong_name_does_not_make_the_network_look_broken_too(problems_of: Problems) -> None:
    assert problems_of(changed("lanes.csv", ("town", "twn"))) == [
        'lanes.csv row 2, destination = "twn": no such site or market. Did you mean "town"?'
    ]


def test_errors_come_first_and_all_at_once(write: Write) -> None:
    files = {
        **changed("bill_of_materials.csv", ("flour", "flur")),
        **changed("sourcing.csv", ("1,1,,", "-1,3,,")),
        "sorcing.csv": "a\n",
        "scenario.yaml": BAKERY["scenario.yaml"] + "solver: {gap: 2}\n",
    }
    found = check(write(files))
    assert [problem.severity for problem in found] == ["error"] * 4
    files["scenario.yaml"] = BAKERY["scenario.yaml"]
    found = check(write(files, name="calendar-known"))
    assert [problem.severity for problem in found] == ["error"] * 3 + ["warning"]


def test_every_rule_is_named_like_a_check_and_is_there_once() -> None:
    names = [rule.check.__name__ for rule in RULES]
    assert len(names) == len(set(names))
    assert all(name.startswith("check_") for name in names)
