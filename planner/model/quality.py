"""Quality: what inspection finds in whatever production and suppliers deliver, and the hours it takes."""

from typing import Any

import pandas as pd
import pyomo.environ as pyo

from planner.model.compiler.columnar import BLANK
from planner.model.compiler.declare import Columnar
from planner.model.network import Reader
from planner.model.rules import cost

FINDINGS = ["work_center", "scrapped_by_inspection", "inspection_hours", "scrap_cost"]


def good_share(read: Reader, arriving: pd.DataFrame) -> pd.DataFrame:
    """What arrives at a stock, with the share that inspection scraps and the hours that it takes for each
    unit.
    """
    inspections = read.rows("inspections")
    inspections = inspections.assign(
        scrapped_by_inspection=inspections["defect_rate"] * (1.0 - inspections["rework_rate"]),
        inspection_hours=inspections["hours_per_unit"]
        + inspections["defect_rate"] * inspections["rework_rate"] * inspections["rework_hours"])
    merged = arriving.merge(
        inspections[["item", "site", *FINDINGS]], how="left", on=["item", "site"], validate="many_to_one"
    )
    uninspected = dict.fromkeys(FINDINGS, 0.0) | {"work_center": BLANK}
    return merged.fillna(uninspected).astype({"work_center": "int64"})


def declare_quality(declare: Columnar, read: Reader) -> None:
    """Which arrivals each work center inspects in each period."""
    _declare_inspected(declare, read, arrivals="completions", source="routing", name="inspected_completions")
    _declare_inspected(declare, read, arrivals="receipts", source="supplier", name="inspected_receipts")


def _declare_inspected(declare: Columnar, read: Reader, *, arrivals: str, source: str, name: str) -> None:
    centers = read.rows("inspections")[["item", "site", "work_center"]]
    arriving = pd.DataFrame(declare.indices[arrivals].columns)
    inspected = arriving.merge(centers[centers["work_center"] != BLANK], on=["item", "site"])
    declare.group(
        name,
        "center_periods",
        inspected,
        by=["site", "work_center", "period"],
        members=["item", source, "start"],
    )


def scrapped(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What yield and inspection take from what arrives at a stock in a period."""
    from_production = sum(
        m.completion_scrap[item, site, routing, start, period] * m.production[item, site, routing, start]
        for routing, start in m.completed[item, site, period]
    )
    from_suppliers = sum(
        m.receipt_scrap[item, supplier, site, start, period] * m.purchased[item, supplier, site, start]
        for supplier, start in m.received[item, site, period]
    )
    return from_production + from_suppliers


@cost("completions")
def scrap(m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any, period: Any) -> Any:
    """Disposal of what inspection scraps of production, in the period in which it is inspected."""
    return (m.completion_scrap_cost[item, site, routing, start, period]
            * m.production[item, site, routing, start])


@cost("receipts", term="scrap")
def scrap_of_receipts(
    m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any, period: Any
) -> Any:
    """Disposal of what inspection scraps of what suppliers deliver."""
    return (m.receipt_scrap_cost[item, supplier, site, start, period]
            * m.purchased[item, supplier, site, start])
