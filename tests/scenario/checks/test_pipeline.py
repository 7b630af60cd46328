"""What a table of deals and their stages may not say, row by row; what can still be planned is a warning."""

from typing import Any

import pytest

from planner.scenario.load import check

Records = list[dict[str, Any]]
DEAL = {
    "opportunity": "big",
    "market": "town",
    "item": "bread",
    "quantity": 10,
    "created": "2025-03-01",
    "outcome": "open",
}
WON = DEAL | {"closed": "2025-06-01", "outcome": "won"}


def problems(*deals: dict[str, Any], **tables: Records) -> list[tuple[str, str]]:
    scenario = {
        "name": "deals",
        "question": "?",
        "calendar": {"start": "2026-01", "periods": 3},
        "sites": [{"site": "bakery"}],
        "items": [{"item": "bread", "price": 4}],
        "markets": [{"market": "town"}],
        "sourcing": [{"item": "bread", "supplier": "mill", "site": "bakery", "unit_cost": 1}],
        "lanes": [{"origin": "bakery", "destination": "town", "mode": "van"}],
        "opportunities": list(deals),
        **tables,
    }
    return [(problem.severity, f"row {problem.row}, {problem.column} = {problem.value}: {problem.message}")
            for problem in check(scenario)]


def stages(*entries: tuple[str, str], deal: str = "big") -> Records:
    return [{"opportunity": deal, "stage": stage, "entered": day} for stage, day in entries]


def test_deals_that_agree_with_their_stages_have_no_problem() -> None:
    history = stages(("lead", "2025-03-01"), ("offer", "2025-04-01"))
    assert (
        problems(
            WON | {"amount": 40}, DEAL | {"opportunity": "other", "stage": "lead"}, stage_history=history
        )
        == []
    )


@pytest.mark.parametrize(("deal", "problem"), [
    (DEAL | {"closed": "2025-06-01"}, 'outcome = "open": must be won or lost where closed is filled in'),
    (WON | {"closed": None}, "closed = None: must be filled in where outcome is won or lost"),
    (DEAL | {"created": "2215-03-01"}, 'created = "2215-03-01": must be a date written like 2026-03-15, '
                                       'from 1900 to 2200'),
    (DEAL | {"outcome": "lsot"}, 'outcome = "lsot": must be open, won or lost. Did you mean "lost"?'),
    (DEAL | {"amount": "40 USD"}, 'amount = "40 USD": must be a number written like 1234.5'),
    (DEAL | {"amount": "€40"}, 'amount = "€40": must be a number written like 1234.5'),
])
def test_a_deal_that_cannot_be_is_an_error(deal: dict[str, Any], problem: str) -> None:
    assert problems(deal) == [("error", f"row 1, {problem}")]


@pytest.mark.parametrize(("deal", "problem"), [
    (WON | {"closed": "2025-02-01"}, 'closed = "2025-02-01": lies before created, "2025-03-01": the deal is left out'),
    (DEAL | {"expected_close": "2025-01-01"}, 'expected_close = "2025-01-01": lies before created, '
                                              '"2025-03-01": it is left out'),
    (WON | {"quantity": None}, "quantity, amount = None: won, but neither says how much: what deals of the "
                               "item usually have is "
                               "counted"),
    (WON | {"quantity": None, "amount": 0}, "quantity, amount = None: won, but neither says how much: what "
                                            "deals of the item "
                                            "usually have is counted"),
    (DEAL | {"amount": 16000}, "amount = 16000: is 400 times quantity by price, 40: is it in another "
                               "currency? The quantity is "
                               "counted"),
    (DEAL | {"amount": 1}, "amount = 1: is 0.025 times quantity by price, 40: is it in another currency? "
                           "The quantity is "
                           "counted"),
])
def test_a_deal_that_can_hardly_be_meant_is_a_warning(deal: dict[str, Any], problem: str) -> None:
    assert problems(deal) == [("warning", f"row 1, {problem}")]


def test_a_price_that_was_haggled_over_is_no_other_currency() -> None:
    assert problems(DEAL | {"amount": 4}, DEAL | {"opportunity": "dear", "amount": 700}) == []


def test_a_stage_that_was_entered_before_or_after_the_deals_life_is_a_warning() -> None:
    history = stages(("lead", "2025-02-01"), ("offer", "2025-07-01"))
    assert problems(WON, stage_history=history) == [
        (
            "warning",
            'row 1, entered = "2025-02-01": lies before the deal was created, 2025-03-01: it counts from '
            'then',
        ),
        (
            "warning",
            'row 2, entered = "2025-07-01": lies after the deal was closed, 2025-06-01: it is left out',
        ),
    ]


def test_a_stage_that_the_history_knows_otherwise_or_not_is_a_warning() -> None:
    history = stages(("lead", "2025-03-01"), ("offer", "2025-04-01"))
    assert problems(DEAL | {"stage": "lead"}, stage_history=history) == [
        ("warning", 'row 1, stage = "lead": the stage history says "offer", which is believed')]
    assert problems(DEAL | {"stage": "ofer"}, stage_history=history) == [
        ("warning", 'row 1, stage = "ofer": the stage history knows no such stage. Did you mean "offer"?')]
    assert problems(DEAL | {"stage": "anything"}) == []  # without a history there is nothing to contradict


def test_of_two_stages_entered_on_one_day_either_may_be_the_last() -> None:
    history = stages(("lead", "2025-03-01"), ("offer", "2025-03-01"))
    for stage in ("lead", "offer"):
        assert problems(DEAL | {"stage": stage}, stage_history=history) == []


def test_a_currency_without_a_rate_is_one_error_with_the_number_of_its_rows() -> None:
    dollars = [DEAL | {"opportunity": name, "amount": 40, "currency": "USD"} for name in ("a", "b", "c")]
    assert problems(*dollars) == [("error", 'row 1, currency = "USD": has no rate (3 rows): give it one in exchange_rates')]
    assert problems(*dollars, exchange_rates=[{"currency": "USD", "rate": 0.9}]) == []


def test_the_own_currency_is_worth_itself() -> None:
    (told,) = problems(DEAL, exchange_rates=[{"currency": "EUR", "rate": 3}])
    assert told[1].endswith('rate = 3: "EUR" is the scenario\'s own currency, of which one unit is worth 1')
    assert problems(DEAL, exchange_rates=[{"currency": "EUR", "rate": 1}]) == []
