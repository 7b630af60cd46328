"""The documentation says what the code says: pages are fresh, links lead somewhere, commands exist and
examples run.
"""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from generate import stale_pages
from generator.cli import every_command
from generator.editor import settings_schema
from generator.markdown import docstring
from generator.model import model_page
from generator.results import results_page
from generator.scenario import scenario_page
from generator.tables import tables_picture
from planner.model.build import COSTS, RULES
from planner.model.cost_terms import COST_TERMS
from planner.plan import layout
from planner.plan.kpis import KPIS
from planner.plan.plan import Plan
from planner.report.terminal import results as terminal
from planner.report.terminal.parts import show
from planner.scenario import schema
from planner.scenario.load import check
from planner.scenario.schema import TABLES

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
OTHER_PAGES = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")} - {README})
PAGES = [README, *OTHER_PAGES]


def blocks(text: str, language: str) -> list[str]:
    """The fenced code blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def prose(text: str) -> str:
    """A page without its code blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def slug(heading: str) -> str:
    """The link target that markdown renderers give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def slugs(text: str) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", prose(text), flags=re.MULTILINE)}


def broken_links(page: Path, text: str) -> list[str]:
    """Links to files that are not there, or to headings that a page does not have."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", prose(text)):
        link = target[0] or target[1]
        if re.match(r"https?:|mailto:", link):
            continue
        name, _, heading = link.partition("#")
        file = (page.parent / name) if name else page
        if not file.exists() or (
            heading and heading not in slugs(file.read_text(encoding="utf-8") if name else text)
        ):
            broken.append(f"{page.name}: {link}")
    return broken


# ------------------------------------------------------------------------------------------- generated pages


FORMULA = re.compile(r"^    \S", re.MULTILINE)


def test_every_rule_says_what_is_true_its_formula_its_unit_and_its_shadow_price() -> None:
    rule_texts = {rule.name: docstring(rule.function) for rule in RULES.values()}
    assert len(rule_texts) >= 20
    assert [name for name, text in rule_texts.items() if not re.match(r"[A-Z].*[.:]\n\n", text)] == []
    assert [name for name, text in rule_texts.items() if not FORMULA.search(text)] == []
    unit_and_price = re.compile(r"Unit:\s.*Shadow\s+price:\s", re.DOTALL)
    assert [name for name, text in rule_texts.items() if not unit_and_price.search(text)] == []


def test_results_name_every_cost_term() -> None:
    assert [name for name in COST_TERMS if f"`{name}`" not in results_page()] == []


def test_every_rule_and_cost_has_its_heading_in_the_model_reference() -> None:
    headings = re.findall("^### (?:Cost: )?(.*)$", model_page(), re.MULTILINE)
    assert sorted(headings) == sorted([*RULES, *COSTS])


def test_every_table_column_and_kpi_has_its_place_in_the_references() -> None:
    results, scenario = results_page(), scenario_page()
    assert [name for name in (*layout.TABLES, *KPIS) if f"### {name}\n" not in results] == []
    assert [name for name in TABLES if not re.search(rf"^### {name}\b", scenario, re.MULTILINE)] == []


def test_every_table_stands_in_the_picture_of_tables() -> None:
    picture = tables_picture()
    assert [name for name, table in TABLES.items() if table.planned and f">{name}</text>" not in picture] == []


def test_every_kpi_says_its_formula() -> None:
    assert len(KPIS) >= 10
    assert [name for name, kpi in KPIS.items() if not FORMULA.search(docstring(kpi.measure))] == []


def test_generated_pages_are_what_the_code_says() -> None:
    assert stale_pages() == [], "run: python docs/generate.py"


def test_a_changed_page_is_found_stale(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "reference", tmp_path / "reference")
    page = tmp_path / "reference" / "results.md"
    page.write_text(page.read_text(encoding="utf-8").replace("units", "pieces"), encoding="utf-8")
    (tmp_path / "reference" / "cli.md").unlink()
    assert stale_pages(tmp_path / "reference") == ["cli.md", "results.md"]


def editor_faults(text: str) -> list[str]:
    """What an editor underlines in a scenario.yaml."""
    described = json.loads((ROOT / "docs" / "reference" / "scenario.schema.json").read_text(encoding="utf-8"))
    yaml = YAML(typ="safe", pure=True)
    written = json.loads(json.dumps(yaml.load(text), default=str))
    return [error.message for error in Draft202012Validator(described).iter_errors(written)]


@pytest.mark.parametrize("scenario", sorted(ROOT.glob("scenarios/*/scenario.yaml")), ids=lambda file: file.parent.name)
def test_editors_accept_the_bundled_scenarios(scenario: Path) -> None:
    assert editor_faults(scenario.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", [
    "nmae: x", "calendar: {start: 2026-01, periods: 0}", "objective: {mode: cheapest}",
    "overrides: {sourcing: [{add: {itm: x}}]}",
    "overrides: {sourcing: [{where: {item: x}, set: {unit_cost: -1}}]}", "overrides: {sourcing: [{where: "
                                                                         "{item: x}}]}",
    "overrides: {items: [{where: {item: x}, set: {shelf_life: 3}}]}", "overrides: {specifications: []}"])
def test_editors_underline_mistakes(text: str) -> None:
    assert len(editor_faults(text)) == 1


# ------------------------------------------------------------------------------------------------
# hand-written


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


def test_broken_links_are_found() -> None:
    text = (
        "# Here\n[a](nowhere.md) [b](#there) [c](docs/glossary.md#nothing) ![d](docs/no.png) [e](#here) "
        "[f](LICENSE)"
    )
    assert broken_links(README, text) == [
        "README.md: nowhere.md",
        "README.md: #there",
        "README.md: docs/glossary.md#nothing",
        "README.md: docs/no.png",
    ]


def glossary_terms(text: str) -> Iterator[tuple[str, list[str]]]:
    """Sections of the glossary with their terms."""
    for section in text.split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        yield heading, re.findall(r"^\| (.+?) \|", body, flags=re.MULTILINE)[2:]


def test_glossary_has_each_term_once_and_in_order() -> None:
    sections = dict(glossary_terms((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")))
    terms = [term.lower() for section in sections.values() for term in section]
    assert sorted(terms) == sorted(set(terms))
    planning, *areas = sections.values()
    assert planning[0] == "S&OP" and len(terms) > 80
    assert [sorted(section, key=str.lower) for section in [planning[1:], *areas]] == [planning[1:], *areas]


def vocabulary() -> set[str]:
    """Every word that the code gives to tables, columns, settings and what they may hold."""
    tables = schema.TABLES.values()
    columns = [column for table in tables for column in table.columns]
    results = [(table.name, *table.names) for table in layout.TABLES.values()]
    settings = re.findall(r"\w+", str(settings_schema()))
    areas = {table.area for table in tables}
    choices = {choice for column in columns for choice in column.choices}
    return {*schema.TABLES, *areas, *(column.name for column in columns), *choices,
            *(name for names in results for name in names), *COST_TERMS, *settings}


VERBS_OF_OVERRIDES = {"set", "multiply", "add", "remove"}
IN_THE_LEDGER = {
    "booked",
    "forecast",
    "pipeline",
    "baseline",
    "user",
    "q90",
    "override",
    "promotion",
    "consensus",
}


def test_glossary_uses_the_words_of_the_code() -> None:
    words = re.findall(r"`([^`]+)`", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    assert sorted(set(words) - vocabulary() - VERBS_OF_OVERRIDES - IN_THE_LEDGER - {"code"}) == []


# ----------------------------------------------------------------------------------------------------
# examples


def commands(text: str) -> list[list[str]]:
    """Every call of planner in a page's terminal excerpts, as words."""
    lines = [
        line for block in blocks(text, "console") for line in block.splitlines() if line.startswith("$ ")
    ]
    calls = [part.strip() for line in lines for part in re.split(r"&&|\|", line.removeprefix("$ "))]
    return [shlex.split(call, comments=True)[1:] for call in calls if re.match(r"(\S*/)?planner( |$)", call)]


def unknown_words(call: list[str], verbs: dict[str, Any]) -> list[str]:
    """The command or the options that the command line does not have."""
    verb, *rest = [word for word in call if word != "--help"] or [""]
    if " ".join([verb, *rest[:1]]) in verbs:
        verb, *rest = [f"{verb} {rest[0]}", *rest[1:]]
    if verb not in verbs:
        return [] if call == ["--help"] else [verb]
    known = {option for parameter in verbs[verb].params for option in parameter.opts}
    return [f"{verb} {word}" for word in rest if word.startswith("-") and word.split("=")[0] not in known]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_in_the_pages_exist(page: Path) -> None:
    verbs = every_command()
    calls = commands(page.read_text(encoding="utf-8"))
    assert [word for call in calls for word in unknown_words(call, verbs)] == []


def test_unknown_commands_are_found() -> None:
    verbs = every_command()
    text = (
        "```console\n$ planner slove x && planner solve x --outputt y\n$ .venv/bin/planner solve x --output "
        "y\n```\n"
    )
    assert [word for call in commands(text) for word in unknown_words(call, verbs)] == [
        "slove",
        "solve --outputt",
    ]


def test_readme_names_every_command() -> None:
    text = README.read_text(encoding="utf-8")
    assert [verb for verb in every_command() if f"planner {verb}" not in text] == []


def run_blocks(page: Path, folder: Path) -> Plan:
    """The last plan that the page's Python makes, run beside the scenarios; everything that it writes is
    there.
    """
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    names: dict[str, Any] = {}
    for block in blocks(page.read_text(encoding="utf-8"), "python"):
        exec(compile(block, page.name, "exec"), names)
        assert [
            name for name in re.findall(r'write_report\(.*"(.+?)"\)', block) if not (folder / name).is_file()
        ] == []
    plan: Plan = names["plan"]
    return plan


def headings(printed: str) -> list[str]:
    """Title lines of the tables in a terminal's output: they follow an empty line."""
    return re.findall(r"(?<=\n\n)[A-Z][a-z ]+", printed)


def test_readme_runs_and_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    show(terminal.plan_result(run_blocks(README, tmp_path)))
    printed = capsys.readouterr().out
    (shown,) = blocks(README.read_text(encoding="utf-8"), "text")
    assert shown.splitlines()[:3] == printed.splitlines()[:3], "run: python docs/pictures.py"
    assert len(headings(shown)) >= 2
    assert headings(shown) == headings(printed)[:len(headings(shown))]


@pytest.mark.parametrize("page", [page for page in OTHER_PAGES if "```python" in page.read_text(encoding="utf-8")],
                         ids=lambda page: page.relative_to(ROOT).as_posix())
def test_python_in_the_pages_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_blocks(page, tmp_path).status == "optimal"


@pytest.mark.parametrize("page", [page for page in PAGES if "```yaml" in page.read_text(encoding="utf-8")],
                         ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_ifs_in_the_pages_have_no_problems(page: Path, tmp_path: Path) -> None:
    (tmp_path / "baseline").symlink_to(ROOT / "scenarios" / "baseline")
    (tmp_path / "what-if").mkdir()
    for block in blocks(page.read_text(encoding="utf-8"), "yaml"):
        (tmp_path / "what-if" / "scenario.yaml").write_text(block, encoding="utf-8")
        assert [str(problem) for problem in check(tmp_path / "what-if") if problem.severity == "error"] == []
        assert editor_faults(block) == []
