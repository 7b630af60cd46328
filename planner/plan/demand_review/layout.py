"""The tables of a demand review: every column with its unit and meaning, keys first."""

from planner.plan.layout import BLANK, Measure, PlanTable

BLANKS = frozenset({BLANK})
PERIOD = Measure("period", "period", "the period", key=True)
FAMILY = Measure("family", "", "the family; blank: none", key=True, traits=BLANKS)
REGION = Measure("region", "", "the region; blank: none", key=True, traits=BLANKS)


def _text(name: str, meaning: str) -> Measure:
    return Measure(name, "", meaning, key=True, traits=BLANKS)


EXPECTED = PlanTable(
    "expected",
    "What is expected, and the 80 % interval, of everything and of each family and "
    "region; values at the prices of the scenario.",
    (
        Measure("level", "", "all, family or region", key=True),
        _text("name", "the family or region; blank: of everything, or none"),
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
        Measure("target", "", "the target", key=True),
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
        Measure("origin", "", "booked, pipeline, baseline, promotion, consensus, override or user", key=True),
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
        Measure("method", "", "planner, the steps before it, or a simple method", key=True),
        Measure("actual", "units", "what was ordered"),
        Measure("forecast", "units", "what was forecast"),
        Measure("error", "units", "how far off, item by item and market by market, whatever the sign"),
    ),
)
VALUE_ADDED = PlanTable(
    "value_added",
    "What every step of the forecast takes off its error (WAPE), over all periods ahead.",
    (
        Measure("forecast_step", "", "run_rate, pipeline, promotions, streams or overrides", key=True),
        Measure("of_series", "0 to 1", "by item and market; below 0: it does harm"),
        Measure("of_total", "0 to 1", "of the total", traits=BLANKS),
    ),
)
OVERRIDES = PlanTable(
    "overrides",
    "What people have changed by hand, largest first.",
    (
        Measure("item", "", "the item", key=True),
        Measure("market", "", "the market", key=True),
        FAMILY,
        _text("author", "who has changed it"),
        _text("reason", "why"),
        Measure("from", "period", "the first period changed", key=True),
        Measure("to", "period", "the last period changed", key=True),
        Measure("before", "units", "forecast in these periods"),
        Measure("after", "units", "what is planned on instead"),
    ),
)
PIPELINE = PlanTable(
    "pipeline",
    "How deals move, with 95 % intervals.",
    (
        Measure("kpi", "", "what is measured", key=True),
        _text("stage", "the stage; blank: of the whole"),
        Measure("value", "as its unit", "the estimate"),
        Measure("low", "as its unit", "lower end", traits=BLANKS),
        Measure("high", "as its unit", "upper end", traits=BLANKS),
        Measure("unit", "", "its unit", key=True),
    ),
)
DEALS = PlanTable(
    "deals",
    "Open deals, those that bring most first.",
    (
        Measure("opportunity", "", "the deal", key=True),
        Measure("item", "", "the item", key=True),
        Measure("market", "", "the market", key=True),
        Measure("period", "period", "when it is likeliest won", key=True),
        Measure("chance", "0 to 1", "that it is won in the periods planned"),
        Measure("quantity", "units", "its size"),
        Measure("value", "currency", "its size at its prices"),
    ),
)
NOTES = PlanTable("notes", "What the data did not allow.", (Measure("note", "", "the note", key=True),))
REVIEW_TABLES = {
    table.name: table
    for table in (EXPECTED, TARGETS, ORIGINS, ACCURACY, VALUE_ADDED, OVERRIDES, PIPELINE, DEALS, NOTES)
}
