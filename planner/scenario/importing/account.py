"""What became of every row of a file: what was read, what was left out and why, and what is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from planner.scenario.importing.files import FILE, ROW

Sums = Mapping[str, float]
PRECISION = 1e-9  # of sums of floats in another order


@dataclass(frozen=True)
class Account:
    """The rows and sums of one read. `left_out` has file, row, reason and the figures of each row that is not
    in the table; `moved` what left the sums otherwise, as figures that an earlier running total held.
    """

    read: str
    table: str
    files: tuple[str, ...]
    rows_read: int
    sums_read: Sums
    rows_written: int
    sums_written: Sums
    left_out: pd.DataFrame
    moved: Mapping[str, Sums]

    @property
    def agrees(self) -> bool:
        """Whether what was read is what is written and what was left out, to the last unit."""
        for name, total in self.sums_read.items():
            out = float(self.left_out[name].sum()) + sum(sums.get(name, 0.0) for sums in self.moved.values())
            size = max(abs(total), abs(out), float(self.left_out[name].abs().sum()), 1.0)
            if abs(total - out - self.sums_written.get(name, 0.0)) > PRECISION * size * max(
                self.rows_read, 1
            ):
                return False
        return True

    def reasons(self) -> pd.DataFrame:
        """Rows and sums left out, by reason, the most rows first."""
        measures = list(self.sums_read)
        counted = (
            self.left_out.groupby("reason", sort=True)
            .agg(rows=("row", "size"), **{name: (name, "sum") for name in measures})
            .reset_index()
        )
        return counted.sort_values("rows", ascending=False, kind="stable", ignore_index=True)


def left_out_rows(frame: pd.DataFrame, reasons: pd.Series, measures: list[str]) -> pd.DataFrame:
    """The rows that have a reason to be left out, as an account lists them."""
    out = frame[reasons != ""]
    listed = pd.DataFrame({"file": out[FILE], "row": out[ROW], "reason": reasons[reasons != ""]})
    return listed.assign(**{name: out[name] for name in measures})


def all_left_out(accounts: Sequence[Account]) -> pd.DataFrame:
    """Every row that is in no table: read, file, row, reason and its figures."""
    parts = [account.left_out.assign(read=account.read) for account in accounts]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    first = ["read", "file", "row", "reason"]
    return frame.reindex(columns=[*first, *(name for name in frame.columns if name not in first)])


def sums_of(frame: pd.DataFrame, measures: list[str]) -> dict[str, float]:
    """The sum of each measure."""
    return {name: float(frame[name].sum()) for name in measures}
