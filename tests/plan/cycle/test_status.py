"""The second month: what the sides changed since the first, and how its plan did."""

from pathlib import Path

import pandas as pd
import pytest

import planner
from planner.plan.cycle.demand_planned import planned_demand
from planner.plan.cycle.measures import Judged, accuracy_by_lag, against_by_family
from tests.plan.cycle.conftest import edit


def test_what_the_month_brought_is_told_from_what_a_side_changed(february: planner.Cycle) -> None:
    assert february.status().changes["rolled"].all()
    edit("february/sales_targets.csv", "spring,units,bike,2026-02,2026-06,2545", "spring,units,bike,2026-02,2026-06,2600")
    edit("february/lanes.csv", "truck,12", "truck,13")
    own = february.status().changes.query("not rolled")
    assert own[["side", "place", "before", "after"]].values.tolist() == [
        ["sales", "sales_targets.csv row 2, quantity", "2800", "2600"], ["operations", "lanes.csv row 2, unit_cost", "12", "13"]]


def test_open_actions_are_carried_over_until_they_are_done(february: planner.Cycle) -> None:
    assert february.status().open_actions.to_dict("records") == [
        {"action": 1, "what": "Ask Arvo", "owner": "Ben", "due": "2026-02-10", "since": "2026-01"}]
    assert len(february.done(1, on="2026-02-03").status().open_actions) == 0
    again = february.act("Ask Borea", owner="Ben", due="2026-03-01", by="Anna")
    assert [(one.action, one.since) for one in again.record.actions] == [(1, "2026-01"), (2, "2026-02")]


def test_plan_and_actual_stand_side_by_side(february: planner.Cycle) -> None:
    since = february.status().since
    assert since is not None
    rows = since.against_plan.set_index("kind")
    agreed = since.plan.tables["inventory"]
    stock = agreed[(agreed["item"] == "bike") & (agreed["period"] == agreed["period"].min())]["closing"].sum()
    assert rows.loc["demand", ["planned", "actual", "difference"]].tolist() == [260, 300, 40]
    assert rows.loc["inventory", ["planned", "actual"]].tolist() == [stock, 12]
    assert "production" not in rows.index  # nobody has counted it
    told = against_by_family(since.against_plan).set_index("kind")
    assert told.loc["demand", "adherence"] == pytest.approx(1 - 40 / 260)
    assert set(told["family"]) == {"all"}  # the only family is not said twice


def test_a_plan_that_changes_nothing_is_stable_and_another_less(february: planner.Cycle) -> None:
    agreed = february.status().since
    assert agreed is not None
    planner.solve("february").save("plans/february")
    since = february.add("plans/february", by="Anna").status().since
    assert since is not None
    table = since.stability.set_index("area")
    new = planner.load_plan("plans/february")
    before, now = (plan.tables["production"].groupby("period")["production"].sum() for plan in (agreed.plan, new))
    moved = (now - before).dropna().abs().sum()  # one item, one site
    assert table.loc["production", "stability"] == pytest.approx(1 - moved / before[before.index.isin(now.index)].sum())
    assert (table["stability"] < 1).any() and (table["stability"] > 0).all()


def test_a_previous_cycle_that_was_exchanged_is_named(february: planner.Cycle) -> None:
    edit("cycles/1/cycle.yaml", "It keeps the promises", "It is cheap")
    broken = february.status().broken
    assert any("cycles/1/cycle.yaml line 46, decision.why: was edited" in line for line in broken)
    edit("cycles/1/cycle.yaml", "  seal: ", "  seal: 0")
    assert "cycles/1: the previous cycle is not the one from which this one was opened" in february.status().broken
    Path("cycles/1/cycle.yaml").unlink()
    assert february.status().broken == ("cycles/1: the previous cycle cannot be read",)


def test_accuracy_is_judged_by_lag_with_bias_overrides_and_tracking_signal() -> None:
    def expected(start: str, *planned: float) -> Judged:
        first = pd.Period(start, "M")
        frame = pd.DataFrame({"item": "bike", "market": "shops", "period": pd.period_range(first, periods=3),
                              "planned": planned, "without_overrides": [figure + 10 for figure in planned]})
        return Judged(first, frame)

    demand = pd.DataFrame({"item": "bike", "market": "shops", "quantity": [100.0, 100.0, 100.0],
                           "period": pd.period_range("2026-01", periods=3, freq="M")})
    judged = [expected("2026-03", 110, 0, 0), expected("2026-02", 120, 90, 0), expected("2026-01", 90, 100, 130)]
    table = accuracy_by_lag(judged, demand, {"bike": "bikes"}).set_index(["family", "lag"])
    # one month ahead: +10, +20, -10 of 300; ten more without overrides: 20 + 30 + 0 of 300
    assert table.loc[("all", 1), "wape"] == pytest.approx(40 / 300)
    assert table.loc[("all", 1), "bias"] == pytest.approx(20 / 300)
    assert table.loc[("all", 1), "override_value"] == pytest.approx(50 / 300 - 40 / 300)
    assert table.loc[("all", 1), "tracking_signal"] == pytest.approx(20 / (40 / 3))
    assert table.loc[("all", 2), ["periods", "wape"]].tolist() == [2, pytest.approx(10 / 200)]
    assert table.loc[("bikes", 3), ["periods", "wape"]].tolist() == [1, pytest.approx(0.3)]
    assert pd.isna(table.loc[("all", 2), "tracking_signal"])


def test_demand_is_kept_with_and_without_overrides() -> None:
    months = pd.period_range("2024-01", "2025-12", freq="M")
    scenario = planner.load_scenario({
        "name": "overridden", "calendar": {"start": "2026-01", "periods": 4}, "objective": {"mode": "cost"},
        "items": [{"item": "bike"}], "sites": [{"site": "plant"}], "markets": [{"market": "shops"}],
        "order_history": [{"date": f"{month}-15", "market": "shops", "item": "bike", "quantity": 100} for month in months],
        "forecast_overrides": [{"item": "bike", "market": "shops", "period": "2026-02", "percent": 20, "author": "Anna"}],
        "sourcing": [{"item": "bike", "supplier": "arvo", "site": "plant", "unit_cost": 1}],
        "lanes": [{"origin": "plant", "destination": "shops", "mode": "truck", "unit_cost": 1}],
        "service_terms": [{"lost_sale_cost": 50}]})
    kept = planned_demand(planner.solve(scenario), scenario)
    assert [str(period) for period in kept["period"]] == ["2026-01", "2026-02", "2026-03"]  # the lags that are judged
    ratio = (kept["planned"] / kept["without_overrides"]).round(6).tolist()
    assert ratio == [1.0, 1.2, 1.0]
