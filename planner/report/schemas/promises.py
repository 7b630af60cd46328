"""What stands in the JSON of promises."""

from planner.report.schemas.field_types import Schema, many, number, record, text

DATE = record({"period": text("the period", blank=True),
               "not_before": text("no earlier period is possible, proven; null: none is", blank=True)})


def placed(displaced: Schema) -> Schema:
    """The plan with the inquiry delivered in a period, beside the plan."""
    return record({
        "period": text("the period of delivery"), "cost": number("what the plan costs more with it"),
        "unit_cost": number("the same for each unit"), "revenue": number("what it brings"),
        "others": number("what deliveries to others bring more; below 0: less"),
        "margin": number("revenue and others less cost"),
        "minimum_price": number("price per unit from which on the plan earns no less"),
        "is_worth_winning": {"type": "boolean", "description": "whether the margin is above 0"},
        "gives_way": many("what gives way: booked order, sales target, forecast demand", {"type": "string"}),
        "gained": number("units that others get more"), "displaced": displaced,
        "status": text("how the plan with it was solved"),
        "gap": number("how much better that plan could be, as a share", blank=True)})


def promised(statements: Schema, displaced: Schema) -> dict[str, Schema]:
    """What the command `promise` prints."""
    return {
        "plan": text("name of the plan's scenario"), "currency": text("currency of all amounts"),
        "status": text("status of the plan"),
        "promises": many("each inquiry, answered as if it were the only one", record({
            "order": text("the inquiry"), "customer": text("who asks, or blank"),
            "opportunity": text("the opportunity, or blank"),
            "lines": many("what is asked for", record({
                "item": text("the item"), "market": text("the market"), "quantity": number("units"),
                "price": number("price per unit; null: the price list's", blank=True)})),
            "due": text("the period asked for"),
            "expected": number("units of it that the forecast counts already, and that make way for it"),
            "is_on_time": {"type": "boolean", "description": "whether earliest is the period asked for"},
            "is_served": {"type": "boolean", "description": "whether any lane brings it to the market"},
            "undisturbed": DATE | {"description": "the first period in which nobody gets less or later"},
            "earliest": DATE | {"description": "the first in which no booked order and no target does"},
            "possible": DATE | {"description": "the first in which it can be delivered at all"},
            "at_due": {"anyOf": [placed(displaced), {"type": "null"}],
                       "description": "the plan with it in the period asked for; null: impossible"},
            "at_earliest": {"anyOf": [placed(displaced), {"type": "null"}],
                            "description": "the same at the earliest date, where that is later"},
            "is_proven": {"type": "boolean", "description": "whether all of it is proven"},
            "statements": statements}))}
