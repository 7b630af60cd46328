"""What has to be decided, in sentences, each with its figures."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from planner.figures import figure, one, percent
from planner.plan.deciding import ToDecide
from planner.plan.deciding.layout import KINDS, NAMES
from planner.plan.plan import Plan
from planner.plan.statement import Statement

Row = Mapping[Hashable, Any]
SMALLEST = 0.05  # units: less is nothing in a sentence


def decision_statements(to_decide: ToDecide) -> list[Statement]:
    """A sentence or two for each decision: what, how much, when, at what cost, and what waiting costs."""
    return [_decision(to_decide.plan, row) for row in to_decide.decisions.to_dict("records")]


def ahead_statements(to_decide: ToDecide) -> list[Statement]:
    """How many hours each work center works ahead in each period, and for which periods."""
    rows, label = to_decide.made_ahead, to_decide.plan.calendar.label
    statements = []
    for _, part in rows.groupby(["site", "work_center", "period"], sort=False):
        site, center, period = part[["site", "work_center", "period"]].iloc[0].tolist()
        hours, share = float(part["hours"].sum()), float(part["share"].sum())
        first, last = label(part["due"].min()), label(part["due"].max())
        until = f"of {first}" if first == last else f"from {first} to {last}"
        text = (f"{center} at {site} works {figure(hours, 'hours')} hours ahead in {label(period)} "
                f"({percent(share)} of its load there), for deliveries {until}.")
        statements.append(Statement("works_ahead", text, {
            "site": site, "work_center": center, "period": label(period), "hours": hours, "share": share,
            "from": first, "to": last}))
    return statements


def _decision(plan: Plan, row: Row) -> Statement:
    label, currency = plan.calendar.label, plan.currency
    what = decision_text(row)
    when = label(row["period"])
    arrives: str = "" if pd.isna(row["arrives"]) else ARRIVES[row["kind"]].format(label(row["arrives"]))
    cost = f", {one(row['cost'], 'currency', currency=currency)}" if row["cost"] > 0 else ""
    action = f"{what[:1].upper()}{what[1:]} in {when}: {amount_text(row)}{arrives}{cost}."
    text = f"{action} {waiting_text(plan, row)}"
    figures = {name: row[name] for name in NAMES if row[name]} | {
        "kind": row["kind"], "period": when, "quantity": row["quantity"], "cost": row["cost"],
        "waiting": row["waiting"], "waiting_margin": row["waiting_margin"],
        "waiting_late": row["waiting_late"], "waiting_lost": row["waiting_lost"]}
    return Statement("decision", text.strip(), figures)


ARRIVES = {"order": ", to arrive in {}", "prebuild": ", the first of it for {}"}


def decision_text(row: Row) -> str:
    """What is decided, as people name it: order frames from arvo for lyon."""
    return KINDS[row["kind"]].format(**{name: row[name] for name in NAMES})


def amount_text(row: Row) -> str:
    """How much, with its unit."""
    amount = figure(row["quantity"], row["unit"] if row["unit"] == "hours" else "units")
    return f"{amount} {row['unit'].removesuffix('s') if amount == '1' else row['unit']}"


def waiting_text(plan: Plan, row: Row) -> str:
    """What it costs to wait a period, in a sentence; nothing where it was not solved again."""
    if row["waiting"] == "impossible":
        return "It cannot wait: without it, no plan keeps every hard limit."
    if row["waiting"] == "free":
        return f"It can wait a {plan.bucket} at no cost."
    if row["waiting"] == "unknown":
        return ""
    parts = []
    if abs(row["waiting_margin"]) >= 1:
        money = one(abs(row["waiting_margin"]), "currency", currency=plan.currency)
        parts.append(f"{'costs' if row['waiting_margin'] > 0 else 'saves'} {money} of margin")
    parts += [f"makes {figure(row[f'waiting_{fate}'])} more units {word}"
              for fate, word in (("late", "late"), ("lost", "lost")) if row[f"waiting_{fate}"] > SMALLEST]
    if not parts:  # a target falls, and nothing else is seen
        parts = [f"lowers target attainment by {percent(row['waiting_attainment'])}"]
    return f"Waiting a {plan.bucket} {' and '.join(parts)}."
