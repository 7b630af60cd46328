"""The results reference: KPIs, cost terms, tables and columns, from the plan's layout."""

from generator.markdown import docstring, grid, page
from planner.model.cost_terms import COST_TERMS
from planner.plan import layout
from planner.plan.deciding.layout import DECISIONS
from planner.plan.demand_review import REVIEW_TABLES
from planner.plan.kpis import KPIS, Kpi
from planner.plan.orders import CUSTOMERS, ORDERS
from planner.plan.pegging.ahead import MADE_AHEAD
from planner.plan.pegging.layout import PEG_TABLES

RESULTS_INTRO = """
A plan folder holds `plan.json` (status, objective, bound and gap of every pass, seconds by phase, the
scenario's name and content hash, versions, settings), `kpis.csv`, `changes.csv` (what differs from the base
scenario) and `tables/<name>.csv`; `demand/<name>.csv` is the [demand review](#demand-review), where the
demand was forecast for the plan. In Python the same tables are `plan.tables["<name>"]`. `*` marks key
columns. Figures are not rounded. A period is written as in the scenario.
"""

ORDERS_INTRO = """
What `planner customers`, `plan.customers()` and `plan.booked_orders()` make of the table
[fulfillment](#fulfillment).
The plan decides by item, market, class and priority; within these, what is delivered in the period in which
it is due goes to the orders of that period by name, and what comes late or is lost is of the demand that may
wait least long, then of that due first, then by name. Forecast demand of a period is served in proportion to
its origins.
"""

REVIEW_INTRO = """
What the meeting pack shows of the demand, kept with the plan (`plan.demand_review["expected"]`). Intervals of
a sum are read from sample paths, which keep what series have in common.
"""

DECIDE_INTRO = """
What `planner decide` and `plan.to_decide()` say: every order, hire, separation, overtime and option of the
first periods, and the hours that are worked ahead of later ones. What waiting costs is the difference that
the plan makes when it may not do it in its period, solved again at the scenario's own goals.

Hours are worked ahead where what is made in them waits in some stock, up or down the line, for the deliveries
of a later period, the latest goods being taken first: stock that merely turns over is not made ahead.
"""

PEGGING_INTRO = """
What `planner peg` and `plan.pegging()` make of these tables: which flows serve which deliveries at what
landed cost, and what depends on which flows. `plan.pegging().serving(order="...")` has `deliveries`, `flows`
and `costs`; `plan.pegging().depending(supplier="...")` has `sources`, `deliveries` (below: dependents) and
`stays`.

Goods leave a stock in the order in which they came, or the latest first where that is asked for. What comes
into a stock in a period is one mixture, and what leaves it in a period serves all that it goes to alike. A
cost stands at the flow that it is for: hours, crews, setups and options at what takes the hours, holding and
overflow at what is kept, a site at what comes to it, scrap at what is inspected. Opening stock and scheduled
receipts carry no cost of the plan. What is for no goods (penalties for missing safety stock, what is owed or
lost, workers that nothing needs) stays beside them. All together is the plan's total cost.
"""

KPI_INTRO = """
Both sides of the meeting on one scorecard, `kpis.csv` or `plan.kpis`. Every KPI is calculated from the plan's
tables and the scenario; one whose data are not there is left out. "zero" means that the best value is 0 and
both sides of it are worse.
"""


def plan_table_section(table: layout.PlanTable) -> str:
    """Heading, meaning and columns of one table of a plan."""
    rows = (
        (f"`{column.name}`{'*' if column.key else ''}", column.unit, column.meaning)
        for column in table.columns
    )
    return "\n\n".join([f"### {table.name}", table.meaning, grid(("column", "unit", "meaning"), rows)])


def kpi_index() -> str:
    """Every KPI on one line, linked to its definition."""
    rows = (
        (f"[{kpi.name}](#{kpi.name})", kpi.unit, kpi.side, kpi.better, kpi.meaning) for kpi in KPIS.values()
    )
    return grid(("KPI", "unit", "side", "better", "meaning"), rows)


def kpi_section(kpi: Kpi) -> str:
    """Heading, unit and definition of one KPI."""
    return f"### {kpi.name}\n\n{docstring(kpi.measure)}"


def results_page() -> str:
    """The reference of everything a plan says."""
    costs = grid(("cost", "area", "charged by", "stands in"), (
        (f"`{term.name}`", term.area, ", ".join(term.rates), ", ".join(term.columns))
        for term in COST_TERMS.values()
    ))
    return page(
        "Results reference",
        RESULTS_INTRO,
        "## Tables",
        *map(plan_table_section, layout.TABLES.values()),
        "## Orders and customers",
        ORDERS_INTRO,
        *map(plan_table_section, (CUSTOMERS, ORDERS)),
        "## What to decide now",
        DECIDE_INTRO,
        *map(plan_table_section, (DECISIONS, MADE_AHEAD)),
        "## Demand review",
        REVIEW_INTRO,
        *map(plan_table_section, REVIEW_TABLES.values()),
        "## Pegging",
        PEGGING_INTRO,
        *map(plan_table_section, PEG_TABLES.values()),
        "## Cost terms",
        "The costs in the table [costs](#costs); together they are the plan's total cost.",
        costs,
        "## KPIs",
        KPI_INTRO,
        kpi_index(),
        *map(kpi_section, KPIS.values()),
    )
