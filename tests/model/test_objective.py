"""What is best: orders, targets and remaining demand in turn, then cost; or cost alone; or profit."""

import pytest

from tests.model.plants import BOUGHT, bill, decided, month, plant, price, solve, table, total, wanting

TWO_MARKETS = {
    "markets": table("market region", ("north", "europe"), ("south", "africa")),
    "lanes": table(
        "origin destination mode unit_cost", ("plant", "north", "truck", 0), ("plant", "south", "truck", 1)
    ),
}


def ten_bikes():
    """A supplier who ships 10 bikes in all at 10 each."""
    return table("item supplier site unit_cost capacity", ("bike", "arvo", "plant", 10, 10))


def passes(solution):
    """Each pass with what it reached."""
    return {reached.name: round(reached.objective, 6) for reached in solution.passes}


def test_booked_orders_come_before_targets_and_targets_before_the_rest():
    # 10 bikes for 4 ordered in the north, 3 promised to the south, and 10 + 10 others: the last 3 go where
    # freight is less.
    scenario = plant(
        mode="targets_first", periods=1, sourcing=ten_bikes(), **TWO_MARKETS,
        demand=[*wanting([14]), *wanting([10], market="south")],
        booked_orders=table("order market item quantity due", ("o1", "north", "bike", 4, month(1))),
        sales_targets=table("target market quantity", ("south", "south", 3)))
    solution = solve(scenario)
    assert decided(solution, "delivered_on_time", "market", "demand_class") == {
        ("north", "booked"): 4, ("south", "forecast"): 3, ("north", "forecast"): 3}
    assert passes(solution) == {
        "booked orders lost, priority 5": 0,
        "booked orders late, priority 5": 0,
        "sales targets missed, priority 5": 0,
        "remaining demand lost, priority 5": 14,
        "remaining demand late, priority 5": 0,
        "operations cost": 103,
    }
    assert solution.objective == pytest.approx(103)


def test_booked_orders_are_served_even_where_the_targets_miss_what_they_take():
    # 8 of 10 bikes are ordered in the north; 2 are left for the south's target of 5.
    solution = solve(
        plant(
            mode="targets_first",
            beyond="none",
            periods=1,
            sourcing=ten_bikes(),
            demand=wanting([10], market="south"),
            **TWO_MARKETS,
            booked_orders=table("order market item quantity due", ("o1", "north", "bike", 8, month(1))),
            sales_targets=table("target market quantity priority", ("south", "south", 5, 1)),
        )
    )
    assert decided(solution, "delivered_on_time", "market") == {"north": 8, "south": 2}
    assert decided(solution, "target_shortfall", "target") == {"south": 3}


def test_booked_orders_are_served_by_priority_whatever_it_costs():
    # 10 bikes: all 7 of priority 1 in the far south, 3 of the 6 of priority 2 in the north.
    orders = table("order market item quantity due priority", ("o1", "north", "bike", 6, month(1), 2),
                   ("o2", "south", "bike", 7, month(1), 1))
    solution = solve(
        plant(mode="targets_first", periods=1, booked_orders=orders, sourcing=ten_bikes(), **TWO_MARKETS)
    )
    assert decided(solution, "delivered_on_time", "priority") == {1: 7, 2: 3}
    assert passes(solution) == {
        "booked orders lost, priority 1": 0,
        "booked orders late, priority 1": 0,
        "booked orders lost, priority 2": 3,
        "booked orders late, priority 2": 0,
        "operations cost": 107,
    }


def test_lost_units_are_minimised_first_and_then_late_ones():
    # borea ships 8 at once at 50, arvo any number a month later at 10: 8 on time although late is cheaper.
    both = table("item supplier site unit_cost lead_time capacity", ("bike", "arvo", "plant", 10, 1, None),
                 ("bike", "borea", "plant", 50, 0, 8))
    orders = table("order market item quantity due", ("o1", "north", "bike", 10, month(1)))
    solution = solve(plant(mode="targets_first", periods=2, booked_orders=orders, sourcing=both))
    assert decided(solution, "delivered_on_time", "period") == {1: 8}
    assert decided(solution, "delivered_late", "period") == {2: 2}
    assert passes(solution) == {
        "booked orders lost, priority 5": 0,
        "booked orders late, priority 5": 2,
        "operations cost": 420,
    }


def test_targets_are_met_by_priority():
    # 10 bikes, the target of priority 1 takes 8, that of priority 2 misses 3 of its 5.
    solution = solve(
        plant(
            mode="targets_first",
            beyond="none",
            periods=1,
            demand=[*wanting([20]), *wanting([20], market="south")],
            sourcing=ten_bikes(),
            **TWO_MARKETS,
            sales_targets=table(
                "target market quantity priority", ("n", "north", 5, 2), ("s", "south", 8, 1)
            ),
        )
    )
    assert decided(solution, "delivered_on_time", "market") == {"south": 8, "north": 2}
    assert decided(solution, "target_shortfall", "target") == {"n": 3}
    assert price(solution, "sales_targets", key="s") == 11  # a bike and its freight
    assert passes(solution)["sales targets missed, priority 2"] == pytest.approx(3 / 5)


def test_targets_of_one_priority_are_compared_as_shares():
    # A bike is a tenth of the north's target and a fifth of the south's: the south is met first, 5 remain for
    # the north.
    solution = solve(
        plant(
            mode="targets_first",
            beyond="none",
            periods=1,
            demand=[*wanting([20]), *wanting([20], market="south")],
            sourcing=ten_bikes(),
            **TWO_MARKETS,
            sales_targets=table("target market quantity", ("n", "north", 10), ("s", "south", 5)),
        )
    )
    assert decided(solution, "delivered_on_time", "market") == {"south": 5, "north": 5}
    assert passes(solution)["sales targets missed, priority 5"] == pytest.approx(0.5)


# Two items in two markets over two months: the cheapest to sell is a bike in the north in January (10), then
# a bike in the south (11), then a car (20); in February everything costs 5 more, and holding it over costs
# more than that.
ITEMS = table("item family price", ("bike", "cycles", 100), ("car", "motors", 300))
PRICED = [{"item": item, "supplier": "arvo", "site": "plant", "unit_cost": cost + late, "from": month(number),
           "to": month(number)}
          for item, cost in (("bike", 10), ("car", 20)) for number, late in ((1, 0), (2, 5))]


@pytest.mark.parametrize(("target", "sold"), [
    ({"quantity": 4}, {("bike", "north", 1): 4}),
    ({"quantity": 4, "item": "car"}, {("car", "north", 1): 4}),
    ({"quantity": 4, "family": "motors"}, {("car", "north", 1): 4}),
    ({"quantity": 4, "market": "south"}, {("bike", "south", 1): 4}),
    ({"quantity": 4, "region": "africa"}, {("bike", "south", 1): 4}),
    ({"quantity": 4, "from": month(2)}, {("bike", "north", 2): 4}),
    ({"quantity": 4, "from": month(2), "to": month(2), "region": "africa", "family": "motors"}, {("car", "south", 2): 4}),
    # Revenue: a bike costs a tenth of its price, a car a fifteenth: 2 cars are 600, of which 540 are asked
    # for.
    ({"quantity": 540, "measure": "revenue"}, {("car", "north", 1): 1.8}),
    ({"quantity": 540, "measure": "revenue", "item": "bike"}, {("bike", "north", 1): 5.4}),
])
def test_a_target_counts_what_is_delivered_in_its_scope_and_span(target, sold):
    solution = solve(plant(
        mode="targets_first", beyond="none", periods=2, items=ITEMS, sourcing=PRICED, **TWO_MARKETS,
        demand=[row for item in ("bike", "car") for market in ("north", "south")
                for row in wanting([9, 9], item=item, market=market)],
        inventory=table("item site holding_cost", ("bike", "plant", 9), ("car", "plant", 9)),
        sales_targets=[{"target": "t"} | target]))
    assert decided(solution, "delivered_on_time", "item", "market", "period") == sold


def test_a_revenue_target_counts_booked_orders_at_their_own_price():
    # 2 ordered at 150 earn 300 of the 500 asked for; the other 200 take 2 bikes at the list's 100.
    solution = solve(
        plant(
            [9],
            mode="targets_first",
            beyond="none",
            items=ITEMS,
            sourcing=BOUGHT,
            booked_orders=table(
                "order market item quantity due price", ("o1", "north", "bike", 2, month(1), 150)
            ),
            sales_targets=table("target measure quantity", ("t", "revenue", 500)),
        )
    )
    assert decided(solution, "delivered_on_time", "demand_class") == {"booked at 150": 2, "forecast": 2}


def test_no_more_is_delivered_than_is_wanted_whatever_the_target():
    solution = solve(
        plant([10], mode="targets_first", sourcing=BOUGHT, sales_targets=table("target quantity", ("t", 20)))
    )
    assert total(solution, "delivered_on_time") == 10
    assert decided(solution, "target_shortfall", "target") == {"t": 10}


@pytest.mark.parametrize(("beyond", "sold"), [
    ("all", {"north": 5, "south": 5}),         # everything that can be served
    # a bike earns 100 and costs 10, in the south 10 + 95; the target's 2 are held
    ("profitable", {"north": 5, "south": 2}),
    ("none", {"south": 2}),                    # only the target
])
def test_beyond_targets_says_what_else_is_served(beyond, sold):
    solution = solve(
        plant(
            mode="targets_first",
            beyond=beyond,
            periods=1,
            items=ITEMS,
            sourcing=BOUGHT,
            demand=[*wanting([5]), *wanting([5], market="south")],
            markets=table("market", ("north",), ("south",)),
            lanes=table(
                "origin destination mode unit_cost",
                ("plant", "north", "truck", 0),
                ("plant", "south", "truck", 95),
            ),
            sales_targets=table("target market quantity", ("t", "south", 2)),
        )
    )
    assert decided(solution, "delivered_on_time", "market") == sold
    # The objective is what the plan costs, whatever it earns.
    assert solution.objective == pytest.approx(10 * sum(sold.values()) + 95 * sold["south"])


def test_profitable_serves_booked_orders_even_at_a_loss():
    dear = table("item supplier site unit_cost", ("bike", "arvo", "plant", 120))
    orders = table("order market item quantity due", ("o1", "north", "bike", 2, month(1)))
    solution = solve(
        plant(
            [5], mode="targets_first", beyond="profitable", items=ITEMS, sourcing=dear, booked_orders=orders
        )
    )
    assert decided(solution, "delivered_on_time", "demand_class") == {"booked": 2}


def test_targets_first_counts_no_backorder_or_lost_sale_cost():
    # 5 of 8 are late by a month: owed at 20 each in service_terms, which this mode does not count.
    solution = solve(plant([8, 0], mode="targets_first", sourcing=table(
        "item supplier site unit_cost capacity", ("bike", "arvo", "plant", 10, 3))))
    assert solution.objective == pytest.approx(60)
    assert bill(solution) == {"purchase": 60}
    assert total(solution, "lost") == 2


def test_targets_first_counts_the_penalty_of_missing_safety_stock():
    stock = table("item site safety_stock safety_stock_penalty", ("bike", "plant", 4, 3))
    solution = solve(plant([1], mode="targets_first", sourcing=BOUGHT, inventory=stock))
    assert bill(solution) == {"purchase": 10, "safety_stock_penalty": 12}


def test_cost_mode_weighs_lost_sales_against_cost():
    # A unit lost costs 100; in the south a bike costs 10 + 95.
    lanes = table(
        "origin destination mode unit_cost", ("plant", "north", "truck", 0), ("plant", "south", "truck", 95)
    )
    solution = solve(plant(periods=1, demand=[*wanting([5]), *wanting([5], market="south")], sourcing=BOUGHT,
                           markets=table("market", ("north",), ("south",)), lanes=lanes))
    assert bill(solution) == {"purchase": 50, "lost_sales": 500}
    assert solution.objective == 550


def test_profit_is_revenue_less_all_costs_as_a_positive_number():
    # Bikes at 25 - 10 earn 75, cars at 30 - 40 are not sold; nothing is charged for losing them (blank
    # lost_sale_cost).
    solution = solve(plant(
        mode="profit", periods=1, items=table("item price", ("bike", 25), ("car", 30)), service_terms=[],
        demand=[*wanting([5]), *wanting([5], item="car")],
        sourcing=[*BOUGHT, *table("item supplier site unit_cost", ("car", "arvo", "plant", 40))]))
    assert (solution.objective, solution.bound, solution.gap) == (75, 75, 0)
    assert decided(solution, "delivered_on_time", "item") == {"bike": 5}


def test_profit_mode_counts_what_losing_a_sale_costs():
    # Selling a car loses 10, losing it costs 12: sold. Profit: 5 x (30 - 40).
    dear = table("item supplier site unit_cost", ("bike", "arvo", "plant", 40))
    solution = solve(plant([5], mode="profit", items=table("item price", ("bike", 30)),
                           service_terms=table("lost_sale_cost", (12,)), sourcing=dear))
    assert solution.objective == -50


def test_revenue_is_counted_at_the_price_of_market_and_period_or_the_one_agreed():
    # Bikes earn 20, in February 40, in the north always 30, and 50 for the one ordered at that price:
    # north 30 + 30 + 50, south 20 + 40, less 5 x 10.
    solution = solve(
        plant(
            mode="profit",
            periods=2,
            items=table("item price", ("bike", 20)),
            sourcing=BOUGHT,
            **TWO_MARKETS
            | {
                "lanes": table(
                    "origin destination mode", ("plant", "north", "truck"), ("plant", "south", "truck")
                )
            },
            demand=[*wanting([2, 1]), *wanting([1, 1], market="south")],
            booked_orders=table(
                "order market item quantity due price", ("o1", "north", "bike", 1, month(1), 50)
            ),
            prices=table(
                "item market price from to",
                ("bike", "north", 30, None, None),
                ("bike", None, 40, month(2), month(2)),
            ),
        )
    )
    assert solution.objective == pytest.approx(30 + 30 + 50 + 20 + 40 - 50)


def test_late_deliveries_earn_the_price_of_the_period_of_delivery():
    # Wanted in January at 20, delivered in February at 40.
    solution = solve(plant(
        [1, 0], mode="profit", items=table("item price", ("bike", 20)), service_terms=[],
        sourcing=table("item supplier site unit_cost lead_time", ("bike", "arvo", "plant", 10, 1)),
        prices=table("item price from to", ("bike", 40, month(2), month(2)))))
    assert solution.objective == 30


def test_shadow_prices_are_money_also_where_the_plan_costs_nothing():
    # 5 of 10 can be served from stock, for nothing: no limit costs money, however many units it loses.
    stock = table("item site on_hand", ("bike", "plant", 5))
    solution = solve(plant([10], mode="targets_first", inventory=stock))
    assert passes(solution) == {
        "remaining demand lost, priority 5": 5, "remaining demand late, priority 5": 0, "operations cost": 0}
    assert solution.shadow_prices.empty
