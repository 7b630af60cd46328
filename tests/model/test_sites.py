"""Sites opened, closed and expanded, worked out by hand."""

from tests.model.audited import bill, by_period, planned
from tests.model.plants import BOUGHT, plant, table

TWO_SITES = table("site", ("plant",), ("depot",))
ROUTES = table(
    "origin destination mode unit_cost",
    ("plant", "north", "truck", 5),
    ("depot", "north", "truck", 0),
    ("plant", "depot", "truck", 1),
)


def with_depot(wanted, columns, *cells, **tables):
    """Freight from the plant costs 5 a bike, over a depot 1."""
    options = [
        {"site_option": "open-depot", "site": "depot", "kind": "open"} | row for row in table(columns, *cells)
    ]
    return plant(
        wanted, **{"sites": TWO_SITES, "sourcing": BOUGHT, "lanes": ROUTES, "site_options": options} | tables
    )


def test_a_site_opens_when_it_saves_more_than_it_costs():
    # 4 saved for each of 30 a month: 240 in two months against 200.
    plan = planned(with_depot([30, 30], "fixed_cost", (200,)))
    assert by_period(plan, "sites", "open", site="depot") == {1: 1, 2: 1}
    assert by_period(plan, "site_options", "chosen") == {1: 1}
    assert bill(plan) == {"purchase": 600, "freight": 60, "sites": 200}


def test_a_site_stays_closed_when_it_costs_more_than_it_saves():
    plan = planned(with_depot([30, 30], "fixed_cost", (241,)))
    assert bill(plan) == {"purchase": 600, "freight": 300}


def test_an_open_site_costs_its_cost_in_every_period():
    # 4 x 30 saved a month against 50 a month: worth 70 a month, 140 in all, less 100. Opened only when
    # wanted: month 2.
    sites = table("site site_cost", ("plant", None), ("depot", 50))
    plan = planned(with_depot([0, 30, 30], "fixed_cost", (100,), sites=sites))
    assert by_period(plan, "sites", "open", site="depot") == {2: 1, 3: 1}
    assert bill(plan) == {"purchase": 600, "freight": 60, "sites": 200}


def test_a_site_opens_in_its_periods_only():
    # Open from month 2 on: month 1 pays 5 a bike.
    plan = planned(with_depot([30, 30], "fixed_cost from", (50, "2026-02")))
    assert bill(plan) == {"purchase": 600, "freight": 150 + 30, "sites": 50}


def closing(wanted, **tables):
    """Two plants, the old one costs 100 a month, the new one 2 more a bike; closing the old costs 150."""
    return plant(
        wanted,
        sites=table("site site_cost", ("plant", 100), ("new", None)),
        sourcing=table(
            "item supplier site unit_cost", ("bike", "arvo", "plant", 10), ("bike", "arvo", "new", 12)
        ),
        lanes=table("origin destination mode", ("plant", "north", "truck"), ("new", "north", "truck")),
        site_options=table("site_option site kind fixed_cost", ("close-old", "plant", "close", 150)),
        **tables,
    )


def test_a_site_closes_when_keeping_it_open_costs_more():
    # 3 months: 300 against 150 + 2 x 60 = 270.
    plan = planned(closing([20, 20, 20]))
    assert by_period(plan, "sites", "open", site="plant") == {}
    assert bill(plan) == {"purchase": 720, "sites": 150}


def test_a_closed_site_takes_nothing_in_and_a_busy_one_stays():
    # 80 a month: 2 x 80 a month are more than 100.
    plan = planned(closing([80, 80]))
    assert by_period(plan, "sites", "open", site="plant") == {1: 1, 2: 1}
    assert bill(plan) == {"purchase": 1600, "sites": 200}


def test_a_closed_site_starts_nothing_that_would_be_ready_when_it_opens():
    # Made with a lead time of a month: open in month 2, the depot has its first bikes in month 3; month 2 is
    # bought dearer.
    routings = table("item site routing unit_cost lead_time", ("bike", "depot", "line", 1, 1))
    lanes = table("origin destination mode", ("plant", "north", "truck"), ("depot", "north", "truck"))
    plan = planned(
        with_depot([0, 10, 10], "fixed_cost from", (10, "2026-02"), routings=routings, lanes=lanes)
    )
    assert by_period(plan, "production", "production") == {2: 10}
    assert bill(plan) == {"purchase": 100, "production": 10, "sites": 10}


def test_an_expansion_adds_space_from_then_on():
    # 100 bought in month 1 or never, wanted in month 2: room for 60, and for 50 more at a cost of 30.
    spans = table("item supplier site unit_cost to", ("bike", "arvo", "plant", 10, "2026-01"))
    expand = table("site_option site kind fixed_cost added_capacity", ("shelves", "plant", "expand", 30, 50))
    plan = planned(
        plant(
            [0, 100], sourcing=spans, sites=table("site storage_capacity", ("plant", 60)), site_options=expand
        )
    )
    assert by_period(plan, "storage", "added_capacity") == {1: 50, 2: 50}
    assert bill(plan) == {"purchase": 1000, "sites": 30}


def test_of_a_group_only_so_many_options_are_chosen():
    # Two expansions of 30 in one group of one: 60 + 30 = 90 can be kept, 10 are lost at 100.
    spans = table("item supplier site unit_cost to", ("bike", "arvo", "plant", 10, "2026-01"))
    columns = "site_option site kind fixed_cost added_capacity choice_group"
    expand = table(
        columns, ("east", "plant", "expand", 5, 30, "walls"), ("west", "plant", "expand", 5, 30, "walls")
    )
    sites = table("site storage_capacity", ("plant", 60))
    plan = planned(plant([0, 100], sourcing=spans, sites=sites, site_options=expand))
    assert bill(plan) == {"purchase": 900, "sites": 5, "lost_sales": 1000}
    two = [{**row, "max_chosen": 2} for row in expand]
    assert bill(planned(plant([0, 100], sourcing=spans, sites=sites, site_options=two))) == {
        "purchase": 1000,
        "sites": 10,
    }
