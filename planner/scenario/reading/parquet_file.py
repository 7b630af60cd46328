"""Reading a table from a parquet file; its values become the same cells as those of a CSV file."""

from pathlib import Path

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.reading.cells import Cells, cells_of
from planner.scenario.reading.node import cell_text
from planner.scenario.reading.text_file import UnreadableError


def read_parquet(path: Path, table: str, *, file: str) -> tuple[Cells, list[Problem]]:
    """The cells of the file; its first row of data is row 2, as in a CSV file."""
    if path.is_dir():
        raise UnreadableError(Problem("is a folder; a file is expected", file=file))
    try:
        frame = pd.read_parquet(path, engine="pyarrow")
    except ImportError:
        reason = (
            'parquet files need pyarrow. Install it with pip install "planner[parquet]", or save the table '
            'as CSV'
        )
        raise UnreadableError(Problem(reason, file=file)) from None
    except (OSError, ValueError) as error:
        raise UnreadableError(
            Problem(f"is not a readable parquet file: {str(error).splitlines()[0]}", file=file)
        ) from None
    if frame.index.names != [None]:  # a frame saved with its keys as index
        frame = frame.reset_index()
    columns = {str(name): _texts(frame[name]) for name in frame.columns}
    return cells_of(table, columns, np.arange(2, len(frame) + 2, dtype=np.int64), file=file), []


def _texts(values: pd.Series) -> list[str]:
    """The values as cells; each different one is written once."""
    codes, different = pd.factorize(values.astype(object), use_na_sentinel=True)
    written = np.array([*(cell_text(value).strip() for value in different.tolist()), ""], dtype=object)
    return list(written[codes])
