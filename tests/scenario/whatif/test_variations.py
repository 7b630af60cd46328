"""What a sweep varies: factors in a line, files of what-ifs, and every problem at once."""

import pytest

import planner
from planner.errors import ScenarioError
from planner.scenario.whatif.variations import MAXIMUM, grid, read_variations
from tests.model.plants import plant, table


@pytest.fixture(scope="module")
def scenario():
    return planner.load_scenario(plant(
        [20, 10], sites=table("site", ("plant",)), items=table("item price", ("bike", 100))))


def problems(texts, scenario):
    with pytest.raises(ScenarioError) as caught:
        grid(texts, scenario)
    return [str(problem) for problem in caught.value.problems]


def test_a_factor_sets_multiplies_and_changes_by_percent(scenario):
    found = grid(["items[item=bike].price = 90, *1.5, +10%, -5%"], scenario)
    where = {"where": {"item": "bike"}}
    assert [one.overrides["items"] for one in found] == [
        [{**where, "set": {"price": "90"}}], [{**where, "multiply": {"price": "1.5"}}],
        [{**where, "multiply": {"price": "1.1"}}], [{**where, "multiply": {"price": "0.95"}}]]
    prices = [float(scenario.changed(one.overrides)["items"]["price"].iloc[0]) for one in found]
    assert prices == pytest.approx([90, 150, 110, 95])


def test_several_factors_give_every_combination_the_last_one_fastest(scenario):
    found = grid(["items.price = 1, 2", "settings.objective.mode = cost, profit"], scenario)
    assert [tuple(one.values.values()) for one in found] == [
        ("1", "cost"), ("1", "profit"), ("2", "cost"), ("2", "profit")]
    assert found[1].name == "items.price = 1, settings.objective.mode = profit"
    assert found[1].overrides["settings"] == {"objective": {"mode": "profit"}}


def test_factors_of_one_table_come_one_after_the_other(scenario):
    [found] = grid(["items.price = *2", "items[item=bike].price = *3"], scenario)
    assert scenario.changed(found.overrides)["items"]["price"].tolist() == [600]


def test_several_names_stand_between_bars(scenario):
    [found] = grid(["demand[item=bike, period=2026-01|2026-02].quantity = 5"], scenario)
    assert found.overrides["demand"][0]["where"] == {"item": "bike", "period": ["2026-01", "2026-02"]}


def test_demand_in_one_line_changes_what_the_user_brings(scenario):
    [found] = grid(["demand = +10%"], scenario)
    assert scenario.changed(found.overrides)["demand"]["quantity"].tolist() == pytest.approx([22, 11])


@pytest.mark.parametrize("text, says", [
    ("price", "must be written like"),
    ("items.price =", "must be written like"),
    ("items.price = 1,,2", "must be written like"),
    ("item.price = 1", 'no table "item". Did you mean "items"?'),
    ("items.prise = 1", 'items has no column "prise". Did you mean "price"?'),
    ("items[bike].price = 1", '"bike" must be written like column=name'),
    ("demand = 10", '"10" must be a percentage, like +10%'),
    ("demnd = 10", '"demnd" is no column'),
    ("items.price = 1, 1", "names a value twice: 1"),
])
def test_what_is_wrong_with_a_factor_is_said(text, says, scenario):
    [problem] = problems([text], scenario)
    assert says in problem
    assert problem.startswith(f"--vary = {text}: ")


def test_all_factors_that_are_wrong_are_named_at_once(scenario):
    assert len(problems(["item.price = 1", "items.price = 1", "demand = 5"], scenario)) == 2
    assert problems(["items.price = 1", "items.price = 2"], scenario) == ["items.price is varied twice"]


def test_too_many_combinations_are_refused_before_the_work(scenario):
    values = ", ".join(str(value) for value in range(101))
    [problem] = problems([f"items.price = {values}", f"items.standard_cost = {values}"], scenario)
    assert problem == f"10,201 combinations, but a sweep has {MAXIMUM:,} what-ifs at most"


def test_a_file_has_a_grid_and_single_what_ifs(scenario, tmp_path):
    file = tmp_path / "sweep.yaml"
    file.write_text("vary:\n- items.price = 1, 2\n- demand = -10%, +10%\nwhat_ifs:\n- demand = +20%\n"
                    "- name: Cheap\n  overrides:\n    items: [{where: {item: bike}, set: {price: 5}}]\n")
    found = read_variations(file, scenario)
    assert [one.name for one in found][3:] == ["items.price = 2, demand = +10%", "demand = +20%", "Cheap"]
    assert scenario.changed(found[-1].overrides)["items"]["price"].tolist() == [5]


@pytest.mark.parametrize("text, says", [
    ("vary:\n- items.prise = 1\nwhat_ifs:\n- demand = 5\n- name: A\n",
     ["line 2, vary = items.prise = 1", "line 4, what_ifs = demand = 5", "line 5, what_ifs"]),
    ("varry: [x]\nwhat_ifs: [demand = +1%]\n", ['line 1, varry: no such part. Did you mean "vary"?']),
    ("[]\n", ["must have vary, what_ifs, or both"]),
    ("vary: demand = +1%\n", ["line 1: must be a list"]),
    ("vary: [a: b: c\n", ["not valid YAML"]),
])
def test_every_problem_of_a_file_is_named_with_its_line(text, says, scenario, tmp_path):
    file = tmp_path / "sweep.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        read_variations(file, scenario)
    lines = [str(problem) for problem in caught.value.problems]
    assert len(lines) == len(says)
    for line, part in zip(lines, says, strict=True):
        assert line.startswith("sweep.yaml")
        assert part in line
