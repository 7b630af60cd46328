"""Order histories that can hardly be meant are told of."""

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
