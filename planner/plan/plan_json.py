"""plan.json: what a plan is, beside its tables; every field is checked when it is read."""

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from planner.errors import PlanError
from planner.model.solution import Pass
from planner.plan.plan import Plan
from planner.scenario.settings import MAXIMUM_PERIODS

FORMAT = 4  # of the folder; another number needs another reader


class Kind(NamedTuple):
    """What a field may hold, in words and as a check."""

    words: str
    allows: Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


TEXT = Kind("a text", lambda value: isinstance(value, str))
NUMBER = Kind("a number", _is_number)
NUMBER_OR_NONE = Kind("a number or null", lambda value: value is None or _is_number(value))
COUNT = Kind("a whole number, 0 or more", _is_count)
OBJECT = Kind("an object", lambda value: isinstance(value, dict))
LIST = Kind("a list", lambda value: isinstance(value, list))
BUCKET = Kind("month or week", lambda value: value in ("month", "week"))
PERIODS = Kind(f"a whole number from 1 to {MAXIMUM_PERIODS}",
               lambda value: _is_count(value) and 1 <= value <= MAXIMUM_PERIODS)
PLAN_ON = Kind("mean or a number", lambda value: value == "mean" or _is_number(value))

FIELDS = {
    "name": TEXT,
    "question": TEXT,
    "status": TEXT,
    "mode": TEXT,
    "objective": NUMBER,
    "bound": NUMBER_OR_NONE,
    "gap": NUMBER_OR_NONE,
    "currency": TEXT,
    "bucket": BUCKET,
    "versions": OBJECT,
    "settings": OBJECT,
    "passes": LIST,
    "scenario_source": TEXT,
    "scenario_hash": TEXT,
    "files": OBJECT,
    "seconds": OBJECT,
}
PASS = {"name": TEXT, "objective": NUMBER, "bound": NUMBER_OR_NONE, "gap": NUMBER_OR_NONE, "status": TEXT}
FILE = {"rows": COUNT, "sha256": TEXT}
SECONDS = {"phases": OBJECT, "passes": LIST}
SETTINGS = {"calendar": OBJECT, "forecast": OBJECT}
CALENDAR = {"start": TEXT, "periods": PERIODS, "bucket": BUCKET}
OF_PLAN = tuple(name for name in FIELDS if name not in ("passes", "scenario_source", "files", "seconds"))


def head_text(plan: Plan, files: Mapping[str, Mapping[str, Any]], *, folder: Path) -> str:
    """The text of plan.json. Nothing that a solve can come to is refused by JSON: what is not finite is null,
    and letters that are no Unicode, as folder names may have, are escaped.
    """
    head = {
        "format": FORMAT,
        **{name: getattr(plan, name) for name in OF_PLAN},
        "passes": [{name: getattr(step, name) for name in PASS} for step in plan.passes],
        "proof": plan.proof.shares,
        "scenario_source": _relative(plan.scenario_source, folder),
        "files": files,
        "seconds": {"phases": plan.seconds, "passes": [step.seconds for step in plan.passes]},
    }
    text = json.dumps(_plain(head), indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode("utf-8", "backslashreplace").decode()


def read_head(text: bytes, file: Path) -> dict[str, Any]:
    """The fields of plan.json; PlanError names each that is missing or of the wrong kind."""
    try:
        head = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{file}: {str(error).splitlines()[0]}") from error
    if not isinstance(head, dict) or "format" not in head:
        raise PlanError(f"{file}: this is not a plan's plan.json")
    if head["format"] != FORMAT:
        raise PlanError(
            f"{file}: format is {head['format']}, this version reads format {FORMAT}. Solve the scenario "
            "again"
        )
    wrong = [problem for part in _parts(head) for problem in part]
    if wrong:
        raise PlanError(f"{file}: {'; '.join(wrong)}")
    return head


def plan_parts(head: Mapping[str, Any], place: Path) -> dict[str, Any]:
    """What plan.json says of the plan whose folder is at the place, by field of the plan."""
    passes = zip(head["passes"], head["seconds"]["passes"], strict=True)
    source = os.path.normpath(place / head["scenario_source"]) if head["scenario_source"] else ""
    return {
        **{name: head[name] for name in OF_PLAN},
        "passes": tuple(Pass(**{name: step[name] for name in PASS}, seconds=used) for step, used in passes),
        "seconds": head["seconds"]["phases"],
        "scenario_source": source,
    }


def _parts(head: Mapping[str, Any]) -> Iterator[list[str]]:
    """What is wrong with the fields, and with what they hold where they hold what they should."""
    yield (wrong_fields := _wrong(head, FIELDS, ""))
    if wrong_fields:
        return
    yield from (_wrong(step, PASS, f"passes[{place}].") for place, step in enumerate(head["passes"]))
    yield from (_wrong(file, FILE, f"files.{name}.") for name, file in head["files"].items())
    yield _wrong(head["versions"], dict.fromkeys(head["versions"], TEXT), "versions.")
    yield (wrong_fields := _wrong(head["settings"], SETTINGS, "settings."))
    if not wrong_fields:
        yield _wrong(head["settings"]["calendar"], CALENDAR, "settings.calendar.")
        yield _wrong(head["settings"]["forecast"], {"plan_on": PLAN_ON}, "settings.forecast.")
    yield (wrong_fields := _wrong(head["seconds"], SECONDS, "seconds."))
    if not wrong_fields:
        phases, passes = head["seconds"]["phases"], head["seconds"]["passes"]
        yield _wrong(phases, dict.fromkeys(phases, NUMBER), "seconds.phases.")
        yield [f"seconds.passes[{place}] = {_json_text(value)}: must be a number"
               for place, value in enumerate(passes) if not _is_number(value)]
        if len(passes) != len(head["passes"]):
            yield [f"seconds.passes has {len(passes)} figures for {len(head['passes'])} passes"]


def _wrong(fields_found: Any, fields: Mapping[str, Kind], prefix: str) -> list[str]:
    """Every field that is missing, or does not hold what it may."""
    if not isinstance(fields_found, dict):
        return [f"{prefix.rstrip('.')} = {_json_text(fields_found)}: must be an object"]
    missing = [f"{prefix}{name} is missing" for name in fields if name not in fields_found]
    return missing + [
        f"{prefix}{name} = {_json_text(fields_found[name])}: must be {kind.words}"
        for name, kind in fields.items()
        if name in fields_found and not kind.allows(fields_found[name])
    ]


def _json_text(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


def _plain(value: Any) -> Any:
    """A value that JSON can write."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _relative(source: str, folder: Path) -> str:
    """The scenario's place as seen from the plan folder, so that both can be moved together."""
    if not source:
        return ""
    try:
        return Path(os.path.relpath(source, folder)).as_posix()
    except ValueError:  # on another drive
        return source
