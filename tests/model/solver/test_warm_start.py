"""A solve that starts from an earlier one ends at the same proven optimum, and does so in the live
session.
"""

import copy
import gc
import logging
import pickle
import weakref

import pytest

import planner
from planner.model.solver.highs import Session
from tests.model.plants import BOUGHT, month, plant, table, wanting, works
from tests.model.test_production_lots import made

HURRIED = {"objective": {"mode": "targets_first"},
           "booked_orders": table("order market item quantity due", ("o1", "north", "bike", 9, month(1)),
                                  ("o2", "south", "bike", 7, month(2))),
           "sales_targets": table("target measure item quantity", ("year", "units", "bike", 90))}


def changed(scenario, table_name, column, factor):
    """The scenario with every filled-in figure of one column multiplied."""
    other = copy.deepcopy(scenario)
    for row in other[table_name]:
        if column in row:
            row[column] = row[column] * factor
    return other


CHANGES = {
    "demand": lambda made: changed(made, "demand", "quantity", 1.1),
    "capacity": lambda made: changed(made, "work_centers", "available_hours", 0.8),
    "supply": lambda made: changed(made, "sourcing", "capacity", 0.7),
    "price": lambda made: changed(made, "sourcing", "unit_cost", 1.3),
    "a coefficient of the matrix": lambda made: changed(made, "routing_steps", "hours_per_unit", 1.1),
    "all at once": lambda made: changed(
        changed(changed(made, "demand", "quantity", 0.9), "lanes", "unit_cost", 3),
        "routing_steps",
        "hours_per_unit",
        0.9,
    ),
}


def loaded(scenario):
    return planner.load_scenario(scenario)


@pytest.fixture
def handed_over(monkeypatch):
    """How many sessions were opened since."""
    opened = []

    class Counting(Session):
        def __init__(self, *arguments, **options):
            opened.append(self)
            super().__init__(*arguments, **options)
    monkeypatch.setattr("planner.model.solver.matrix.Session", Counting)
    return opened


@pytest.mark.parametrize(("mode", "what"), [
    *(({}, what) for what in CHANGES), *((HURRIED, what) for what in ("demand", "price", "all at once"))],
    ids=lambda part: part if isinstance(part, str) else "goal after goal" if part else "one goal")
def test_a_what_if_from_a_plan_is_the_same_optimum_as_one_from_scratch(what, mode, handed_over):
    base = works(**mode)
    start, scenario = planner.solve(loaded(base)), loaded(CHANGES[what](base))
    opened = len(handed_over)
    plan = planner.solve(scenario, start=start)
    assert len(handed_over) == opened  # in the live session: nothing was handed over anew
    scratch = planner.solve(scenario)
    assert plan.status == "optimal"
    assert plan.objective != pytest.approx(start.objective, rel=1e-6)  # the change matters
    assert [(one.name, one.gap) for one in plan.passes] == [(one.name, 0.0) for one in scratch.passes]
    assert [one.objective for one in plan.passes] == pytest.approx(
        [one.objective for one in scratch.passes], rel=1e-7, abs=1e-6
    )
    assert [str(finding) for finding in planner.audit(plan, scenario)] == []


def test_shadow_prices_after_a_change_of_limits_say_what_one_more_hour_saves():
    base = works()
    start = planner.solve(loaded(base))
    tight = changed(base, "work_centers", "available_hours", 0.8)
    plan = planner.solve(loaded(tight), start=start)
    prices = plan.tables["shadow_prices"]
    price = prices[(prices["constraint"] == "work_center_capacity") & (prices["shadow_price"] > 1)].iloc[0]
    center = str(price["key"]).split(" | ")[1]
    more = copy.deepcopy(tight)
    row = next(row for row in more["work_centers"] if row["work_center"] == center)
    # gross: a hundredth of an effective hour
    hour = 0.01 / (row.get("availability", 1) * row.get("performance", 1))
    more["capacity"] = [{"site": "plant", "work_center": center, "period": str(price["period"]),
                         "available_hours": hour + next(
                             (own["available_hours"] for own in tight["capacity"]
                              if (own["work_center"], own["period"]) == (center, str(price["period"]))),
                             row["available_hours"])},
                        *(own for own in tight["capacity"]
                          if (own["work_center"], own["period"]) != (center, str(price["period"])))]
    saved = plan.objective - planner.solve(loaded(more)).objective
    assert saved == pytest.approx(0.01 * price["shadow_price"], rel=1e-4)


def test_a_chain_of_what_ifs_and_a_second_what_if_of_the_same_plan_are_all_optimal():
    base = works()
    start = planner.solve(loaded(base))
    scenarios = [loaded(CHANGES[what](base)) for what in ("demand", "price", "all at once")]
    wanted = [planner.solve(scenario).objective for scenario in scenarios]
    chained, last = [], start
    for scenario in scenarios:
        last = planner.solve(scenario, start=last)
        chained.append(last.objective)
    assert chained == pytest.approx(wanted)
    assert [planner.solve(scenario, start=start).objective for scenario in scenarios] == pytest.approx(wanted)


def test_a_what_if_goes_on_with_dual_simplex_from_the_basis_of_each_pass(caplog):
    base = works(**HURRIED)
    start = planner.solve(loaded(base))
    with caplog.at_level(logging.INFO, logger="planner.model.solver.highs"):
        planner.solve(loaded(CHANGES["capacity"](base)), start=start)
    methods = {message.split(" for ")[0] for message in caplog.messages}
    assert methods == {"dual simplex"}
    assert all(message.endswith("an earlier solve of this shape left a basis") for message in caplog.messages)


def test_whole_numbers_of_the_earlier_plan_are_kept_where_they_still_serve(handed_over):
    base = made([30, 50, 20], "setup_cost", (40,))
    start = planner.solve(loaded(base))
    scenario = loaded({**base, "demand": wanting([31, 52, 21])})
    opened = len(handed_over)
    plan = planner.solve(scenario, start=start)
    assert len(handed_over) == opened
    assert plan.objective == pytest.approx(planner.solve(scenario).objective)
    assert plan.gap == pytest.approx(0, abs=1e-4)
    assert planner.audit(plan, scenario) == []


@pytest.mark.parametrize(("other", "why"), [
    (works(lanes=[*works()["lanes"], {"origin": "plant", "destination": "south", "mode": "air", "unit_cost": 30}]),
     "other variables and places of variables in rules and integer variables than"),
    (works(objective={"mode": "targets_first"}), "other goals than"),
])
def test_a_model_of_another_shape_is_solved_from_scratch_and_the_log_says_why(other, why, caplog):
    start = planner.solve(loaded(works()))
    with caplog.at_level(logging.INFO, logger="planner.model.solver.warm_start"):
        plan = planner.solve(loaded(other), start=start)
    assert plan.status == "optimal"
    assert len(caplog.messages) == 1
    assert why in caplog.messages[0]


def test_a_plan_from_files_or_from_another_process_leaves_its_whole_numbers(tmp_path, caplog):
    scenario = loaded(plant([5], sourcing=BOUGHT))
    start = planner.solve(scenario)
    start.save(tmp_path / "plan")
    for plan in (
        planner.load_plan(tmp_path / "plan"),
        pickle.loads(pickle.dumps(start)),
        copy.deepcopy(start),
    ):
        caplog.clear()
        with caplog.at_level(logging.INFO, logger="planner.plan.plan"):
            assert planner.solve(scenario, start=plan).objective == 50
        assert caplog.messages == ["starting from the whole numbers of 'Plant': it was not solved in this process"]


def test_only_the_last_session_stays_live_and_an_earlier_plan_is_still_a_start(caplog, handed_over):
    base = works()
    start, scenario = planner.solve(loaded(base)), loaded(CHANGES["demand"](base))
    other = planner.solve(loaded(plant([5], sourcing=BOUGHT)))
    assert (start.warm_start.live.session, other.warm_start.live.session is None) == (None, False)
    opened = len(handed_over)
    with caplog.at_level(logging.INFO, logger="planner.model"):
        plan = planner.solve(scenario, start=start)
    assert len(handed_over) == opened + 1
    assert "in a new session" in caplog.messages[0]
    assert caplog.messages[1].startswith("dual simplex")  # from the basis all the same
    assert plan.objective == pytest.approx(planner.solve(scenario).objective)


def test_a_session_that_is_in_use_is_left_alone(handed_over):
    start = planner.solve(loaded(works()))
    live = start.warm_start.live
    with live.in_use:
        opened = len(handed_over)
        assert planner.solve(loaded(works()), start=start).objective == pytest.approx(start.objective)
        assert len(handed_over) == opened + 1
        assert live.session is not None  # not closed under the feet of whoever uses it
    assert start.warm_start.live.session is not None


def test_the_memory_of_a_session_is_given_back_with_its_last_plan():
    plan = planner.solve(loaded(works()))
    session = weakref.ref(plan.warm_start.live.session)
    assert session() is not None
    del plan
    gc.collect()
    assert session() is None


def test_the_same_what_if_is_the_same_plan_whatever_was_solved_between():
    base = works()
    start, scenario = planner.solve(loaded(base)), loaded(CHANGES["capacity"](base))
    first = planner.solve(scenario, start=start)
    planner.solve(loaded(CHANGES["price"](base)), start=start)
    second = planner.solve(scenario, start=start)
    assert all(first.tables[name].equals(second.tables[name]) for name in first.tables)


def test_an_infeasible_what_if_says_so_and_leaves_the_plan_a_start(handed_over):
    sourcing = table("item supplier site unit_cost capacity", ("bike", "arvo", "plant", 10, 20))
    base = plant(
        [5, 5], sourcing=sourcing, inventory=table("item site ending_inventory", ("bike", "plant", 3))
    )
    start = planner.solve(loaded(base))
    with pytest.raises(planner.InfeasibleError, match="ending inventory of bike at Plant"):
        # 2 in all, where 3 are to be left
        planner.solve(loaded(changed(base, "sourcing", "capacity", 0.05)), start=start)
    plan = planner.solve(loaded(changed(base, "demand", "quantity", 2)), start=start)
    assert plan.objective == 2 * 100 + 30  # 20 bikes sold and 3 kept, at 10
