"""What `planner run --json` prints."""

from planner.report.schemas.field_types import Schema, by_name, many, number, record, text

RUN: dict[str, Schema] = {
    "plans": many("every scenario of the folder, bases before their what-ifs", record({
        "name": text("name of the scenario's folder or workbook"),
        "state": text("solved, unchanged, remembered (solved before, elsewhere), infeasible or no plan"),
        "folder": text("folder of the plan"),
        "start": text("name of the scenario from whose plan the solver began", blank=True),
        "seconds": number("seconds that it took"),
        "message": text("why there is no plan", blank=True),
        "status": text("how the plan was solved", blank=True),
        "worst_gap": number("the worst of what is not proven, as a share", blank=True),
        "kpis": by_name("the scorecard", {"type": "number"})})),
    "recommended": text("heading of the plan recommended; null: none", blank=True),
    "sentences": many("what there is to say", {"type": "string"}),
}
