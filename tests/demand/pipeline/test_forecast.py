"""Winning is learned from decided deals, not typed in."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.pipeline.deals import Pipeline
from planner.demand.pipeline.forecast import (
    Snapshots,
    calibrate,
    forecast_pipeline,
    win_chances,
)
from planner.demand.pipeline.win_hazard import learn_hazards
from tests.demand.pipelines import TODAY, deal, grown, stage_weighted, value_won

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
