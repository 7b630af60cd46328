"""Order histories that can hardly be meant are told of."""

import pytest

import planner


def warnings(*rows: dict, **more: object) -> list[str]:
    common = {"market": "m", "item": "bike", "quantity": 1}
    made = {"name": "History", "question": "?", "calendar": {"start": "2026-01", "periods": 3},
            "items": [{"item": "bike"}], "markets": [{"market": "m"}], **more,
            "order_history": [common | row for row in rows]}
    return [str(problem) for problem in planner.load_scenario(made).warnings]


DAYS = [{"date": f"2025-{month:02d}-{day:02d}"} for month in range(1, 13) for day in (1, 15)]


def test_an_export_in_which_every_line_stands_twice_is_told() -> None:
    (told,) = (text for text in warnings(*DAYS, *DAYS) if "more than once" in text)
    assert "48 of 48 lines are there more than once, so demand counts double" in told
    assert not [text for text in warnings(*DAYS) if "more than once" in text]


def test_a_day_of_another_century_is_told() -> None:
    (told,) = (text for text in warnings({"date": "1925-03-01"}, *DAYS) if "mistyped" in text)
    assert 'row 1, date = "1925-03-01": lies 100 years before the next order, "2025-01-01"' in told
    assert not [text for text in warnings(*DAYS) if "mistyped" in text]


def test_items_that_nothing_supplies_are_one_warning_however_many_there_are() -> None:
    items = [f"i{number}" for number in range(9)]
    rows = [{"date": f"2025-{month:02d}-01", "item": item} for month in range(1, 13) for item in items]
    told = warnings(*rows, items=[{"item": item} for item in items])
    assert told == [
        'order_history row 1, item = "i0": nothing supplies it, and just as little "i1", "i2", "i3", "i4", "i5" and 3 '
        "more items: they have no row in sourcing or routings, no stock on hand and no scheduled receipts"
    ]


def test_returns_without_a_rule_are_one_error_with_their_number() -> None:
    with pytest.raises(planner.ScenarioError) as raised:
        warnings(*DAYS, *({"date": f"2025-03-0{day}", "quantity": -1} for day in range(1, 8)))
    (told,) = map(str, raised.value.problems)
    assert told.startswith("order_history row 25, quantity = -1: is a return or a cancellation, as are 6 more rows below 0: say")


def test_monthly_totals_are_told_of_where_the_plan_is_in_weeks() -> None:
    monthly = [{"date": f"2025-{month:02d}-01"} for month in range(1, 13)]
    weeks = {"calendar": {"start": "2026-W02", "periods": 3, "bucket": "week"}}
    (told,) = (text for text in warnings(*monthly, **weeks) if "month" in text)
    assert 'date = "2025-01-01": every row is dated on the first day of a month, but the plan is in weeks' in told
    for rows, more in ((monthly, {}), (monthly[:3], weeks), ([*monthly, {"date": "2025-12-08"}], weeks)):
        assert not [text for text in warnings(*rows, **more) if "month" in text]
