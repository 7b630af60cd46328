"""One page for executives: what is recommended and why, the plans at a glance, what has to be decided now
and what waiting costs, and the largest risks and opportunities in money.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from planner.figures import NOTHING, one, percent, scale_for
from planner.model.solution import MONEY
from planner.naming import spelled
from planner.plan.deciding.layout import NAMES
from planner.plan.deciding.statements import amount_text, decision_text
from planner.report import proof
from planner.report.chances import Chance, opportunities, risks
from planner.report.parts import Block, Cell, Plans, Section, Sentences, Table

MOST_REASONS = 4
MOST_DECISIONS = 6
MOST_GAPS = 3
LARGEST = 3
Row = Mapping[Hashable, Any]
# Who decides: the side of the business that a decision belongs to.
OWNERS = {
    "order": "Purchasing",
    "hire": "Personnel",
    "let_go": "Personnel",
    "crew_overtime": "Personnel",
    "prebuild": "Production",
    "overtime": "Production",
    "option": "Management",
    "site_option": "Management",
}
SALES, OPERATIONS = "Sales", "Operations"
NOT_PRICED = "What waiting costs is not priced in this pack: --price N solves again for the N that cost most."
PRICED = "Waiting: what the plan loses when it is done a {} later: solved again. {}: not solved again."


def summary(plans: Plans) -> Section:
    """What an executive reads who reads nothing else."""
    blocks = [*_recommendation(plans), glance(plans), *_decisions(plans), *_chances(plans)]
    return Section("summary", "For decision", "", blocks=blocks)


# -------------------------------------------------------------------------------------------- recommendation


def _recommendation(plans: Plans) -> list[Block]:
    """The plan to agree on, with the reasons; of a single plan, what it says of itself."""
    from planner.report.highlights import headlines

    if not plans.are_several:
        proven = (
            ""
            if plans.focus.is_proven
            else f"Not to be agreed on as it is: {proof.status_in_words(plans.focus)}."
        )
        return [
            Block(
                "full",
                Sentences(f"{plans.focus_name} in short", [*filter(None, [proven]), *headlines(plans.focus)]),
            )
        ]
    recommendation = plans.comparison.recommendation
    points = [statement.text for statement in recommendation.statements]
    best = recommendation.plan
    title = f"Recommended: {best}" if best is not None else "No plan is recommended"
    return [Block("full", Sentences(title, points[:MOST_REASONS]))]


def glance(plans: Plans) -> Block:
    """Each plan in a line: service, targets, revenue, margin, cost, and how good it is proven to be."""
    every = plans.all
    totals = [_totals(plan) for plan in every]
    money = scale_for([amount for row in totals for amount in row], "currency", currency=plans.focus.currency)
    names = proof.marked(plans.comparison)
    body = [
        [
            Cell(name, plan.question),
            Cell(_kpi(plan, "order_fill_rate")),
            Cell(_targets(plan)),
            *(Cell(money.text(amount)) for amount in row),
            Cell(_proof(plan)),
        ]
        for name, plan, row in zip(names, every, totals, strict=True)
    ]
    heads = [
        "Plan",
        "On time",
        "Targets met",
        f"Revenue, {money.unit}",
        f"Cost, {money.unit}",
        f"Margin, {money.unit}",
        "Proof",
    ]
    return Block(
        "full",
        Table(
            "The plans at a glance" if plans.are_several else "The plan at a glance",
            heads,
            [("", body)],
            note=" ".join(proof.mark_notes(plans.comparison)),
        ),
    )


def _totals(plan: Any) -> tuple[float, float, float]:
    revenue, cost = float(plan.tables["sales"]["revenue"].sum()), float(plan.tables["costs"]["amount"].sum())
    return revenue, cost, revenue - cost


def _kpi(plan: Any, name: str) -> str:
    value = plan.kpis.get(name)
    return NOTHING if value is None else percent(value)


def _targets(plan: Any) -> str:
    from planner.report.highlights import FULL, targets

    rows = targets(plan)
    return f"{int((rows['attainment'] >= FULL).sum())} of {len(rows)}" if len(rows) else NOTHING


def _proof(plan: Any) -> str:
    """Proven or not, and within what."""
    if not plan.is_proven:
        return "not proven"
    measured = [step.gap for step in plan.passes if step.measure == MONEY and step.gap is not None]
    return f"within {percent(measured[-1])}" if measured and measured[-1] > 0 else "proven"


# ------------------------------------------------------------------------------------------------- decisions


def _decisions(plans: Plans) -> list[Block]:
    """What is asked of whom, by when, how much, and what waiting costs: gaps of targets for each side, then
    what the first period has to decide.
    """
    to_decide = plans.to_decide
    if to_decide is None:
        return []
    decisions = to_decide.decisions
    waits = decisions["waiting_margin"].fillna(0.0)
    rank = decisions["waiting"].map({"impossible": 2, "costs": 1}).fillna(0)
    ranked = decisions.assign(rank=rank, waits=waits).sort_values(
        ["rank", "waits", "cost"], ascending=[False, False, False], kind="stable"
    )
    rows = [_decision(plans, row) for row in ranked.head(MOST_DECISIONS).to_dict("records")]
    gaps = _gap_rows(plans)
    if not rows and not gaps:
        return []
    hidden = len(ranked) - len(rows)
    is_priced = bool(decisions["waiting"].isin(["costs", "free", "impossible"]).any())
    note = " ".join(
        filter(
            None,
            [
                f"{hidden} more of the first {plans.focus.bucket} cost less." if hidden > 0 else "",
                PRICED.format(plans.focus.bucket, NOTHING) if is_priced else NOT_PRICED,
            ],
        )
    )
    heads = ["Decision", "Who", "By", "How much", f"Cost, {plans.focus.currency}", "Waiting costs"]
    every = [*gaps, *rows] if is_priced else [row[:-1] for row in (*gaps, *rows)]
    return [
        Block(
            "full",
            Table(
                f"Decisions asked for{_of(plans)}",
                heads if is_priced else heads[:-1],
                [("", every)],
                words=3,
                note=note,
            ),
        )
    ]


def _of(plans: Plans) -> str:
    return f", {plans.focus_name}" if plans.are_several else ""


def _gap_rows(plans: Plans) -> list[list[Cell]]:
    """The largest gaps of targets, each for the side that can close it."""
    if plans.gaps is None:
        return []
    targets = plans.gaps.targets
    parts = [
        targets.assign(missing=targets[column], who=who)
        for column, who in (("missing_demand", SALES), ("missing_supply", OPERATIONS))
    ]
    every = pd.concat(parts, ignore_index=True)
    share = every["missing"] / every["quantity"].where(every["quantity"] > 0)
    worst = every.assign(share=share)[share > 1e-3].sort_values(
        ["share", "target"], ascending=[False, True], kind="stable"
    )
    return [_gap(plans, row) for row in worst.head(MOST_GAPS).to_dict("records")]


def _gap(plans: Plans, row: Row) -> list[Cell]:
    unit = "units" if row["measure"] == "units" else "currency"
    missing = (
        f"{row['missing']:,.0f} units"
        if unit == "units"
        else one(row["missing"], unit, currency=plans.focus.currency)
    )
    what = (
        f"Find the demand that target {row['target']} is short of, or lower it"
        if row["who"] == SALES
        else f"Close the supply gap of target {row['target']}, or lower it"
    )
    by = plans.focus.calendar.label(max(row["from"], plans.focus.calendar.start))
    return [
        Cell(what),
        Cell(str(row["who"])),
        Cell(by),
        Cell(f"{missing} ({percent(row['share'])})"),
        Cell(NOTHING),
        Cell(NOTHING),
    ]


def _decision(plans: Plans, row: Row) -> list[Cell]:
    what = decision_text({**row, **{name: spelled(row[name]) for name in NAMES}})
    return [
        Cell(f"{what[:1].upper()}{what[1:]}"),
        Cell(OWNERS[row["kind"]]),
        Cell(plans.focus.calendar.label(row["period"])),
        Cell(amount_text(row)),
        Cell(f"{row['cost']:,.0f}"),
        Cell(_waiting(plans, row)),
    ]


def _waiting(plans: Plans, row: Row) -> str:
    """What a period costs, in few words."""
    if row["waiting"] in ("free", "impossible"):
        return {"free": "nothing", "impossible": "breaks a hard limit"}[row["waiting"]]
    if row["waiting"] != "costs":
        return NOTHING
    parts = []
    if abs(row["waiting_margin"]) >= 1:
        money = one(abs(row["waiting_margin"]), "currency", currency=plans.focus.currency)
        parts.append(f"{money} of margin" if row["waiting_margin"] > 0 else f"saves {money}")
    parts += [
        f"{row[f'waiting_{fate}']:,.0f} units {fate}"
        for fate in ("late", "lost")
        if row[f"waiting_{fate}"] >= 0.5
    ]
    return ", ".join(parts) or "attainment of targets"


# ------------------------------------------------------------------------------------------------- chances


def _chances(plans: Plans) -> list[Block]:
    """The three largest risks and opportunities, each with its money."""
    tables = [
        ("Largest risks", risks(plans)[:LARGEST]),
        ("Largest opportunities", opportunities(plans)[:LARGEST]),
    ]
    return [Block("half", _chance_table(plans, title, chances)) for title, chances in tables if chances]


def _chance_table(plans: Plans, title: str, chances: Sequence[Chance]) -> Table:
    money = scale_for([chance.amount for chance in chances], "currency", currency=plans.focus.currency)
    rows = [[Cell(chance.text), Cell(money.text(chance.amount), chance.measure)] for chance in chances]
    return Table(title, ["What", money.unit], [("", rows)])
