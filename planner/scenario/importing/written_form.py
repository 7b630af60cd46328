"""Tables as an import writes them: texts, days as days, periods as periods."""

from typing import Any

import numpy as np
import pandas as pd

from planner.scenario.calendar import FREQUENCIES, Bucket, period_label
from planner.scenario.importing.files import FILE, ROW
from planner.scenario.reading.node import cell_text
from planner.scenario.schema import TABLES

DECIMALS = 9  # beyond them stands what arithmetic leaves, as in 0.1 + 0.2
PERIODS = {"month": 12, "week": 26}
RECORDS = (("order_history", "date"), ("opportunities", "closed"), ("opportunities", "created"))


def cells_of_frame(table: str, frame: pd.DataFrame, bucket: Bucket) -> pd.DataFrame:
    """The frame as texts, in the schema's order of columns; columns in which nothing stands are left away."""
    written: dict[str, Any] = {}
    for column in TABLES[table].columns:
        if column.name not in frame or column.name in (FILE, ROW):
            continue
        values = frame[column.name]
        if column.kind in ("date", "period"):
            texts = _days(values, bucket if column.kind == "period" else None)
        elif column.kind in ("number", "whole"):
            texts = _figures(values)
        else:
            texts = values.where(values.notna(), "").astype(str).to_numpy(dtype=object)
        if column.required or column.key or (texts != "").any():
            written[column.name] = texts
    return pd.DataFrame(written, dtype=object)


def as_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its figures as people write them: 5, not 5.0."""
    return frame.assign(
        **{name: _figures(frame[name]) for name in frame.columns if frame[name].dtype.kind == "f"}
    )


def _figures(values: pd.Series) -> np.ndarray:
    codes, different = pd.factorize(values.astype(float).round(DECIMALS))
    return np.array([*(cell_text(float(value)) for value in different), ""], dtype=object)[codes]


def _days(values: pd.Series, bucket: Bucket | None) -> np.ndarray:
    codes, different = pd.factorize(pd.to_datetime(values))
    written = [
        period_label(day.to_period(FREQUENCIES[bucket])) if bucket else day.date().isoformat()
        for day in pd.DatetimeIndex(different)
    ]
    return np.array([*written, ""], dtype=object)[codes]


def calendar_after(frames: dict[str, pd.DataFrame], bucket: Bucket) -> dict[str, Any]:
    """A calendar that starts with the period after the last day on record; empty where nothing is."""
    days = [
        frames[table][column].max()
        for table, column in RECORDS
        if table in frames and column in frames[table] and frames[table][column].notna().any()
    ]
    if not days:
        return {}
    start = max(days).to_period(FREQUENCIES[bucket]) + 1
    return {"start": period_label(start), "periods": PERIODS[bucket], "bucket": bucket}
