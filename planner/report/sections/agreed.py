"""What has become of the plan that was agreed on last month: supply and demand against it, how good its
demand was, how much of it still stands, and what each side has changed since.
"""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from planner.figures import NOTHING, Scale, figure, percent, scale_for
from planner.naming import spelled
from planner.plan.cycle import Since, Status
from planner.plan.cycle.measures import ALL, against_by_family
from planner.report.cycle_words import (
    ACCURACY_NOTE,
    percent_or_nothing,
    points_taken_off,
    share_of,
    signal,
)
from planner.report.parts import Block, Cell, Plans, Table
from planner.scenario.sides import SIGNING

KINDS = {"demand": "Demand", "shipment": "Shipments", "production": "Production", "purchase": "Purchases",
         "inventory": "Stock"}
SHARED = "shared"
OFF = 0.05  # of what was planned: from here on somebody should look
MOST_FAMILIES = 3  # of each kind
MOST_CHANGES = 4  # of each side
MOST_LETTERS = 44  # of a cell
EVERYTHING = "Total"
Row = Mapping[Hashable, Any]


def agreed_blocks(plans: Plans) -> list[Block]:
    """Plan against actual, accuracy of the demand agreed on, stability and changes; nothing without a cycle.
    """
    if plans.cycle is None:
        return []
    since = plans.cycle.since
    of_plan = [] if since is None else [*_against(since), *_accuracy(since), *_stability(plans, since)]
    return [*of_plan, *_changes(plans.cycle)]


def agreed_sentence(plans: Plans) -> str:
    """How what happened differs from the plan agreed on, kind by kind."""
    since = None if plans.cycle is None else plans.cycle.since
    if since is None or since.against_plan.empty:
        return ""
    rows = against_by_family(since.against_plan)
    parts = [f"{KINDS[row['kind']].lower()} {_away(row)}" for row in
             rows[(rows["family"] == ALL) & (rows["planned"] > 0)].to_dict("records")]
    head = f"Against the plan agreed in cycle {since.previous.record.cycle}"
    return f"{head}: {', '.join(parts)}." if parts else ""


def _away(row: Row) -> str:
    share = row["difference"] / row["planned"]
    return "as planned" if abs(share) < 5e-4 else f"{percent(abs(share))} {'more' if share > 0 else 'less'}"


def _against(since: Since) -> list[Block]:
    """Each kind of what happened beside the plan, over all families and by the largest of them."""
    every = against_by_family(since.against_plan)
    if every.empty:
        return []
    bodies = []
    for kind, rows in every.groupby("kind", sort=False):
        ranked = rows.assign(rank=rows["family"] != ALL).sort_values(
            ["rank", "planned"], ascending=[True, False], kind="stable")
        units = scale_for([*rows["planned"], *rows["actual"]], "units")
        shown = ranked.head(MOST_FAMILIES + 1).to_dict("records")
        bodies.append((f"{KINDS[str(kind)]}, {units.unit}", [[
            Cell(EVERYTHING if row["family"] == ALL else spelled(row["family"]) or "no family"),
            Cell(units.text(row["planned"])), Cell(units.text(row["actual"])),
            Cell(units.difference(row["difference"])),
            Cell(_signed_share(row), mark="full" if abs(row["difference"]) > OFF * row["planned"] else ""),
            Cell(percent_or_nothing(row["adherence"]))] for row in shown]))
    note = ("Kept: share of the planned units that came as planned, by item, place and period. Production: "
            "completed and good. Purchases: ordered. Stock: where it was counted. Amber: more than "
            f"{percent(OFF)} off.")
    heads = ["Family", "Agreed", "Actual", "Difference", "Share", "Kept"]
    title = f"Plan against actual: what was agreed in cycle {since.previous.record.cycle}"
    return [Block("half", Table(title, heads, bodies, note=note), rows=2)]


def _signed_share(row: Row) -> str:
    share = share_of(row["difference"], row["planned"])
    return f"+{share}" if row["planned"] and row["difference"] > 0 else share


def _accuracy(since: Since) -> list[Block]:
    several = since.accuracy["family"].nunique() > 2  # more than one, and all of them
    accuracy = since.accuracy[several | (since.accuracy["family"] == ALL)]
    rows = [[Cell(EVERYTHING if row["family"] == ALL else spelled(row["family"]) or "no family"),
             Cell(f"{row['lag']}"), Cell(f"{row['periods']}"), Cell(percent_or_nothing(row["wape"])),
             Cell(percent_or_nothing(row["bias"])), Cell(points_taken_off(row["override_value"])),
             Cell(signal(row["tracking_signal"]))]
            for row in accuracy.to_dict("records") if row["lag"] == 1 or row["family"] == ALL]
    heads = ["Family", "Lag", "Periods", "WAPE", "Bias", "Overrides", "Signal"]
    table = Table("Accuracy of the demand agreed on", heads, [("", rows)], note=ACCURACY_NOTE)
    return [Block("half", table)] if rows else []


def _stability(plans: Plans, since: Since) -> list[Block]:
    """How much of the agreed plan stands in each plan that is considered now."""
    frame = since.stability
    frame = frame.assign(plan=frame["plan"].where(~frame["plan"].duplicated(), ""))
    rows = [[Cell(str(row["plan"])), Cell(str(row["area"])), *(Cell(f"{row[name]:,.0f}") for name in (
        "agreed", "planned", "changed")), Cell(percent_or_nothing(row["stability"])),
        Cell(percent_or_nothing(row["stability_next"]))] for row in frame.to_dict("records")]
    heads = ["Plan", "Area", "Agreed", "Planned", "Changed", "Stands", f"First {plans.focus.bucket}"]
    title = f"What of the plan of cycle {since.previous.record.cycle} still stands"
    note = "Stands: 1 less the sum of changes as a share of what was agreed, over the periods of both plans."
    return [Block("half", Table(title, heads, [("", rows)], words=2, note=note))] if rows else []


def _changes(status: Status) -> list[Block]:
    """What each side has changed, row by row, the first of each; what the month itself brought is counted."""
    changes, rolled = status.changes[~status.changes["rolled"]], int(status.changes["rolled"].sum())
    bodies = []
    for side in (*SIGNING, SHARED):
        rows = changes[changes["side"] == side]
        if len(rows):
            count = f"{len(rows):,} change{'s' if len(rows) > 1 else ''}"
            named = "Either side" if side == SHARED else side.capitalize()
            bodies.append((f"{named}: {count}", [_change(row) for row in
                                                 rows.head(MOST_CHANGES).to_dict("records")]))
    since = "since the cycle was opened" if status.since is None else (
        f"since cycle {status.since.previous.record.cycle}")
    shown = sum(len(rows) for _, rows in bodies)
    note = " ".join(filter(None, [
        f"Beside them {rolled:,} rows that the month itself brought." if rolled else "",
        "planner cycle status has every row." if len(changes) > shown else ""]))
    heads = ["Table", "Row", "Column", "Before", "After"]
    table = Table(f"Changed {since}", heads, bodies, words=5, note=note)
    return [Block("full", table)] if bodies else []


def _change(row: Row) -> list[Cell]:
    after = row["after"] if row["change"] == "changed" else row["change"]
    texts = (row["table"], row["key"], row["column"], row["before"], after)
    return [Cell(_short(str(text))) for text in texts]


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS].rstrip()} …"


BEGUN = {"production": "Started", "purchased": "Ordered", "shipped": "Shipped", "hired": "Hired",
         "separated": "Let go"}


def begun_blocks(plans: Plans) -> list[Block]:
    """What is begun beside what was agreed, in the periods of both plans; of a plan that goes on from one."""
    table = plans.focus.tables["stability"]
    if table.empty:
        return []
    money = scale_for(table["stability_cost"], plans.focus.currency)
    groups = [(measure, table[table["measure"] == measure]) for measure in BEGUN]
    body = [_begun_row(BEGUN[measure], rows, money) for measure, rows in groups if len(rows)]
    label = plans.focus.calendar.label
    frozen = table.loc[table["frozen"] == 1, "period"]
    held = f" Up to {label(frozen.max())} all is frozen but deliveries to markets." if len(frozen) else ""
    note = (f"Changed: units and workers more or less than agreed, {label(table['period'].min())} to "
            f"{label(table['period'].max())}.{held}")
    heads = ["What is begun", "Agreed", "Planned", "Changed", "Share", f"Cost, {money.unit}"]
    return [Block("half", Table("Against the plan agreed on", heads, [("", body)], note=note))]


def _begun_row(words: str, rows: pd.DataFrame, money: Scale) -> list[Cell]:
    agreed, planned, changed = (float(rows[name].sum()) for name in ("agreed", "planned", "changed"))
    off = percent(changed / agreed) if agreed > 0 else NOTHING
    return [Cell(words), Cell(figure(agreed)), Cell(figure(planned)), Cell(figure(changed)), Cell(off),
            Cell(money.text(float(rows["stability_cost"].sum())))]
