"""Writes docs/performance.md out of what the benchmarks measure.

    python benchmarks/performance.py                 every section again
    python benchmarks/performance.py build resolve   only these; the others stay as they were measured
    python benchmarks/performance.py --list          the sections there are

A section is a module here with a function `section()` that returns its text in markdown. It stands in the
page between two comments with its name, so that one can be measured again without the others.
"""

import argparse
import importlib
import os
import platform
import re
import sys
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
# section -> its heading and the module that measures it
SECTIONS = {
    "build": ("Build and hand-over", "build_speed"),
    "resolve": ("What-ifs from a solved plan", "resolve_speed"),
    "linear": ("Linear plans from scratch", "lp_method"),
    "lots": ("Lot sizing", "lotsizing"),
    "whole": ("Plans with setups, minimum lots and shifts", "whole_plans"),
    "growth": ("Growth", "growth"),
}
HEAD = """# Performance

Measured by `python benchmarks/performance.py`, which writes this page; a single section is measured again by
naming it, as in `python benchmarks/performance.py build`. Goals that are missed are said to be. Times are
processor seconds unless a section says otherwise; machines differ, so look at the ratios, which come from one
run on one machine.
"""
UNMEASURED = "Not measured yet."


def main() -> int:
    """The named sections are measured and stand in the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "sections",
        nargs="*",
        choices=[*SECTIONS, []],
        metavar="SECTION",
        help="one of: " + ", ".join(SECTIONS),
    )
    parser.add_argument("--list", action="store_true", help="name the sections and stop")
    asked = parser.parse_args()
    if asked.list:
        print("\n".join(f"{name}: {heading} ({module}.py)" for name, (heading, module) in SECTIONS.items()))
        return 0
    for name in asked.sections or SECTIONS:
        print(f"measuring {name}", file=sys.stderr, flush=True)
        text = measured(name)
        PAGE.write_text(page(kept() | {name: text}), encoding="utf-8")
    return 0


def kept() -> dict[str, str]:
    """The text of every section as it stands in the page."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    found = re.findall(r"<!-- (\w+) -->\n(.*?)\n<!-- end of \1 -->", text, flags=re.DOTALL)
    return {name: body for name, body in found if name in SECTIONS}


def page(bodies: dict[str, str]) -> str:
    """The page, with the sections in their order."""
    parts = [f"## {heading}\n\n<!-- {name} -->\n{bodies.get(name, UNMEASURED)}\n<!-- end of {name} -->\n"
             for name, (heading, _) in SECTIONS.items()]
    return "\n".join([HEAD, *parts])


def measured(name: str) -> str:
    """The text of a section, measured now, with the machine it was measured on."""
    body: str = importlib.import_module(SECTIONS[name][1]).section()
    return f"{body.strip()}\n\n*{machine()}*"


def machine() -> str:
    """What the figures depend on beside the code."""
    versions = ", ".join(
        f"{package} {version(package)}" for package in ("pyomo", "highspy", "numpy", "pandas")
    )
    return f"Python {platform.python_version()}, {versions}; {os.cpu_count()} cores, {platform.machine()}."


if __name__ == "__main__":
    sys.exit(main())
