"""What went into the plans of a cycle: the rows of each scenario as they were when it was added.

A table that several scenarios share, as what-ifs share nearly all with their base, stands there once.
"""

import hashlib
import io
from pathlib import Path

import numpy as np
import pandas as pd

from planner.csv_tables import as_named, csv_text
from planner.errors import CycleError
from planner.plan.cycle.files import INPUTS, place_from, seen_from
from planner.scenario.load import load_scenario
from planner.scenario.reading.cells import Cells, cells_of
from planner.scenario.reading.comments import Comments
from planner.scenario.reading.node import node_of
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.yaml_file import read_yaml
from planner.scenario.saving.yaml_text import yaml_text
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.sides import SETTINGS, SIDES, side_of
from planner.scenario.whatif.changes import COLUMNS, Written, changes_with_places, in_one_form
from planner.writing import write_text

FOLDER = "inputs"
AGREED_PLAN = "agreed_plan"  # among the tables: the folder of the plan that the scenario is held to
COLUMNS_OF_INPUTS = ("scenario_hash", "table", "rows", "file")
DIGITS = 12  # of the hash in a file's name
CHANGES = ("side", *COLUMNS, "place")


def save_inputs(folder: Path, scenario: Scenario) -> None:
    """The cycle's folder holds the rows and settings of the scenario; what stands there already stays."""
    listed = list_inputs(folder)
    if (listed["scenario_hash"] == scenario.content_hash).any():
        return
    rows = [_saved(folder, scenario, name, text, count) for name, text, count in _texts(scenario)]
    agreed = scenario.written.agreed_plan
    if scenario.agreed is not None and agreed is not None:
        rows.append((scenario.content_hash, AGREED_PLAN, "", seen_from(folder, agreed.path)))
    added = pd.DataFrame(rows, columns=list(COLUMNS_OF_INPUTS), dtype="str")
    frame = pd.concat([listed, added], ignore_index=True)
    write_text(folder / INPUTS, csv_text(frame.sort_values(["scenario_hash", "table"], kind="stable")))


def _texts(scenario: Scenario) -> list[tuple[str, str, int]]:
    """Each table that has rows, as CSV, and the settings as YAML."""
    texts = [(SETTINGS, yaml_text(node_of(scenario.written.settings.plain()), Comments()), 1)]
    for name in TABLES:
        cells = scenario.written.tables.get(name)
        if cells is not None and len(cells):
            columns = in_one_form(cells)
            needed = {column.name for column in TABLES[name].columns if column.required}
            frame = pd.DataFrame({column: values for column, values in columns.items()
                                  if column in needed or (values != "").any()}, dtype="str")
            texts.append((name, csv_text(frame), len(frame)))
    return texts


def _saved(folder: Path, scenario: Scenario, name: str, text: str, count: int) -> tuple[str, ...]:
    digest = hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
    file = f"{FOLDER}/{name}-{digest}.{'yaml' if name == SETTINGS else 'csv'}"
    if not (folder / file).is_file():
        write_text(folder / file, text)
    return scenario.content_hash, name, str(count), file


def first_edited_row(folder: Path, file: str, scenario: Scenario) -> int | None:
    """The first row of a file of rows that is not what the scenario says, as a spreadsheet counts; None where
    the scenario has no rows of its table, or the same.
    """
    texts = {name: text for name, text, _ in _texts(scenario)}
    then = texts.get(Path(file).name.rpartition("-")[0])
    if then is None or not (folder / file).is_file():
        return None
    return first_different((folder / file).read_bytes(), then.encode())


def first_different(one: bytes, other: bytes) -> int | None:
    """The first row in which two texts differ, as a spreadsheet counts; None where they do not."""
    old, new = one.splitlines(), other.splitlines()
    for row, (before, after) in enumerate(zip(old, new, strict=False), start=1):
        if before != after:
            return row
    return min(len(old), len(new)) + 1 if len(old) != len(new) else None


def list_inputs(folder: Path) -> pd.DataFrame:
    """Which file holds each table of each scenario: scenario_hash, table, rows, file; all of them texts."""
    file = folder / INPUTS
    if not file.is_file():
        return pd.DataFrame(columns=list(COLUMNS_OF_INPUTS), dtype="str")
    return read_texts(file, COLUMNS_OF_INPUTS)


def read_texts(file: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """The columns of a file of the cycle, as texts; CycleError says what is wrong with the file."""
    try:
        frame = pd.read_csv(io.BytesIO(file.read_bytes()), dtype="str", keep_default_na=False)
    except (OSError, ValueError) as error:
        raise CycleError(f"{file}: cannot be read ({str(error).splitlines()[0]})") from None
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise CycleError(f"{file}: column {missing[0]} is missing")
    return frame.apply(as_named)


def written_then(folder: Path, scenario_hash: str) -> Written:
    """What stood in the scenario of that hash; CycleError names a file that is missing or damaged."""
    listed = list_inputs(folder)
    files = listed[listed["scenario_hash"] == scenario_hash].set_index("table")["file"]
    if SETTINGS not in files.index:
        raise CycleError(f"{folder / INPUTS}: has no scenario {scenario_hash[:DIGITS]}")
    try:
        settings, _ = read_yaml(folder / files[SETTINGS], file=files[SETTINGS])
    except UnreadableError as error:
        raise CycleError(f"{folder}: {error.problem}") from None
    return Written(settings, {str(name): _cells(folder, str(name), str(file))
                              for name, file in files.items() if name not in (SETTINGS, AGREED_PLAN)})


def _cells(folder: Path, name: str, file: str) -> Cells:
    frame = read_texts(folder / file, ())
    columns = {str(column): frame[column].to_numpy(dtype=object) for column in frame.columns}
    return cells_of(name, columns, np.arange(2, len(frame) + 2), file=file)


def scenario_then(folder: Path, scenario_hash: str, *, name: str) -> Scenario:
    """The scenario of that hash, from the rows that the cycle holds; CycleError where they no longer make
    it.
    """
    written, listed = written_then(folder, scenario_hash), list_inputs(folder)
    own = listed[(listed["scenario_hash"] == scenario_hash) & (listed["table"] == AGREED_PLAN)]
    settings: dict[str, object] = written.settings.plain()
    if len(own):
        settings[AGREED_PLAN] = str(place_from(folder, own["file"].iloc[0]))
    tables = {table: pd.DataFrame(dict(cells.columns)) for table, cells in written.tables.items()}
    scenario = load_scenario({"name": name, **settings, **tables})
    if scenario.content_hash != scenario_hash:
        raise CycleError(f"{folder / FOLDER}: no longer holds the scenario {name} as it was added: a file "
                         "was edited, or it takes facts from its base that only its own folder has")
    return scenario


def changes_since(folder: Path, scenario_hash: str, now: Scenario) -> pd.DataFrame:
    """Every difference between the scenario of that hash and as it is now, with the side that answers for
    it: side, table, change, key, column, before, after, place.
    """
    return with_sides(changes_with_places(written_then(folder, scenario_hash), written_now(now)))


def written_now(scenario: Scenario) -> Written:
    """What stands in the scenario."""
    return Written(scenario.written.settings, scenario.written.tables)


def with_sides(changes: pd.DataFrame) -> pd.DataFrame:
    """The changes, and the side that answers for the table or column of each."""
    sides = [side_of(table, column) if table in SIDES else "shared"
             for table, column in zip(changes["table"], changes["column"], strict=True)]
    return changes.assign(side=pd.Series(sides, index=changes.index, dtype="str"))[list(CHANGES)]
