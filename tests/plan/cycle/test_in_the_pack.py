"""The cycle in the meeting pack: what the meeting reads of it, and nothing where there is none."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pytest
from typer.testing import CliRunner

import planner
from planner.cli.program import app
from planner.errors import CycleError, OutputError
from planner.report.papers import status_for
from planner.report.parts import Block, Cell, Plans, Section, Sentences, Table
from planner.report.sections.agreed import agreed_blocks, agreed_sentence
from planner.report.sections.cycle import cycle, cycle_notes
from tests.plan.cycle.conftest import WHAT_IF, edit

PLANS = ("plans/starter", "plans/half")


def meeting(*plans: str, cycle: planner.Cycle | str | None) -> Plans:
    """The plans in these folders as a meeting has them before it."""
    made = [planner.load_plan(plan) for plan in plans]
    comparison = planner.compare(made)
    return Plans(comparison.plans, comparison, originals=tuple(made), cycle=status_for(cycle, made))


def words(chapters: Iterable[Section], blocks: Iterable[Block] = ()) -> str:
    """What the chapters and blocks say, tables cell by cell."""
    texts = []
    for chapter in chapters:
        texts += [chapter.title, chapter.says, words((), chapter.blocks)]
    for block in blocks:
        content = block.content
        if isinstance(content, Sentences):
            texts += [content.title, *content.points]
        elif isinstance(content, Table):
            rows = [cell for title, body in content.bodies for cell in (Cell(title), *chain(*body))]
            texts += [content.caption, *(f"{cell.text} {cell.note}" for cell in rows), content.note]
    return " ".join(" ".join(texts).split())


def test_decision_signatures_assumptions_and_actions_are_read(agreed: planner.Cycle) -> None:
    page = words(cycle(meeting(*PLANS, cycle=agreed.sign("sales", by="Anna", on="2026-01-28"))))
    assert "Cycle 2026-01 Opened by Anna on 2026-01-26, with 2 plans considered. It is signed by sales." in page
    assert "Plan starter, by Anna on 2026-01-28: It keeps the promises Not half: loses sales" in page
    assert "Sales Anna 2026-01-28 Operations not signed yet" in page
    assert "Arvo delivers Ben" in page
    assert "Ask Arvo Ben 2026-02-10 2026-01" in page
    assert "overdue" not in page  # it is due after the cycle was opened


def test_the_plan_decided_on_is_the_one_that_the_meeting_goes_through(begun: planner.Cycle) -> None:
    asked = meeting(*PLANS, cycle=begun)
    assert "Decision asked for Which plan to agree on. Plans considered: starter, half." in words(cycle(asked))
    assert asked.focus_name == "Starter"  # it is recommended
    chosen = begun.decide("half", why="Nobody wants the other", rejected={"starter": "dear"}, by="Anna")
    assert meeting(*PLANS, cycle=chosen).focus_name == "Half the hours"


def test_what_was_agreed_last_month_is_held_against_what_happened(february: planner.Cycle) -> None:
    edit("february/sales_targets.csv", "2026-06,2545", "2026-06,2600")
    planner.solve("february").save("plans/february")
    plans = meeting("plans/february", cycle=february.add("plans/february", by="Anna"))
    page = words((), agreed_blocks(plans))
    # 260 planned, 300 came: 40 of 260; of bikes 255 were delivered, and all 260 were to be
    assert agreed_sentence(plans).startswith(
        "Against the plan agreed in cycle 2026-01: demand 15.4% more, shipments 1.9% less")
    assert "Demand, units Total 260 300 +40 +15.4% 84.6%" in page
    assert "Shipments, units Total 260 255 −5 −1.9% 98.1%" in page
    assert "Accuracy of the demand agreed on" in page
    assert "Sales: 1 change sales_targets target=spring quantity 2800 2600" in page


def test_without_a_cycle_its_parts_are_absent(begun: planner.Cycle) -> None:
    plans = meeting(*PLANS, cycle=None)
    assert (cycle(plans), cycle_notes(plans), agreed_blocks(plans), agreed_sentence(plans)) == ([], [], [], "")


def test_a_cycle_that_is_not_as_signed_is_marked_on_top(
    signed: planner.Cycle,
) -> None:
    edit("cycles/1/cycle.yaml", "It keeps the promises", "It is cheap")
    Path("plans/half/tables/sales.csv").unlink()
    then, now, more = cycle_notes(meeting("plans/starter", cycle="cycles/1"))
    assert then.startswith("Cycle 2026-01 is not what was signed: cycles/1/cycle.yaml line ")
    assert now.startswith("Not what it was when it was added to cycle 2026-01: plans/half/tables/sales.csv")
    assert more == "planner cycle status lists all 3 differences."  # the closing seal is another one, too


def test_a_cycle_of_another_month_and_a_workbook_are_refused(february: planner.Cycle) -> None:
    with pytest.raises(CycleError, match=r"is about plans from 2026-02 on, and .* begins in 2026-01"):
        status_for(february, [planner.load_plan("plans/starter")])
    with pytest.raises(OutputError, match=r"a workbook shows plans alone. A page like pack.html shows cycle, budget and frontier"):
        planner.write_report("plans/starter", "pack.xlsx", cycle="cycles/1")
    assert not Path("pack.xlsx").exists()


def test_the_command_takes_the_plans_of_the_cycle(begun: planner.Cycle) -> None:
    done = CliRunner().invoke(app, ["report", "--cycle", "cycles/1", "--output", "pack.html"])
    assert done.exit_code == 0
    page = Path("pack.html").read_text(encoding="utf-8")
    assert "against Half the hours</h1>" in page
    nothing = CliRunner().invoke(app, ["report", "--output", "pack.html"])
    assert (nothing.exit_code, nothing.stderr.strip()) == (
        2, "name the plans to report on, or the --cycle whose plans they are")


def test_a_plan_that_the_cycle_does_not_know_is_named(begun: planner.Cycle) -> None:
    Path("other").mkdir()
    Path("other/scenario.yaml").write_text(WHAT_IF.replace("0.5", "0.7").replace("Half", "Most"), encoding="utf-8")
    planner.solve("other").save("plans/other")
    assert cycle_notes(meeting("plans/starter", "plans/other", cycle=begun)) == [
        "Not among the plans that cycle 2026-01 considers: Most the hours."]
