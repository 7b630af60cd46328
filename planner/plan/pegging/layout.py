"""The frames that a pegging hands over, column by column, as the tables of a plan are declared."""

from planner.plan.layout import BLANK, TABLES, Measure, PlanTable, key


def _units(name: str, meaning: str, unit: str = "units") -> Measure:
    return Measure(name, unit, meaning)


_FULFILLMENT = TABLES["fulfillment"]
_DELIVERY = (*(column for column in _FULFILLMENT.columns if column.key),
             next(column for column in _FULFILLMENT.columns if column.name == "customer"),
             _units("quantity", "delivered in the period, on time or late"))
_FLOW = (
    key("kind", "opening (stock), receipt (scheduled), purchase, production, shipment or stock (kept)"),
    key("item", "the item", BLANK),
    key("site", "where it comes in, or is kept: a site or a market", BLANK),
    key("supplier", "of a purchase: the supplier", BLANK),
    key("routing", "of production: the routing", BLANK),
    key("origin", "of a shipment: the site that it leaves", BLANK),
    key("mode", "of a shipment: the means of transport", BLANK),
    key("period", "period in which it is ordered, started or sent, or from which it is kept", BLANK),
    key("arrives", "period in which it comes in, or until which it is kept", BLANK),
)

PEG_TABLES: dict[str, PlanTable] = {table.name: table for table in (
    PlanTable("deliveries", "The deliveries asked about, with what they cost landed.", (
        *_DELIVERY,
        _units("cost", "landed cost", "currency"),
        _units("unit_cost", "landed cost of a unit", "currency per unit"))),
    PlanTable("flows", "What serves these deliveries; the costs add up to their landed cost.", (
        _units("level", "0: the item is a part of nothing; else the steps of production down to it", "steps"),
        *_FLOW,
        _units("quantity", "ordered, started, sent or kept for these deliveries"),
        _units("arriving", "what of it comes in good"),
        _units("share", "of the whole flow", "0 to 1"),
        _units("cost", "what the flow costs by itself, its part for these deliveries", "currency"))),
    PlanTable("sources", "The flows asked about.", (
        *_FLOW,
        _units("quantity", "ordered, started, sent or there"),
        _units("amount", "what is followed of it", "units or hours"))),
    PlanTable("dependents", "The deliveries that the sources go into.", (
        *_DELIVERY,
        _units("amount", "how much of the sources is in them", "units or hours"),
        _units("dependent", "units that could not be delivered without the sources"),
        _units("revenue", "what these units earn", "currency"))),
    PlanTable("stays", "Where the sources are left in stock when the plan ends.", (
        key("item", "the item", BLANK), key("site", "the site", BLANK),
        key("arrives", "period in which it came; the one before the plan: it was there from the start"),
        _units("quantity", "units in stock"),
        _units("amount", "how much of the sources is in them", "units or hours"))),
)}
