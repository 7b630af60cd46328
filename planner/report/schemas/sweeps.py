"""What `planner sweep --json` prints."""

from planner.report.schemas.field_types import Schema, by_name, many, number, record, text

POINT: dict[str, Schema] = {
    "name": text("name of the what-if; base: the scenario as it is"),
    "values": by_name("what each factor was set to, as it was written", {"type": "string"}),
    "status": text("how the plan was solved; infeasible or no plan: there is none"),
    "gap": number("the worst of what is not proven, as a share; null: without a bound", blank=True),
    "service": number("share of the demand that is on time", blank=True),
    "stock_value": number("average closing stock at standard cost", blank=True),
    **{name: number(f"units {words}", blank=True)
       for name, words in (("on_time", "on time"), ("late", "late"), ("lost", "lost"))},
    "kpis": by_name("the scorecard", {"type": "number"}),
}
SWEEP: dict[str, Schema] = {
    "scenario": text("name of the base"), "currency": text("currency of all amounts"),
    "of": text("of a frontier: service or stock", blank=True),
    "factors": many("what was varied", {"type": "string"}),
    "sentences": many("what there is to say", {"type": "string"}),
    "knee": text("name of the point at the knee of a frontier", blank=True),
    "points": many("the base, then every what-if in the order asked for", record(POINT)),
}
