"""The consensus: everybody has a say, and who has been right has the larger one."""

import numpy as np
import pandas as pd
import pytest

import planner
from tests.demand.shops import orders, shop

STEADY = orders([20.0] * 36)


def stream(name: str, quantity: float, period: str = "2026-01", **more) -> dict:
    return {"stream": name, "item": "bike", "period": period, "quantity": quantity, **more}


def monthly(name: str, figures: np.ndarray, *, off: float) -> list[dict]:
    """What a stream said of the last months, each a month before, `off` times what happened."""
    months = pd.period_range(end="2025-12", periods=len(figures), freq="M")
    return [stream(name, float(figure * off), str(month), entered=f"{month - 1}-10")
            for month, figure in zip(months, figures, strict=True)]


def means(demand) -> list[float]:
    return demand.quantiles["mean"].round(6).tolist()


def test_without_a_past_everybody_counts_alike_and_is_on_file() -> None:
    demand = planner.forecast(shop(periods=2, order_history=orders([20.0] * 6), forecast_streams=[
        stream("sales", 50), stream("finance", 20)]))
    assert means(demand) == [30.0, 20.0]  # (20 + 50 + 20) / 3; nobody says anything about February
    assert demand.streams[["stream", "quantity"]].round(6).values.tolist() == [
        ["finance", 20.0], ["sales", 50.0], ["statistical", 20.0]]
    assert demand.streams["weight"].tolist() == pytest.approx([1 / 3] * 3)
    ledger = {(str(row.period), row.origin): round(row.quantity, 6) for row in demand.ledger.itertuples()}
    assert ledger == {("2026-01", "baseline"): 20, ("2026-01", "consensus"): 10, ("2026-02", "baseline"): 20}


def test_a_stream_that_was_right_counts_more_than_one_that_was_wrong() -> None:
    # nobody can know this but by being told
    figures = 100 * np.exp(0.4 * np.random.default_rng(0).standard_normal(36))
    rows = monthly("sales", figures[-18:], off=1.02) + monthly("finance", figures[-18:], off=2.0)
    coming = [stream("sales", 100.0), stream("finance", 200.0)]
    demand = planner.forecast(shop(periods=1, order_history=orders(figures), forecast_streams=rows + coming))
    weight = demand.streams.set_index("stream")["weight"]
    assert weight["sales"] > weight["statistical"] > weight["finance"]
    assert weight["sales"] > 0.5
    alike = planner.forecast(shop(periods=1, order_history=orders(figures), forecast_streams=rows + coming,
                                  forecast={"consensus": "equal"}))
    assert alike.streams["weight"].tolist() == pytest.approx([1 / 3] * 3)


def test_streams_are_scored_in_the_record_apart_from_the_statistical_forecast() -> None:
    figures = 100 * np.exp(0.4 * np.random.default_rng(0).standard_normal(36))
    demand = planner.forecast(
        shop(order_history=orders(figures), forecast_streams=monthly("sales", figures[-18:], off=1.0))
    )
    error = demand.record.query("level == 'total' and measure == 'wape' and lag == 1").set_index("method")[
        "value"
    ]
    assert error["stream_sales"] == pytest.approx(0.0)  # they said what happened, a month before
    assert error["run_rate"] > 0.1
    assert error["stream_sales"] < error["streams"] < error["run_rate"]
    added = demand.record.query("level == 'total' and measure == 'step_value' and lag == 1").set_index(
        "method"
    )["value"]
    assert added["streams"] == pytest.approx(error["run_rate"] - error["streams"])
    assert any("Had sales been followed wherever it had a figure" in sentence for sentence in demand.verdict)
    plain = planner.forecast(shop(order_history=orders(figures)))
    without = plain.record.query("level == 'total' and measure == 'wape' and lag == 1").set_index("method")[
        "value"
    ]
    assert error["run_rate"] == pytest.approx(without["run_rate"])


def test_a_stream_is_not_heard_before_it_speaks() -> None:
    figures = [20.0] * 36
    late = [
        stream("sales", 50.0, "2025-12", entered="2025-12-20"),
        stream("sales", 90.0, "2025-12", entered="2025-11-20"),
        stream("finance", 70.0, "2025-12"),
    ]
    filed = planner.forecast(shop(order_history=orders(figures), forecast_streams=late)).past_forecasts
    december = filed[filed["period"] == "2025-12"].set_index("lag")
    assert december.loc[1, "stream_sales"] == pytest.approx(90.0)  # known at the end of November
    assert december.loc[2, "stream_sales"] == pytest.approx(20.0)  # not at the end of October
    assert "stream_finance" not in filed  # without its day it is not judged


def test_the_weight_of_a_stream_at_a_past_cycle_knows_nothing_of_later_figures() -> None:
    figures = 100 * np.exp(0.4 * np.random.default_rng(0).standard_normal(36))
    changed = figures.copy()
    changed[-1] = 900.0
    rows = monthly("sales", figures[-18:], off=1.1)
    before, after = (
        planner.forecast(shop(order_history=orders(history), forecast_streams=rows)).past_forecasts["streams"]
        for history in (figures, changed)
    )
    assert before.tolist() == after.tolist()


def test_a_wide_figure_is_divided_by_share_and_a_narrow_one_beats_it() -> None:
    history = orders([30.0] * 6) + orders([10.0] * 6, market="south")
    demand = planner.forecast(
        shop(
            periods=1,
            markets=("north", "south"),
            order_history=history,
            forecast_streams=[{"stream": "finance", "period": "2026-01", "quantity": 80.0}],
        )
    )
    assert means(demand) == [45.0, 15.0]  # between 30 and 60, 10 and 20
    narrow = planner.forecast(
        shop(
            periods=1,
            markets=("north", "south"),
            order_history=history,
            forecast_streams=[
                stream("finance", 50.0, market="south", entered="2025-12-01"),
                {"stream": "finance", "period": "2026-01", "quantity": 80.0, "entered": "2025-12-02"},
            ],
        )
    )
    assert means(narrow) == [45.0, 30.0]  # between 10 and 50


def test_overrides_come_after_the_consensus_and_none_leaves_the_statistical_forecast() -> None:
    tables = {"periods": 1, "order_history": STEADY, "forecast_streams": [stream("sales", 40.0)]}
    override = {"item": "bike", "period": "2026-01", "percent": 10}
    demand = planner.forecast(shop(**tables, forecast_overrides=[override], forecast={"consensus": "equal"}))
    assert means(demand) == [33.0]  # 30 and 10 % more
    assert means(planner.forecast(shop(**tables, forecast={"consensus": "none"}))) == [20.0]


def test_what_the_user_brings_is_not_up_for_consensus() -> None:
    brought = [{"item": "bike", "market": "north", "period": "2026-01", "quantity": 99}]
    demand = planner.forecast(shop(periods=1, demand=brought, forecast_streams=[stream("sales", 40.0)]))
    assert means(demand) == [99.0]
