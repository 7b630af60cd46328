"""A small plan whose grids can be calculated by hand: two bicycles of a family, a wheel, two sites."""

from typing import Any

import pandas as pd

from planner.plan.plan import Plan
from tests.report.examples import rows, small_plan

MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04"]


def by_month(table: str, columns: str, *figures: tuple[float, ...], **keys: Any) -> list[dict[str, Any]]:
    """A record for each month with the figures of its columns, one tuple of months for each column."""
    return [{**keys, "period": month, **dict(zip(columns.split(), values, strict=True))}
            for month, values in zip(MONTHS, zip(*figures, strict=True), strict=False)]


def bicycle_plan(**tables: pd.DataFrame) -> Plan:
    """Four months of city and trail bikes, and of wheels, which are counted in sets."""
    items = rows("items",
                 {"item": "city", "family": "bikes", "unit": "piece", "standard_cost": 100.0},
                 {"item": "trail", "family": "bikes", "unit": "piece", "standard_cost": 200.0},
                 {"item": "wheel", "unit": "set", "standard_cost": 10.0})
    made = {"items": items, "sales": sales(), "inventory": inventory(), "production": production(),
            "sourcing": sourcing(), "capacity": capacity(), "workforce": workforce(), "costs": costs(),
            "actuals": actuals(), **tables}
    return small_plan(periods=4, tables=made)


def sales() -> pd.DataFrame:
    columns = "demand delivered_on_time delivered_late backorders lost revenue"
    return rows("sales", *(
        by_month("sales", columns, (10, 20, 30, 40), (10, 20, 25, 40), (0, 0, 0, 3), (0, 0, 5, 0),
                 (0, 0, 0, 2), (1500, 3000, 3750, 6450), item="city", market="north", price=150.0)
        + by_month("sales", columns, (1, 2, 3, 4), (1, 2, 3, 4), (0,) * 4, (0,) * 4, (0,) * 4,
                   (300, 600, 900, 1200), item="trail", market="south", price=300.0)))


def inventory() -> pd.DataFrame:
    columns = "opening produced shipped closing safety_stock safety_stock_shortfall"
    return rows("inventory", *(
        by_month("inventory", columns, (50, 40, 20, 0), (0, 0, 5, 45), (10, 20, 25, 43), (40, 20, 0, 2),
                 (10, 10, 10, 10), (0, 0, 10, 8), item="city", site="lyon")
        + by_month("inventory", columns, (9, 8, 6, 3), (0,) * 4, (1, 2, 3, 3), (8, 6, 3, 0), (0,) * 4,
                   (0,) * 4, item="trail", site="gent")
        + by_month("inventory", "opening received consumed closing", (0, 5, 5, 0), (5, 5, 0, 45),
                   (0, 5, 5, 45), (5, 5, 0, 0), item="wheel", site="lyon")))


def production() -> pd.DataFrame:
    return rows("production", *by_month("production", "production produced yield_loss", (0, 5, 45, 0),
                                        (0, 0, 5, 45), (0, 0, 0, 5), item="city", site="lyon", routing="line"))


def sourcing() -> pd.DataFrame:
    return rows("sourcing", *by_month("sourcing", "purchased received", (5, 5, 0, 45), (5, 5, 0, 45),
                                      item="wheel", supplier="arvo", site="lyon"))


def capacity() -> pd.DataFrame:
    columns = "effective_hours load_hours overtime_hours"
    return rows("capacity", *(
        by_month("capacity", columns, (40,) * 4, (10, 20, 44, 0), (0, 0, 4, 0), site="lyon", work_center="line")
        + by_month("capacity", columns, (float("nan"),) * 4, (1,) * 4, (0,) * 4, site="gent",
                   work_center="hand")))


def workforce() -> pd.DataFrame:
    columns = "opening_headcount hired headcount regular_hours hours_used"
    return rows("workforce", *by_month("workforce", columns, (4, 4, 5, 5), (0, 1, 0, 0), (4, 5, 5, 5),
                                       (600, 750, 750, 750), (300, 750, 600, 0), site="lyon", labor_pool="crew"))


def costs() -> pd.DataFrame:
    wages = by_month("costs", "amount", (400, 500, 500, 500), area="workforce", cost="wages",
                     labor_pool="crew", site="lyon")
    purchase = by_month("costs", "amount", (50, 50, 0, 450), area="sourcing", cost="purchase", item="wheel",
                        site="lyon", supplier="arvo")
    freight = by_month("costs", "amount", (10, 20, 25, 43), area="delivery", cost="freight", item="city",
                       origin="lyon", destination="north")
    return rows("costs", *wages, *purchase, *freight)


def actuals() -> pd.DataFrame:
    return rows("actuals", {"item": "city", "period": "2025-01", "ordered": 7.0, "revenue": 1000.0},
                {"item": "city", "period": "2025-11", "ordered": 8.0, "revenue": 1200.0},
                {"item": "trail", "period": "2025-12", "ordered": 2.0, "revenue": 600.0})
