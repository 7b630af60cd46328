"""Plans agreed on, of a few figures each, written as planner saves them, and tiny plants that go on from them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import planner
from planner.scenario.flows import FLOWS
from planner.writing import fingerprint
from tests.model.plants import month

NAMES = ("item", "site", "supplier", "destination", "labor_pool", "period")


def write_agreed(folder: Path, rows: dict[str, Sequence[Sequence[Any]]], *, periods: int = 3,
                 sites: Sequence[str] = ("plant",), currency: str = "EUR", bucket: str = "month") -> Path:
    """The folder of a plan from January on that begins these quantities: for each flow its keys, the number of the
    period, and how much.
    """
    (folder / "tables").mkdir(parents=True)
    tables: dict[str, list[pd.DataFrame]] = {"inventory": [pd.DataFrame({"site": list(sites)})]}
    for name, flow in FLOWS.items():
        frame = pd.DataFrame(rows.get(name, []), columns=[*flow.keys, "period", name])
        labels = [month(number) if bucket == "month" else f"2026-W{number:02d}" for number in frame["period"]]
        tables.setdefault(flow.table, []).append(frame.assign(period=labels))
    for name, frames in tables.items():
        text = pd.concat(frames).fillna(dict.fromkeys(FLOWS, 0.0)).to_csv(index=False)
        (folder / "tables" / f"{name}.csv").write_text(text)
    files = {f"tables/{name}.csv": {"rows": 0, "sha256": fingerprint(folder / "tables" / f"{name}.csv")} for name in tables}
    start = month(1) if bucket == "month" else "2026-W01"
    head = {"name": "January", "currency": currency, "files": files,
            "settings": {"calendar": {"start": start, "periods": periods, "bucket": bucket}}}
    (folder / "plan.json").write_text(json.dumps(head))
    return folder


def going_on(scenario: dict[str, Any], folder: Path, *, frozen: int = 0, **tables: Any) -> dict[str, Any]:
    """The scenario with the plan of the folder agreed on, so many of its first periods frozen."""
    calendar = {**scenario["calendar"], "frozen_periods": frozen}
    return {**scenario, "calendar": calendar, "agreed_plan": str(folder), **tables}


def held(plan: planner.Plan, measure: str) -> dict[tuple[str, ...], tuple[float, float]]:
    """What was agreed and what is planned of a measure, by what it is counted by and its period."""
    table = plan.tables["stability"]
    rows = table[table["measure"] == measure].to_dict("records")
    return {tuple(str(row[name]) for name in NAMES if row[name] != ""): (round(row["agreed"], 6), round(row["planned"], 6))
            for row in rows}
