"""Launches and phase-outs."""

import planner
from tests.demand.shops import orders, shop

STEADY = orders([20.0] * 36)
BOTH = ("bike", "trike")


def expected(periods: int = 6, **lifecycle) -> dict[tuple[str, str], list[float]]:
    """Mean of each item and market, period by period."""
    rows = [{"item": "trike", **lifecycle}]
    markets = ("north", "south")
    scenario = shop(periods=periods, items=BOTH, markets=markets, lifecycles=rows,
                    order_history=STEADY + orders([10.0] * 36, market="south"))
    means = planner.forecast(scenario).quantiles.groupby(["item", "market"])["mean"]
    return {key: [round(figure, 6) for figure in figures] for key, figures in means}


def test_a_new_item_sells_like_the_one_it_is_like_and_climbs_its_ramp() -> None:
    means = expected(like_item="bike", launch="2026-02", ramp=3)
    # from February a quarter, a half, three quarters, all of 20
    assert means["trike", "north"] == [0, 5, 10, 15, 20, 20]
    assert means["trike", "south"] == [0, 2.5, 5, 7.5, 10, 10]
    assert means["bike", "north"] == [20] * 6


def test_a_lifecycle_of_one_market_leaves_the_others_alone() -> None:
    means = expected(like_item="bike", launch="2026-01", market="south")
    assert ("trike", "north") not in means
    assert means["trike", "south"] == [10] * 6


def test_sales_end_with_the_phase_out() -> None:
    scenario = shop(periods=4, order_history=STEADY, lifecycles=[{"item": "bike", "phase_out": "2026-02"}])
    assert planner.forecast(scenario).quantiles["mean"].round(6).tolist() == [20, 20, 0, 0]


def test_an_item_with_a_year_of_its_own_history_keeps_to_it() -> None:
    scenario = shop(periods=2, items=BOTH, order_history=STEADY + orders([7.0] * 14, item="trike"),
                    lifecycles=[{"item": "trike", "like_item": "bike", "launch": "2024-11"}])
    means = planner.forecast(scenario).quantiles.set_index("item")["mean"]
    assert means["trike"].round(6).tolist() == [7.0, 7.0]


def test_a_new_item_sells_its_share_of_the_like_one_and_takes_from_it_what_it_cannibalizes() -> None:
    means = expected(periods=3, like_item="bike", launch="2026-02", like_share=0.5, cannibalization=0.4)
    assert means["trike", "north"] == [0, 10, 10]  # half of 20
    assert means["bike", "north"] == [20, 16, 16]  # 40 % of the 10 are bikes that are not bought
    assert means["bike", "south"] == [10, 8, 8]
    grown = expected(periods=1, like_item="bike", launch="2026-01", like_share=5.0, cannibalization=1.0)
    assert grown["bike", "north"] == [0]  # nothing is left, and nothing is owed


def test_a_lifecycle_that_is_not_known_yet_is_not_followed() -> None:
    rows = [{"item": "bike", "phase_out": "2026-01", "entered": "2025-11-20"}]
    filed = planner.forecast(shop(order_history=STEADY, lifecycles=rows)).quantiles
    assert filed["mean"].round(6).tolist()[:3] == [20, 0, 0]
    earlier = planner.forecast(
        shop(order_history=STEADY, lifecycles=rows, forecast={"as_of": "2025-10-31"})
    ).quantiles
    assert earlier["mean"].round(6).tolist()[:3] == [20, 20, 20]


def test_a_like_item_that_never_sold_is_told_since_nothing_is_forecast_like_it() -> None:
    for like_item, told in (("bike", []), ("tandem", ["like_item"])):
        scenario = shop(periods=3, items=(*BOTH, "tandem"), order_history=STEADY,
                        lifecycles=[{"item": "trike", "like_item": like_item, "launch": "2026-02"}])
        assert [problem.column for problem in scenario.warnings if "nothing is forecast like it" in str(problem)] == told
        assert ("trike" in planner.forecast(scenario).quantiles["item"].to_numpy()) == (not told)
