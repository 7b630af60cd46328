"""What a history is before it is forecast from: whole, per working day, without slips, with a season of its
kin.
"""

import warnings

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.runrate.borrowed_season import borrowed_seasons
from planner.demand.runrate.cleaning import fill_gaps
from planner.demand.runrate.history import History
from tests.demand.shops import orders, shop

MONTHS = np.arange(48)
WAVE = 100 * np.exp(0.4 * np.sin(2 * np.pi * MONTHS / 12))
NOISE = np.exp(0.05 * np.random.default_rng(0).standard_normal(48))
SHOPS = ("a", "b", "c", "d", "e", "f")


def wide(figures: np.ndarray) -> list[dict]:
    """The same orders in six markets."""
    return [order for market in SHOPS for order in orders(figures, market=market)]


def test_a_slip_of_the_pen_is_winsorised_and_listed_and_the_orders_stay() -> None:
    figures = WAVE * NOISE
    figures[40] *= 10
    scenario = shop(periods=12, order_history=orders(figures))
    demand = planner.forecast(scenario)
    assert demand.cleaned[["item", "market", "reason"]].values.tolist() == [["bike", "north", "outlier"]]
    row = demand.cleaned.iloc[0]
    assert str(row["period"]) == "2025-05"  # the 41st of 48 months to December 2025
    assert row["before"] == pytest.approx(figures[40])
    assert row["after"] < 1.5 * figures[40] / 10
    clean = planner.forecast(shop(periods=12, order_history=orders(WAVE * NOISE))).quantiles["mean"]
    assert demand.quantiles["mean"].to_numpy() == pytest.approx(clean.to_numpy(), rel=0.12)
    assert any("1 figure of the history was winsorised" in note for note in demand.notes)
    kept = planner.forecast(shop(periods=12, order_history=orders(figures), forecast={"outliers": "keep"}))
    assert kept.cleaned.empty
    assert kept.quantiles["mean"].max() > 1.3 * clean.max()


def test_a_gap_has_what_the_years_around_it_had() -> None:
    values = np.array([[np.nan, *WAVE[1:]], WAVE, [*([np.nan] * 40), 4, 6, np.nan, 10, 4, 4, 4, np.nan]])
    values[1, 20] = np.nan
    filled = fill_gaps(values, 12)
    assert np.isnan(filled[0, 0])  # not yet sold
    assert filled[1, 20] == pytest.approx((WAVE[8] + WAVE[32]) / 2)
    # halfway between 6 and 10; as before at the end
    assert filled[2, 40:].tolist() == [4, 6, 8, 10, 4, 4, 4, 4]


def test_a_month_in_which_nobody_ordered_was_not_recorded() -> None:
    figures = WAVE * NOISE
    figures[44] = 0.0
    demand = planner.forecast(shop(periods=12, markets=SHOPS, order_history=wide(figures)))
    assert set(demand.cleaned["reason"]) == {"gap"}
    assert demand.cleaned["period"].astype(str).unique().tolist() == ["2025-09"]
    assert len(demand.cleaned) == 6
    assert demand.cleaned["before"].isna().all()
    whole = planner.forecast(shop(periods=12, markets=SHOPS, order_history=wide(WAVE * NOISE)))
    assert demand.quantiles["mean"].to_numpy() == pytest.approx(whole.quantiles["mean"].to_numpy(), rel=0.1)
    assert demand.past_forecasts.query("period == '2025-09'").empty  # nobody knows what was wanted


def test_a_month_in_which_one_item_sold_nothing_sold_nothing_unless_gaps_are_missing() -> None:
    figures = WAVE * NOISE
    figures[44] = 0.0
    tables = {"periods": 3, "order_history": orders(figures)}
    assert planner.forecast(shop(**tables)).cleaned.empty
    missing = planner.forecast(shop(**tables, forecast={"gaps": "missing"})).cleaned
    assert missing["reason"].tolist() == ["gap"]
    assert missing["after"].iloc[0] == pytest.approx(figures[32])  # a year before; there is no year after


def test_demand_follows_the_working_days() -> None:
    months = pd.period_range("2023-01", "2026-06", freq="M")
    days = np.where(months.month % 3 == 0, 25.0, 20.0)  # 4-4-5 weeks
    history = orders(2.0 * days[:36])
    rows = [{"period": str(month), "days": float(day)} for month, day in zip(months, days, strict=True)]
    demand = planner.forecast(shop(order_history=history, working_days=rows))
    assert demand.quantiles["mean"].round(6).tolist() == [40, 40, 50, 40, 40, 50]
    unlisted = planner.forecast(shop(order_history=history, working_days=rows[:36])).quantiles["mean"]
    # a month has the days it had in other years
    assert unlisted.round(6).tolist() == [40, 40, 50, 40, 40, 50]
    shutdown = [row if row["period"] != "2026-02" else row | {"days": 10.0} for row in rows]
    assert (
        planner.forecast(shop(order_history=history, working_days=shutdown))
        .quantiles["mean"]
        .round(6)
        .tolist()[1]
        == 20
    )


def test_a_young_item_has_the_season_of_its_family() -> None:
    scenario = shop(periods=12, items=("bike", "trike"),
                    order_history=orders(WAVE * NOISE) + orders((WAVE * NOISE)[-9:] / 10, item="trike"))
    mean = planner.forecast(scenario).quantiles.pivot(index="period", columns="item", values="mean")
    relative = mean / mean.mean()
    assert relative["trike"].to_numpy() == pytest.approx(relative["bike"].to_numpy(), rel=0.12)
    assert relative["trike"].max() > 1.3


def test_the_season_of_the_item_in_other_markets_comes_before_that_of_the_family() -> None:
    against = 100 * np.exp(-0.4 * np.sin(2 * np.pi * MONTHS / 12))
    history = (orders(against * NOISE) + orders((against * NOISE)[-9:] / 10, market="south")
               + orders(20 * WAVE * NOISE, item="trike"))
    demand = planner.forecast(
        shop(periods=12, items=("bike", "trike"), markets=("north", "south"), order_history=history)
    )
    south = demand.quantiles.query("market == 'south'")["mean"].to_numpy()
    assert np.corrcoef(south, against[:12])[0, 1] > 0.95


@pytest.mark.parametrize(("figures", "expected"), [([0.0] * 30 + [4.0], 4.0), ([7.0] * 30, 7.0), ([5.0], 5.0), ([4.0, 4.0], 4.0)])
def test_one_observation_a_pair_and_a_constant_have_their_mean_and_raise_no_warning(
    figures, expected
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        demand = planner.forecast(shop(periods=2, order_history=orders(figures)))
    assert demand.quantiles["mean"].round(6).tolist() == [expected, expected]


def test_an_item_whose_orders_are_all_zero_is_expected_to_sell_nothing() -> None:
    rows = [{"date": f"{month}-15", "item": "bike", "market": "north", "quantity": 0.0}
            for month in pd.period_range(end="2025-12", periods=30, freq="M")]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        demand = planner.forecast(shop(periods=2, order_history=rows))
    assert demand.quantiles[["mean", "q95"]].to_numpy().tolist() == [[0.0, 0.0]] * 2


def test_a_newcomer_in_a_family_of_its_own_has_what_all_have_in_common() -> None:
    random = np.random.default_rng(5)
    alike = [orders(WAVE * np.exp(0.05 * random.standard_normal(48)), item=item) for item in ("a", "b", "c", "d")]
    history = [row for rows in alike for row in rows] + orders(np.full(9, 50.0), item="new")
    items = ("a", "b", "c", "d", "new")
    families = {item: item for item in items}
    demand = planner.forecast(shop(periods=12, items=items, families=families, order_history=history))
    mean = demand.quantiles.query("item == 'new'")["mean"].to_numpy()
    assert np.corrcoef(mean, WAVE[:12])[0, 1] > 0.9
    assert any("Short series have a season of others: 1 that of all items together" in note
               for note in demand.notes)


def test_without_agreement_nothing_is_in_common() -> None:
    random = np.random.default_rng(6)
    values = np.exp(3 + 0.3 * random.standard_normal((5, 60)))
    values[4, :50] = np.nan
    series = pd.DataFrame({"item": list("abcde"), "market": "north"})
    history = History(series, values, pd.Period("2025-12", freq="M"), 12)
    items = pd.DataFrame({"item": list("abcde"), "family": [np.nan] * 5})
    borrowed = borrowed_seasons(history, items)
    assert np.abs(borrowed.pattern).max() < 0.1
    assert set(borrowed.lender[:4]) == {""}


def test_what_a_history_is_too_short_or_too_silent_for_is_said() -> None:
    young = planner.forecast(shop(order_history=orders([180.0, 400, 750, 1500, 1850, 3100]))).notes
    assert any(note.startswith("bike in north has less than 24 periods of history") for note in young)
    months = pd.period_range(end="2025-12", periods=34, freq="M")
    rows = [{"date": f"{month}-15", "item": "bike", "market": "north", "quantity": 100.0 * (place < 30)}
            for place, month in enumerate(months)]
    silent = planner.forecast(shop(order_history=rows)).notes
    assert any("sold nothing for longer than usual: the chance of selling on" in note for note in silent)
    assert planner.forecast(shop(order_history=orders(WAVE * NOISE))).notes == ()


def test_a_single_pause_of_a_steady_series_is_said_since_perhaps_nothing_was_recorded() -> None:
    figures = [100.0] * 36
    figures[14:18] = [0.0] * 4  # 2024-03 to 2024-06 of the three years that end in 2025-12
    (said,) = planner.forecast(shop(order_history=orders(figures))).notes
    assert said.startswith("bike in north has sold in every period but a single pause (2024-03 to 2024-06), which counts as no")
    figures[25] = 0.0  # it pauses now and then
    assert planner.forecast(shop(order_history=orders(figures))).notes == ()
