"""The results reference: KPIs, cost terms, tables and columns, from the plan's layout."""

from generator.markdown import docstring, grid, page
from planner.model.cost_terms import COST_TERMS
from planner.plan import layout
from planner.plan.kpis import KPIS, Kpi

RESULTS_INTRO = """
A plan folder holds `plan.json` (status, objective, bound and gap of every pass, seconds by phase, the
scenario's name and content hash, versions, settings), `kpis.csv`, `changes.csv` (what differs from the base
scenario) and `tables/<name>.csv`. In Python the same tables are `plan.tables["<name>"]`. `*` marks key
columns. Figures are not rounded. A period is written as in the scenario.
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
        "## Cost terms",
        "The costs in the table [costs](#costs); together they are the plan's total cost.",
        costs,
        "## KPIs",
        KPI_INTRO,
        kpi_index(),
        *map(kpi_section, KPIS.values()),
    )
