"""The tables of a comparison: every column with its unit and meaning, keys first."""

from planner.plan.layout import BLANK, BLANKS, STATE, Measure, PlanTable, key

STATES = frozenset({STATE})
PLAN = key("plan", "heading of the plan in the comparison")
PERIOD = key("period", "the period", unit="period")


def _level(name: str, unit: str, meaning: str, *, blank: bool = False) -> Measure:
    return Measure(name, unit, meaning, traits=STATES | (BLANKS if blank else frozenset()))


SERVICE = PlanTable("service", "Demand and what becomes of it, by plan, family and period.", (
    PLAN, key("family", "the family; an item without one stands for itself"), PERIOD,
    Measure("demand", "units", "wanted in the period"),
    Measure("on_time", "units", "delivered in the period in which it is wanted"),
    Measure("late", "units", "delivered in the period, after the one in which it was wanted"),
    Measure("lost", "units", "given up in the period"),
    _level("fill_rate", "0 to 1", "on_time over demand; blank: nothing is wanted", blank=True)))
TARGETS = PlanTable("targets", "Sales targets and how far each plan reaches them.", (
    PLAN, key("target", "the target"),
    Measure("measure", "", "units or revenue: what the figures count"),
    Measure("priority", "rank", "1 is met first"),
    Measure("quantity", "units or currency", "the target"),
    Measure("demand", "units or currency", "demand in its scope"),
    Measure("delivered", "units or currency", "what is delivered in its scope"),
    Measure("shortfall", "units or currency", "the target less what is delivered, never below 0"),
    _level("attainment", "0 to 1", "1 less shortfall over quantity")))
UTILIZATION = PlanTable("utilization", "How full each work center and labor pool with limited hours is.", (
    PLAN, key("kind", "work center or labor pool"), key("site", "the site"), key("resource", "its name"),
    Measure("hours", "hours", "worked in all"),
    Measure("capacity", "hours", "regular hours there are"),
    Measure("overtime", "hours", "worked as overtime"),
    _level("average", "0 to 1", "hours over capacity"),
    _level("peak", "0 to 1", "the same in the fullest period"),
    Measure("full", "periods", "periods in which it is full")))
CUSTOMERS = PlanTable("customers", "Whose demand is late or lost in any plan; most money first.", (
    PLAN, key("customer", "who ordered; blank: nobody has ordered yet, or not recorded", BLANK),
    key("market", "the market"), key("demand_class", "booked or forecast"),
    Measure("quantity", "units", "wanted in all"),
    Measure("late", "units", "made late by the plan"),
    Measure("overdue", "units", "late already when the plan starts"),
    Measure("lost", "units", "never delivered"),
    Measure("late_value", "currency", "what is late or overdue, at its prices"),
    Measure("lost_value", "currency", "what is lost, at its prices")))
BRIDGE = PlanTable("bridge", "From the first plan's margin to that of each other plan, step by step; the "
                             "steps between the two margins add up to their difference.", (
    PLAN, key("term", "margin of the first plan, revenue, a cost term, or margin of the plan"),
    Measure("kind", "", "start, revenue, cost or end"),
    Measure("amount", "currency", "of start and end the margin; of the others what they add to it")))
MOVES = PlanTable("moves", "Where the plans part from the first, area by area, the largest first.", (
    PLAN, key("area", "the area"),
    key("change", "moved (from origin to destination), earlier, later, more or less"),
    key("subject", "the item, labor pool, work center, customer or destination"),
    key("origin", "where less is done; blank: nowhere in particular", BLANK),
    key("destination", "where more is done; blank: nowhere in particular", BLANK),
    Measure("measure", "", "the column of the plan's tables that is compared"),
    Measure("period", "period", "the first period in which it is so"),
    Measure("until", "period", "the last one"),
    _level("shift", "periods", "of what is done earlier or later: by how much on average; else blank",
           blank=True),
    Measure("before", "unit", "all of it in the first plan: at the origin where it is moved"),
    Measure("after", "unit", "the same in the plan"),
    Measure("quantity", "unit", "how much is moved, more or less"),
    Measure("unit", "", "unit of the three"),
    _level("weight", "0 to 1", "the quantity as a share of all there is of it in the first plan: by standard "
                               "cost where every item has one; of demand, hours or workers for what is lost "
                               "or late, overtime and hires"),
    Measure("text", "", "the same in a sentence")))
STEPS = PlanTable("steps", "From one plan to the other, one change of the scenario at a time; the figures "
                           "are what each step adds, and all steps add up to the difference.", (
    key("step", "its place, from 1", unit="number"),
    Measure("kind", "", "change, or residual: what is not proven of the two plans"),
    Measure("table", "", "the tables of the scenario that change, or settings; of a residual blank"),
    Measure("text", "", "what changes, as a planner would say it"),
    Measure("rows", "rows", "differences of the scenario in the step"),
    Measure("cost", "currency", "total cost"),
    Measure("revenue", "currency", "revenue"),
    Measure("margin", "currency", "revenue less cost"),
    Measure("delivered", "units", "delivered on time or late"),
    Measure("on_time", "units", "delivered on time"),
    Measure("lost", "units", "never delivered"),
    Measure("attainment", "0 to 1", "mean attainment of the sales targets"),
    Measure("status", "", "how the solve after the step ended")))
NERVOUSNESS = PlanTable("nervousness", "What moved in the near periods, from one plan to the other.", (
    key("table", "the table of the plan"), key("measure", "the column"),
    Measure("unit", "", "its unit"),
    Measure("before", "unit", "planned in the first plan"),
    Measure("after", "unit", "planned in the other"),
    Measure("added", "unit", "where the other plans more, added up"),
    Measure("removed", "unit", "where the other plans less, added up"),
    Measure("changed", "unit", "added and removed together"),
    _level("share", "0 to 1", "changed over planned in the first; blank: nothing was planned", blank=True),
    Measure("largest", "", "where it changed most, in words")))
COMPARISON_TABLES = {table.name: table for table in
                     (SERVICE, TARGETS, UTILIZATION, CUSTOMERS, BRIDGE, MOVES, STEPS, NERVOUSNESS)}
