"""What is wrong with a plan agreed on, with frozen periods and with stability costs is named where it stands."""

from pathlib import Path
from typing import Any

import pytest

from planner.errors import ScenarioError
from planner.scenario.load import check, load_scenario
from planner.scenario.saving.convert import convert
from tests.model.agreed import going_on, write_agreed
from tests.model.plants import BOUGHT, MADE, plant, table

TWO = plant([10, 10], routings=MADE, sourcing=BOUGHT)
BIKES = ("bike", "arvo", "plant")


def told(scenario: dict[str, Any]) -> list[str]:
    return [f"{problem.severity}: {problem}" for problem in check(scenario)]


def test_a_company_may_freeze_periods_before_there_is_a_plan(tmp_path: Path) -> None:
    now = going_on(TWO, tmp_path, frozen=1, stability_costs=table("area cost", ("sourcing", 1)))
    del now["agreed_plan"]
    assert told(now) == [
        "warning: calendar.frozen_periods = 1: nothing is frozen yet, since no plan is agreed on: agreed_plan names its "
        "folder. planner roll writes it",
        "warning: stability_costs: no change costs anything yet, since no plan is agreed on: agreed_plan names its folder"]
    assert load_scenario(now).frozen_periods == 0


@pytest.mark.parametrize(("value", "message"), [
    (3, "calendar.frozen_periods = 3: must be 2 or less, the periods of the calendar"),
    (-1, "calendar.frozen_periods = -1: must be a whole number, 0 or more"),
    (1.5, "calendar.frozen_periods = 1.5: must be a whole number, 0 or more"),
])
def test_frozen_periods_are_some_of_the_calendar(value: float, message: str, tmp_path: Path) -> None:
    place = write_agreed(tmp_path / "plan", {})
    assert f"error: {message}" in told(going_on(TWO, place, frozen=value))  # type: ignore[arg-type]


def test_a_folder_that_is_not_there_has_its_nearest_name(tmp_path: Path) -> None:
    write_agreed(tmp_path / "january", {})
    place = tmp_path / "januray"
    assert told(going_on(TWO, place, frozen=1))[0].endswith('there is no such folder. Did you mean "january"?')


@pytest.mark.parametrize(("damage", "message"), [
    (lambda place: (place / "plan.json").unlink(), "holds no plan: plan.json is missing"),
    (lambda place: (place / "plan.json").write_text("{"), "plan.json is damaged: solve the scenario of that month again"),
    (lambda place: (place / "plan.json").write_text("[]"), "plan.json is not that of a plan"),
    (lambda place: (place / "plan.json").write_text('{"files": {}}'),
     "plan.json does not say which periods it plans: settings.calendar"),
    (lambda place: (place / "tables" / "delivery.csv").unlink(), "holds half a plan: tables/delivery.csv is missing"),
    (lambda place: (place / "tables" / "sourcing.csv").write_text("item\n"),
     "tables/sourcing.csv is not as it was saved: it was edited, or comes from another plan"),
    (lambda place: [(place / "plan.json").unlink(), (place / "scenario.yaml").touch()],
     "is the folder of a scenario, not of a plan"),
])
def test_a_folder_without_a_whole_plan_is_refused(damage: Any, message: str, tmp_path: Path) -> None:
    place = write_agreed(tmp_path / "plan", {})
    damage(place)
    [problem] = told(going_on(TWO, place, frozen=1))
    assert problem.startswith('error: agreed_plan = "') and problem.endswith(f": {message}")


@pytest.mark.parametrize(("how", "message"), [
    ({"bucket": "week"}, "is a plan in weeks, and the scenario's periods are months"),
    ({"currency": "USD"}, 'is a plan in "USD", and the scenario is in "EUR"'),
    ({"periods": 1}, "plans 2026-01 to 2026-01, and 2026-01 to 2026-02 are frozen: name a later plan, or freeze fewer "
                     "periods"),
])
def test_a_plan_of_another_kind_is_refused(
    how: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = write_agreed(Path("plan"), {}, **how)
    assert told(going_on(TWO, place, frozen=2)) == [f'error: agreed_plan = "plan": {message}']


def test_what_was_agreed_and_is_no_longer_possible_is_named_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = write_agreed(Path("plan"), sites=("plant", "depot"), rows={
        "production": [("bikes", "plant", "line", 1, 5), ("bike", "plant", "hand", 1, 5), ("bike", "plant", "hand", 3, 5)],
        "purchased": [(*BIKES, 2, 4)],
        "shipped": [("plant", "depot", "truck", "bike", 1, 3), ("plant", "south", "truck", "bike", 1, 3)],
        "hired": [("plant", "smiths", 1, 2)]})
    late = table("item supplier site unit_cost lead_time", (*BIKES, 10, 1))
    now = going_on({**TWO, "sourcing": late}, place, frozen=2)
    assert [problem.removeprefix('error: agreed_plan = "plan": ') for problem in told(now)] == [
        'starts 5 in 2026-01, which is frozen (item bikes, site plant, routing line): there is no item "bikes" any more. '
        'Did you mean "bike"?',
        "starts 5 in 2026-01, which is frozen (item bike, site plant, routing hand): no row of routings allows it then",
        "orders 4 in 2026-02, which is frozen (item bike, supplier arvo, site plant): it would arrive after the last period "
        "planned",
        'ships 3 in 2026-01, which is frozen (origin plant, destination depot, mode truck, item bike): there is no site '
        '"depot" any more',
        "hires 2 in 2026-01, which is frozen (site plant, labor_pool smiths): no row of labor_pools allows it then"]


def test_rows_of_stability_costs_are_about_something(tmp_path: Path) -> None:
    place = write_agreed(tmp_path / "plan", {})
    costs = table("area item site cost", ("buying", None, None, 1), ("production", "bik", None, 1), ("workforce", "bike", None, 1),
                  ("workforce", None, None, 1), ("delivery", "bike", "plant", 1), ("sourcing", None, None, -1))
    problems = told(going_on(TWO, place, stability_costs=costs))
    assert problems == [
        'error: stability_costs row 1, area = "buying": must be production, sourcing, delivery or workforce',
        "error: stability_costs row 6, cost = -1: must be 0 or more",
        'error: stability_costs row 2, item = "bik": no such item. Did you mean "bike"?',
        'error: stability_costs row 3, item = "bike": must be blank for workforce: workers are of no item',
        'warning: stability_costs row 2, area = "production": nothing of this area, item and site can be planned, so that '
        "the row costs nothing",
        'warning: stability_costs row 4, area = "workforce": nothing of this area, item and site can be planned, so that '
        "the row costs nothing"]


def test_what_is_held_is_part_of_what_the_scenario_is(tmp_path: Path) -> None:
    def hash_of(name: str, rows: dict[str, Any], *, frozen: int = 1) -> str:
        return load_scenario(going_on(TWO, write_agreed(tmp_path / name, rows), frozen=frozen)).content_hash

    five = hash_of("five", {"purchased": [(*BIKES, 1, 5), (*BIKES, 2, 1)]})
    assert five == hash_of("again", {"purchased": [(*BIKES, 1, 5), (*BIKES, 2, 99)]})  # February is not frozen
    assert five != hash_of("six", {"purchased": [(*BIKES, 1, 6), (*BIKES, 2, 1)]})


def test_a_what_if_inherits_the_plan_as_seen_from_the_folder_that_names_it(tmp_path: Path) -> None:
    write_agreed(tmp_path / "plans" / "january", {"purchased": [(*BIKES, 1, 5)]})
    base, child = tmp_path / "mine", tmp_path / "deep" / "down" / "what-if"
    for folder in (base, child):
        folder.mkdir(parents=True)
    (base / "scenario.yaml").write_text(
        "name: Mine\nagreed_plan: ../plans/january\ncalendar: {start: 2026-01, periods: 2, frozen_periods: 1}\n")
    for name, text in {"items": "item\nbike\n", "sites": "site\nplant\n", "markets": "market\nnorth\n",
                       "sourcing": "item,supplier,site,unit_cost\nbike,arvo,plant,10\n",
                       "lanes": "origin,destination,mode\nplant,north,truck\n"}.items():
        (base / f"{name}.csv").write_text(text)
    (child / "scenario.yaml").write_text("name: What if\nbase: ../../../mine\n")
    assert load_scenario(child).held("purchased")["quantity"].tolist() == [5]
    for place, target, whole in ((base, "books/mine.xlsx", False), (child, "alone", True)):
        (tmp_path / "books").mkdir(exist_ok=True)
        convert(place, tmp_path / target, whole=whole)
        assert load_scenario(tmp_path / target).content_hash == load_scenario(base).content_hash
    thawed = load_scenario(child).changed({"settings": {"calendar": {"frozen_periods": 0}}})
    assert thawed.agreed is None and load_scenario(child).changed({}).held("purchased")["quantity"].tolist() == [5]
    (base / "scenario.yaml").write_text((base / "scenario.yaml").read_text().replace("january", "march"))
    with pytest.raises(ScenarioError, match=r"mine/scenario\.yaml line 2, agreed_plan = \"\.\./plans/march\": there is no such"):
        load_scenario(child)


def test_a_what_if_names_the_plan_among_the_settings_that_it_overrides_or_beside_them(tmp_path: Path) -> None:
    agreed = write_agreed(tmp_path / "january", {"purchased": [(*BIKES, 1, 5)]})
    overridden = {"calendar": {"frozen_periods": 1}, "agreed_plan": str(agreed)}
    child = load_scenario({"name": "What if", "base": TWO, "overrides": {"settings": overridden}})
    assert child.held("purchased")["quantity"].tolist() == [5]
    folder = tmp_path / "what-if"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(
        "name: What if\nagreed_plan: ../january\noverrides:\n  settings:\n    agreed_plan: ../february\n")
    with pytest.raises(ScenarioError, match=r'line 2, agreed_plan = "\.\./january": stands there twice'):
        load_scenario(folder)


@pytest.mark.parametrize("place", [["plans"], {"folder": "plans"}])
def test_a_plan_agreed_on_is_named_by_one_folder(place: Any) -> None:
    assert told({**TWO, "agreed_plan": place}) == ["error: agreed_plan: must be the folder of a plan"]
