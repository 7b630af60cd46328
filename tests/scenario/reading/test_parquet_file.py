"""Parquet tables: the same cells as CSV, and nothing in them that could take all memory."""

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import planner
from planner.scenario.load import check
from planner.scenario.reading import parquet_file
from tests.scenario.conftest import Write

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def test_parquet_and_csv_tables_mix_and_mean_the_same(write: Write, tmp_path: Path) -> None:
    folder = write({"sourcing.csv": None, "demand.csv": None})
    pd.DataFrame(
        {
            "item": ["flour"],
            "supplier": ["mill"],
            "site": ["bakery"],
            "unit_cost": [1.0],
            "lead_time": [1],
            "min_share": [None],
            "max_share": [float("nan")],
        }
    ).to_parquet(folder / "sourcing.parquet")
    pd.DataFrame(
        {"item": "bread", "market": "town", "period": ["2026-01", "2026-02"], "quantity": [100, 120]}
    ).set_index(["item", "market"]).to_parquet(folder / "demand.parquet")
    assert planner.load_scenario(folder).content_hash == planner.load_scenario(write(name="csv")).content_hash


def test_parquet_without_pyarrow_says_what_to_install(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    folder = write({"sourcing.csv": None, "sourcing.parquet": b"x"})
    assert [str(problem) for problem in check(folder)] == [
        'sourcing.parquet: parquet files need pyarrow. Install it with pip install "planner[parquet]", or '
        'save the table as CSV'
    ]


def test_problems_of_parquet_cells_have_rows_too(write: Write) -> None:
    folder = write({"sourcing.csv": None, "sites.csv": None, "sites.parquet": b"no parquet"})
    pd.DataFrame(
        {
            "item": ["flour", "flour"],
            "supplier": ["mill", "m2"],
            "site": "bakery",
            "unit_cost": [1.0, float("inf")],
        }
    ).to_parquet(folder / "sourcing.parquet")
    found = [str(problem) for problem in check(folder)]
    assert found[0].startswith("sites.parquet: is not a readable parquet file: ")
    assert found[1:] == ['sourcing.parquet row 3, unit_cost = "inf": must be a number written like 1234.5']


def _sites_of(write: Write, columns: Mapping[str, Any], **options: Any) -> Path:
    """The bakery, its sites in a parquet file of these columns."""
    folder = write({"sites.csv": None})
    pq.write_table(pa.table(columns), folder / "sites.parquet", **options)
    return folder


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (pa.array([["a"], ["b"]]), "list<item: string>"),
        (pa.array([{"x": 1}, {"x": 2}]), "struct<x: int64>"),
        (pa.array([[("x", 1)], []], pa.map_(pa.string(), pa.int64())), "map<string, int64>"),
        (pa.array([b"bakery", b"store"]), "binary"),
    ],
)
def test_a_column_of_anything_but_single_values_is_refused(write: Write, cells: Any, kind: str) -> None:
    folder = _sites_of(write, {"site": ["bakery", "store"], "region": cells})
    found = str(check(folder)[0])
    assert found.startswith("sites.parquet, region: holds ")
    assert found.endswith("where a cell holds a text, a number, a date or nothing")
    assert kind.split("<")[0] in found


def test_a_column_that_is_there_twice_is_refused(write: Write) -> None:
    folder = write({"sites.csv": None})
    table = pa.Table.from_arrays([pa.array(["bakery", "store"])] * 2, names=["site", "site"])
    pq.write_table(table, folder / "sites.parquet")
    assert str(check(folder)[0]) == "sites.parquet, site: the column is there twice"


def test_equal_rows_that_take_no_room_in_the_file_are_counted_before_they_are_read(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_file, "MAXIMUM_CELLS", 2_000_000)
    folder = _sites_of(write, {"site": pa.array(["bakery"]).take(pa.array([0] * 2_000_001))})
    assert (folder / "sites.parquet").stat().st_size < 20_000
    assert [str(one) for one in check(folder)] == ["sites.parquet: has more than 2,000,000 cells"]


def test_a_file_that_unpacks_to_more_than_a_table_may_hold_is_refused(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _sites_of(write, {"site": [f"{'x' * 1000}{at}" for at in range(1000)]}, compression="zstd")
    monkeypatch.setattr(parquet_file, "LARGEST_TABLE", 1_000_000)
    assert (folder / "sites.parquet").stat().st_size < 100_000
    assert [str(one) for one in check(folder)] == ["sites.parquet: unpacks to more than 1,000,000 bytes"]


def test_a_long_text_that_is_repeated_is_refused_by_its_length(write: Write) -> None:
    folder = _sites_of(write, {"site": ["bakery", *["x" * 100_001] * 2000]})
    assert str(check(folder)[0]) == "sites.parquet row 3, site: is longer than 100,000 letters"


def test_what_pandas_noted_about_a_frame_may_be_damaged(write: Write) -> None:
    table = pa.table({"site": ["bakery", "store"]}).replace_schema_metadata({"pandas": '{"columns": 3}'})
    folder = write({"sites.csv": None})
    pq.write_table(table, folder / "sites.parquet")
    assert planner.load_scenario(folder)["sites"]["site"].tolist() == ["bakery", "store"]


def test_row_numbers_that_pandas_saved_are_no_column(write: Write) -> None:
    folder = write({"sites.csv": None})
    pd.DataFrame({"site": ["store", "bakery"]}).sort_values("site").to_parquet(folder / "sites.parquet")
    assert planner.load_scenario(folder)["sites"]["site"].tolist() == ["bakery", "store"]


def test_flipped_bytes_end_in_a_problem(write: Write) -> None:
    folder = _sites_of(write, {"site": ["bakery", "store"], "storage_capacity": [1.5, 2.5]})
    whole = (folder / "sites.parquet").read_bytes()
    for at in range(0, len(whole), 7):
        (folder / "sites.parquet").write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        check(folder)


def test_real_days_are_the_periods_of_the_base_that_they_begin(write: Write) -> None:
    write(name="base")
    child = write({"scenario.yaml": "name: Child\nbase: ../base\n"}, name="child", only=True)
    days = [date(2026, 1, 1), date(2026, 2, 28)]
    rows = {"item": ["bread"] * 2, "market": ["town"] * 2, "period": days, "quantity": [1, 2]}
    pq.write_table(pa.table(rows), child / "demand.parquet")
    assert planner.load_scenario(child)["demand"]["period"].astype(str).tolist() == ["2026-01", "2026-02"]
