"""A history of any size goes from file to file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand import history_file
from planner.demand.history_file import Lines
from planner.errors import OutputError, PlannerError, ScenarioError
from planner.scenario.problem_kinds import CODES
from tests.demand.shops import orders, shop

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def history(*, items: int = 5, months: int = 30) -> pd.DataFrame:
    random = np.random.default_rng(4)
    rows = [
        {
            "date": str(month),
            "item": f"item-{item}",
            "market": market,
            "quantity": float(random.poisson(30 + item)),
        }
        for month in pd.period_range("2023-07", periods=months, freq="M").start_time.date
        for item in range(items)
        for market in ("north", "south")
    ]
    return pd.DataFrame(rows)


def written(rows: pd.DataFrame, folder: Path) -> Path:
    rows.to_parquet(folder / "history.parquet", index=False)
    return folder / "history.parquet"


def forecast(rows: pd.DataFrame, folder: Path, **options) -> pd.DataFrame:
    found = planner.forecast_history(
        written(rows, folder), folder / "forecast.parquet", **{"periods": 3, "workers": 1} | options
    )
    return pd.read_parquet(found.path)


def test_a_file_is_forecast_as_a_scenario_with_the_same_orders_is(tmp_path: Path) -> None:
    rows = orders(20 + np.arange(36.0))
    from_file = forecast(pd.DataFrame(rows), tmp_path)
    from_scenario = planner.forecast(shop(periods=3, order_history=rows)).quantiles
    assert from_file["period"].tolist() == ["2026-01", "2026-02", "2026-03"]
    measures = ["mean", "q05", "q50", "q95"]
    assert from_file[measures].to_numpy() == pytest.approx(from_scenario[measures].to_numpy())


def test_order_of_rows_and_size_of_chunks_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = forecast(history(), tmp_path)
    monkeypatch.setattr(history_file, "CHUNK", 3)
    monkeypatch.setattr(history_file, "BATCH", 17)
    other = forecast(history().sample(frac=1, random_state=1), tmp_path)
    assert len(one) == 5 * 2 * 3
    assert one[["item", "market", "period"]].equals(
        one[["item", "market", "period"]].sort_values(["item", "market", "period"])
    )
    pd.testing.assert_frame_equal(one, other)


def test_no_chunk_is_read_before_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_file, "CHUNK", 1)
    events: list[str] = []
    read, made = Lines.of, history_file.forecast_lines
    monkeypatch.setattr(Lines, "of", lambda self, chunk: events.append("read") or read(self, chunk))
    monkeypatch.setattr(
        history_file, "forecast_lines", lambda *chunk: events.append("forecast") or made(*chunk)
    )
    forecast(history(items=3), tmp_path)
    assert events == ["read", "forecast"] * 6


def test_what_was_ordered_after_the_day_is_not_known(tmp_path: Path) -> None:
    later = history().assign(
        quantity=lambda rows: np.where(rows["date"] > "2025-06-30", 9999.0, rows["quantity"])
    )
    forecasts = [forecast(rows, tmp_path, as_of="2025-06-30") for rows in (history(), later)]
    pd.testing.assert_frame_equal(*forecasts)
    assert forecasts[0]["period"].iloc[0] == "2025-07"


def test_weeks_are_forecast(tmp_path: Path) -> None:
    days = pd.date_range("2024-01-01", periods=100, freq="7D")
    rows = pd.DataFrame({"date": days, "item": "bike", "market": "north", "quantity": 7.0})
    found = forecast(rows, tmp_path, bucket="week")
    assert found["period"].tolist() == ["2025-W49", "2025-W50", "2025-W51"]  # the 100th week is 2025-W48
    assert found["mean"].tolist() == pytest.approx([7.0] * 3)


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    rows = history(items=1).astype({"quantity": object})
    rows.loc[3, "quantity"] = -5.0
    rows.loc[4, "quantity"] = np.inf
    rows.loc[5, "date"] = "2215-01-01"
    rows.loc[7, "market"] = None
    rows["quantity"] = rows["quantity"].astype(float)
    with pytest.raises(ScenarioError) as error:
        forecast(rows, tmp_path)
    assert [str(problem) for problem in error.value.problems] == [
        "history.parquet row 5, quantity = -5.0: must be a number, 0 or more",
        "history.parquet row 6, quantity = inf: must be a number, 0 or more",
        "history.parquet row 7, date = 2215-01-01: must be a date written like 2026-03-15, from 1900 to 2200",
        "history.parquet row 9, market = nan: must be filled in"]
    assert not (tmp_path / "forecast.parquet").exists()


@pytest.mark.parametrize(
    ("column", "cells", "problems"),
    [
        ("quantity", [True, False], ["row 2, quantity = True: must be a number, 0 or more",
                                     "row 3, quantity = False: must be a number, 0 or more"]),
        ("quantity", [1.0, 1e308], ["row 3, quantity = 1e+308: must not be beyond 1e+15"]),
        ("quantity", ["5", "five"], ["row 3, quantity = five: must be a number, 0 or more"]),
        ("item", ["bike", " "], ["row 3, item =  : must be filled in"]),
        ("item", ["bike", "\u200b"], ["row 3, item = \u200b: a name must stand on one line, without control "
                                      "characters or invisible ones; it holds U+200B ZERO WIDTH SPACE"]),
        ("market", ["north", "no\nrth"], ["row 3, market = no\nrth: a name must stand on one line, without "
                                          "control characters or invisible ones; it holds U+000A LINE FEED"]),
        ("date", ["2025-01-01", "01/02/2025"], ["row 3, date = 01/02/2025: must be a date written like "
                                                "2026-03-15, from 1900 to 2200"]),
        ("date", [20250101, 20250201], ["row 2, date = 20250101: must be a date written like 2026-03-15, from "
                                        "1900 to 2200",
                                        "row 3, date = 20250201: must be a date written like 2026-03-15, from "
                                        "1900 to 2200"]),
        ("item", [["a"], ["b"]], [", item: holds list<element: string>, where a cell holds a text, a number, a "
                                  "date or nothing"]),
        ("item", [b"a", b"\xff"], [", item: holds binary, where a cell holds a text, a number, a date or "
                                   "nothing"]),
    ],
)
def test_what_a_scenario_refuses_is_refused(
    column: str, cells: list[object], problems: list[str], tmp_path: Path
) -> None:
    rows = pd.DataFrame({"date": "2025-01-01", "item": "bike", "market": ["north", "south"], "quantity": 1.0})
    with pytest.raises(ScenarioError) as error:
        forecast(rows.assign(**{column: cells}), tmp_path)
    found = [str(problem).removeprefix("history.parquet").strip(" ") for problem in error.value.problems]
    assert [one.replace("<item:", "<element:") for one in found] == problems
    assert {problem.code for problem in error.value.problems} <= CODES.keys()


def test_columns_that_are_not_read_may_hold_anything(tmp_path: Path) -> None:
    rows = history(items=1).assign(notes=[["a"]] * 60)
    assert len(forecast(rows, tmp_path)) == 2 * 3


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    arrays = [pa.array(["2025-01-01"]), pa.array(["a"]), pa.array(["b"]), pa.array([1.0]), pa.array([2.0])]
    twice = pa.Table.from_arrays(arrays, names=["date", "item", "market", "quantity", "quantity"])
    pq.write_table(twice, tmp_path / "history.parquet")
    with pytest.raises(ScenarioError, match=r"history.parquet, quantity: the column is there twice"):
        planner.forecast_history(tmp_path / "history.parquet", tmp_path / "out.parquet", periods=3)


def test_a_history_is_not_replaced_though_it_could_be_a_forecast(tmp_path: Path) -> None:
    both = dict.fromkeys(history_file.FORECAST[2:], 1.0)
    place = written(history(items=1).assign(**both), tmp_path)
    before = place.read_bytes()
    (tmp_path / "link.parquet").symlink_to(place)
    (tmp_path / "hard.parquet").hardlink_to(place)
    for output in (place, tmp_path / "link.parquet", tmp_path / "hard.parquet"):
        with pytest.raises(OutputError, match=r"is the history itself\. Name another file for the forecast"):
            planner.forecast_history(place, output, periods=3)
    with pytest.raises(OutputError, match=r"this is a folder\. Choose a file name, like .*forecast\.parquet"):
        planner.forecast_history(place, tmp_path, periods=3)
    assert place.read_bytes() == before


def test_of_many_bad_rows_the_first_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        forecast(history().assign(quantity=-1.0), tmp_path)
    assert len(error.value.problems) == 21
    assert str(error.value.problems[-1]) == "history.parquet: and 280 more"  # 300 rows, 20 named


@pytest.mark.parametrize(("rows", "message"), [
    (history().drop(columns="market"), "market: the column is missing. A history has date, item, market, "
                                       "quantity"),
    (history()[:0], "has no rows")])
def test_a_file_that_is_no_history_is_refused(rows: pd.DataFrame, message: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=message):
        forecast(rows, tmp_path)


def test_a_file_that_is_no_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "history.parquet").write_text("date,item\n")
    with pytest.raises(ScenarioError, match=r"history.parquet: is not a readable parquet file"):
        planner.forecast_history(tmp_path / "history.parquet", tmp_path / "out.parquet", periods=3)
    with pytest.raises(PlannerError, match='as_of = "yesterday": must be a date'):
        planner.forecast_history(
            tmp_path / "history.parquet", tmp_path / "out.parquet", periods=3, as_of="yesterday"
        )


def test_a_day_before_the_first_order_leaves_nothing_to_forecast(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="has no order by 2000-12-31"):
        forecast(history(), tmp_path, as_of="2001-01-01")


def test_nothing_but_an_older_forecast_is_replaced(tmp_path: Path) -> None:
    history().to_parquet(tmp_path / "history.parquet")
    history().to_parquet(tmp_path / "other.parquet")
    (tmp_path / "notes.txt").write_text("mine")
    for target in (tmp_path / "notes.txt", tmp_path / "other.parquet"):
        before = target.read_bytes()
        with pytest.raises(OutputError, match=rf"{target.name}: is there already and is no forecast\. Choose another name"):
            history_file.forecast_history(tmp_path / "history.parquet", target, periods=3)
        assert target.read_bytes() == before


def test_an_older_forecast_is_replaced_and_folders_are_made(tmp_path: Path) -> None:
    history().to_parquet(tmp_path / "history.parquet")
    target = tmp_path / "new" / "deep" / "forecast.parquet"
    for periods in (3, 2):
        history_file.forecast_history(tmp_path / "history.parquet", target, periods=periods)
    assert pd.read_parquet(target)["period"].nunique() == 2
