"""Histories of any size: order lines in a parquet file become a forecast in a parquet file, some series at a
time.

The file is read twice. First for the names of its series, sorted; then its rows are checked and scattered
over temporary files, one for each chunk of series, so that the rows of a file may stand in any order. Each
chunk is then forecast by itself. Memory holds the names of the series, one batch of rows and the chunks on
their way, and never the history.
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.demand.runrate.history import last_complete_period, order_series
from planner.demand.series.combination import forecast_series
from planner.demand.series.outlook import QUANTILES, Outlook
from planner.demand.series.parallel import CHUNK, Spread
from planner.errors import OutputError, PlannerError, Problem, ScenarioError
from planner.linear_algebra import one_thread
from planner.progress import Cancel, Progress, Watcher, checkpoint, tell, watched
from planner.scenario.calendar import DATE_RULE, FIRST_YEAR, LAST_YEAR, Bucket, Calendar, parse_date
from planner.scenario.lettering import name_fault, name_rule
from planner.scenario.reading.parquet_file import open_parquet
from planner.scenario.reading.records import cell_texts
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.typed import LARGEST, parsed_numbers
from planner.writing import expect_file, whole_file

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

Wrong = tuple[str, str, np.ndarray, str]  # column, kind of problem, the rows, the rule that they break

COLUMNS = ("date", "item", "market", "quantity")
FORECAST = ("item", "market", "period", "mean", *QUANTILES)
BATCH = 100_000  # rows read at once
MAXIMUM_SPELLED_OUT = 20  # problems that are spelled out
FIRST_DAY, LAST_DAY = np.datetime64(f"{FIRST_YEAR}-01-01"), np.datetime64(f"{LAST_YEAR}-12-31")
LINE = np.dtype([("series", "<i4"), ("day", "<i4"), ("quantity", "<f8")])
NO_TABLES = {  # a history in a file knows no customers, and nothing of its items
    "customers": pd.DataFrame({"customer": pd.Series(dtype="str"), "market": pd.Series(dtype="str")}),
    "items": pd.DataFrame({"item": pd.Series(dtype="str"), "gaps": pd.Series(dtype="str")}),
}


@dataclass(frozen=True)
class HistoryForecast:
    """What was written: the file, how many series and periods it holds, and the last period of the
    history.
    """

    path: Path
    series: int
    periods: int
    end: pd.Period


def forecast_history(history: Path | str, output: Path | str, *, periods: int, bucket: Bucket = "month",
                     as_of: str | None = None, workers: int | None = None, scheduler: str | None = None,
                     progress: Watcher | None = None, cancel: Cancel | None = None) -> HistoryForecast:
    """The run-rate forecast of every item and market of a parquet file stands in another one; memory stays
    flat.

    The `history` has columns date, item, market and quantity; the `output` has item, market, period, mean and
    the quantiles, sorted, for the coming `periods`, each a `bucket` of a month or a week. Known is what was
    ordered by `as_of`; without it the period of the last order counts as over. `workers` processes forecast,
    or those of the dask.distributed `scheduler` at an address; `progress` is called with a `planner.Progress`
    before every step and every few seconds. Once `cancel`, a `threading.Event` or the like, is set, the work
    ends with CancelledError, and nothing is written. ScenarioError names every row that is no order,
    OutputError says why nothing could be written.
    """
    if periods < 1:
        raise PlannerError(f"periods = {periods}: must be 1 or more")
    day = _day(as_of)
    _expect_another_file(Path(history), Path(output))
    _expect_forecast(Path(output))
    with (
        watched(progress, cancel),
        one_thread(),
        tempfile.TemporaryDirectory(prefix="planner-") as place,
        Spread(workers=workers, scheduler=scheduler) as spread,
    ):
        tell(Progress("reading", "names of the series"))
        file = _opened(Path(history))
        names = _names(file)
        tell(Progress("reading", "history"))
        lines = Lines(Path(place), names)
        first, last = _scatter(file, lines, str(history))
        end = _end(day, last, bucket)
        if end.end_time < first:
            nothing = f"has no order by {end.end_time:%Y-%m-%d}, so there is nothing to forecast"
            raise ScenarioError(str(history), [
                Problem(nothing, file=Path(history).name, code="history.date.after_as_of")
            ])
        chunks = ((*lines.of(chunk), end, bucket, periods) for chunk in range(lines.chunks))
        frames = spread.each(forecast_lines, chunks, figures=file.metadata.num_rows)
        _write(_counted(frames, len(names), lines.chunks), Path(output))
    return HistoryForecast(Path(output), len(names), periods, end=end)


def _counted(frames: Iterator[pd.DataFrame], series: int, chunks: int) -> Iterator[pd.DataFrame]:
    """The frames as they come, told one by one."""
    for number in range(1, chunks + 1):
        tell(Progress("forecasting", f"{series:,} series: chunk", step=number, steps=chunks))
        checkpoint()
        yield next(frames)


def _expect_another_file(history: Path, output: Path) -> None:
    """The forecast does not take the place of the history, whatever columns that has and however it is
    named.
    """
    if output.exists() and history.exists() and output.samefile(history):
        raise OutputError(f"{output}: is the history itself. Name another file for the forecast")


def forecast_lines(
    lines: np.ndarray, names: pd.DataFrame, end: pd.Period, bucket: Bucket, periods: int
) -> pd.DataFrame:
    """The forecast of the series of one chunk, from its order lines; a series without orders by the end has
    none.
    """
    orders = names.iloc[lines["series"]].assign(
        date=lines["day"].astype("datetime64[D]").astype("datetime64[s]"),
        quantity=lines["quantity"],
        customer=np.nan,
    )
    calendar = Calendar(end + 1, periods, bucket)
    orders = orders.reset_index(drop=True)
    history = order_series(orders, NO_TABLES, calendar=calendar, end=end)
    outlook = forecast_series(history.values, season=history.season, periods=periods,
                              positions=history.positions(periods))
    return _frame(history.series, outlook, calendar)


def _frame(series: pd.DataFrame, outlook: Outlook, calendar: Calendar) -> pd.DataFrame:
    """Item, market, period, mean and quantiles."""
    rows = np.repeat(np.arange(len(series)), calendar.periods)
    written = np.tile(calendar.labels(calendar.index), len(series))
    figures = {name: outlook.at(level).ravel() for name, level in QUANTILES.items()}
    return (
        series.iloc[rows]
        .reset_index(drop=True)
        .assign(period=written.astype(str), mean=outlook.mean.ravel(), **figures)
    )


def _day(as_of: str | None) -> pd.Timestamp | None:
    try:
        return None if as_of is None else pd.Timestamp(parse_date(as_of))
    except ValueError as rule:
        raise PlannerError(f'as_of = "{as_of}": {rule}') from None


def _end(day: pd.Timestamp | None, last: pd.Timestamp, bucket: Bucket) -> pd.Period:
    """The last period of the history."""
    running = Calendar(pd.Period(last, freq="M" if bucket == "month" else "W-SUN"), 1, bucket)
    return running.start if day is None else last_complete_period(day, running)


# ------------------------------------------------------------------------------------------------- reading


def _opened(path: Path) -> "ParquetFile":
    """The parquet file, which has the columns of a history."""
    try:
        file = open_parquet(path, file=path.name, only=COLUMNS)
    except UnreadableError as error:
        raise ScenarioError(str(path), [error.problem]) from None
    missing = [name for name in COLUMNS if name not in file.schema_arrow.names]
    if missing:
        reason = f"the column is missing. A history has {', '.join(COLUMNS)}"
        problems = [
            Problem(reason, file=path.name, column=name, code=f"history.{name}.missing_column")
            for name in missing
        ]
        raise ScenarioError(str(path), problems)
    return file


def _batches(file: "ParquetFile", columns: Iterable[str]) -> Iterator[pd.DataFrame]:
    """The columns of the file, some rows at a time; `index` counts the rows of the file as a spreadsheet
    would, from 2. What pandas noted about the frame is left aside.
    """
    from pyarrow import ArrowException

    begin = 2
    try:
        for batch in file.iter_batches(batch_size=BATCH, columns=list(columns)):
            checkpoint()
            frame = batch.to_pandas(ignore_metadata=True)
            yield frame.set_axis(pd.RangeIndex(begin, begin + len(frame)))
            begin += len(frame)
    except (ArrowException, UnicodeDecodeError) as error:
        raise PlannerError(f"the history cannot be read from row {begin} on: {error}") from None


def _names(file: "ParquetFile") -> pd.DataFrame:
    """Item and market of every series, sorted; rows that do not name theirs are reported later."""
    pairs: set[tuple[str, str]] = set()
    for rows in _batches(file, ("item", "market")):
        different = rows.drop_duplicates()
        pairs.update(zip(cell_texts(different["item"]), cell_texts(different["market"]), strict=True))
    complete = sorted(pair for pair in pairs if all(pair))
    return pd.DataFrame(complete, columns=["item", "market"])


class Lines:
    """Order lines by chunk of series, in temporary files."""

    def __init__(self, place: Path, names: pd.DataFrame) -> None:
        self._place, self._names = place, names
        self._number = pd.MultiIndex.from_frame(names)

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-len(self._names) // CHUNK)

    def add(self, rows: pd.DataFrame) -> None:
        """The rows stand in the files of their chunks, in their order."""
        lines = np.empty(len(rows), dtype=LINE)
        lines["series"] = self._number.get_indexer(
            pd.MultiIndex.from_frame(rows[["item", "market"]])
        )
        lines["day"] = rows["day"]
        lines["quantity"] = rows["quantity"]
        lines = lines[np.argsort(lines["series"], kind="stable")]
        first = np.searchsorted(lines["series"], np.arange(self.chunks + 1) * CHUNK)
        for chunk in np.flatnonzero(np.diff(first)):
            with self._file(int(chunk)).open("ab") as stream:
                stream.write(lines[first[chunk]:first[chunk + 1]].tobytes())

    def of(self, chunk: int) -> tuple[np.ndarray, pd.DataFrame]:
        """Lines of a chunk, their series numbered within it, and the names of the series."""
        lines = np.fromfile(self._file(chunk), dtype=LINE)
        lines["series"] -= chunk * CHUNK
        return lines, self._names.iloc[chunk * CHUNK:(chunk + 1) * CHUNK].reset_index(drop=True)

    def _file(self, chunk: int) -> Path:
        return self._place / f"{chunk}.lines"


def _scatter(file: "ParquetFile", lines: Lines, history: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """All rows stand with their chunk; first and last day with an order. Every row that cannot be used is
    reported.
    """
    first, last, problems, count = LAST_DAY, FIRST_DAY, list[Problem](), 0
    for rows in _batches(file, COLUMNS):
        days, quantity = _days(rows["date"]), _quantities(rows["quantity"])
        keyed = rows.assign(item=cell_texts(rows["item"]), market=cell_texts(rows["market"]))
        wrong = [("date", "date", ~((days >= FIRST_DAY) & (days <= LAST_DAY)), DATE_RULE),
                 *(fault for column in ("item", "market") for fault in _wrong_names(keyed[column])),
                 ("quantity", "range", ~(quantity >= 0), "must be a number, 0 or more"),
                 ("quantity", "too_large", quantity > LARGEST, f"must not be beyond {LARGEST:g}")]
        count += sum(int(where.sum()) for _, _, where, _ in wrong)
        problems += _spelled_out(rows, wrong, Path(history).name, room=MAXIMUM_SPELLED_OUT - len(problems))
        if not count and len(rows):
            lines.add(keyed.assign(day=days.astype(np.int64), quantity=quantity))
            first, last = min(first, days.min()), max(last, days.max())
    if count > len(problems):
        remainder = f"and {count - len(problems)} more"
        problems.append(Problem(remainder, file=Path(history).name, code=problems[-1].code))
    if problems:
        raise ScenarioError(history, problems)
    if first > last:
        raise ScenarioError(
            history,
            [
                Problem(
                    "has no rows, so there is nothing to forecast",
                    file=Path(history).name,
                    code="file.empty",
                )
            ],
        )
    return pd.Timestamp(first), pd.Timestamp(last)


def _days(dates: pd.Series) -> np.ndarray:
    """Days of the dates; not a time where there is none, or one that no calendar knows."""
    if dates.dtype.kind == "M":
        days: np.ndarray = dates.dt.tz_localize(None).to_numpy().astype("datetime64[D]")
        return days
    codes, different = pd.factorize(cell_texts(dates))
    parsed = np.array([_day_or_none(text) for text in different], dtype="datetime64[D]")
    return parsed[codes]


def _day_or_none(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _quantities(values: pd.Series) -> np.ndarray:
    """The quantities; not a number where there is none."""
    if values.dtype.kind in "iuf":
        numbers: np.ndarray = values.to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.isfinite(numbers), numbers, np.nan)
    return parsed_numbers(cell_texts(values))


def _wrong_names(names: pd.Series) -> Iterator[Wrong]:
    """The names that are blank, or hold a letter that nobody can see."""
    column = str(names.name)
    yield column, "required", (names == "").to_numpy(), "must be filled in"
    faults = names.map({name: name_fault(name) for name in names.unique()})
    for fault in sorted(set(faults) - {""}):
        yield column, "letters", (faults == fault).to_numpy(), name_rule(fault)


def _spelled_out(rows: pd.DataFrame, wrong: list[Wrong], file: str, *, room: int) -> list[Problem]:
    """The first problems: file, row, column, value, rule."""
    problems = [
        Problem(
            rule,
            file=file,
            row=int(rows.index[place]),
            column=column,
            value=str(rows[column].iloc[place]),
            code=f"history.{column}.{kind}",
        )
        for column, kind, where, rule in wrong
        for place in np.flatnonzero(where)[: max(room, 0)]
    ]
    return sorted(problems, key=lambda problem: problem.row or 0)[:max(room, 0)]


# ------------------------------------------------------------------------------------------------- writing


def _expect_forecast(target: Path) -> None:
    """A forecast can be written at the place, and replaces nothing but an older one."""
    expect_file(target, example="forecast.parquet")
    if target.is_file() and target.stat().st_size and not _is_forecast(target):
        raise OutputError(f"{target}: is there already and is no forecast. Choose another name, like "
                          f"{target.with_name('forecast.parquet')}")


def _is_forecast(file: Path) -> bool:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        return set(FORECAST) <= set(read_schema(file).names)
    except (OSError, ArrowException):
        return False


def _write(frames: Iterator[pd.DataFrame], target: Path) -> None:
    """The frames stand one after the other in a parquet file, which appears when it is whole."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    writer: Any = None
    with whole_file(target) as file:
        for frame in frames:
            table = pa.Table.from_pandas(frame, preserve_index=False)
            writer = writer or ParquetWriter(file, table.schema)
            writer.write_table(table)
        writer.close()
