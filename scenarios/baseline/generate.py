"""Writes every table of this scenario, always the same: python scenarios/baseline/generate.py [folder]"""

import csv
import datetime as dt
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import company
import numpy as np
import sales
import stock

SEED = 20260101


def main(folder: Path) -> None:
    """Leaves one CSV per table in the folder."""
    for name, text in {"items": company.ITEMS, **company.TABLES}.items():
        write_table(folder / f"{name}.csv", company.rows_of(text))
    for name, rows in {**sales_tables(), **stock_tables()}.items():
        write_table(folder / f"{name}.csv", rows)


def sales_tables() -> dict[str, list[dict[str, Any]]]:
    """What customers, pipeline and marketing look like; each part draws from a stream of its own."""
    accounts = sales.customers(_stream(1))
    deals, entries = sales.opportunities(accounts, _stream(3))
    from_deals, booked_deals = sales.orders_from_deals(deals, accounts, _stream(4))
    history = sorted([*sales.run_rate(accounts, _stream(2)), *from_deals],
                     key=lambda line: (line["date"], line["customer"], line["item"], line["opportunity"]))
    booked = [*sales.overdue(history, _stream(5)), *booked_deals, *sales.booked_ahead(accounts, _stream(6))]
    known = sales.since_first_order(accounts, history)
    return {"customers": [_only(account, "customer", "market", "priority", "since") for account in known],
            "order_history": history, "opportunities": deals, "stage_history": entries,
            "campaigns": sales.campaigns(deals, _stream(7)), "booked_orders": order_book(booked)}


def order_book(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Order lines by due date, numbered as they stand."""
    ordered = sorted(lines, key=lambda line: (line["date"], line["customer"], line["item"], line["quantity"]))
    return [
        {
            "order": f"SO-{number:04d}",
            "customer": line["customer"],
            "item": line["item"],
            "quantity": line["quantity"],
            "due": line["date"],
            "price": line.get("price"),
        }
        for number, line in enumerate(ordered, start=1)
    ]


def stock_tables() -> dict[str, list[dict[str, Any]]]:
    """What stands where, what is on its way, short months and prices."""
    return {"inventory": stock.inventory(), "scheduled_receipts": stock.scheduled_receipts(),
            "capacity": stock.capacity(), "prices": stock.prices()}


def write_table(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes rows as CSV with plain numbers and ISO dates, a blank for None."""
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _only(row: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    return {column: row[column] for column in columns}


def _stream(number: int) -> np.random.RandomState:
    """A stream of random numbers of its own. RandomState's are the ones that numpy promises never to
    change.
    """
    return np.random.RandomState([SEED, number])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
