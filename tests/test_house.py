"""The house rules that a machine can check. Every checker takes a source text, so that each is seen to catch
a planted fault.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("errors", "progress", "process_wide", "linear_algebra", "text_cells", "figures", "naming", "glance", "writing", "csv_tables", "processes", "workers", "scenario", "demand", "model", "plan", "report",
          "service", "api", "cli")
LAYER_OF_FILE = {"__init__": "api", "__main__": "cli"}
HOMES = {
    "statsmodels": ("planner/demand/",),
    "distributed": ("planner/workers.py",),
    "threadpoolctl": ("planner/linear_algebra.py",),
    "pyomo": ("planner/model/",),
    "highspy": ("planner/model/",),
    "pydantic": ("planner/scenario/", "planner/service/"),
    "ruamel": ("planner/scenario/",),
    "python_calamine": ("planner/scenario/",),
    "fastapi": ("planner/service/",),
    "uvicorn": ("planner/service/",),
    "sqlalchemy": ("planner/service/", "planner/scenario/"),
    "altair": ("planner/report/",),
    "vl_convert": ("planner/report/",),
    "jinja2": ("planner/report/", "planner/service/"),
    "xlsxwriter": ("planner/scenario/", "planner/report/"),
    "typer": ("planner/cli/",),
    "rich": ("planner/cli/", "planner/report/terminal/", "planner/report/grids/terminal.py"),
}
IMPORT_NAMES = {"ruamel.yaml": "ruamel", "python-calamine": "python_calamine", "vl-convert-python": "vl_convert"}
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
LONGEST_FUNCTION = 50
MAXIMUM_UNNAMED = 3  # arguments of a constructor
LONGEST_MODULE = 400
COMPLEXITY_RULES = r"C90|PLR09"
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")
OWN_FOLDER = re.compile(r"(?<![\w.:/*)])/(?:work|home|root|Users|mnt)/\w|\b[A-Z]:\\\\?Users")
TEXTS = {".py", ".md", ".yaml", ".toml", ".csv", ".html", ".css", ".json", ".svg", ""}
PLACES = ("planner", "tests", "docs", "scenarios", "benchmarks", ".ci", "check", "pyproject.toml",
          "README.md", "CHANGELOG.md", "CONTRIBUTING.md")

Checker = Callable[[str, str], list[str]]


def imports(text: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported, inside functions and by `import_module("...")` too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from ((node.lineno, name.value) for name in node.args[:1]
                        if isinstance(name, ast.Constant) and isinstance(name.value, str))


def layer(module: str) -> str:
    """The layer that a dotted module name of the package belongs to: planner.plan.audit -> plan;
    planner.solve -> api.
    """
    first = module.split(".")[1] if "." in module else "__init__"
    return LAYER_OF_FILE.get(first, first if first in LAYERS else "api")


def imports_to_the_right(path: str, text: str) -> list[str]:
    """Nothing imports a layer to its right, and every import is absolute."""
    if not path.startswith("planner/"):
        return []
    own = layer(path.removesuffix(".py").replace("/", "."))
    relative = [
        f"{path}:{line} imports {name}: write it from planner"
        for line, name in imports(text)
        if name.startswith(".")
    ]
    ours = [(line, name) for line, name in imports(text) if name.split(".")[0] == "planner"]
    return relative + [f"{path}:{line} imports {name}: {own} may not use {layer(name)}"
                       for line, name in ours if LAYERS.index(layer(name)) > LAYERS.index(own)]


def libraries_away_from_home(path: str, text: str) -> list[str]:
    """Each library is used only where it lives."""
    return [f"{path}:{line} imports {name}: its home is {' or '.join(HOMES[name.split('.')[0]])}"
            for line, name in imports(text) if path.startswith("planner/") and name.split(".")[0] in HOMES
            and not path.startswith(HOMES[name.split(".")[0]])]


def long_functions(path: str, text: str) -> list[str]:
    """A function is a sentence: from `def` to its last line it stays within the limit."""
    functions = (
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [
        f"{path}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in functions
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]


def long_modules(path: str, text: str) -> list[str]:
    """A module can be read in one sitting."""
    if path == "planner/scenario/schema.py":  # one table of declarations: where to look for any column
        return []
    lines = len(text.splitlines())
    return [f"{path} has {lines} lines"] if path.startswith("planner/") and lines > LONGEST_MODULE else []


def junk_drawers(path: str, text: str) -> list[str]:
    """No module is named after nothing in particular."""
    return [
        f"{path}: name it after what it is about"
        for part in Path(path).with_suffix("").parts
        if part in JUNK_DRAWERS
    ]


def silenced_complexity(path: str, text: str) -> list[str]:
    """No line switches a complexity rule off, by name or by switching everything off."""
    silenced = re.compile(
        r"#\s*(?:ruff|flake8)?:?\s*noqa(?!:)|#.*noqa:.*(?:" + COMPLEXITY_RULES + ")", re.IGNORECASE
    )
    return [f"{path}:{number} silences a complexity rule: {line.strip()}"
            for number, line in enumerate(text.splitlines(), start=1) if silenced.search(line)]


def pandas_shortcuts(path: str, text: str) -> list[str]:
    """Frames are not changed in place and not walked row by row."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    named = ((node.lineno, ast.unparse(node.func), keyword.arg, ast.unparse(keyword.value))
             for node in calls for keyword in node.keywords)
    return [
        f"{path}:{line} {call}(..., {key}={value})"
        for line, call, key, value in named
        if (key, value) == ("inplace", "True")
        or (call.endswith(".apply") and key == "axis" and value in ("1", "'columns'"))
    ]


def branching_rules(path: str, text: str) -> list[str]:
    """A rule of the model is algebra only, so that one text serves for all its rows: no branch, no filter, no
    dict.
    """
    rules = (
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and any(
            ast.unparse(decorator).split("(")[0] in ("constraint", "cost")
            for decorator in node.decorator_list
        )
    )
    return [
        f"{path}:{rule.lineno} in {rule.name}: {ast.unparse(node)}"
        for rule in rules
        for node in ast.walk(rule)
        if isinstance(node, ast.If | ast.IfExp | ast.Dict | ast.While)
        or (isinstance(node, ast.comprehension) and node.ifs)
    ]


def positional_constructors(path: str, text: str) -> list[str]:
    """What a class is made of is named from the fourth argument on, so that nothing takes another's place; a
    class of any number of like things, given with a star, is none of those.
    """
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)
             and not any(isinstance(argument, ast.Starred) for argument in node.args))
    return [f"{path}:{call.lineno} {ast.unparse(call.func)} has {len(call.args)} arguments without a name"
            for call in calls if path.startswith("planner/") and len(call.args) > MAXIMUM_UNNAMED
            and re.match("cls$|[A-Z]", ast.unparse(call.func).split(".")[-1])]


def unfinished_business(path: str, text: str) -> list[str]:
    """Nothing is left for later in the text."""
    return [f"{path}:{number} {word}" for number, line in enumerate(text.splitlines(), start=1)
            for word in UNFINISHED if re.search(rf"\b{word}\b", line)]


def paths_of_one_machine(path: str, text: str) -> list[str]:
    """No file names a folder that only its author has."""
    return [f"{path}:{number} {line.strip()[:100]}" for number, line in enumerate(text.splitlines(), start=1)
            if OWN_FOLDER.search(line)]


def tangled_functions(path: str, text: str) -> list[str]:
    """No function has more paths through it than pyproject.toml allows, whatever its comments say."""
    return _tangled("--config", str(ROOT / "pyproject.toml"), "--stdin-filename", path, "-", text=text)


def _tangled(*arguments: str, text: str = "") -> list[str]:
    """What ruff says of complexity, whatever comments switch off."""
    command = [sys.executable, "-m", "ruff", "check", "--select", "C901", "--ignore-noqa",
               "--output-format", "concise", *arguments]
    result = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode in (0, 1), result.stderr
    return [line for line in result.stdout.splitlines() if "C901" in line]


def loosened_rules(text: str) -> list[str]:
    """The configuration keeps the complexity rules on, at the agreed limits, for every file."""
    lint = tomllib.loads(text)["tool"]["ruff"]["lint"]
    ignored = [*lint["ignore"], *(rule for rules in lint["per-file-ignores"].values() for rule in rules)]
    missing = {"C90", "PLR0911", "PLR0912", "PLR0915"} - set(lint["select"])
    return [*(f"{rule} is not selected" for rule in sorted(missing)),
            *(f"{rule} is ignored" for rule in ignored if re.match(COMPLEXITY_RULES, rule)),
            *([] if lint["mccabe"]["max-complexity"] == 10 else ["max-complexity is not 10"])]


def dependency_faults(declared: list[str], texts: Iterable[str]) -> list[str]:
    """What the package imports without declaring it, and what it declares without importing it."""
    own = {*sys.stdlib_module_names, "planner"}
    imported = {name.split(".")[0] for text in texts for _, name in imports(text)} - own
    promised = {
        IMPORT_NAMES.get(name, name) for name in (re.split(r"[<>=\[ ]", line)[0] for line in declared)
    }
    return [*(f"{name} is not declared" for name in sorted(imported - promised)),
            *(f"{name} is declared and not used" for name in sorted(promised - imported))]


def sources(*, suffixes: set[str]) -> dict[str, str]:
    """Path from the root and text of every file of ours with one of these suffixes."""
    files = [
        file
        for place in PLACES
        for file in ([ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*"))
    ]
    ours = [
        file
        for file in files
        if file.is_file() and file.suffix in suffixes and "__pycache__" not in file.parts
    ]
    return {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in sorted(ours)}


CODE_RULES: tuple[Checker, ...] = (
    imports_to_the_right,
    libraries_away_from_home,
    long_functions,
    long_modules,
    junk_drawers,
    silenced_complexity,
    pandas_shortcuts,
    branching_rules,
    positional_constructors,
)
TEXT_RULES: tuple[Checker, ...] = (unfinished_business, paths_of_one_machine)


@pytest.mark.parametrize("rule", CODE_RULES, ids=lambda rule: rule.__name__)
def test_code_keeps_the_rule(rule: Checker) -> None:
    assert [finding for path, text in sources(suffixes={".py"}).items() for finding in rule(path, text)] == []


@pytest.mark.parametrize("rule", TEXT_RULES, ids=lambda rule: rule.__name__)
def test_texts_keep_the_rule(rule: Checker) -> None:
    assert [finding for path, text in sources(suffixes=TEXTS).items() for finding in rule(path, text)] == []


def test_no_function_is_tangled() -> None:
    assert _tangled(".") == []


def test_configuration_keeps_the_complexity_rules() -> None:
    assert loosened_rules((ROOT / "pyproject.toml").read_text(encoding="utf-8")) == []


def test_every_dependency_is_declared_and_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [lines for extra, lines in project["optional-dependencies"].items() if extra != "dev"]
    declared = [*project["dependencies"], *(line for lines in extras for line in lines)]
    texts = [text for path, text in sources(suffixes={".py"}).items() if path.startswith("planner/")]
    assert dependency_faults(declared, texts) == []


def test_wrong_dependencies_are_found() -> None:
    assert dependency_faults(
        ["ruamel.yaml>=1", "rich"], ["from ruamel.yaml import YAML\nimport re", "import numpy as np"]
    ) == ["numpy is not declared", "rich is declared and not used"]


def branches(count: int) -> str:
    return (
        "def f(x):\n"
        + "".join(f"    if x == {number}:\n        x += 1\n" for number in range(count))
        + "    return x\n"
    )


PLANTED = [
    (imports_to_the_right, "planner/scenario/load.py", "from planner.model import solve"),
    (imports_to_the_right, "planner/scenario/load.py", "def f():\n    import planner.plan.plan"),
    (imports_to_the_right, "planner/model/solve.py", "import planner"),
    (imports_to_the_right, "planner/report/pack.py", "from planner import load_scenario"),
    (
        imports_to_the_right,
        "planner/errors.py",
        "from importlib import import_module\nimport_module('planner.scenario.schema')",
    ),
    (imports_to_the_right, "planner/__init__.py", "from planner.cli import main"),
    (imports_to_the_right, "planner/plan/plan.py", "from ..scenario import schema"),
    (libraries_away_from_home, "planner/plan/audit.py", "import pyomo.environ as pyo"),
    (libraries_away_from_home, "planner/model/solve.py", "def f():\n    from statsmodels.api import GLM"),
    (libraries_away_from_home, "planner/report/pack.py", "from rich.table import Table"),
    (long_functions, "planner/plan/plan.py", "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION),
    (long_modules, "planner/plan/plan.py", "x = 1\n" * (LONGEST_MODULE + 1)),
    (junk_drawers, "planner/plan/utils.py", ""),
    (junk_drawers, "planner/common/dates.py", ""),
    (silenced_complexity, "planner/plan/plan.py", "def f():  # no" + "qa: C901"),
    (silenced_complexity, "planner/plan/plan.py", "# ruff: no" + "qa: E501, PLR0915"),
    (silenced_complexity, "planner/plan/plan.py", "def f():  # no" + "qa"),
    (pandas_shortcuts, "planner/plan/plan.py", "frame.fillna(1, inplace=True)"),
    (pandas_shortcuts, "planner/plan/plan.py", "frame.apply(len, axis=1)"),
    (positional_constructors, "planner/plan/plan.py", "Plan(a, b, c, d)"),
    (positional_constructors, "planner/plan/plan.py", "cls(a, b, c, d, e=5)"),
    (
        branching_rules,
        "planner/model/sales.py",
        "@constraint('lines')\ndef f(m, t):\n    if t == 1:\n        return m.x[t] <= 1",
    ),
    (
        branching_rules,
        "planner/model/sales.py",
        "@cost\ndef f(m):\n    return sum(m.x[t] for t in m.t if t > 1)",
    ),
    (unfinished_business, "docs/index.md", f"{UNFINISHED[0]}: write this"),
    (unfinished_business, "planner/plan/plan.py", f"raise {UNFINISHED[-1]}"),
    (paths_of_one_machine, "README.md", "planner solve /" + "home/ann/baseline"),
    (paths_of_one_machine, "scenarios/x.yaml", "base: C:\\" + "Users\\ann"),
    (tangled_functions, "planner/plan/plan.py", branches(10)),
]


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED, ids=lambda value: getattr(value, "__name__", ""))
def test_checker_catches_a_planted_fault(rule: Checker, path: str, text: str) -> None:
    assert len(rule(path, text)) == 1


INNOCENT = [
    (
        imports_to_the_right,
        "planner/plan/plan.py",
        "from planner.scenario.schema import TABLES\nimport planner.model.solve",
    ),
    (imports_to_the_right, "planner/cli/program.py", "import planner\nfrom planner.report import page"),
    (libraries_away_from_home, "planner/demand/pipeline/forecast.py", "import statsmodels.api"),
    (libraries_away_from_home, "tests/model/test_sales.py", "import pyomo.environ"),
    (long_functions, "planner/plan/plan.py", "def f():\n" + "    x = 1\n" * (LONGEST_FUNCTION - 1)),
    (long_modules, "planner/plan/plan.py", "x = 1\n" * LONGEST_MODULE),
    (silenced_complexity, "planner/plan/plan.py", "x = 1  # no" + "qa: E501"),
    (pandas_shortcuts, "planner/plan/plan.py", "frame.sum(axis=1)"),
    (branching_rules, "planner/model/sales.py", "def f(m, t):\n    return 1 if t else 0"),
    (positional_constructors, "planner/plan/plan.py", "Plan(a, b, c, d=4)\nof(a, b, c, d)\nRows(a, b, c, *d)"),
    (paths_of_one_machine, "README.md", "see https://example.org/home/page and ../plans/x"),
    (tangled_functions, "planner/plan/plan.py", branches(9)),
]


@pytest.mark.parametrize(("rule", "path", "text"), INNOCENT, ids=lambda value: getattr(value, "__name__", ""))
def test_checker_lets_innocent_code_pass(rule: Checker, path: str, text: str) -> None:
    assert rule(path, text) == []


@pytest.mark.parametrize(("old", "new"), [
    ('"C90", ', ""),
    ("max-complexity = 10", "max-complexity = 30"),
    ('"tests/*" = ["D1", "E501"]', '"tests/*" = ["D1", "E501", "PLR0915"]'),
])
def test_loosened_configuration_is_caught(old: str, new: str) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert len(loosened_rules(text.replace(old, new))) == 1
