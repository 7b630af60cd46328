"""Leads planned beyond those of a year earlier bring deals beyond the run-rate."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.pipeline.campaigns import AVERAGE_MONTH, CampaignPlan, plan_campaigns
from planner.demand.pipeline.deals import day_number
from planner.scenario.scenario import Scenario
from tests.demand.shops import shop

DAY, JANUARY = pd.Timestamp("2025-12-31"), pd.Period("2026-01", "M")


def fairs(*, leads: float = 100.0) -> list[dict]:
    """A fair every March and September of 2024 and 2025."""
    return [
        {
            "campaign": f"fair-{year}-{month}",
            "lead_source": "fair",
            "period": f"{year}-{month}",
            "leads": leads,
            "qualified": 20,
        }
        for year in (2024, 2025)
        for month in ("03", "09")
    ]


def fair_deals() -> list[dict]:
    """Twenty deals of every fair: ten in its month, ten in the next; every second is won two months after it
    was opened.
    """
    rows = []
    for fair in fairs():
        start = pd.Period(fair["period"], "M")
        for number in range(20):
            created = (start + number % 2).start_time + pd.Timedelta(days=number)
            closed = created + pd.Timedelta(days=60)
            ended = {"closed": str(closed.date()), "outcome": ("won", "lost")[number // 2 % 2]}
            rows.append(
                {
                    "opportunity": f"{fair['campaign']}-{number}",
                    "item": "bike",
                    "market": "north",
                    "quantity": 4,
                    "created": str(created.date()),
                    "lead_source": "fair",
                    "campaign": fair["campaign"],
                    **(ended if closed <= DAY else {"outcome": "open"}),
                }
            )
    return rows


def stall(**overrides) -> Scenario:
    """A shop that sells at fairs; what-ifs of its campaigns are scenarios on top of it."""
    markets, items = [{"market": "north"}], [{"item": "bike", "price": 100.0}]
    base = {
        "name": "stall",
        "question": "?",
        "calendar": {"start": "2026-01", "periods": 12},
        "sites": [{"site": "hub"}],
        "markets": markets,
        "items": items,
        "campaigns": fairs(),
        "opportunities": fair_deals(),
        "sourcing": [{"item": "bike", "supplier": "maker", "site": "hub", "unit_cost": 1.0}],
        "lanes": [{"origin": "hub", "destination": "north", "mode": "truck"}],
    }
    what_if = {"name": "what-if", "question": "?", "base": base, "overrides": {"campaigns": [overrides]}}
    return planner.load_scenario(what_if if overrides else base)


def plan(scenario: Scenario) -> CampaignPlan:
    return plan_campaigns(
        scenario["campaigns"],
        scenario.recorded("campaigns"),
        scenario["opportunities"],
        day=DAY,
        until=scenario.calendar.end,
    )


def by_month(plan: CampaignPlan) -> np.ndarray:
    """Deals added in each month of 2026."""
    firsts = day_number(pd.date_range("2026-01-01", periods=12, freq="MS")).astype(int)
    return plan.daily("fair", firsts) * AVERAGE_MONTH


def wanted(scenario: Scenario) -> pd.Series:
    ledger = planner.forecast(scenario).ledger
    return ledger[ledger["origin"] == "pipeline"].groupby("period")["quantity"].sum()


def test_without_plans_the_run_rate_is_expected() -> None:
    assert plan(stall()) == CampaignPlan(first=(2026 - 1970) * 12)


def test_a_tenth_more_leads_bring_a_tenth_more_deals_as_long_after_the_fair_as_ever() -> None:
    more = plan(stall(where={"lead_source": "fair"}, multiply={"leads": 1.1}))
    # 10 leads more in March and in September x 20 deals / 100 leads, half in the month of the fair, half in
    # the next
    expected = np.zeros(12)
    expected[[2, 3, 8, 9]] = 1.0
    assert by_month(more) == pytest.approx(expected)


def test_more_leads_from_fairs_move_demand_by_what_they_win() -> None:
    base, more = wanted(stall()), wanted(stall(where={"lead_source": "fair"}, multiply={"leads": 2.0}))
    # by the end of the year 40 deals more x 4 bikes, half of them won two months later: 80
    assert (more - base).sum() == pytest.approx(80, rel=0.15)
    assert (more - base)[:"2026-02"].abs().max() < 0.01  # before the first fair next to nothing is different
    assert (more - base)["2026-05":"2026-06"].sum() > 20


def test_fewer_leads_bring_fewer_deals() -> None:
    none = plan(stall(add={"campaign": "cancelled", "lead_source": "fair", "period": "2026-03", "leads": 0}))
    # March's fair takes place no more, September's does
    assert by_month(none)[[2, 3, 8, 9]] == pytest.approx([-10, -10, 0, 0])
    assert (
        wanted(stall(add={"campaign": "cancelled", "lead_source": "fair", "period": "2026-03", "leads": 0}))
        >= 0
    ).all()


def test_a_planned_campaign_comes_on_top_and_one_without_leads_brings_the_usual() -> None:
    added = plan(stall(add={"campaign": "june", "lead_source": "fair", "period": "2026-06", "leads": 50}))
    assert by_month(added)[[5, 6]] == pytest.approx([5, 5])  # 50 leads x 20 / 100, in two halves
    blank = plan(stall(add={"campaign": "june", "lead_source": "fair", "period": "2026-06"}))
    assert by_month(blank)[[5, 6]] == pytest.approx([10, 10])  # 100 leads, as every fair brought


def test_a_plan_for_a_month_takes_the_place_of_last_years() -> None:
    same = plan(stall(add={"campaign": "march", "lead_source": "fair", "period": "2026-03", "leads": 100}))
    assert not same.added


def test_without_deals_that_name_campaigns_leads_convert_as_recorded() -> None:
    scenario = stall(where={"lead_source": "fair"}, multiply={"leads": 1.1})
    unnamed = scenario["opportunities"].assign(campaign=np.nan)
    found = plan_campaigns(
        scenario["campaigns"], scenario.recorded("campaigns"), unnamed, day=DAY, until=scenario.calendar.end
    )
    # 10 leads x 20 / 100, in the month itself: no deal says later
    assert by_month(found)[[2, 3]] == pytest.approx([2.0, 0.0])


def test_leads_of_a_source_that_never_brought_a_deal_are_not_forecast_and_it_is_said() -> None:
    found = planner.forecast(
        stall(add={"campaign": "expo", "lead_source": "expo", "period": "2026-03", "leads": 50})
    )
    assert [note for note in found.notes if '"expo"' in note and "not forecast" in note]


def test_a_what_if_changes_what_will_be_and_never_what_was() -> None:
    more = stall(where={"lead_source": "fair"}, multiply={"leads": 1.1, "cost": 2})
    assert more["campaigns"]["leads"].tolist() == pytest.approx([110.0] * 4)
    assert more.recorded("campaigns")["leads"].tolist() == [100.0] * 4
    assert stall().recorded("campaigns").equals(stall()["campaigns"])
    grandchild = planner.load_scenario({"name": "c", "question": "?", "base": {
        "name": "b", "question": "?", "base": str(BASELINE), "overrides": {"campaigns": [
            {"where": {"lead_source": "fair"}, "multiply": {"leads": 2}}]}}})
    assert grandchild.recorded("campaigns").equals(planner.load_scenario(BASELINE)["campaigns"])
    kpis = [planner.forecast(scenario).pipeline_kpis for scenario in (stall(), more)]
    pd.testing.assert_frame_equal(*kpis)


def test_records_count_for_the_fingerprint() -> None:
    doubled = stall(where={"lead_source": "fair"}, multiply={"leads": 2.0})
    alone = shop(campaigns=fairs(leads=200.0), opportunities=fair_deals(), periods=12)
    assert doubled["campaigns"].equals(alone["campaigns"])
    assert doubled.content_hash != stall().content_hash
    assert stall(where={"lead_source": "fair"}, multiply={"leads": 1.0}).content_hash == stall().content_hash


def test_the_bundled_what_if_moves_demand_when_the_leads_have_become_deals() -> None:
    base, fair = (
        wanted(planner.load_scenario(BASELINE.parent / name)) for name in ("baseline", "more-fairs")
    )
    assert 200 < (fair - base).sum() < 800  # bikes in 18 months
    assert (fair - base)[:"2026-02"].abs().max() < 0.01


BASELINE = Path(__file__).parents[3] / "scenarios" / "baseline"
