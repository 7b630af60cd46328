"""The folder of the plan agreed on, read as data: what it begins in which period, and nothing else of it."""

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import Problem
from planner.scenario.agreed import AgreedPlan, agreed_quantities
from planner.scenario.calendar import EXAMPLES, Bucket, Calendar, parse_period
from planner.scenario.flows import FLOWS, Flow
from planner.scenario.reading.source import Source
from planner.scenario.scenario import Scenario
from planner.scenario.settings import MAXIMUM_PERIODS, Settings
from planner.scenario.suggestions import did_you_mean, quoted
from planner.writing import standing

PLAN = "plan.json"
COLUMNS = frozenset({"period", "site"}).union(*((*flow.keys, flow.name) for flow in FLOWS.values()))
READS = 20  # of a folder that another process is saving into meanwhile


class AgreedPlanError(Exception):
    """Why the folder holds no plan that could be read."""


def agreed_plan_of(
    source: Source, settings: Settings | None, costs: pd.DataFrame, *, like: Scenario | None
) -> tuple[AgreedPlan | None, list[Problem]]:
    """The plan that the scenario was agreed on with, and what is wrong with its folder. It is read only where
    something is held to it: where periods are frozen, or `costs`, the stability costs, have rows. It is that
    of the scenario that it is like, where both name the same folder.
    """
    mentioned = source.agreed_plan
    if settings is None or mentioned is None or not (settings.calendar.frozen_periods or len(costs)):
        return None, []
    if like is not None and like.agreed is not None and like.written.agreed_plan == mentioned:
        return like.agreed, []
    reason, word = "", "no_plan"
    try:
        agreed = read_agreed_plan(mentioned.path)
        if agreed.calendar.bucket == settings.calendar.bucket:
            return agreed, []
        reason, word = (f"is a plan in {agreed.calendar.bucket}s, and the scenario's periods are "
                        f"{settings.calendar.bucket}s"), "other_bucket"
    except AgreedPlanError as error:
        reason = str(error)
    entry = mentioned.entry
    return None, [entry.problem(reason, column="agreed_plan", value=quoted(entry.text),
                                code=f"scenario.agreed_plan.{word}")]


def read_agreed_plan(folder: Path) -> AgreedPlan:
    """The plan in the folder; AgreedPlanError says why there is none, as the end of a sentence about it."""
    if "\0" in str(folder):
        raise AgreedPlanError("is no name of a folder")
    for _ in range(READS):
        place = standing(folder, PLAN)
        head = _bytes(place / PLAN)
        try:
            return _read(place, head, folder)
        except AgreedPlanError:
            if head == _bytes(standing(folder, PLAN) / PLAN):  # else it was saved again meanwhile
                raise
    raise AgreedPlanError("is being saved again and again. Read it when that is over")


def _read(place: Path, text: bytes | None, folder: Path) -> AgreedPlan:
    if text is None:
        raise AgreedPlanError(_why_there_is_none(folder))
    head = _head(text)
    calendar = _calendar(head)
    tables = {flow.table: _table(place, head, flow.table) for flow in FLOWS.values()}
    flows = {name: _quantities(tables[flow.table], flow, calendar) for name, flow in FLOWS.items()}
    sites = frozenset(_table(place, head, "inventory").get("site", pd.Series(dtype="str")))
    return AgreedPlan(str(head.get("name", "")), calendar, currency=str(head.get("currency", "")),
                      sites=sites, flows=flows)


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _why_there_is_none(folder: Path) -> str:
    try:
        if not folder.exists():
            plans = [file.parent.name for file in folder.parent.glob(f"*/{PLAN}")]
            return f"there is no such folder{did_you_mean(folder.name, plans)}"
        if not folder.is_dir():
            return "is a file: give the folder that a plan was saved in"
        if (folder / "scenario.yaml").exists():
            return "is the folder of a scenario, not of a plan"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return f"holds no plan: {PLAN} is missing"


def _head(text: bytes) -> Mapping[str, Any]:
    try:
        head = json.loads(text)
    except (ValueError, RecursionError):
        raise AgreedPlanError(f"{PLAN} is damaged: solve the scenario of that month again") from None
    if not isinstance(head, dict) or not isinstance(head.get("files"), dict):
        raise AgreedPlanError(f"{PLAN} is not that of a plan")
    return head


def _calendar(head: Mapping[str, Any]) -> Calendar:
    """The periods of the plan."""
    settings = head.get("settings")
    calendar = settings.get("calendar") if isinstance(settings, dict) else None
    try:
        bucket: Bucket = calendar["bucket"]  # type: ignore[index]
        if bucket not in EXAMPLES:
            raise ValueError
        start = parse_period(calendar["start"], bucket=bucket)  # type: ignore[index]
        periods = int(calendar["periods"])  # type: ignore[index]
        if not 1 <= periods <= MAXIMUM_PERIODS:
            raise ValueError
        return Calendar(start, periods, bucket)
    except (KeyError, TypeError, ValueError):
        raise AgreedPlanError(f"{PLAN} does not say which periods it plans: settings.calendar") from None


def _table(place: Path, head: Mapping[str, Any], name: str) -> pd.DataFrame:
    """The cells of a table, as texts; those of a table that is not as it was saved are refused."""
    file = f"tables/{name}.csv"
    content, saved = _bytes(place / file), head["files"].get(file)
    if content is None or not isinstance(saved, dict):
        raise AgreedPlanError(f"holds half a plan: {file} is missing")
    if hashlib.sha256(content).hexdigest() != saved.get("sha256"):
        raise AgreedPlanError(f"{file} is not as it was saved: it was edited, or comes from another plan")
    try:
        return pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False, encoding="utf-8",
                           usecols=lambda column: column in COLUMNS)
    except ValueError:
        raise AgreedPlanError(f"{file} is not that of a plan: it cannot be read") from None


def _quantities(table: pd.DataFrame, flow: Flow, calendar: Calendar) -> pd.DataFrame:
    """What the flow begins, where it begins anything."""
    try:
        quantity = agreed_quantities(table[flow.name].astype(float))
        begun = quantity > 0
        codes, texts = pd.factorize(table["period"][begun])
        labelled = [parse_period(text, bucket=calendar.bucket) for text in texts]
        periods = pd.PeriodIndex(labelled, freq=calendar.freq).take(codes)
        keys = table.loc[begun, list(flow.keys)].reset_index(drop=True)
        return keys.assign(period=periods, quantity=quantity[begun].to_numpy())
    except (KeyError, ValueError) as error:
        raise AgreedPlanError(f"tables/{flow.table}.csv is not that of a plan: {error}") from None
