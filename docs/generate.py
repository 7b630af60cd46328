"""Writes docs/reference from the code, so that the pages cannot say anything else than the code does.

    python docs/generate.py            writes the pages
    python docs/generate.py --check    fails, naming them, when pages are not what the code says
"""

import sys
from collections.abc import Callable
from pathlib import Path

from generator.api import api_page
from generator.cli import cli_page
from generator.editor import editor_schema
from generator.imports import imports_page, imports_schema
from generator.json_output import json_page, output_schema
from generator.model import model_page
from generator.problems import problems_page
from generator.results import results_page
from generator.scenario import scenario_page
from generator.tables import tables_picture

REFERENCE = Path(__file__).parent / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "api.md": api_page,
    "cli.md": cli_page,
    "import.md": imports_page,
    "import.schema.json": imports_schema,
    "json.md": json_page,
    "model.md": model_page,
    "output.schema.json": output_schema,
    "problems.md": problems_page,
    "results.md": results_page,
    "scenario.md": scenario_page,
    "tables.svg": tables_picture,
    "scenario.schema.json": editor_schema,
}


def stale_pages(folder: Path = REFERENCE) -> list[str]:
    """Names of the pages that are missing or not what the code says."""
    return [name for name, made in PAGES.items()
            if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != made()]


def write_pages(folder: Path = REFERENCE) -> None:
    """Every page is what the code says."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in PAGES.items():
        (folder / name).write_text(made(), encoding="utf-8")


def main() -> int:
    """Writes the pages, or says which are stale."""
    if "--check" not in sys.argv[1:]:
        write_pages()
        return 0
    stale = stale_pages()
    if stale:
        print(f"stale in docs/reference: {', '.join(stale)}. Run: python docs/generate.py")
    else:
        print(f"docs/reference: all {len(PAGES)} pages are what the code says")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
