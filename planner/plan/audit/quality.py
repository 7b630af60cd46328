"""Audit of quality: what inspection sees, finds, mends and throws away."""

import pandas as pd

from planner.plan.audit.findings import Books, Finding, equal, rule
from planner.plan.rates import summed

KEYS = ["item", "site", "period"]


def _inspected(books: Books) -> pd.DataFrame:
    """What production and suppliers deliver where it is inspected, with the terms of the inspection."""
    made = books["production"].assign(
        inspected=books["production"]["produced"] - books["production"]["yield_loss"]
    )
    bought = books["sourcing"].assign(inspected=books["sourcing"]["received"])
    arrived = pd.concat([made[[*KEYS, "inspected"]], bought[[*KEYS, "inspected"]]], ignore_index=True)
    return arrived.pipe(summed, KEYS, "inspected").merge(books.scenario["inspections"], on=["item", "site"])


@rule
def inspections(books: Books) -> list[Finding]:
    """All good production and all receipts are inspected; a part is defective, a part of that reworked, the
    rest scrapped.
    """
    seen = _inspected(books)
    defective = seen["inspected"] * seen["defect_rate"]
    scrapped = defective * (1.0 - seen["rework_rate"])
    seen = seen.assign(defective=defective, reworked=defective * seen["rework_rate"], scrapped=scrapped)
    return [finding for column in ("inspected", "defective", "reworked", "scrapped")
            for finding in equal(books, "quality", column, seen)]


@rule
def inspection_hours(books: Books) -> list[Finding]:
    """Inspection takes its hours for every unit inspected, and rework for every unit reworked."""
    seen = _inspected(books)
    reworked = seen["inspected"] * seen["defect_rate"] * seen["rework_rate"]
    hours = seen["inspected"] * seen["hours_per_unit"] + reworked * seen["rework_hours"]
    return equal(books, "quality", "inspection_hours", seen.assign(inspection_hours=hours))


@rule
def scrap_cost(books: Books) -> list[Finding]:
    """Every unit that inspection scraps costs its disposal."""
    seen = _inspected(books)
    scrapped = seen["inspected"] * seen["defect_rate"] * (1.0 - seen["rework_rate"])
    seen = seen.assign(price=seen["scrap_cost"], scrap_cost=scrapped * seen["scrap_cost"])
    return equal(books, "quality", "scrap_cost", seen, price="price")
