"""The results reference: KPIs, cost terms, tables and columns, from the plan's layout."""

from generator.markdown import grid, page
from planner.plan import layout

RESULTS_INTRO = """
A plan folder holds `plan.json` (status, objective, bound and gap of every pass, seconds by phase, the scenario's name and content
hash, versions, settings), `kpis.csv`, `changes.csv` (what differs from the base scenario) and `tables/<name>.csv`. In Python
the same tables are `plan.tables["<name>"]`. `*` marks key columns. Figures are not rounded. A period is written as in the
scenario.
"""


def plan_table_section(table: layout.PlanTable) -> str:
    """Heading, meaning and columns of one table of a plan."""
    rows = ((f"`{column.name}`{'*' if column.key else ''}", column.unit, column.meaning) for column in table.columns)
    return "\n\n".join([f"### {table.name}", table.meaning, grid(("column", "unit", "meaning"), rows)])


def results_page() -> str:
    """The reference of everything a plan says."""
    costs = grid(("cost", "area"), ((f"`{cost}`", area) for cost, area in layout.COST_TERMS.items()))
    return page("Results reference", RESULTS_INTRO, "## KPIs", "## Cost terms",
                "Each is a row of the table [costs](#costs); together they are the plan's total cost.", costs,
                "## Tables", *map(plan_table_section, layout.TABLES.values()))
