"""The walk of two months from the command line."""

from dataclasses import replace
from pathlib import Path

from typer.testing import CliRunner, Result

import planner
from planner import cli


def run(line: str) -> Result:
    return CliRunner().invoke(cli.app, [word.replace("_", " ") if ":" in word else word for word in line.split()])


def test_two_months_from_plans_to_the_next_scenario(work: Path) -> None:
    for line in ("cycle open cycles/1 starter --by Anna --on 2026-01-26",
                 "cycle add cycles/1 plans/starter plans/half --assumption Arvo --action Ask --due 2026-02-10 --by Anna",
                 "cycle decide cycles/1 plans/starter --why promises --reject half:_no --by Anna",
                 "cycle sign cycles/1 --side sales --by Anna", "cycle sign cycles/1 --side operations --by Ben",
                 "cycle close cycles/1 --by Anna",
                 "roll cycles/1 --to 2026-02 --periods 11 --actuals actuals.csv --output february"):
        assert run(line).exit_code == 0, line
    shown = run("cycle open cycles/2 february --previous cycles/1 --actuals actuals.csv --by Anna --on 2026-02-02")
    assert shown.exit_code == 0
    assert "Cycle 2026-02, Starter: open (revision 1)" in shown.stdout
    told = " ".join(shown.stdout.split())
    assert "demand all 260 300 +40 15.4% 84.6%" in told
    assert "1 Ask Anna 2026-02-10 2026-01" in told
    (work / "cycles" / "1" / "forecast.csv").write_text("item\n", encoding="utf-8")
    broken = run("cycle status cycles/1")
    assert (broken.exit_code, "forecast.csv: was edited after it was signed" in broken.stdout) == (1, True)


def test_what_is_wrong_is_said_on_stderr_with_exit_code_2(work: Path) -> None:
    run("cycle open cycles/1 starter --by Anna")
    for line, message in (("cycle add cycles/1 --by Anna", "name a plan to add"),
                          ("cycle decide cycles/1 starter --why x --reject half --by Anna", "say which plan and why"),
                          ("cycle sign cycles/1 --side sales --by Anna --revision 7", "was at revision 7 and is at 1"),
                          ("roll cycles/1 --to 2026-02 --output x", "Close it first"),
                          ("roll cycles/1 --to 2026-02 --plan plans/half --output x", "Leave out --plan")):
        result = run(line)
        assert (result.exit_code, message in result.stderr, result.stdout) == (2, True, ""), line


def test_one_person_for_two_sides_is_warned_of(work: Path) -> None:
    for line in ("cycle open cycles/1 starter --by Anna", "cycle add cycles/1 plans/starter --by Anna",
                 "cycle decide cycles/1 starter --why x --by Anna", "cycle sign cycles/1 --side sales --by Anna"):
        assert run(line).exit_code == 0
    assert "two sides, one person" in run("cycle sign cycles/1 --side operations --by Anna").stderr


def test_an_unproven_plan_is_decided_on_with_a_mark_and_a_warning(work: Path) -> None:
    replace(planner.load_plan("plans/starter"), status="time_limit").save("plans/starter")
    for line in ("cycle open cycles/1 starter --by Anna", "cycle add cycles/1 plans/starter --by Anna"):
        assert run(line).exit_code == 0
    decided = run("cycle decide cycles/1 starter --why x --by Anna")
    assert (decided.exit_code, "is not proven to be the best plan" in decided.stderr) == (0, True)
    made = planner.Cycle.load("cycles/1").record.decision
    assert made is not None and made.proof.startswith("not proven")
    told = " ".join(run("cycle status cycles/1").stdout.split())
    assert "starter not proven Anna" in told and f"Plan starter ({made.proof}), by Anna" in told
