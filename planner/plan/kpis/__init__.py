"""The scorecard: both sides of the S&OP meeting in one table. KPIs are functions of tables, never of the
model.

Each KPI is one function: its name is the KPI's, its first docstring line the definition, the rest the formula
and where the definition comes from. It gives None where the data do not allow it, and is then absent from the
scorecard.
"""

from collections.abc import Mapping

import pandas as pd

from planner.plan.kpis import both, lots, operations, sales
from planner.plan.kpis.registry import KPIS, Figures, Kpi
from planner.scenario.scenario import Scenario

__all__ = ["KPIS", "Figures", "Kpi", "both", "lots", "operations", "sales", "scorecard"]

COLUMNS = ["kpi", "value", "low", "high", "unit", "side", "better", "meaning"]
NUMBERS = ["value", "low", "high"]


def scorecard(tables: Mapping[str, pd.DataFrame], scenario: Scenario) -> pd.DataFrame:
    """Every KPI that the data allow: its value, the 95 % interval where it is an estimate, its unit and side,
    whether higher or lower is better, and what it means.
    """
    figures = Figures(tables, scenario)
    measured = [(kpi, kpi.measure(figures)) for kpi in KPIS.values()]
    rows = [
        (kpi.name, float(value), *figures.interval(kpi.name), kpi.unit, kpi.side, kpi.better, kpi.meaning)
        for kpi, value in measured
        if value is not None
    ]
    kinds = {column: "float64" if column in NUMBERS else "str" for column in COLUMNS}
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds)
