"""Moves between plans as a planner would say them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.figures import figure, printable
from planner.naming import spelled
from planner.scenario.calendar import Calendar

SEPARATOR = " | "  # between the parts of a place
DOING = {"production": "Production of", "purchased": "Purchases of", "shipped": "Shipments to"}
AT = {"production": "in", "purchased": "from", "shipped": "from"}
WORK = {"overtime_hours": "of overtime", "hired": "hired", "separated": "let go"}
COUNTED = ("units", "workers", "hours")  # of which one is written without the s


def move_text(calendar: Calendar, row: Mapping[str, Any]) -> str:
    """One sentence: what is moved, more or less, how much, where and when."""
    return printable(_flow_move(calendar, row) if row["measure"] in DOING else _more(calendar, row))


def _more(calendar: Calendar, row: Mapping[str, Any]) -> str:
    """Of what is lost, late, in stock, hired, let go or worked as overtime: more or less."""
    measure, where = row["measure"], spelled(row["origin"] or row["destination"])
    subject, amount, span = row["subject"], _changed(row), _span(calendar, row)
    if measure == "lost":
        return f"{subject} in {where}: {amount} are lost ({_from_to(row)}), {span}."
    if measure == "late":
        return f"{subject}: {amount} are late ({_from_to(row)})."
    if measure == "closing":
        return f"Stock of {subject} in {where}: {amount} on average ({_from_to(row)})."
    return f"{subject} in {where}: {amount} {WORK[measure]} ({_from_to(row)}), {span}."


def _flow_move(calendar: Calendar, row: Mapping[str, Any]) -> str:
    """Of production, purchases and shipments: moved, at another time, more or less."""
    measure = row["measure"]
    subject = spelled(row["subject"]) if measure == "shipped" else row["subject"]
    origin, destination = _ends(row["origin"], row["destination"])
    span = _span(calendar, row)
    if row["change"] == "moved":
        move = "moves" if figure(row["quantity"]) == "1" else "move"
        return f"{DOING[measure]} {subject}: {_amount(row)} {move} from {origin} to {destination}, {span}."
    head = f"{DOING[measure]} {subject} {AT[measure]} {origin or destination}"
    if row["change"] in ("earlier", "later"):
        shift = f"{figure(row['shift'])} {calendar.bucket}{'' if figure(row['shift']) == '1' else 's'}"
        return f"{head}: {_amount(row)} {row['change']}, by {shift} on average, {span}."
    return f"{head}: {_changed(row)} ({_from_to(row)} in all), {span}."


def _ends(origin: str, destination: str) -> tuple[str, str]:
    """The two places, without what they have in common where that is not their name."""
    before, after = origin.split(SEPARATOR), destination.split(SEPARATOR)
    if origin and destination and before[0] != after[0] and before[1:] == after[1:]:
        return spelled(before[0]), spelled(after[0])
    return _place(before) if origin else "", _place(after) if destination else ""


def _place(parts: list[str]) -> str:
    remainder = ", ".join(part for part in parts[1:] if part)
    return f"{spelled(parts[0])} ({remainder})" if remainder else spelled(parts[0])


def _amount(row: Mapping[str, Any]) -> str:
    return f"{figure(row['quantity'])} {_unit(row)}"


def _changed(row: Mapping[str, Any]) -> str:
    return f"{figure(row['quantity'])} {'more' if row['change'] == 'more' else 'fewer'} {_unit(row)}"


def _unit(row: Mapping[str, Any]) -> str:
    """The unit, in the plural unless there is one of it; what is no word, like kg, stays as it is."""
    unit, is_one = str(row["unit"]), figure(row["quantity"]) == "1"
    if unit in COUNTED:
        return unit[:-1] if is_one else unit
    is_word = len(unit) > 2 and unit.isalpha() and unit == unit.lower() and not unit.endswith("s")
    return f"{unit}s" if is_word and not is_one else unit


def _from_to(row: Mapping[str, Any]) -> str:
    before, after = (round(row[name], 2) + 0.0 for name in ("before", "after"))
    return f"{figure(before)} to {figure(after)}"


def _span(calendar: Calendar, row: Mapping[str, Any]) -> str:
    first, last = calendar.label(row["period"]), calendar.label(row["until"])
    return first if pd.isna(row["until"]) or first == last else f"{first} to {last}"
