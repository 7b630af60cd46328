"""The decisions of the first periods, column by column, and the words for each kind."""

from planner.plan.layout import BLANK, BLANKS, Measure, PlanTable, key

# In the order in which people take them.
KINDS = {
    "site_option": "choose {site_option}",
    "option": "buy {option}",
    "hire": "hire for {labor_pool} at {site}",
    "let_go": "let go of {labor_pool} at {site}",
    "order": "order {item} from {supplier} for {site}",
    "prebuild": "work ahead on {work_center} at {site}",
    "overtime": "overtime on {work_center} at {site}",
    "crew_overtime": "overtime of {labor_pool} at {site}",
}
NAMES = ("item", "supplier", "site", "work_center", "labor_pool", "option", "site_option")


DECISIONS = PlanTable("decisions", "The decisions of the first periods, those that cannot wait first.", (
    key("kind", f"{', '.join(KINDS)}"),
    key("period", "period in which it is to be decided and done", unit="period"),
    key("item", "of an order: the item", BLANK),
    key("supplier", "of an order: from whom", BLANK),
    key("site", "the site, where there is one", BLANK),
    key("work_center", "of overtime and working ahead: the work center", BLANK),
    key("labor_pool", "of hires, separations and crew overtime: the labor pool", BLANK),
    key("option", "the capacity option", BLANK),
    key("site_option", "the site option", BLANK),
    Measure("quantity", "as its unit", "how much"),
    Measure("unit", "", "units, workers, hours or options"),
    Measure("arrives", "period", "of an order: when it comes; of working ahead: the first period served",
            traits=BLANKS),
    Measure("cost", "currency", "what it costs by itself; of working ahead: what is made in the hours"),
    key("waiting", "costs, free, impossible (no plan keeps every limit), or unknown (not solved again)"),
    Measure("waiting_margin", "currency", "margin lost by waiting a period: solved again", traits=BLANKS),
    Measure("waiting_cost", "currency", "what the plan costs more then", traits=BLANKS),
    Measure("waiting_late", "units", "what comes late then, in addition", traits=BLANKS),
    Measure("waiting_lost", "units", "what is lost then, in addition", traits=BLANKS),
    Measure("waiting_attainment", "0 to 1", "how far the mean attainment of targets falls", traits=BLANKS)))
