"""The starter scenario and a what-if of it, with their plans: solved once, copied for each test."""

import shutil
from pathlib import Path

import pytest

import planner
from planner.plan.cycle.going_on import roll_cycle
from planner.scenario.starter import write_starter

WHAT_IF = ("name: Half the hours\nbase: ../starter\noverrides:\n  work_centers:\n"
           "    - where: {work_center: line}\n      multiply: {available_hours: 0.5}\n")
ACTUALS = """kind,item,site,market,period,quantity,amount
demand,bike,,shops,2026-01,300,
shipment,bike,,shops,2026-01,255,
inventory,bike,plant,,2026-01,12,
"""


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `starter`, `half`, their plans, and what happened in January."""
    place = tmp_path_factory.mktemp("solved")
    write_starter(place / "starter")
    (place / "half").mkdir()
    (place / "half" / "scenario.yaml").write_text(WHAT_IF, encoding="utf-8")
    (place / "actuals.csv").write_text(ACTUALS, encoding="utf-8")
    for name in ("starter", "half"):
        planner.solve(place / name).save(place / "plans" / name)
    return place


@pytest.fixture
def work(solved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the current folder."""
    return copied(solved, tmp_path, monkeypatch)


def copied(place: Path, new: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The copy of the folder, which is the current one."""
    shutil.copytree(place, new / "work")
    monkeypatch.chdir(new / "work")
    return new / "work"


def opened() -> planner.Cycle:
    """The cycle of January with both plans."""
    cycle = planner.Cycle.open("cycles/1", "starter", by="Anna", on="2026-01-26")
    cycle = cycle.add("plans/starter", by="Anna", on="2026-01-27").add("plans/half", by="Ben", on="2026-01-27")
    cycle = cycle.assume("Arvo delivers", owner="Ben", by="Anna", on="2026-01-27")
    return cycle.act("Ask Arvo", owner="Ben", due="2026-02-10", by="Anna", on="2026-01-27")


def decided(cycle: planner.Cycle) -> planner.Cycle:
    """The same, decided."""
    return cycle.decide("starter", why="It keeps the promises", rejected={"half": "loses sales"}, by="Anna",
                        on="2026-01-28")


def closed(cycle: planner.Cycle) -> planner.Cycle:
    """The same, signed by both and closed."""
    both = cycle.sign("sales", by="Anna", on="2026-01-28").sign("operations", by="Ben", on="2026-01-28")
    return both.close(by="Anna", on="2026-01-28")


def second() -> planner.Cycle:
    """The cycle of February, on the rolled scenario."""
    roll_cycle("cycles/1", "february", to="2026-02", actuals="actuals.csv", periods=11)
    return planner.Cycle.open("cycles/2", "february", by="Anna", on="2026-02-02", previous="cycles/1",
                              actuals="actuals.csv")


@pytest.fixture(scope="session")
def stages(solved: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder with the cycle of January in `cycles/1`, once opened, once decided, once closed; and with
    the one of February in `cycles/2`.
    """
    steps = {"opened": opened, "decided": lambda: decided(planner.Cycle.load("cycles/1")),
             "closed": lambda: closed(planner.Cycle.load("cycles/1")), "second": second}
    places, before = {}, solved
    for stage, step in steps.items():
        with pytest.MonkeyPatch.context() as patch:
            before = places[stage] = copied(before, tmp_path_factory.mktemp(stage), patch)
            step()
    return places


@pytest.fixture
def begun(stages: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> planner.Cycle:
    """A copy of the cycle of January with its plans; the folder around it is the current one."""
    copied(stages["opened"], tmp_path, monkeypatch)
    return planner.Cycle.load("cycles/1")


@pytest.fixture
def agreed(stages: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> planner.Cycle:
    """The same, decided."""
    copied(stages["decided"], tmp_path, monkeypatch)
    return planner.Cycle.load("cycles/1")


@pytest.fixture
def signed(stages: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> planner.Cycle:
    """The same, signed by both and closed."""
    copied(stages["closed"], tmp_path, monkeypatch)
    return planner.Cycle.load("cycles/1")


@pytest.fixture
def february(stages: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> planner.Cycle:
    """The cycle of February, which goes on from the one of January."""
    copied(stages["second"], tmp_path, monkeypatch)
    return planner.Cycle.load("cycles/2")


def edit(file: str | Path, before: str, after: str) -> None:
    """The first place of the text in the file says something else."""
    text = Path(file).read_text(encoding="utf-8")
    assert before in text
    Path(file).write_text(text.replace(before, after, 1), encoding="utf-8")


