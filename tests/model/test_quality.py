"""Quality: what inspection takes in hours and in units."""

from tests.model.plants import bill, by_period, decided, plant, solve, table, total

LAB = table("site work_center hour_cost", ("plant", "lab", 7))


def inspections(columns, *cells):
    """Inspection of bikes at the plant."""
    return [{"item": "bike", "site": "plant"} | row for row in table(columns, *cells)]


# A fifth is defective, half of those can be reworked: 0.9 of what arrives is good; 0.1 + 0.2 * 0.5 * 2 = 0.3
# hours each.
STRICT = inspections(
    "work_center hours_per_unit defect_rate rework_rate rework_hours scrap_cost", ("lab", 0.1, 0.2, 0.5, 2, 4)
)


def test_inspection_of_what_is_made_takes_hours_and_scraps_what_cannot_be_reworked():
    # Yield 0.5, then 0.9 good: 9 good bikes from 20 starts, of which 10 are inspected: 3 hours at 7, 1
    # scrapped at 4. Both happen in February, when the bikes started in January are ready.
    made = table("item site routing unit_cost yield_rate lead_time", ("bike", "plant", "line", 10, 0.5, 1))
    solution = solve(plant([0, 9], routings=made, inspections=STRICT, work_centers=LAB))
    assert decided(solution, "production", "period") == {1: 20}
    assert by_period(solution, "work_center_hours") == {2: 21}
    assert by_period(solution, "scrap") == {2: 4}
    assert bill(solution) == {"production": 200, "work_center_hours": 21, "scrap": 4}


def test_inspection_of_what_is_bought_takes_hours_and_scraps_what_cannot_be_reworked():
    # 9 good bikes from 10 bought, inspected a month after the order.
    bought = table("item supplier site unit_cost lead_time", ("bike", "arvo", "plant", 10, 1))
    solution = solve(plant([0, 9], sourcing=bought, inspections=STRICT, work_centers=LAB))
    assert decided(solution, "purchased", "period") == {1: 10}
    assert by_period(solution, "work_center_hours") == {2: 21}
    assert bill(solution) == {"purchase": 100, "work_center_hours": 21, "scrap": 4}


def test_inspection_hours_are_limited_by_the_work_center_together_with_its_production():
    # Each bike takes 0.7 h to make and 0.3 h to inspect on the same work center, all good: 8 h allow 8 bikes.
    solution = solve(
        plant(
            [20],
            routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
            routing_steps=table(
                "item site routing work_center hours_per_unit", ("bike", "plant", "line", "lab", 0.7)
            ),
            work_centers=table("site work_center available_hours", ("plant", "lab", 8)),
            inspections=inspections("work_center hours_per_unit", ("lab", 0.3)),
        )
    )
    assert total(solution, "production") == 8


def test_inspection_without_a_work_center_takes_no_hours():
    solution = solve(
        plant(
            [9],
            sourcing=table("item supplier site unit_cost", ("bike", "arvo", "plant", 10)),
            work_centers=LAB,
            inspections=inspections("hours_per_unit defect_rate scrap_cost", (0.1, 0.1, 4)),
        )
    )
    assert bill(solution) == {"purchase": 100, "scrap": 4}


def test_transfers_and_goods_already_on_their_way_are_not_inspected():
    # 4 come from the depot, 3 are on their way, 2 in stock: all 9 are good although inspection would scrap
    # half.
    solution = solve(plant(
        [9], sites=table("site", ("plant",), ("depot",)), work_centers=LAB,
        lanes=table("origin destination mode", ("depot", "plant", "truck"), ("plant", "north", "truck")),
        inventory=table("item site on_hand", ("bike", "depot", 4), ("bike", "plant", 2)),
        scheduled_receipts=table("item site period quantity", ("bike", "plant", "2026-01", 3)),
        inspections=inspections("work_center hours_per_unit defect_rate", ("lab", 1, 0.5))))
    assert total(solution, "delivered_on_time") == 9
    assert bill(solution) == {}
