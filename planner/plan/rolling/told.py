"""What the actuals say takes the place of what was planned."""


import numpy as np
import pandas as pd

from planner.plan.rolling.actuals import Actuals
from planner.plan.rolling.changes import carry_deliveries
from planner.plan.rolling.tables import Rolling, set_states, written
from planner.scenario.importing.by_key import keys_of
from planner.scenario.importing.merging import merged_by_key, replaced
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES

STATES = {"inventory": "on_hand", "labor_pools": "headcount"}
AS_THEY_STAND = ("booked_orders", "scheduled_receipts")  # what is no longer in them is over


def tell_actuals(
    rolling: Rolling, scenario: Scenario, actuals: Actuals, delivered: pd.DataFrame | None, *, end: pd.Period
) -> pd.DataFrame | None:
    """The tables have what the actuals say; what was delivered, by item, market and period, where anything
    says so.
    """
    for name, frame in actuals.texts.items():
        tell = _state if name in STATES else _whole if name in AS_THEY_STAND else _rows
        tell(rolling, actuals, name, frame)
    _stock_of_rows(rolling, actuals)
    _orders_of_rows(rolling, scenario, actuals)
    shipped = actuals.of_kind("shipment")
    if not len(shipped):
        return delivered
    coming = shipped[shipped["period"] >= rolling.start]
    carry_deliveries(rolling, coming[["item", "market", "period", "quantity"]], end=end)
    past = shipped[shipped["period"] < rolling.start]
    return (
        past.rename(columns={"quantity": "units", "amount": "revenue"})[
            ["item", "market", "period", "units", "revenue"]
        ]
        .fillna({"revenue": 0.0})
        .reset_index(drop=True)
    )


def _state(rolling: Rolling, actuals: Actuals, name: str, texts: pd.DataFrame) -> None:
    """Stock or crews as counted; what was not counted is as planned, or as it was."""
    keys, column = list(TABLES[name].keys), STATES[name]
    frame = actuals.frames[name]
    counted = frame.loc[frame[column].notna(), [*keys, column]].drop_duplicates(keys)
    _note_uncounted(rolling, name, counted)
    set_states(rolling, name, column, counted)
    others = texts.drop(columns=[column], errors="ignore")
    if set(others) - set(keys):
        _rows(rolling, actuals, name, others)


def _note_uncounted(rolling: Rolling, name: str, counted: pd.DataFrame) -> None:
    keys = list(TABLES[name].keys)
    had = rolling.table(name)
    if not len(had):
        return
    counted_keys = pd.MultiIndex.from_frame(counted[keys].astype(str))
    missing = ~pd.MultiIndex.from_frame(had[keys].astype(str)).isin(counted_keys)
    rows = int((~had.loc[missing].duplicated(keys)).sum())
    if rows:
        rolling.notes.append(
            f"{rows:,} row{'s' if rows > 1 else ''} of {name} are not in the actuals: "
            f"{STATES[name]} is as planned, or as it was"
        )


def _whole(rolling: Rolling, actuals: Actuals, name: str, texts: pd.DataFrame) -> None:
    """The table as it stands now; rows that are no longer in it are archived."""
    if name in rolling.tables:
        keys = list(TABLES[name].keys)
        new = pd.MultiIndex.from_frame(texts[keys])
        is_gone = ~pd.MultiIndex.from_frame(rolling.tables[name][keys]).isin(new)
        rolling.archive(name, np.asarray(is_gone))
    rolling.tables[name] = texts.reset_index(drop=True)


def _rows(rolling: Rolling, actuals: Actuals, name: str, texts: pd.DataFrame) -> None:
    """Rows of the table renewed or added: by key, or by the days that the actuals hold."""
    old = (
        rolling.table(name)[list(rolling.tables[name].columns)] if name in rolling.tables else texts.iloc[:0]
    )
    if keys_of(TABLES[name]):
        rolling.tables[name], _ = merged_by_key(name, texts, old=old, base=old, keeps=True)
    else:
        rolling.tables[name], _ = replaced(name, texts, old=old, keeps=True)


def _stock_of_rows(rolling: Rolling, actuals: Actuals) -> None:
    rows = actuals.of_kind("inventory")
    rows = rows[rows["period"] == rolling.start - 1].rename(columns={"quantity": "on_hand"})
    if len(rows):
        counted = rows[["item", "site", "on_hand"]].drop_duplicates(["item", "site"])
        _note_uncounted(rolling, "inventory", counted)
        set_states(rolling, "inventory", "on_hand", counted)


def _orders_of_rows(rolling: Rolling, scenario: Scenario, actuals: Actuals) -> None:
    """Demand that is told by item, market and period is one line of the history each, on the last day of its
    period; lines that the history has of these periods are replaced.
    """
    rows = actuals.of_kind("demand")
    if not len(rows):
        return
    lines = pd.DataFrame(
        {
            "date": [period.end_time.date().isoformat() for period in rows["period"]],
            "market": rows["market"].to_numpy(dtype=object),
            "item": rows["item"].to_numpy(dtype=object),
            "quantity": [written(float(value)) for value in rows["quantity"]],
            "revenue": [written(float(value)) if pd.notna(value) else "" for value in rows["amount"]],
        },
        dtype=object,
    )
    old = rolling.tables.get("order_history", lines.iloc[:0])
    first = min(rows["period"]).start_time.date().isoformat()
    stay = old[old["date"] < first] if len(old) else old
    rolling.tables["order_history"] = pd.concat([stay, lines], ignore_index=True).fillna("")
