"""The sales side of the scorecard: what sales promises and wins. Figures of the past count what was known on
`as_of`.
"""

from planner.plan.kpis.registry import Figures, kpi


@kpi(unit="currency", side="sales", better="higher")
def revenue(figures: Figures) -> float | None:
    """Sales price of everything that the plan delivers.

        sum of price * (delivered_on_time + delivered_late)

    Absent where nothing has a price. Source: ASCM Supply Chain Dictionary, revenue.
    """
    sales = figures.tables["sales"]
    return float(sales["revenue"].sum()) if (sales["price"] > 0).any() else None


@kpi(unit="0 to 1", side="sales", better="higher")
def target_attainment(figures: Figures) -> float | None:
    """Average share of the sales targets that the plan reaches, each target counting once and at most in
    full.

        mean over targets of 1 - shortfall / quantity

    Source: sales quota attainment, per target so that units and money can stand side by side.
    """
    targets = figures.tables["targets"]
    return float((1.0 - targets["shortfall"] / targets["quantity"]).mean()) if len(targets) else None


@kpi(unit="0 to 1", side="sales", better="higher", basis="past")
def lead_conversion_rate(figures: Figures) -> float | None:
    """Share of the leads of past campaigns that became opportunities.

        sum of qualified / sum of leads, over campaigns that record both

    Source: lead-to-opportunity conversion, as CRM systems report it.
    """
    return figures.of_pipeline("lead_conversion_rate")


@kpi(unit="0 to 1", side="sales", better="higher", basis="past")
def win_rate(figures: Figures) -> float | None:
    """Share of the decided opportunities that were won, counted in deals.

        won / (won + lost)

    Source: win rate by count, as CRM systems report it.
    """
    return figures.of_pipeline("win_rate")


@kpi(unit="currency per customer", side="sales", better="lower", basis="past")
def cost_of_acquisition(figures: Figures) -> float | None:
    """Cost of past campaigns for each customer who bought through one of them.

        sum of campaign costs / number of customers with a won opportunity that names a campaign

    A deal without a customer counts as a customer of its own. Source: customer acquisition cost (CAC),
    marketing part.
    """
    return figures.of_pipeline("cost_of_acquisition")


@kpi(unit="0 to 1", side="sales", better="lower", basis="past")
def customer_churn(figures: Figures) -> float | None:
    """Share of the customers who ordered in the year before last and no more in the last year.

        1 - customers of both years / customers of the earlier year, years counted back from as_of

    Absent where the history does not reach back two years. Source: customer churn rate, annual.
    """
    return figures.of_pipeline("customer_churn")


@kpi(unit="days", side="sales", better="lower", basis="past")
def sales_cycle(figures: Figures) -> float | None:
    """Average days from the opening of an opportunity to its win.

        mean of closed - created over won opportunities

    Source: sales cycle length, as CRM systems report it.
    """
    return figures.of_pipeline("sales_cycle")
