"""Audit of quality: what inspection sees, finds, mends and throws away."""

import pandas as pd

from planner.plan.audit.findings import Books, Finding, equal, rule
from planner.plan.rates import summed

KEYS = ["item", "site", "period"]


def _inspected(books: Books) -> pd.DataFrame:
    """What production and suppliers deliver where it is inspected, with the terms of the inspection."""
    produced = books["production"].assign(
        inspected=books["production"]["produced"] - books["production"]["yield_loss"]
    )
    bought = books["sourcing"].assign(inspected=books["sourcing"]["received"])
    arrived = pd.concat([produced[[*KEYS, "inspected"]], bought[[*KEYS, "inspected"]]], ignore_index=True)
    return arrived.pipe(summed, KEYS, "inspected").merge(books.scenario["inspections"], on=["item", "site"])


@rule
def inspections(books: Books) -> list[Finding]:
    """All good production and all receipts are inspected; a part is defective, a part of that reworked, the
    rest scrapped.
    """
    inspected = _inspected(books)
    defective = inspected["inspected"] * inspected["defect_rate"]
    scrapped = defective * (1.0 - inspected["rework_rate"])
    reworked = defective * inspected["rework_rate"]
    inspected = inspected.assign(defective=defective, reworked=reworked, scrapped=scrapped)
    return [finding for column in ("inspected", "defective", "reworked", "scrapped")
            for finding in equal(books, "quality", column, inspected)]


@rule
def inspection_hours(books: Books) -> list[Finding]:
    """Inspection takes its hours for every unit inspected, and rework for every unit reworked."""
    inspected = _inspected(books)
    reworked = inspected["inspected"] * inspected["defect_rate"] * inspected["rework_rate"]
    hours = inspected["inspected"] * inspected["hours_per_unit"] + reworked * inspected["rework_hours"]
    return equal(books, "quality", "inspection_hours", inspected.assign(inspection_hours=hours))


@rule
def scrap_cost(books: Books) -> list[Finding]:
    """Every unit that inspection scraps costs its disposal."""
    inspected = _inspected(books)
    scrapped = inspected["inspected"] * inspected["defect_rate"] * (1.0 - inspected["rework_rate"])
    inspected = inspected.assign(price=inspected["scrap_cost"], scrap_cost=scrapped * inspected["scrap_cost"])
    return equal(books, "quality", "scrap_cost", inspected, price="price")
