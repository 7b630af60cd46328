"""What stands in the JSON of a monthly cycle."""

from typing import Any

from planner.plan.cycle.record import (
    Action,
    Assumption,
    Closing,
    Considered,
    Decision,
    Opening,
    Rejection,
    Signature,
)
from planner.report.schemas.field_types import Schema, many, number, of_fields, record, text, whole

WHO = {"by": "who", "on": "the day"}
PLAN = {"plan": "name of the plan in the cycle", **WHO}
TEXTS: Schema = {"type": "string"}
YES_OR_NO: Schema = {"type": "boolean"}


def _part(kind: type[Any], meanings: dict[str, str], meaning: str = "") -> Schema:
    return record(of_fields(kind, meanings), meaning)


def _or_none(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


CHANGE = {name: text(meaning, blank=True) for name, meaning in {
    "side": "sales, operations, or shared: the side that answers for the row",
    "table": "the table, or settings", "change": "added, removed or changed", "key": "the row",
    "column": "the column", "before": "what it was", "after": "what it is",
    "place": "file and row"}.items()}
AGAINST = {
    "kind": text("demand, shipment, production, purchase or inventory"), "item": text("the item"),
    "site": text("the site, or blank"), "market": text("the market, or blank"), "period": text("the period"),
    "family": text("family of the item"), "planned": number("units in the agreed plan"),
    "actual": number("units that it was"), "difference": number("actual less planned"),
}
ACCURACY = {
    "family": text("the family; all: all of them"), "lag": whole("periods ahead"),
    "periods": whole("periods that are judged"),
    "wape": number("sum of the errors by item and market as a share of actual", blank=True),
    "bias": number("planned less actual as a share of actual", blank=True),
    "override_value": number("WAPE without overrides less WAPE with them", blank=True),
    "tracking_signal": number("sum of the errors in units of their mean size, over the periods of lag 1; "
                              "null: fewer than 3 periods", blank=True),
}
STABILITY = {
    "plan": text("name of the plan in the cycle"), "area": text("the area"), "unit": text("units or workers"),
    "agreed": number("in the agreed plan, over the periods of both"), "planned": number("in the plan"),
    "changed": number("sum of the differences, whatever their sign"),
    "stability": number("1 less what has changed as a share of what was agreed", blank=True),
    "stability_next": number("the same of the first period alone", blank=True),
}
SINCE = record({
    "cycle": text("the previous cycle"), "plan": text("name of the agreed plan's scenario"),
    "against_plan": many("plan and actual, of all that was counted", record(AGAINST)),
    "accuracy": many("of the demand that cycles have agreed on", record(ACCURACY)),
    "stability": many("how much of the agreed plan stands in each plan", record(STABILITY)),
})
CYCLE: dict[str, Schema] = {
    "cycle": text("first period that is planned"), "name": text("name of the scenario"),
    "bucket": text("month or week"), "revision": whole("how often the record has been written"),
    "state": text("open, decided, signed by sales or operations, signed, or closed"),
    "opened": _part(Opening, WHO | {
        "scenario": "place of the scenario, from the cycle", "scenario_hash": "hash of its content",
        "previous": "place of the previous cycle, or blank", "previous_seal": "its seal, or blank"}),
    "plans": many("the plans considered", _part(Considered, PLAN | {
        "folder": "its place, from the cycle", "scenario": "place of its scenario",
        "scenario_hash": "hash of the scenario's content", "plan_hash": "hash of all that the plan says",
        "status": "optimal, time_limit, effort_limit, interrupted or unproven"})),
    "assumptions": many("what is taken for granted", _part(Assumption, WHO | {
        "assumption": "what", "owner": "who watches it"})),
    "actions": many("what is to be done, or was", _part(Action, WHO | {
        "action": "its number", "what": "what", "owner": "who does it", "due": "by when",
        "since": "the cycle that has agreed on it", "done": "the day it was done; blank: open"})),
    "decision": _or_none(_part(Decision, PLAN | {"why": "why", "proof": "proven, or what is not"})),
    "rejected": many("the plans that were not chosen", _part(Rejection, PLAN | {"why": "why not"})),
    "signatures": many("who has signed", _part(Signature, WHO | {
        "side": "sales or operations", "signed": "hash of what was signed"})),
    "closed": _or_none(_part(Closing, WHO | {"seal": "hash of all that the closed cycle says"})),
    "broken": many("what is not what was signed, with file and row or line", TEXTS),
    "outdated": many("what of plans and scenarios is no longer as it was when it was added", TEXTS),
    "unread": text("why the scenario cannot be read now, or blank"),
    "changes": many("who changed what since the previous cycle, or since this one was opened", record(
        CHANGE | {"rolled": YES_OR_NO | {"description": "whether it was so when the cycle was opened"}})),
    "open_actions": many("actions that are not done", record({
        "action": whole("its number"), "what": text("what"), "owner": text("who"), "due": text("by when"),
        "since": text("the cycle that has agreed on it")})),
    "since": _or_none(SINCE),
}
