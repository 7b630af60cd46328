"""What `--json` prints, as a JSON Schema for each command: other programs can rely on it.

The fields are declared here once; the reference page and the schema file are made from them, and what the
commands print is held against them.
"""

from planner.demand.series.outlook import QUANTILES
from planner.errors import Problem
from planner.model.solution import Pass
from planner.plan.audit.findings import Finding
from planner.plan.deciding.layout import DECISIONS
from planner.plan.layout import TABLES
from planner.plan.orders import CUSTOMERS, ORDERS
from planner.plan.pegging.ahead import MADE_AHEAD
from planner.plan.pegging.layout import PEG_TABLES
from planner.plan.promise.placement import DISPLACED
from planner.report.schemas.comparison import comparison_details
from planner.report.schemas.conflicts import CONFLICT
from planner.report.schemas.cycle import CYCLE
from planner.report.schemas.field_types import (
    KINDS,
    Schema,
    by_name,
    many,
    number,
    of_fields,
    plan_table,
    record,
    text,
    whole,
)
from planner.report.schemas.goals import GOALS
from planner.report.schemas.promises import promised
from planner.report.schemas.runs import RUN
from planner.report.schemas.sweeps import SWEEP

SCHEMA = 1  # of everything that `--json` prints; another number is another shape

TOTALS = tuple(f"total_{name}" for name in QUANTILES)  # demand of which the total is at a quantile
# Columns of the tables of a demand, which have no layout of their own; all others are names.
DEMAND_KINDS = {
    **dict.fromkeys(("quantity", "mean", *QUANTILES, *TOTALS, "value", "low", "high",
                     "before", "after", "uplift", "standard_error", "weight"), "number"),
    **dict.fromkeys(("lag", "count", "periods"), "whole"),
}
DEMAND_TABLES = {
    "ledger": ("where every unit of demand comes from", "item market period origin quantity"),
    "quantiles": ("the mean and the quantiles of the demand",
                  f"item market period mean {' '.join((*QUANTILES, *TOTALS))}"),
    "record": ("how well past forecasts did", "level measure lag method value"),
    "adjustments": ("what overrides have changed", "item market period before after reason author"),
    "pipeline_kpis": ("how the pipeline does, with 95 % intervals",
                      "kpi stage lead_source value low high count unit"),
    "cleaned": ("what was changed in the history before it was forecast from",
                "item market period before after reason"),
    "streams": ("what each stream expects, and its weight in the consensus",
                "item market period stream quantity weight"),
    "promotion_effects": ("what past promotions show", "item uplift standard_error periods estimated_from"),
}


def demand_table(meaning: str, columns: str) -> Schema:
    """The rows of one table of a demand; the quantile of a total is there only where it is planned on."""
    kinds = {name: KINDS[DEMAND_KINDS.get(name, "name")] for name in columns.split()}
    optional = tuple(name for name in kinds if name in TOTALS)
    return many(meaning, record({name: {"type": kind} for name, kind in kinds.items()}, optional=optional))


PROBLEM = of_fields(Problem, {
    "message": "what is wrong, and what is allowed", "file": "the file",
    "sheet": "its sheet, of a workbook", "cell": "its cell, of a workbook, like D14",
    "row": "its row, as a spreadsheet counts", "column": "the column", "value": "what stands there",
    "line": "its line, of a YAML file", "severity": "error, warning or note",
    "code": "place and kind, the same when the words change: see the reference of problems",
}) | {"place": text("file and row or line, as people read it")}
FINDING = of_fields(Finding, {
    "rule": "the rule of the audit that found it", "table": "the table of the plan",
    "key": "the row, parts joined by ' | '",
    "period": "the period, or blank", "expected": "what the figure must be", "found": "what it is",
    "message": "both in a sentence",
})
PASS = of_fields(Pass, {
    "name": "what was optimised", "objective": "what was reached", "bound": "the best possible",
    "gap": "how far apart the two are", "seconds": "time it took", "status": "how it ended",
})
CHANGE = {name: text(meaning, blank=True) for name, meaning in {
    "table": "the table, or settings", "change": "added, removed or changed", "key": "the row",
    "column": "the column", "before": "what the base has", "after": "what the scenario has"}.items()}
CHANGES = many("what differs from the base scenario", record(CHANGE))
NUMBERS = {"type": "array", "items": {"type": ["number", "null"]}}
SCORE = {
    "kpi": text("name of the KPI"), "unit": text("its unit"), "side": text("sales, operations or both"),
    "better": text("higher, lower, or zero: the nearer to 0 the better"), "meaning": text("its definition"),
}

PROOF = record({
    "service": number("share of the demand that another plan could deliver on time beyond this one, at most"),
    "targets": number("mean attainment of sales targets that another plan could add, at most"),
    "cost": number("share of the objective that another plan could save or earn, at most; null: not known",
                   blank=True),
    "worst": number("the largest of the three; null: not known", blank=True),
}, "how much better another plan could be at most")
HEAD: dict[str, Schema] = {
    "name": text("name of the scenario"),
    "question": text("the question that it answers"),
    "status": text("optimal, time_limit, effort_limit, interrupted or unproven"),
    "mode": text("targets_first, cost or profit"),
    "objective": number("the cost, or in mode profit the profit"),
    "bound": number("the best that any plan could reach", blank=True),
    "gap": number("how far the objective is from the bound, as a share", blank=True),
    "proof": PROOF,
    "currency": text("currency of all amounts"),
    "bucket": text("month or week"),
    "scenario_source": text("where the scenario was read from; blank: not from files"),
    "scenario_hash": text("hash of the scenario's content"),
    "seconds": by_name("time of each phase", {"type": "number"}),
    "versions": by_name("versions of the programs that made the plan", {"type": "string"}),
    "settings": by_name("settings of the scenario"),
}
PLAN: dict[str, Schema] = HEAD | {
    "passes": many("each objective, in order", record(PASS)),
    "kpis": by_name("value of each KPI; one that the data do not allow is absent", {"type": "number"}),
    "scorecard": many("each KPI with its definition", record(SCORE | {
        "value": number("its value"), "low": number("from: its 95 % interval, of an estimate", blank=True),
        "high": number("to", blank=True)})),
    "changes": CHANGES,
    "tables": record({name: plan_table(table) for name, table in TABLES.items()}, "all tables of the plan"),
}
COMPARED_PLAN = {
    "number": whole("place of the plan in every list below, from 1"),
    "name": text("name of the scenario; several plans may share one"),
    "heading": text("the name, made different from those of the others"),
    "folder": text("folder given on the command line", blank=True),
    "scenario_hash": text("hash of the scenario's content"),
    "status": text("optimal, time_limit, effort_limit, interrupted or unproven"),
    "proof": PROOF,
    "mode": text("targets_first, cost or profit"),
    "verdict": text("what the plan comes to beside the first, in sentences; blank for the first"),
}
DIFFERENCE = {
    "area": text("the area"), "table": text("the table of the plan"),
    "key": text("the row, parts joined by ' | '"), "measure": text("the column"), "unit": text("its unit"),
    "values": NUMBERS | {"description": "the figure of each plan, by place"},
    "difference": number("the largest difference from the first plan"),
}
COMPARISON: dict[str, Schema] = {
    "plans": many("the plans, in the order in which they were named", record(COMPARED_PLAN)),
    "currency": text("currency of all amounts"),
    "bucket": text("month or week"),
    "periods": many("the periods that are compared: those that all plans cover", {"type": "string"}),
    "notes": many("what is compared and what has been left out", {"type": "string"}),
    "kpis": many("each KPI that any plan has, service, margin and revenue first", record(SCORE | {
        "values": NUMBERS | {"description": "its value in each plan, by place; null: it has none"},
        "differences": NUMBERS | {"description": "less the first plan's; null for the first"},
        "unproven": NUMBERS | {"description": "by how much another plan could be better; null: not known"},
        "verdicts": many("better, worse or same beside the first; not distinguishable: what is not proven is "
                         "more than the difference; blank: no verdict", {"type": "string"})})),
    "differences": many("where the plans differ most, area by area", record(DIFFERENCE)),
}
LINE = {
    "name": text("what it is about; blank: all names of the unit together"),
    "measure": text("what is measured"),
    "unit": text("unit of the figures; 0 to 1: a share"),
    "values": NUMBERS | {"description": "the figure of each period; null: there is none"},
    "marks": many("of each period: missing, full, or blank", {"type": "string"}),
    "total": number("of the plan's periods: flows are added up, levels are those at the end", blank=True),
    "together": text("what the total is: sum, first, last, or share (of the sums)"),
}
GRID = {
    "what": text("what is shown"),
    "by": text("by what; blank: an S&OP sheet"),
    "title": text("its title"),
    "periods": many("the periods or quarters", {"type": "string"}),
    "lines": many("the lines, name by name", record(LINE)),
    "currency": text("currency of amounts"),
    "past": whole("how many of the first periods are over when the plan starts"),
    "note": text("what has to be known to read it, or blank"),
}
STATEMENTS = many("what there is to say, sentence by sentence", record({
    "kind": text("what it is about"), "text": text("the sentence"),
    "figures": by_name("the names and figures in it")}))
PEGGED: dict[str, Schema] = {
    "plan": text("name of the plan's scenario"),
    "currency": text("currency of all amounts"),
    "rule": text("oldest_first or latest_first: in which order goods leave a stock"),
    "asked": by_name("what was asked about", {"type": "string"}),
    "statements": STATEMENTS,
    "costs": by_name("landed cost of the deliveries by cost term", {"type": "number"}),
    "plan_costs": many("where the plan's costs end, by cost term", record({
        "cost": text("the cost term"), "deliveries": number("in what is delivered"),
        "end": number("in stock when the plan ends"), "rounding": number("in the solver's rounding"),
        "unlaid": number("for no goods: penalties, what is owed or lost, what nothing uses")})),
    **{name: plan_table(table) for name, table in PEG_TABLES.items()},
}
TO_DECIDE: dict[str, Schema] = {
    "plan": text("name of the plan's scenario"),
    "currency": text("currency of all amounts"),
    "statements": STATEMENTS,
    "decisions": plan_table(DECISIONS),
    "made_ahead": plan_table(MADE_AHEAD),
}
ORDER_BOOK: dict[str, Schema] = {
    "plan": text("name of the plan's scenario"),
    "currency": text("currency of all amounts"),
    "statements": STATEMENTS,
    "customers": plan_table(CUSTOMERS),
    "orders": plan_table(ORDERS),
}
AMOUNTS = {name: number(meaning) for name, meaning in {
    "quantity": "the target", "demand": "demand in its span",
    "owed": "what is owed when the span begins, and can be delivered in it", "delivered": "what is delivered",
    "missing_demand": "what customers do not want of the target: sales acts",
    "missing_supply": "what they want and do not get: operations acts"}.items()}
CELL = {"family": text("the family"), "market": text("the market"), "period": text("the period")}
GAPS: dict[str, Schema] = {
    "plan": text("name of the plan's scenario"), "currency": text("currency of all amounts"),
    "statements": STATEMENTS,
    "targets": many("each target, in its own measure", record({
        "target": text("the target"), "measure": text("units or revenue"),
        "priority": whole("1 is met first"),
        "from": text("first period counted"), "to": text("last period counted"),
        "shortfall": number("missing demand and missing supply together"), **AMOUNTS})),
    "cells": many("each target by family, market and period, divided as its demand is", record({
        "target": text("the target"), **CELL, **AMOUNTS})),
    "supply": many("supply against demand by family, market and period", record(CELL | {
        "demand": number("units"),
        "delivered_on_time": number("units delivered in the period of their demand"),
        "delivered_late": number("units delivered in the period, after that of their demand"),
        "lost": number("units not delivered"), "demand_revenue": number("what the demand would bring"),
        "revenue": number("what is delivered brings"),
        "lost_revenue": number("what the lost units would bring")})),
}
FIGURES = record({
    "cost": number("total cost"), "revenue": number("revenue"), "margin": number("revenue less cost"),
    "delivered": number("units delivered"), "on_time": number("units delivered on time"),
    "late": number("units delivered late, or owed at the end"), "lost": number("units lost"),
    "attainment": number("attainment of the sales targets, as a share"),
    "missed": by_name("shortfall of each sales target", {"type": "number"})})
REMEDY: dict[str, Schema] = {
    "rank": whole("1 is best"), "about": text("the remedy in words"),
    "closes": number("what of the gap it closes"), "left": number("what of the gap is left"),
    "margin": number("what the margin gains, the goods of extra receipts paid"),
    "goods": number("what the goods of extra receipts cost, which are not in the plan's own costs"),
    "decide_by": text("the first period in which something has to be agreed"),
    "status": text("optimal, time_limit or interrupted: how the plan with it was solved"),
    "gap": number("how much better that plan could be, as a share", blank=True),
    "differences": FIGURES | {"description": "what the plan with it is above the plan without"},
    "levers": many("what it changes", record({
        "lever": text("kind of lever"), "key": by_name("of what", {"type": "string"}),
        "about": text("the lever in words"), "unit": text("its unit"), "total": number("how much in all"),
        "periods": many("the periods; blank: throughout", {"type": "string"}),
        "amounts": NUMBERS | {"description": "by how much in each"},
        "values": NUMBERS | {"description": "what the limit then is"},
        "is_lowered": {"type": "boolean", "description": "whether the limit is lowered"}})),
    "overrides": by_name("the what-if that says so, table by table"),
}
REMEDIES: dict[str, Schema] = {
    "plan": text("name of the plan's scenario"), "currency": text("currency of all amounts"),
    "kind": text("target, order or demand"), "key": by_name("what was asked about", {"type": "string"}),
    "about": text("the gap in words"), "unit": text("unit of the gap"),
    "short": number("what is missing in the plan"),
    "unreachable": number("what of it no supply closes, since the target is above demand"),
    "levers": whole("how many levers the scenario has"),
    "sentences": many("what there is to say", {"type": "string"}),
    "remedies": many("the remedies, best first", record(REMEDY)),
}
SENTENCES = {"sentences": many("the explanation, sentence by sentence", {"type": "string"})}
ERROR = {"error": record({
    "kind": text("scenario, plan, output, cycle, infeasible, no_plan"),
    "exit_code": whole("exit code of the command"),
    "message": text("the message, as it stands on stderr"),
    "problems": many("every problem of the scenario", record(PROBLEM)),
    "conflicts": many("figures that cannot hold together; one of each conflict has to change",
                      record(CONFLICT)),
    "notes": many("what was not found out about conflicts", {"type": "string"}),
}, "why there is no result")}

READ = {
    "read": text("its name in the mapping"), "table": text("the table it goes into"),
    "files": many("the files read", {"type": "string"}),
    "rows_read": whole("rows of the files"), "rows_written": whole("rows that are in the table"),
    "sums_read": by_name("sum of each figure as read", {"type": "number"}),
    "sums_written": by_name("sum of each figure as written", {"type": "number"}),
    "left_out": many("rows that are not in the table, by reason", record({
        "reason": text("why"), "rows": whole("how many"),
        "sums": by_name("their sums", {"type": "number"})})),
}
TABLE_CHANGE = {
    "table": text("the table"), "before": whole("rows before"), "after": whole("rows now"),
    "added": whole("rows new"), "removed": whole("rows gone"), "changed": whole("rows changed"),
    "by_hand": whole("cells and rows of people that stay although the files say something else"),
    "examples": many("some of them, in words", {"type": "string"}),
}

RESULTS: dict[str, tuple[str, dict[str, Schema]]] = {
    "check": ("Everything that is wrong with a scenario.", {
        "scenario": text("the folder"), "problems": many("every problem", record(PROBLEM)),
        "changes": CHANGES | {"description": "with --changes: what differs from the base scenario"}}),
    "import": ("What became of every row of the files.", {
        "scenario": text("the folder"), "reads": many("each read of the mapping", record(READ)),
        "tables": many("each table that was written", record(TABLE_CHANGE)),
        "recognised": many("what was recognised about the files", {"type": "string"}),
        "notes": many("what the files do not agree about", {"type": "string"}),
        "problems": many("every problem of the scenario as it now stands", record(PROBLEM))}),
    "roll": ("Next month's scenario.", {
        "scenario": text("the folder"), "rows": by_name("rows of each table", whole("rows")),
        "archived": by_name("rows of each table that are over", whole("rows")),
        "notes": many("what was carried over in an unusual way", {"type": "string"}),
        "problems": many("every problem of the new scenario", record(PROBLEM))}),
    "forecast": ("The demand.", {
        "plan_on": text("mean, or the quantile that is planned on"),
        "notes": many("what the data did not allow, and what was changed in them", {"type": "string"}),
        "verdict": many("how well past forecasts did, in sentences", {"type": "string"}),
        **{name: demand_table(*said) for name, said in DEMAND_TABLES.items()}}),
    "forecast --explain": ("Why the demand is what it is.", SENTENCES),
    "solve": ("The plan.", PLAN),
    "audit": ("Every figure that is not what it must be; none: the plan is sound.", {
        "plan": text("name of the plan's scenario"), "findings": many("what was found", record(FINDING))}),
    "explain": ("Why the plan is what it is.", SENTENCES | {"statements": STATEMENTS}),
    "worth": ("What more of a limit is worth, solved again.", {
        "plan": text("name of the plan's scenario"), "currency": text("currency of all amounts"),
        "statements": STATEMENTS, "figures": by_name("the limit, the step, and what it brings"),
        "overrides": by_name("the step as a what-if, which gives the same figures when it is solved")}),
    "gaps": ("What is missing of targets and of demand, and who can close it.", GAPS),
    "goals": ("The goals of both sides, and what more of one costs the others.", GOALS),
    "show": ("Figures by name and period.", {
        "plan": text("name of the plan's scenario"),
        "currency": text("currency of all amounts"),
        "bucket": text("month or week"), "grids": many("what was asked for", record(GRID))}),
    "customers": ("What becomes of customers and booked orders, those that lose or wait for most money "
                  "first.", ORDER_BOOK),
    "decide": ("What has to be decided in the first periods, and what waiting costs.", TO_DECIDE),
    "peg": ("What serves the deliveries asked about, or what depends on the supplier, work center or flows "
            "asked about; the tables of the other question are empty.", PEGGED),
    "export": ("What to order, start, send and hire.", {
        "plan": text("name of the plan's scenario"), "currency": text("currency of all amounts"),
        "orders": by_name("the orders of each list that was asked for", many("order by order", {
            "type": "object", "additionalProperties": {"type": ["string", "number", "null"]}}))}),
    "remedies": ("What closes a gap, each remedy proven by solving the whole plan again.", REMEDIES),
    "cycle status": ("How far a monthly cycle is, what has changed under it, and how last month's plan did.",
                     CYCLE),
    "run": ("Every scenario of a folder, planned.", RUN),
    "sweep": ("Many what-ifs of one scenario, or a frontier.", SWEEP),
    "promise": ("What can be promised to inquiries, at what cost and at whose expense.",
                promised(STATEMENTS, plan_table(DISPLACED))),
    "compare": ("Plans side by side, each at its place: names are never keys.",
                COMPARISON | comparison_details(STATEMENTS)),
    "error": ("What any command prints in place of its result where there is none.", ERROR),
}


def schema_of(result: str) -> Schema:
    """The JSON Schema of what a command prints, or of an error."""
    meaning, properties = RESULTS[result]
    command: Schema = {"type": "string"} if result == "error" else {"const": result}
    head = {"schema": {"const": SCHEMA, "description": "version of this format"},
            "command": command | {"description": "the command"}}
    return record(head | properties, meaning, optional=("changes",) if result == "check" else ())


def schema_document() -> Schema:
    """All schemas in one document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"planner --json, schema {SCHEMA}",
        "oneOf": [{"$ref": f"#/$defs/{_anchor(result)}"} for result in RESULTS],
        "$defs": {_anchor(result): schema_of(result) for result in RESULTS},
    }


def _anchor(result: str) -> str:
    return result.replace(" --", "-").replace(" ", "-")
