"""What deals say beside their days: several items, own chances, amounts, sizes, closes that are put off."""

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.expectation import expect
from planner.demand.inputs import gather_sources
from planner.demand.pipeline.deals import Pipeline, day_number, pipeline_known
from planner.scenario.calendar import Calendar
from tests.demand.pipelines import deal
from tests.demand.shops import shop

CALENDAR = Calendar(pd.Period("2026-01", "M"), 6, "month")


def market(*rows: dict, **tables: list) -> planner.Scenario:
    """A market for bikes and bells with these opportunities."""
    common = {"market": "north", "created": "2025-06-01"}
    deals = [common | {"opportunity": f"d{place}"} | row for place, row in enumerate(rows)]
    return planner.load_scenario({
        "name": "Deals", "question": "What is won?", "calendar": {"start": "2026-01", "periods": 6},
        "items": [{"item": "bike", "price": 100}, {"item": "bell", "price": 5}],
        "markets": [{"market": "north"}], "opportunities": deals, **tables})


def decided(count: int, **line: object) -> list[dict]:
    """Deals of the same item, every second one won forty days after it was created."""
    created = [pd.Timestamp("2023-01-02") + pd.Timedelta(days=4 * place) for place in range(count)]
    days = {place: {"created": str(day.date()), "closed": str((day + pd.Timedelta(days=40)).date())}
            for place, day in enumerate(created)}
    return [{"opportunity": f"old{place}", "item": "bike", "quantity": 2, **line, **days[place],
             "outcome": "won" if place % 2 else "lost"} for place in range(count)]


def test_a_deal_over_two_items_is_won_whole_and_counts_once() -> None:
    two = {"opportunity": "both", "outcome": "open", "probability": 0.5, "expected_close": "2026-02-10"}
    demand = planner.forecast(market(two | {"item": "bike", "quantity": 3}, two | {"item": "bell", "quantity": 30}))
    sums = demand.quantiles.groupby("item")["mean"].sum()
    assert sums.to_dict() == pytest.approx({"bike": 1.5, "bell": 15.0})
    assert demand.deals.groupby("opportunity")["item"].agg(set).to_dict() == {"both": {"bell", "bike"}}
    expectation = expect(gather_sources(market(two | {"item": "bike", "quantity": 3},
                                               two | {"item": "bell", "quantity": 30})), CALENDAR)
    draws = expectation.pipeline.draws.sum(axis=1)  # bell, bike
    assert (draws[0] == 10 * draws[1]).all()


def test_rows_of_one_deal_that_contradict_each_other_are_named() -> None:
    row = {"opportunity": "both", "outcome": "open", "quantity": 1}
    with pytest.raises(planner.ScenarioError, match="row 2, lead_source = \"fair\": rows of one deal agree on it: see row 1"):
        market(row | {"item": "bike", "lead_source": "web"}, row | {"item": "bell", "lead_source": "fair"})


def test_sales_own_chances_hold_until_enough_deals_were_decided() -> None:
    own = {"item": "bike", "quantity": 10, "outcome": "open", "expected_close": "2026-02-10"}
    few = planner.forecast(market(own | {"probability": 0.5}))
    assert few.quantiles["mean"].tolist() == pytest.approx([0, 5, 0, 0, 0, 0])
    by_stage = planner.forecast(market(own | {"stage": "offer"}, stages=[{"stage": "offer", "probability": 0.2}]))
    assert by_stage.quantiles["mean"].sum() == pytest.approx(2.0)
    sure, never = (planner.forecast(market(own | {"probability": chance}, *decided(120))).quantiles["mean"].sum()
                   for chance in (1.0, 0.0))
    assert sure == never


def test_amounts_without_a_price_are_told_with_the_remedy() -> None:
    deal = {"item": "bike", "amount": 500, "outcome": "open", "probability": 1.0, "expected_close": "2026-02-10"}
    warned = market(deal, items=[{"item": "bike"}]).warnings
    assert "without a price it cannot become units" in str(warned[0])
    in_money = planner.forecast(market(deal, items=[{"item": "bike", "unit": "EUR", "price": 1}]))
    assert in_money.quantiles["mean"].sum() == pytest.approx(500)


def test_large_deals_that_are_won_late_and_seldom_are_told_from_small_ones() -> None:
    random, rows = np.random.default_rng(0), []
    for start in pd.date_range("2022-01-01", "2025-12-01", freq="MS"):
        for number, quantity, chance, days in ((20, 10, 0.4, 30), (6, 200, 0.15, 150)):
            for _ in range(number):
                created = start + pd.Timedelta(days=int(random.integers(0, 28)))
                closed = created + pd.Timedelta(days=int(max(1, random.gamma(4, days / 4))))
                ended = closed <= pd.Timestamp("2025-12-31")
                rows.append({"item": "bike", "quantity": quantity, "created": str(created.date()),
                             "outcome": ("won" if random.random() < chance else "lost") if ended else "open",
                             **({"closed": str(closed.date())} if ended else {})})
    won = planner.forecast(market(*rows)).quantiles["mean"]
    # in a steady state 20 x .4 x 10 + 6 x .15 x 200 = 260 a month are won
    assert won.iloc[:3].mean() == pytest.approx(260, rel=0.25)
    assert won.iloc[0] < 1.4 * 260


def slipping(weeks: int = 160) -> tuple[list[dict], list[dict]]:
    """Deals whose expected close is moved again and again: what was expected says little, the last date all."""
    random, deals, log = np.random.default_rng(1), [], []
    for place in range(weeks * 4):
        created = pd.Timestamp("2022-12-01") + pd.Timedelta(days=7 * (place // 4))
        name, day, expected = f"s{place}", created, created + pd.Timedelta(days=45)
        log.append((name, day, expected))
        while random.random() < 0.7:
            day = expected
            expected = day + pd.Timedelta(days=45)
            log.append((name, day, expected))
        ended = expected <= pd.Timestamp("2025-12-31")
        if created <= pd.Timestamp("2025-12-31"):
            known = [date for one, entered, date in log if one == name and entered <= pd.Timestamp("2025-12-31")]
            deals.append({"opportunity": name, "item": "bike", "quantity": 1, "created": str(created.date()),
                          "expected_close": str(known[-1].date()),
                          "outcome": ("won" if place % 2 else "lost") if ended else "open",
                          **({"closed": str((expected + pd.Timedelta(days=2)).date())} if ended else {})})
    history = [{"opportunity": name, "entered": str(entered.date()), "expected_close": str(date.date())}
               for name, entered, date in log if entered <= pd.Timestamp("2025-12-31")]
    return deals, history


def test_expected_closes_are_believed_as_far_as_their_own_past_allows() -> None:
    deals, history = slipping()
    names = {row["opportunity"] for row in deals}
    scenario = market(*deals, close_history=[row for row in history if row["opportunity"] in names])
    expectation = expect(gather_sources(scenario), CALENDAR)
    first = expectation.pipeline.chances[expectation.pipeline.deals["opportunity"].notna(), 0].sum()
    due = sum(row["outcome"] == "open" and row["expected_close"] < "2026-02-01" for row in deals)
    # three in ten that are due are decided, half of these won: 15 % of some 20 deals, not all of them
    assert first < 0.4 * due


def opportunities_of(*rows: dict) -> Pipeline:
    common = {"item": "bike", "market": "north", "created": "2025-01-01"}
    scenario = shop(
        opportunities=[{"opportunity": f"deal-{number}", **common, **row} for number, row in enumerate(rows)]
    )
    prices = scenario["opportunities"]["item"].map(scenario["items"].set_index("item")["price"])
    return pipeline_known(scenario.tables, pd.Timestamp("2025-12-31"), prices)


def test_a_deal_without_quantity_has_its_amount_by_the_price_or_what_deals_usually_have() -> None:
    pipeline = opportunities_of({"outcome": "won", "closed": "2025-03-01", "amount": 500},
                                {"outcome": "open", "quantity": 3, "amount": 900}, {"outcome": "open"})
    # 500 / 100; as written; as the won ones have
    assert pipeline.deals["quantity"].tolist() == [5.0, 3.0, 5.0]


def test_a_deal_closed_before_it_was_created_is_not_learned_from() -> None:
    backward = {"outcome": "won", "created": "2025-05-01", "closed": "2025-04-01", "quantity": 1}
    forward = {"outcome": "won", "created": "2025-05-01", "closed": "2025-06-01", "quantity": 1}
    assert len(opportunities_of(backward, forward).deals) == 1


def test_an_expected_close_that_was_written_afterwards_is_not_believed() -> None:
    honest = {"outcome": "won", "closed": "2025-03-01", "expected_close": "2025-04-01", "quantity": 1}
    written_after = honest | {"expected_close": "2025-03-01"}
    still_open = {"outcome": "open", "quantity": 1, "expected_close": "2026-02-01"}
    assert opportunities_of(honest, still_open).open["expected_close"].tolist() == day_number(
        pd.Series(pd.to_datetime(["2026-02-01"]))).tolist()
    assert opportunities_of(written_after, still_open).open["expected_close"].isna().all()


def test_the_stage_reached_is_the_one_known_on_the_day() -> None:
    stages = pd.DataFrame(
        {"opportunity": [0, 0, 1], "stage": ["early", "late", "early"], "entered": [10.0, 20.0, 15.0]}
    )
    pipeline = Pipeline(pd.DataFrame([deal(10.0), deal(15.0)]), 30, 10, stages)
    assert pipeline.open["stage"].tolist() == ["late", "early"]
    assert pipeline.as_of(18).open["stage"].tolist() == ["early", "early"]
    stage, since = pipeline.stage_entries(np.array([0, 0, 0, 1]), np.array([9.0, 10.0, 20.0, 14.0]))
    assert stage.tolist() == [None, "early", "late", None]
    assert since[1:3].tolist() == [10.0, 20.0]


def test_a_stage_that_is_entered_again_is_the_one_that_holds() -> None:
    back = pd.DataFrame({"opportunity": [0, 0, 0], "stage": ["offer", "order", "offer"], "entered": [10.0, 20.0, 30.0]})
    pipeline = Pipeline(pd.DataFrame([deal(10.0)]), 40, 10, back)
    assert pipeline.open["stage"].tolist() == ["offer"]
    assert pipeline.open["in_stage_since"].tolist() == [30.0]
    assert pipeline.as_of(25).open["stage"].tolist() == ["order"]


def test_the_stage_in_which_a_deal_ended_is_not_known_before_it_ended() -> None:
    row = {
        "opportunity": "x",
        "item": "bike",
        "market": "north",
        "quantity": 1,
        "created": "2025-01-01",
        "closed": "2025-05-01",
        "outcome": "won",
    }
    entered = [{"opportunity": "x", "stage": "offer", "entered": "2025-02-01"},
               {"opportunity": "x", "stage": "won", "entered": "2025-05-01"}]
    scenario = shop(opportunities=[row], stage_history=entered)
    pipeline = pipeline_known(scenario.tables, pd.Timestamp("2025-12-31"), pd.Series([100.0]))
    assert pipeline.stages["stage"].tolist() == ["offer"]


def test_days_before_a_deal_was_created_are_not_believed() -> None:
    row = {
        "opportunity": "x",
        "item": "bike",
        "market": "north",
        "quantity": 1,
        "created": "2025-03-01",
        "outcome": "open",
    }
    other = row | {"opportunity": "y", "expected_close": "2026-02-01"}
    scenario = shop(opportunities=[row | {"expected_close": "2025-01-01"}, other],
                    stage_history=[{"opportunity": "x", "stage": "offer", "entered": "2025-02-01"}])
    pipeline = pipeline_known(scenario.tables, pd.Timestamp("2025-12-31"), pd.Series([100.0, 100.0]))
    assert pipeline.deals["expected_close"].isna().tolist() == [True, False]
    # counts from the creation
    assert pipeline.stages["entered"].tolist() == pipeline.deals["created"].iloc[:1].tolist()
