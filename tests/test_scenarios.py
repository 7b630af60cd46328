"""The bundled scenarios: they load, solve to proven optimality, pass the audit, and their figures are the
golden ones.

After a change that is meant to change plans:  python -m tests.test_scenarios  writes golden_kpis.csv again;
read its diff.
"""

import csv
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

import planner

ROOT = Path(__file__).parents[1]
BASELINE = ROOT / "scenarios/baseline"
GOLDEN = Path(__file__).with_name("golden_kpis.csv")
BUNDLED = sorted(file.parent.name for file in ROOT.glob("scenarios/*/scenario.yaml"))
WHAT_IFS = ["supplier-outage", "demand-surge", "second-shift", "overtime-ban", "new-product", "more-fairs"]
TOLERANCE = 1e-4
# Which of many orders is the late one is a tie: figures that count orders may move by a few of hundreds.
COUNTED, COUNT_TOLERANCE = "on_time_in_full", 0.005
# What is short of targets in money, of millions, is rounding where it is less than a hundredth of the currency.
SHORT_MONEY, MONEY_TOLERANCE = "gap_to_target_money", 0.01


def solved(name: str) -> tuple[planner.Scenario, planner.Plan]:
    scenario = planner.load_scenario(ROOT / "scenarios" / name)
    return scenario, planner.solve(scenario)


def figures(plan: planner.Plan) -> dict[str, float]:
    """What is held golden: the objective, every KPI and every cost term."""
    costs = plan.tables["costs"].groupby("cost")["amount"].sum()
    return {
        "objective": plan.objective,
        **plan.kpis,
        **{f"cost of {term}": amount for term, amount in costs.items()},
    }


def golden() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    with GOLDEN.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["scenario"]][row["figure"]] = float(row["value"])
    return found


def write_golden() -> None:
    with GOLDEN.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["scenario", "figure", "value"])
        for name in BUNDLED:
            print(f"solving {name}", file=sys.stderr)
            writer.writerows(
                [name, figure, f"{value:.8g}"] for figure, value in figures(solved(name)[1]).items()
            )


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_scenario_is_proven_audited_and_as_before(name: str) -> None:
    scenario, plan = solved(name)
    assert plan.status == "optimal"
    solver = scenario.settings.solver
    # who asks for none has no whole numbers: nothing is open
    asked = solver.gap if "gap" in solver.model_fields_set else 0.0
    assert 0.0 <= plan.gap <= asked + 1e-6
    assert planner.audit(plan, scenario) == []
    found, expected = figures(plan), golden()[name]
    assert found.keys() == expected.keys()
    assert found.pop(COUNTED) == pytest.approx(expected.pop(COUNTED), abs=COUNT_TOLERANCE)
    short, expected_short = found.pop(SHORT_MONEY, 0.0), expected.pop(SHORT_MONEY, 0.0)
    assert short == pytest.approx(expected_short, rel=TOLERANCE, abs=MONEY_TOLERANCE)
    assert found == pytest.approx(expected, rel=TOLERANCE, abs=1e-6)


def test_every_bundled_scenario_has_golden_figures_and_a_question() -> None:
    assert sorted(golden()) == BUNDLED
    assert set(BUNDLED) == {"baseline", "lots", "red-tomato", *WHAT_IFS}
    for name in BUNDLED:
        assert planner.load_scenario(ROOT / "scenarios" / name).question.endswith("?")


# ------------------------------------------------------------------------------------------- the baseline's
# files


def test_generator_writes_the_baseline_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", str(BASELINE / "generate.py"), str(tmp_path)], check=True)
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert written == {file.name: file.read_bytes() for file in BASELINE.glob("*.csv")}


def test_baseline_is_small_enough_to_ship() -> None:
    assert sum(file.stat().st_size for file in BASELINE.iterdir() if file.is_file()) < 1_500_000


def test_every_won_deal_is_ordered_once_and_no_other_deal_is() -> None:
    scenario = planner.load_scenario(BASELINE)
    deals, history = scenario["opportunities"].set_index("opportunity"), scenario["order_history"]
    ordered = history[history["opportunity"].notna()].set_index("opportunity")
    assert ordered.index.is_unique
    assert (deals.loc[ordered.index, "outcome"] == "won").all()
    assert (deals.loc[ordered.index, "quantity"] == ordered["quantity"]).all()
    assert (deals.loc[ordered.index, "closed"] <= ordered["date"]).all()
    # Won deals whose goods are wanted in 2026 are in the order book, at the price of the deal.
    waiting = deals[(deals["outcome"] == "won") & ~deals.index.isin(ordered.index)]
    booked = scenario["booked_orders"][["customer", "item", "quantity", "price"]].dropna(subset="price")
    assert sorted(map(tuple, waiting[["customer", "item", "quantity"]].to_numpy())) == \
        sorted(map(tuple, booked[["customer", "item", "quantity"]].to_numpy()))


def test_pipeline_tells_a_consistent_story() -> None:
    scenario = planner.load_scenario(BASELINE)
    deals = scenario["opportunities"]
    still_open = deals["outcome"] == "open"
    assert 1_900 <= len(deals) <= 2_100
    assert 380 <= still_open.sum() <= 420
    assert (deals["closed"].isna() == still_open).all()
    assert (deals["closed"].dropna() <= pd.Timestamp("2025-12-31")).all()
    assert (deals["created"] < deals["closed"])[~still_open].all()
    ends = deals[["opportunity", "created", "closed", "stage"]]
    entered = scenario["stage_history"].merge(ends, on="opportunity", suffixes=("", "_last"))
    assert (entered["entered"] >= entered["created"]).all()
    assert (entered["entered"] <= entered["closed"].fillna(pd.Timestamp("2025-12-31"))).all()
    last = entered.groupby("opportunity").tail(1)
    assert (last["stage"] == last["stage_last"]).all()
    counted = deals.groupby("campaign").size()
    assert scenario["campaigns"].set_index("campaign")["qualified"].to_dict() == counted.to_dict()
    assert (scenario["campaigns"]["leads"] > scenario["campaigns"]["qualified"]).all()


# ------------------------------------------------------------------------------------------- what the plans
# say


def test_baseline_earns_and_turns_over_like_a_manufacturer() -> None:
    figure = golden()["baseline"]
    assert 0.25 < figure["margin"] / figure["revenue"] < 0.40
    assert 5 < figure["inventory_turns"] < 9
    assert 0.8 < figure["utilization"] < 1.0
    costs = {name: amount for name, amount in figure.items() if name.startswith("cost of ")}
    assert max(costs, key=lambda name: costs[name]) == "cost of purchase"


def test_baseline_misses_targets_by_some_percent() -> None:
    figure = golden()["baseline"]
    assert 0.95 < figure["target_attainment"] < 0.995
    assert 0.95 < figure["order_fill_rate"] < 0.995
    for term in (
        "work_center_overtime",
        "labor_overtime",
        "storage_overflow",
        "safety_stock_penalty",
        "hiring",
    ):
        assert figure[f"cost of {term}"] > 0


def test_what_ifs_change_the_plan_in_the_direction_a_planner_expects() -> None:
    figure = golden()
    base = figure["baseline"]
    assert figure["supplier-outage"]["order_fill_rate"] < base["order_fill_rate"]
    assert figure["supplier-outage"]["cost of safety_stock_penalty"] > base["cost of safety_stock_penalty"]
    assert figure["demand-surge"]["order_fill_rate"] < base["order_fill_rate"]
    assert figure["demand-surge"]["target_attainment"] > base["target_attainment"]
    assert figure["second-shift"]["order_fill_rate"] > base["order_fill_rate"]
    assert figure["second-shift"]["revenue"] > base["revenue"]
    overtime = {"cost of work_center_overtime", "cost of labor_overtime"}
    assert overtime <= base.keys()
    assert not overtime & figure["overtime-ban"].keys()
    assert figure["overtime-ban"]["revenue"] < base["revenue"]
    assert figure["new-product"]["objective"] != pytest.approx(base["objective"], rel=1e-3)


if __name__ == "__main__":
    write_golden()
