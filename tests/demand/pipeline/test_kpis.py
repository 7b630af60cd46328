"""How the pipeline does, with intervals."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.known_on import known_on
from planner.demand.pipeline.kpis import COLUMNS, pipeline_kpis
from planner.plan.kpis import KPIS, Figures
from tests.demand.shops import shop

DAY = pd.Timestamp("2025-12-31")
BASELINE = Path(__file__).parents[3] / "scenarios" / "baseline"


def deal(number: int, *, outcome: str = "won", source: str = "web", **others) -> dict:
    ended = {} if outcome == "open" else {"closed": "2025-05-01"}
    return {
        "opportunity": f"deal-{number}",
        "item": "bike",
        "market": "north",
        "quantity": 1,
        "created": "2025-02-20",
        "outcome": outcome,
        "lead_source": source,
        **ended,
        **others,
    }


def measured(**tables) -> pd.DataFrame:
    return pipeline_kpis(known_on(DAY, shop(**tables).tables), DAY)


def one(kpis: pd.DataFrame, kpi: str, *, stage: str | None = None, source: str | None = None) -> pd.Series:
    rows = kpis[(kpis["kpi"] == kpi) & (kpis["stage"].isna() if stage is None else kpis["stage"] == stage)
                & (kpis["lead_source"].isna() if source is None else kpis["lead_source"] == source)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_win_rate_has_the_interval_of_wilson() -> None:
    deals = [
        deal(n, outcome="won" if n < 8 else "lost", source="fair" if n < 4 else "web") for n in range(10)
    ]
    kpis = measured(opportunities=[*deals, deal(10, outcome="open")])
    rate = one(kpis, "win_rate")
    # 8 of 10, z = 1.96: centre (.8 + .1921) / 1.3841 = .7168, half 1.96 * sqrt(.8 * .2 / 10 + .0096) / 1.3841
    # = .2266
    assert (rate["value"], rate["low"], rate["high"], rate["count"]) == pytest.approx(
        (0.8, 0.4902, 0.9433, 10), abs=1e-4
    )
    assert one(kpis, "win_rate", source="fair")["value"] == 1.0
    assert one(kpis, "win_rate", source="web")["value"] == pytest.approx(4 / 6)
    assert one(kpis, "win_rate", source="fair")["low"] < 0.6  # four of four prove little


def test_of_the_deals_that_left_a_stage_those_that_moved_on_converted() -> None:
    deals = [
        deal(1),
        deal(2, outcome="lost"),
        deal(3, outcome="lost"),
        deal(4, outcome="open"),
        deal(5, outcome="open"),
    ]
    entered = [
        (1, "first", "02-20"),
        (1, "second", "03-20"),
        (1, "won", "05-01"),
        (2, "first", "02-20"),
        (2, "second", "03-01"),
        (3, "first", "02-20"),
        (4, "first", "02-20"),
        (4, "second", "04-01"),
        (5, "first", "02-20"),
    ]
    kpis = measured(
        opportunities=deals,
        stage_history=[
            {"opportunity": f"deal-{n}", "stage": stage, "entered": f"2025-{when}"}
            for n, stage, when in entered
        ],
    )
    first, second = (one(kpis, "conversion_rate", stage=stage) for stage in ("first", "second"))
    assert (first["value"], first["count"]) == (0.75, 4)  # 1, 2 and 4 of 1, 2, 3 and 4; 5 is still there
    assert (second["value"], second["count"]) == (0.5, 2)  # 1 of 1 and 2; 4 is still there
    # "won" is none
    assert kpis.loc[kpis["kpi"] == "conversion_rate", "stage"].unique().tolist() == ["first", "second"]


def test_the_cycle_is_the_mean_of_the_won_deals_days() -> None:
    closes = ["2025-03-02", "2025-03-12", "2025-03-22"]  # 10, 20 and 30 days
    kpis = measured(
        opportunities=[*(deal(n, closed=day) for n, day in enumerate(closes)), deal(9, outcome="lost")]
    )
    cycle = one(kpis, "sales_cycle")
    # t with 2 degrees of freedom: 4.303 * 10 / sqrt(3) = 24.84, and no cycle is shorter than nothing
    assert (cycle["value"], cycle["low"], cycle["high"], cycle["count"]) == pytest.approx(
        (20, 0, 44.84, 3), abs=0.01
    )
    assert one(measured(opportunities=[deal(1)]), "sales_cycle")[["low", "high"]].isna().all()


def test_acquisition_costs_what_campaigns_cost_for_each_customer_they_won() -> None:
    campaigns = [
        {
            "campaign": "expo",
            "lead_source": "fair",
            "period": "2025-01",
            "cost": 900,
            "leads": 40,
            "qualified": 10,
        },
        {"campaign": "ads", "lead_source": "web", "period": "2025-02", "cost": 100},
        {"campaign": "later", "lead_source": "web", "period": "2026-02", "cost": 5000},
    ]
    deals = [
        deal(1, campaign="expo", source="fair"),
        deal(2, campaign="expo", source="fair"),
        deal(3, campaign="ads"),
        deal(4),
        deal(5, campaign="ads", outcome="lost"),
    ]
    kpis = measured(opportunities=deals, campaigns=campaigns)
    # 2 customers: between .2422 and 7.2247 at 95 % (Garwood)
    fair = one(kpis, "cost_of_acquisition", source="fair")
    assert (fair["value"], fair["low"], fair["high"]) == pytest.approx(
        (450, 900 / 7.2247, 900 / 0.2422), rel=1e-3
    )
    # next year's campaign has not cost anything yet
    assert one(kpis, "cost_of_acquisition")["value"] == pytest.approx(1000 / 3)
    leads = one(kpis, "lead_conversion_rate", source="fair")
    assert (leads["value"], leads["count"]) == (0.25, 40)


def bought(customer: str, *, first: str, last: str = "2025-12-15", every: int = 30) -> list[dict]:
    return [{"date": str(day.date()), "customer": customer, "item": "bike", "quantity": 1}
            for day in pd.date_range(first, last, freq=f"{every}D")]


def test_churn_is_the_share_of_the_customers_of_a_year_who_ordered_no_more_in_the_next() -> None:
    names = [f"c{number}" for number in range(10)]
    orders = [row for number, name in enumerate(names)
              for row in bought(name, first="2023-12-10", last="2024-09-10" if number < 2 else "2025-12-15")]
    customers = [{"customer": name, "market": "north"} for name in names]
    churn = one(measured(order_history=orders, customers=customers), "customer_churn")
    assert (churn["value"], churn["count"]) == (pytest.approx(0.2), 10)
    # Wilson, 2 of 10, z = 1.96: centre (.2 + .1921) / 1.3841 = .2833, half .2266
    assert (churn["low"], churn["high"]) == pytest.approx((0.0567, 0.5098), abs=1e-4)
    short = [row for row in orders if row["date"] > "2024-03-01"]  # less than two years of history
    assert "customer_churn" not in set(measured(order_history=short, customers=customers)["kpi"])


def test_what_was_decided_after_the_day_is_not_counted() -> None:
    deals = [
        deal(1),
        deal(2, outcome="lost", closed="2026-02-01"),
        deal(3, created="2026-01-10", closed="2026-02-01"),
    ]
    scenario = shop(start="2026-04", opportunities=deals)
    assert one(pipeline_kpis(known_on(DAY, scenario.tables), DAY), "win_rate")["count"] == 1


def test_nothing_recorded_nothing_measured() -> None:
    assert list(measured().columns) == COLUMNS and measured().empty
    assert planner.forecast(shop(order_history=[])).pipeline_kpis.empty


def test_the_scorecard_says_the_same() -> None:
    scenario = planner.load_scenario(BASELINE)
    kpis = pipeline_kpis(known_on(DAY, scenario.tables), DAY)
    figures = Figures({}, scenario)
    for name in ("win_rate", "lead_conversion_rate", "cost_of_acquisition", "sales_cycle", "customer_churn"):
        measured = one(kpis, name)
        assert measured["value"] == KPIS[name].measure(figures)
        assert (measured["low"], measured["high"]) == figures.interval(name)
    intervals = kpis[kpis["count"] > 1]
    assert ((intervals["low"] <= intervals["value"]) & (intervals["value"] <= intervals["high"])).all()
    assert not np.isinf(kpis[["value", "low", "high"]].to_numpy()).any()
