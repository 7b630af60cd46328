"""Reading a table from a parquet file; its values become the same cells as those of a CSV file."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import Problem
from planner.scenario.calendar import Bucket
from planner.scenario.columns import Table
from planner.scenario.reading.cells import Cells
from planner.scenario.reading.records import frame_cells, twice_problem
from planner.scenario.reading.text_file import LARGEST_TABLE, UnreadableError, expect_file

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

# A column of equal values takes no room in the file and all of it in memory, so that bytes alone say little.
MAXIMUM_CELLS = 50_000_000
UNNAMED_INDEX = re.compile(r"__index_level_[0-9]+__")  # how pandas saves the row numbers of a frame


def read_parquet(path: Path, table: Table, bucket: Bucket, *, file: str) -> Cells:
    """The cells of the file; its first row of data is row 2, as in a CSV file."""
    opened = open_parquet(path, file=file)
    _expect_room(opened, file)
    from pyarrow import ArrowException

    try:
        # what pandas noted about the frame is left aside: it may be damaged, and the columns say everything
        frame = opened.read().to_pandas(ignore_metadata=True)
    except (ArrowException, OSError, ValueError, TypeError, KeyError) as error:
        raise UnreadableError(_unreadable(error, file)) from None
    unnamed = [name for name in frame.columns if UNNAMED_INDEX.fullmatch(str(name))]
    return frame_cells(frame.drop(columns=unnamed), table, bucket, file=file, first_row=2)


def open_parquet(path: Path, *, file: str, only: Collection[str] = ()) -> "ParquetFile":
    """The parquet file, its columns (or `only` those) of single values, each with a name of its own.
    UnreadableError says what it is else.

    Texts are read as references to the different ones, so that a text that is repeated is in memory once.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        reason = 'parquet files need pyarrow. Install it with pip install "planner[parquet]"'
        remedy = f"{reason}, or save the table as CSV"
        raise UnreadableError(Problem(remedy, file=file, code="file.no_pyarrow")) from None
    expect_file(path, file=file, largest=LARGEST_TABLE if not only else None)
    try:
        schema = ParquetFile(path).schema_arrow
        _expect_columns([field for field in schema if not only or field.name in only], file)
        texts = [field.name for field in schema if str(field.type) in ("string", "large_string")]
        return ParquetFile(path, read_dictionary=texts)
    except (ArrowException, OSError, ValueError, TypeError, KeyError) as error:
        raise UnreadableError(_unreadable(error, file)) from None


def _expect_room(opened: "ParquetFile", file: str) -> None:
    """What the file holds fits into memory."""
    metadata = opened.metadata
    if metadata.num_rows * max(metadata.num_columns, 1) > MAXIMUM_CELLS:
        reason = f"has more than {MAXIMUM_CELLS:,} cells"
        raise UnreadableError(Problem(reason, file=file, code="file.too_large"))
    sizes = (metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    if sum(sizes) > LARGEST_TABLE:
        reason = f"unpacks to more than {LARGEST_TABLE:,} bytes"
        raise UnreadableError(Problem(reason, file=file, code="file.too_large"))


def _expect_columns(fields: "list[pa.Field]", file: str) -> None:
    """Every column has a name of its own, and holds single values."""
    names = [field.name for field in fields]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnreadableError(twice_problem(twice[0], file=file))
    for field in fields:
        kind = field.type
        nested = kind.num_fields > 0 and not str(kind).startswith("dictionary")
        if nested or "binary" in str(kind):
            reason = f"holds {kind}, where a cell holds a text, a number, a date or nothing"
            raise UnreadableError(Problem(reason, file=file, column=field.name, code="file.nested"))


def _unreadable(error: Exception, file: str) -> Problem:
    reason = next(iter(str(error).splitlines()), "") or type(error).__name__
    return Problem(f"is not a readable parquet file: {reason}", file=file, code="file.no_parquet")

