"""The tables of a demand review: every column with its unit and meaning, keys first."""

from planner.plan.layout import BLANK, BLANKS, Measure, PlanTable, key

PERIOD = key("period", "the period", unit="period")
FAMILY = key("family", "the family; blank: none", BLANK)
REGION = key("region", "the region; blank: none", BLANK)


EXPECTED = PlanTable(
    "expected",
    "What is expected, and the 80 % interval, of everything and of each family and "
    "region; values at the prices of the scenario.",
    (
        key("level", "all, family or region"),
        key("name", "the family or region; blank: of everything, or none", BLANK),
        PERIOD,
        Measure("quantity", "units", "expected"),
        Measure(
            "low", "units", "one time in ten it is less; blank: nothing says how sure it is", traits=BLANKS
        ),
        Measure("high", "units", "one time in ten it is more", traits=BLANKS),
        Measure("value", "currency", "expected, at its prices"),
        Measure("low_value", "currency", "one time in ten it is less", traits=BLANKS),
        Measure("high_value", "currency", "one time in ten it is more", traits=BLANKS),
    ),
)
TARGETS = PlanTable(
    "targets",
    "The demand in the scope and span of each sales target, in its measure.",
    (
        key("target", "the target"),
        Measure("demand", "units or currency", "expected"),
        Measure("low", "units or currency", "one time in ten it is less", traits=BLANKS),
        Measure("high", "units or currency", "one time in ten it is more", traits=BLANKS),
    ),
)
ORIGINS = PlanTable(
    "origins",
    "Where the expected demand comes from.",
    (
        FAMILY,
        REGION,
        PERIOD,
        key("origin", "booked, pipeline, baseline, promotion, consensus, override or user"),
        Measure("quantity", "units", "expected"),
        Measure("value", "currency", "the same at its prices"),
    ),
)
ACCURACY = PlanTable(
    "accuracy",
    "Past forecasts up to three periods ahead beside what was ordered.",
    (
        FAMILY,
        PERIOD,
        Measure("lag", "periods", "how many periods ahead it was forecast"),
        key("method", "planner, the steps before it, or a simple method"),
        Measure("actual", "units", "what was ordered"),
        Measure("forecast", "units", "what was forecast"),
        Measure("error", "units", "how far off, item by item and market by market, whatever the sign"),
    ),
)
VALUE_ADDED = PlanTable(
    "value_added",
    "What every step of the forecast takes off its error (WAPE), over all periods ahead.",
    (
        key("forecast_step", "run_rate, pipeline, promotions, streams or overrides"),
        Measure("of_series", "0 to 1", "by item and market; below 0: it does harm"),
        Measure("of_total", "0 to 1", "of the total", traits=BLANKS),
    ),
)
OVERRIDES = PlanTable(
    "overrides",
    "What people have changed by hand, largest first.",
    (
        key("item", "the item"),
        key("market", "the market"),
        FAMILY,
        key("author", "who has changed it", BLANK),
        key("reason", "why", BLANK),
        key("from", "the first period changed", unit="period"),
        key("to", "the last period changed", unit="period"),
        Measure("before", "units", "forecast in these periods"),
        Measure("after", "units", "what is planned on instead"),
    ),
)
PIPELINE = PlanTable(
    "pipeline",
    "How deals move, with 95 % intervals.",
    (
        key("kpi", "what is measured"),
        key("stage", "the stage; blank: of the whole", BLANK),
        Measure("value", "as its unit", "the estimate"),
        Measure("low", "as its unit", "lower end", traits=BLANKS),
        Measure("high", "as its unit", "upper end", traits=BLANKS),
        key("unit", "its unit"),
    ),
)
DEALS = PlanTable(
    "deals",
    "Open deals, those that bring most first.",
    (
        key("opportunity", "the deal"),
        key("item", "the item"),
        key("market", "the market"),
        key("period", "when it is likeliest won", unit="period"),
        Measure("chance", "0 to 1", "that it is won in the periods planned"),
        Measure("quantity", "units", "its size"),
        Measure("value", "currency", "its size at its prices"),
    ),
)
NOTES = PlanTable("notes", "What the data did not allow.", (key("note", "the note"),))
REVIEW_TABLES = {
    table.name: table
    for table in (EXPECTED, TARGETS, ORIGINS, ACCURACY, VALUE_ADDED, OVERRIDES, PIPELINE, DEALS, NOTES)
}
