"""How fast a plan becomes a workbook: 50,000 rows of stock over 18 months, against pandas' own Excel writer.

    python benchmarks/workbook_speed.py

The goal is 2 seconds for 50,000 rows of a plan. Seconds differ from machine to machine; the ratio to what pandas
takes to write the bare table, without formulas, formats or charts, comes from the same run.
"""

import sys
import tempfile
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from planner.plan.layout import TABLES
from planner.report.workbook import write_workbook
from tests.report.examples import small_plan

ROWS, MONTHS = 50_000, 18


def stock(rows: int) -> pd.DataFrame:
    """A stock table of so many rows whose balances hold."""
    random = np.random.default_rng(1)
    items = rows // MONTHS
    produced, shipped = (random.integers(0, 90, (items, MONTHS)).astype(float) for _ in range(2))
    closing = 10_000.0 + np.cumsum(produced - shipped, axis=1)
    opening = np.column_stack([np.full(items, 10_000.0), closing[:, :-1]])
    frame = pd.MultiIndex.from_product(
        [[f"item-{number:05}" for number in range(items)], ["lyon"],
         pd.period_range("2026-01", periods=MONTHS, freq="M")], names=["item", "site", "period"]).to_frame(index=False)
    flows = {"opening": opening, "produced": produced, "shipped": shipped, "closing": closing}
    silent = dict.fromkeys(TABLES["inventory"].measures, 0.0)
    return frame.assign(**(silent | {name: values.ravel() for name, values in flows.items()}))[TABLES["inventory"].names]


def main() -> None:
    """The seconds of both, and their ratio."""
    table = stock(ROWS)
    items = pd.DataFrame({"item": table["item"].unique(), "family": "", "unit": "piece", "price": 0.0, "standard_cost": 1.0})
    plan = small_plan(periods=MONTHS, tables={"inventory": table, "items": items})
    with tempfile.TemporaryDirectory() as folder:
        began = process_time()
        write_workbook([plan], Path(folder) / "plan.xlsx")
        ours = process_time() - began
        began = process_time()
        table.astype({"period": "str"}).to_excel(Path(folder) / "table.xlsx", engine="xlsxwriter", index=False)
        bare = process_time() - began
    print(f"{len(table):,} rows: workbook {ours:.2f} s, the bare table by pandas {bare:.2f} s, ratio {ours / bare:.2f}")


if __name__ == "__main__":
    main()
