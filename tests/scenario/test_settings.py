"""scenario.yaml means what it says, nothing turns into something else, and every wrong setting names its
line.
"""

from collections.abc import Callable
from datetime import date

import pytest

import planner
from planner.errors import ScenarioError
from planner.scenario.load import check
from planner.scenario.settings import ForecastSettings
from tests.scenario.conftest import BAKERY, Write

Problems = Callable[..., list[str]]
START = BAKERY["scenario.yaml"]  # two lines


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "scenario.yaml: is empty: it must give at least a name"),
        ("# nothing\n", "scenario.yaml: is empty: it must give at least a name"),
        ("- a\n", "scenario.yaml line 1: must be a mapping of names to values, like name: Baseline"),
        ("null\n", "scenario.yaml line 1: must be a mapping of names to values, like name: Baseline"),
        ("name: a\n", "scenario.yaml line 1, calendar: must be given"),
        ("name: a\ncalendar:\n  periods: 3\n", "scenario.yaml line 3, calendar.start: must be given"),
        (
            "calendar: {start: 2026-01, periods: 3}\n",
            "scenario.yaml line 1, name: must be given: it is what plans and reports call the scenario",
        ),
        (
            "name: ' '\ncalendar: {start: 2026-01, periods: 3}\n",
            "scenario.yaml line 1, name: must be given: it is what plans and reports call the scenario",
        ),
        (START + "question: [1]\n", "scenario.yaml line 3, question: must be a sentence"),
        (START + "solvr: {gap: 0}\n", 'scenario.yaml line 3, "solvr": no such setting or table. Did you '
                                      'mean "solver"?'),
        (
            START + "sourcing: []\n",
            "scenario.yaml line 3, sourcing: tables stand in files of their own: put the rows into "
            "sourcing.csv, or changes of the base's under overrides",
        ),
        (START + "name: x\n", "scenario.yaml line 3, name: is given twice; it was first given in line 1"),
        (START + "solver: {gap: 2}\n", "scenario.yaml line 3, solver.gap = 2: must be from 0 to 1"),
        (START + "solver:\n  gap: .1\n  gap: .2\n", "scenario.yaml line 5, gap: is given twice; it was "
                                                    "first given in line 4"),
        (
            START + "solver: {gop: 2}\n",
            'scenario.yaml line 3, solver.gop: no such setting. Allowed are time_limit, effort, gap, threads, seed. '
            'Did you mean "gap"?',
        ),
        (
            START + "forecast: {record_cycles: 4}\n",
            "scenario.yaml line 3, forecast.record_cycles: no such setting. Allowed are "
            f"{', '.join(ForecastSettings.model_fields)}. It is called backtest_origins now",
        ),
        (
            START + "objective: {mode:cost}\n",
            "scenario.yaml line 3, objective.mode:cost: no such setting. Allowed are mode, beyond_targets. "
            "Write mode: cost, with a space after the colon",
        ),
        (
            START + "objective: {mode cost}\n",
            "scenario.yaml line 3, objective.mode cost: no such setting. Allowed are mode, beyond_targets. "
            'Did you mean "mode"?',
        ),
        (
            START.replace("3}", "3, bucket:week}"),
            "scenario.yaml line 2, calendar.bucket:week: no such setting. Allowed are start, periods, "
            "bucket, frozen_periods. Write bucket: week, with a space after the colon",
        ),
        (
            START + "solver: {gap: 0,01}\n",
            "scenario.yaml line 3, solver.01: no such setting. Allowed are time_limit, effort, gap, threads, seed. "
            "Write numbers with a decimal point and without separators, like 1234.5",
        ),
        (
            START + "solver:\n  time_limit: 60\n  gop:\n",
            "scenario.yaml line 5, solver.gop: no such setting. Allowed are time_limit, effort, gap, threads, seed. "
            'Did you mean "gap"?',
        ),
        (
            START + 'currency: "E\\e[31mUR"\n',
            'scenario.yaml line 3, currency = "E\\x1b[31mUR": must be a name, like EUR',
        ),
        (
            START + 'question: "Is \\e[31mit?"\n',
            'scenario.yaml line 3, question = "Is \\x1b[31mit?": a text must have no control characters; it '
            "holds U+001B ESCAPE",
        ),
        (
            START.replace("Bakery", '"B\\e[31m"'),
            'scenario.yaml line 1, name = "B\\x1b[31m": a name must stand on one line, without control '
            "characters or invisible ones; it holds U+001B ESCAPE",
        ),
        (
            START.replace("2026-01", "2200-11"),
            "scenario.yaml line 2, calendar.periods = 3: must end in 2200 at the latest, and ends in 2201-01",
        ),
        (START + "solver: 3\n", "scenario.yaml line 3, solver = 3: must give time_limit, effort, gap, threads or "
                                "seed"),
        (START + "solver: {time_limit: .inf}\n", 'scenario.yaml line 3, solver.time_limit = ".inf": must be '
                                                 'more than 0 seconds'),
        (START + "solver: {time_limit: 0}\n", "scenario.yaml line 3, solver.time_limit = 0: must be more "
                                              "than 0 seconds"),
        (START + "solver: {threads: 0}\n", "scenario.yaml line 3, solver.threads = 0: must be a whole "
                                           "number from 1 to 1024"),
        (START + "solver: {seed: -1}\n", "scenario.yaml line 3, solver.seed = -1: must be a whole number "
                                         "from 0 to 2147483647"),
        (START + "currency: 12\n", "scenario.yaml line 3, currency = 12: must be a name, like EUR"),
        (
            START + "objective: {mode: profits}\n",
            'scenario.yaml line 3, objective.mode = "profits": must be targets_first, cost or profit. Did '
            'you mean "profit"?',
        ),
        (
            START + "objective: {beyond_targets: some}\n",
            'scenario.yaml line 3, objective.beyond_targets = "some": must be all, profitable or none',
        ),
        (
            START + "forecast: {plan_on: 0.8}\n",
            "scenario.yaml line 3, forecast.plan_on = 0.8: must be mean or one of the quantiles "
            "0.05, 0.1, 0.25, 0.5, 0.75, 0.9 or 0.95",
        ),
        (
            START + "forecast: {as_of: 2026-02-30}\n",
            'scenario.yaml line 3, forecast.as_of = "2026-02-30": must be a date written like 2026-03-15, '
            'from 1900 to 2200',
        ),
        (
            START.replace("2026-01", "2026-13"),
            'scenario.yaml line 2, calendar.start = "2026-13": must be a month written like '
            "2026-03, from 1900 to 2200. The bucket is month",
        ),
        (
            START.replace("3}", "3, bucket: week}"),
            'scenario.yaml line 2, calendar.start = "2026-01": must be a week written like '
            "2026-W10, from 1900 to 2200. The bucket is week",
        ),
        (
            START.replace("2026-01", "202601"),
            "scenario.yaml line 2, calendar.start = 202601: must be a month written like 2026-03, "
            "or a week written like 2026-W10 with bucket: week",
        ),
        (START.replace("3}", "0}"), "scenario.yaml line 2, calendar.periods = 0: must be a whole number "
                                    "from 1 to 600"),
        (START.replace("3}", "yes}"), 'scenario.yaml line 2, calendar.periods = "yes": must be a whole '
                                      'number from 1 to 600'),
        (START.replace("3}", "true}"), "scenario.yaml line 2, calendar.periods = true: must be a whole "
                                       "number from 1 to 600"),
        (START.replace("3}", "3.0}"), "scenario.yaml line 2, calendar.periods = 3.0: must be a whole number "
                                      "from 1 to 600"),
        (
            START.replace("3}", "3, bucket: moth}"),
            'scenario.yaml line 2, calendar.bucket = "moth": must be month or week. Did you mean "month"?',
        ),
        (
            START.replace("3}", "3, frozen_periods: two}"),
            "scenario.yaml line 2, calendar.frozen_periods = \"two\": must be a whole number, 0 or "
            "more",
        ),
        ("name: B\ncalendar: [1]\n", "scenario.yaml line 2, calendar: must give start and periods"),
        (START + "a: [\n", "scenario.yaml line 4: not valid YAML: expected the node content, but found "
                           "'<stream end>'"),
        (START + "\tx: 3\n", "scenario.yaml line 3: not valid YAML: found character '\\t' that cannot start "
                             "any token"),
        (START + "---\nname: x\n", "scenario.yaml: holds more than one document (---): a scenario is one"),
        ("? [a]\n: b\n", "scenario.yaml line 1: a name is expected here, not a list or a mapping"),
        (START + "overrides: {}\n", "scenario.yaml line 3, overrides: there is no base to override. Give "
                                    "base"),
    ],
)
def test_what_is_wrong_with_the_description_is_said_with_its_line(
    problems_of: Problems, text: str, problem: str
) -> None:
    assert problems_of({"scenario.yaml": text}) == [problem]


def test_anchors_aliases_and_tags_are_refused_before_they_unfold(problems_of: Problems) -> None:
    refused = "anchors (&) and aliases (*) are not allowed. Write the value out, or put it in double quotes"
    assert problems_of({"scenario.yaml": "name: &a x\nquestion: *a\n" + START}) == [
        f"scenario.yaml line 1: {refused}"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("question: *a\n", "anchors (&) and aliases (*) are not allowed. Write the value out, or put it in "
                           "double quotes"),
        ("question: !!python/name:os.system x\n", "tags (!) are not allowed. Put the value in double quotes"),
        ("question: " + "[" * 5000 + "\n", "is nested deeper than 20 levels"),
    ],
)
def test_what_yaml_can_do_and_a_scenario_need_not_is_refused(
    problems_of: Problems, text: str, problem: str
) -> None:
    assert problems_of({"scenario.yaml": START + text}) == [f"scenario.yaml line 3: {problem}"]


def test_a_file_larger_than_any_description_is_not_even_parsed(problems_of: Problems) -> None:
    assert problems_of({"scenario.yaml": "#" * 1_000_001}) == [
        "scenario.yaml: is larger than 1,000,000 bytes"
    ]


def test_a_description_that_is_no_text_is_refused(problems_of: Problems) -> None:
    assert problems_of({"scenario.yaml": START.encode() + b"x: \xff\n"}) == [
        "scenario.yaml line 3: is not UTF-8 text. Save it as UTF-8"
    ]


def test_all_problems_of_the_description_come_at_once_and_with_those_of_the_tables(
    problems_of: Problems,
) -> None:
    text = (
        "name: B\ncalendar: {start: 2026-01, periods: x, bucket: yer}\nsolver: {gap: 2, seed: "
        "1.5}\ncurency: EUR\n"
    )
    found = problems_of(
        {"scenario.yaml": text, "sites.csv": "site\n", "items.csv": "item,price\nbread,x\nflour,\n"}
    )
    assert found[:6] == [
        'scenario.yaml line 4, "curency": no such setting or table. Did you mean "currency"?',
        'scenario.yaml line 2, calendar.periods = "x": must be a whole number from 1 to 600',
        'scenario.yaml line 2, calendar.bucket = "yer": must be month or week',
        "scenario.yaml line 3, solver.gap = 2: must be from 0 to 1",
        "scenario.yaml line 3, solver.seed = 1.5: must be a whole number from 0 to 2147483647",
        'items.csv row 2, price = "x": must be a number written like 1234.5',
    ]
    assert found[6:] == [  # a table without rows is one problem, not one for each row that names its rows
        "sites: the table is missing or has no rows, and sourcing.site, routings.site, routing_steps.site and 4 more "
        "columns name sites. Give it a row for each site"]


def test_words_and_numbers_that_yaml_likes_to_turn_into_something_else_stay_what_they_are(
    write: Write,
) -> None:
    text = (
        "name: no\nquestion: 12:30:00\ncurrency: off\ncalendar: {start: 2026-01, periods: 010}\n"
        "forecast: {as_of: 2025-12-15}\nsolver: {gap: 1e-3, time_limit: null}\n"
    )
    scenario = planner.load_scenario(write({"scenario.yaml": text}))
    assert (scenario.name, scenario.question, scenario.settings.currency) == ("no", "12:30:00", "off")
    assert scenario.calendar.periods == 10  # not 8
    assert scenario.settings.forecast.as_of == date(2025, 12, 15)
    assert (scenario.settings.solver.gap, scenario.settings.solver.time_limit) == (0.001, None)


def test_what_is_not_said_has_its_default_and_the_past_ends_the_day_before_the_calendar_starts(
    write: Write,
) -> None:
    settings = planner.load_scenario(write({"scenario.yaml": START + "solver:\n"})).settings
    assert settings.model_dump() == {
        "calendar": {"start": "2026-01", "periods": 3, "bucket": "month", "frozen_periods": 0},
        "currency": "EUR",
        "objective": {"mode": "targets_first", "beyond_targets": "all"},
        "forecast": {
            "plan_on": "mean",
            "quantile_of": "series",
            "as_of": date(2025, 12, 31),
            "anchor": "item",
            "consensus": "weighted",
            "consume_backward": 0,
            "consume_forward": 0,
            "outliers": "cut",
            "gaps": "zero",
            "returns": "refuse",
            "backtest_origins": None,
            "churn": "measured",
        },
        "solver": {"time_limit": None, "effort": None, "gap": 0.0001, "threads": 1, "seed": 0},
    }


def test_weeks_are_iso_weeks(write: Write) -> None:
    text = "name: B\ncalendar: {start: 2026-W53, periods: 2, bucket: week}\n"
    scenario = planner.load_scenario(
        write({"scenario.yaml": text, "demand.csv": None, "booked_orders.csv": None})
    )
    assert [scenario.calendar.label(period) for period in scenario.calendar.index] == ["2026-W53", "2027-W01"]
    assert scenario.calendar.start.start_time.date() == date(2026, 12, 28)
    assert scenario.settings.forecast.as_of == date(2026, 12, 27)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("".join(f"x{at}: 1\n" for at in range(23)), "scenario.yaml: and 3 more settings that are not known"),
        ("solver:\n" + "".join(f"  x{at}: 1\n" for at in range(23)), "scenario.yaml: and 3 more settings "
                                                                     "with problems"),
        ("x: 1\n" * 50, "scenario.yaml line 23, x: is given twice; it was first given in line 22"),
    ],
)
def test_a_flood_of_wrong_settings_ends(problems_of: Problems, text: str, problem: str) -> None:
    found = problems_of({"scenario.yaml": START + text})
    assert problem in found
    assert len(found) <= 22


def test_settings_cannot_be_changed(write: Write) -> None:
    scenario = planner.load_scenario(write())
    with pytest.raises(ValueError, match="frozen"):
        scenario.settings.solver.gap = 0.5
    with pytest.raises(AttributeError):
        scenario.name = "x"  # type: ignore[misc]


def test_settings_of_a_dict_are_named_without_lines() -> None:
    found = check(
        {
            "name": "B",
            "calendar": {"start": "2026-01", "periods": "3"},
            "solver": {"gap": float("nan")},
            "colour": 1,
        }
    )
    assert [str(problem) for problem in found] == [
        '"colour": no such setting or table',
        'calendar.periods = "3": must be a whole number from 1 to 600',
        "solver.gap: must be from 0 to 1",
    ]
    with pytest.raises(ScenarioError, match="1 problem in B\n  calendar: must be given"):
        planner.load_scenario({"name": "B"})


def test_a_misspelt_setting_of_a_what_if_is_found_though_its_value_is_blank(write: Write) -> None:
    write()
    text = "name: Child\nbase: ../bakery\noverrides:\n  settings: {objective: {mode:cost}, solver: {gap: 0,01}}\n"
    found = [str(problem) for problem in check(write({"scenario.yaml": text}, name="child", only=True))]
    assert [one.split(":")[0] for one in found] == [
        "scenario.yaml line 4, objective.mode",
        "scenario.yaml line 4, solver.01",
    ]


def test_a_misspelt_setting_of_a_dict_is_found_though_its_value_is_none() -> None:
    given = {"name": "B", "calendar": {"start": "2026-01", "periods": 3}, "forecast": {"plan_on:0.9": None}}
    assert [str(problem).split(".")[1] for problem in check(given)] == ["plan_on:0"]
