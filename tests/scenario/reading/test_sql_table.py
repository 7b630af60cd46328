"""A table may be a query: its address comes from the environment, and is repeated nowhere."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import planner
from planner.errors import ScenarioError
from planner.scenario.load import check
from planner.scenario.starter import write_starter

BINARIES = next((str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), "")
OWNER = "postgres" if hasattr(os, "getuid") and os.getuid() == 0 else None  # the server refuses to run as root
QUERY = "tables:\n  items: {query: \"select item, family, price from products\", connection: PLANNER_TEST_DB}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The starter, its items in a database."""
    place = write_starter(tmp_path / "mine")
    (place / "items.csv").rename(tmp_path / "items.csv")
    (place / "scenario.yaml").write_text((place / "scenario.yaml").read_text() + QUERY)
    return place


def products(tmp_path: Path) -> list[tuple[str, str, float]]:
    items = planner.load_scenario(write_starter(tmp_path / "whole"))["items"]
    return [(row["item"], "all", float(row["price"])) for row in items.to_dict("records")]


@pytest.fixture
def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("sqlalchemy")
    file = tmp_path / "erp.db"
    with sqlite3.connect(file) as database:
        database.execute("create table products (item text, family text, price real)")
        database.executemany("insert into products values (?, ?, ?)", products(tmp_path))
    monkeypatch.setenv("PLANNER_TEST_DB", f"sqlite:///{file}")
    return file


def test_a_query_is_a_table(folder: Path, sqlite: Path, tmp_path: Path) -> None:
    scenario = planner.load_scenario(folder)
    assert [(row["item"], row["family"], row["price"]) for row in scenario["items"].to_dict("records")] == products(tmp_path / "again")


def test_the_same_rows_from_a_file_are_the_same_scenario(folder: Path, sqlite: Path, tmp_path: Path) -> None:
    of_query = planner.load_scenario(folder)
    (folder / "scenario.yaml").write_text((folder / "scenario.yaml").read_text().replace(QUERY, ""))
    (folder / "items.csv").write_text("item,family,price\n" + "".join(f"{item},{family},{price:g}\n" for item, family, price in
                                                                     products(tmp_path / "again")))
    assert planner.load_scenario(folder).content_hash == of_query.content_hash


def problems(folder: Path) -> list[str]:
    return [str(problem) for problem in check(folder) if problem.severity == "error" and "tables" in problem.column]


def test_a_wrong_query_is_said_in_the_databases_words(folder: Path, sqlite: Path) -> None:
    (folder / "scenario.yaml").write_text((folder / "scenario.yaml").read_text().replace("from products", "from prodcts"))
    said = problems(folder)
    assert len(said) == 1 and "the database refuses the query: no such table: prodcts" in said[0]


def test_nothing_can_be_changed_by_a_query(folder: Path, sqlite: Path) -> None:
    text = (folder / "scenario.yaml").read_text()
    (folder / "scenario.yaml").write_text(text.replace("select item, family, price from products", "delete from products"))
    assert "must be a query that begins with select or with" in problems(folder)[0]


def test_a_variable_that_is_not_set_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLANNER_TEST_DB", raising=False)
    assert "the environment variable PLANNER_TEST_DB is not set" in problems(folder)[0]


@pytest.mark.parametrize("address", ["postgresql+psycopg://anna:s3cret@127.0.0.1:1/erp", "nonsense:s3cret"])
def test_an_address_is_in_no_message(folder: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    pytest.importorskip("sqlalchemy")
    monkeypatch.setenv("PLANNER_TEST_DB", address)
    with pytest.raises(ScenarioError) as error:
        planner.load_scenario(folder)
    assert "the database in PLANNER_TEST_DB cannot be reached" in str(error.value)
    assert not any(part in str(error.value) for part in ("s3cret", "anna", "127.0.0.1"))


def test_an_address_in_the_scenario_and_other_slips_are_refused(folder: Path) -> None:
    text = (folder / "scenario.yaml").read_text()
    (folder / "scenario.yaml").write_text(text.replace("PLANNER_TEST_DB", '"sqlite:///x"'))
    assert "must be the name of an environment variable, never the address itself" in problems(folder)[0]
    (folder / "scenario.yaml").write_text(text.replace("connection:", "conection:"))
    assert any('Did you mean "connection"?' in said for said in problems(folder))


def test_a_table_is_a_file_or_a_query(folder: Path, sqlite: Path, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "items.csv", folder / "items.csv")
    assert "the table is there twice: remove the query or items.csv" in problems(folder)[0]


@pytest.fixture
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A PostgreSQL server of its own on loopback; its port."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed")
    if not BINARIES or sys.platform == "win32":
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    place = Path("/tmp") / f"planner-postgres-{os.getpid()}"  # short: sockets have short names
    place.mkdir(mode=0o777)
    place.chmod(0o777)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    run = [f"{BINARIES}/pg_ctl", "-D", str(place / "data"), "-s", "-w"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={place} -c fsync=off"
    try:
        subprocess.run([f"{BINARIES}/initdb", "-D", str(place / "data"), "-U", "planner", "-A", "trust", "-N"], user=OWNER, cwd=place,
                       check=True, capture_output=True)
        subprocess.run([*run, "-o", options, "-l", str(place / "log"), "start"], user=OWNER, cwd=place, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield port
    finally:
        subprocess.run([*run, "-m", "immediate", "stop"], user=OWNER, cwd=place, check=False, capture_output=True)
        shutil.rmtree(place, ignore_errors=True)


def test_a_query_to_postgresql_is_a_table_and_changes_nothing(
        folder: Path, postgres: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    with psycopg.connect(f"host=127.0.0.1 port={postgres} user=planner dbname=postgres") as database:
        database.execute("create table products (item text, family text, price numeric(12, 2))")
        for row in products(tmp_path):
            database.execute("insert into products values (%s, %s, %s)", row)
    monkeypatch.setenv("PLANNER_TEST_DB", f"postgresql+psycopg://planner:s3cret@127.0.0.1:{postgres}/postgres")
    assert planner.load_scenario(folder)["items"]["price"].tolist() == [price for _, _, price in products(tmp_path / "again")]
    text = (folder / "scenario.yaml").read_text()
    (folder / "scenario.yaml").write_text(text.replace(
        "select item, family, price from products", "with gone as (delete from products returning *) select * from gone"))
    assert "read-only transaction" in problems(folder)[0]
