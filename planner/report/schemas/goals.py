"""What `planner goals --json` prints."""

from planner.plan.goals import SCOPES
from planner.report.schemas.field_types import Schema, by_name, many, number, record, text

GOALS: dict[str, Schema] = {
    "plan": text("name of the plan's scenario"), "currency": text("currency of all amounts"),
    "sentences": many("what there is to say", {"type": "string"}),
    "goals": many("every goal, those of sales first", record({
        "goal": text("the goal"), "measure": text("the KPI"), "unit": text("unit of the KPI"),
        **{part: text(f"the {part} that it is about; null: all", blank=True) for part in SCOPES},
        "side": text("sales, operations or both"), "owner": text("who answers for it", blank=True),
        "minimum": number("at least so much", blank=True), "maximum": number("at most so much", blank=True),
        "actual": number("last year's figure, for as many periods as the plan has; of stock, as it "
                         "begins", blank=True),
        "plan": number("the plan's figure", blank=True),
        "missing": number("what the plan falls short by; null: no figure", blank=True),
        "is_met": {"type": ["boolean", "null"], "description": "whether the plan reaches it"},
        "trend": text("rising, falling or steady, from the plan's first half to its second", blank=True)})),
    "trade_offs": many("what more of one figure costs the others, solved again", record({
        "measure": text("the figure"), "step": text("by how much"), "status": text("how it was solved"),
        "differences": by_name("what each figure changes by", {"type": "number"})})),
}
