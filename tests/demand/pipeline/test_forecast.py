"""Winning is learned from decided deals, not typed in."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.pipeline.deals import Pipeline, day_number, pipeline_known
from planner.demand.pipeline.forecast import (
    Snapshots,
    calibrate,
    forecast_pipeline,
    win_chances,
)
from planner.demand.pipeline.win_hazard import learn_hazards
from tests.demand.pipelines import TODAY, deal, grown, stage_weighted, value_won
from tests.demand.shops import shop

QUARTER = TODAY + 1 + np.array([0, 30, 60, 90])


def test_the_pipeline_beats_the_stage_weighted_one_on_a_pipeline_whose_truth_is_known() -> None:
    ours, theirs = [], []
    for seed in range(4):
        everything = grown(seed=seed)
        known = everything.as_of(TODAY)
        truth = value_won(everything, QUARTER, open_on=TODAY)
        hazards = learn_hazards(known)
        chances = win_chances(hazards, known.open, day=TODAY, edges=QUARTER)
        ours.append(
            abs((chances * known.open["quantity"].to_numpy()[:, None]).sum(axis=0) - truth).sum()
            / truth.sum()
        )
        theirs.append(abs(stage_weighted(known, QUARTER) - truth).sum() / truth.sum())
    assert np.mean(ours) < 0.25
    assert np.mean(ours) < np.mean(theirs) / 3


def test_total_wins_of_the_next_quarter_lie_within_the_80_percent_band_four_times_in_five() -> None:
    inside = []
    for seed in range(12):
        everything = grown(weeks=100, opened=12, seed=seed, luck=0.2)
        outlook = forecast_pipeline(Snapshots(everything), TODAY, QUARTER, seed=0)
        low, high = np.quantile(outlook.draws.sum(axis=0), [0.1, 0.9], axis=1)
        truth = value_won(everything, QUARTER)
        inside += list((truth >= low) & (truth <= high))
    assert 0.67 < np.mean(inside) < 0.93  # 36 trials at 80 %: two standard errors


def test_what_happens_later_changes_nothing() -> None:
    everything = grown(weeks=60)
    deals = everything.deals
    later = deals["closed"] > TODAY
    changed = Pipeline(
        deals.assign(closed=deals["closed"].mask(later, deals["closed"] + 50), won=deals["won"] ^ later),
        everything.day,
        everything.first,
    )
    one, other = (
        forecast_pipeline(Snapshots(pipeline), TODAY, QUARTER, seed=0) for pipeline in (everything, changed)
    )
    assert np.array_equal(one.draws, other.draws)
    assert np.array_equal(one.mean, other.mean)


def test_the_same_seed_draws_the_same_and_the_mean_of_the_draws_is_the_mean() -> None:
    snapshots = Snapshots(grown(weeks=60))
    one, again, other = (forecast_pipeline(snapshots, TODAY, QUARTER, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.draws, again.draws)
    assert not np.array_equal(one.draws, other.draws)
    assert one.draws.mean(axis=-1).sum() == pytest.approx(one.mean.sum(), rel=0.02)


def test_chances_that_were_too_high_are_lowered() -> None:
    fading = grown(weeks=120)
    recent = fading.deals["closed"] > TODAY - 150  # sales lost its touch: what it would have won is lost
    pipeline = Pipeline(fading.deals.assign(won=fading.deals["won"] & ~recent), fading.day, fading.first)
    assert calibrate(Snapshots(pipeline), TODAY).factor < 0.5
    assert calibrate(Snapshots(fading), TODAY).factor == pytest.approx(1.0, abs=0.2)


def test_nothing_decided_nothing_learned() -> None:
    deals = pd.DataFrame([deal(TODAY - 30.0), deal(TODAY - 10.0)])
    assert forecast_pipeline(Snapshots(Pipeline(deals, TODAY, TODAY)), TODAY, QUARTER, seed=0) is None


def test_a_handful_of_decided_deals_gives_one_chance_for_all_ages() -> None:
    deals = pd.DataFrame(
        [deal(TODAY - 100.0, TODAY - 100.0 + 7 * week + 1, won=week % 2 == 0) for week in range(10)]
        + [deal(TODAY - 50.0)] * 4
    )
    pipeline = Pipeline(deals, TODAY, TODAY - 100)
    hazards = learn_hazards(pipeline)
    assert len(hazards.grid.ages) <= 2  # one bin, and one beyond the oldest decision
    assert not hazards.grid.levels
    outlook = forecast_pipeline(Snapshots(pipeline), TODAY, QUARTER, seed=0)
    assert 0 < outlook.mean.sum() < 20


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


def staged(*, decided: int = 200) -> Pipeline:
    """Deals in stage early are lost, at 5 % a week; after 1 to 19 weeks they are in stage late and are won,
    at 10 % a week.
    """
    random = np.random.default_rng(9)
    rows, stages = [], []
    for number in range(decided):
        created = TODAY - float(random.integers(10, 400))
        late = random.integers(1, 20)
        rows.append(deal(created))
        stages.append({"opportunity": number, "stage": "early", "entered": created})
        for week in range(80):
            day = created + 7 * week + 3
            if week == late:
                stages.append({"opportunity": number, "stage": "late", "entered": day - 3})
            if random.random() < (0.1 if week >= late else 0.05):
                rows[-1] |= {"closed": day, "won": week >= late}
                break
    return Pipeline(pd.DataFrame(rows), 10 ** 6, TODAY - 400, pd.DataFrame(stages))


def test_chances_depend_on_the_stage_that_a_deal_has_reached() -> None:
    known = staged(decided=600).as_of(TODAY)
    hazards = learn_hazards(known)
    assert hazards.grid.stages.tolist() == ["early", "late"]
    assert hazards.entry_stage == "early"
    twins = pd.DataFrame([deal(TODAY - 35.0, stage="early"), deal(TODAY - 35.0, stage="late")])
    early, late = win_chances(hazards, twins, day=TODAY, edges=np.array([TODAY + 1, TODAY + 29])).sum(axis=1)
    assert late == pytest.approx(1 - 0.9 ** 4, rel=0.3)  # four weeks at 10 %: 34 %
    assert 0 < early < 0.4 * late  # it has to move on first: about one in twelve does in a week


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
