"""A small scenario to break: a bakery that makes bread of flour for one town, three months long."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from planner.errors import Problem
from planner.scenario.load import check
from planner.scenario.problem_kinds import CODES

Files = Mapping[str, str | bytes | None]
Write = Callable[..., Path]

BAKERY: dict[str, str] = {
    "scenario.yaml": "name: Bakery\ncalendar: {start: 2026-01, periods: 3}\n",
    "items.csv": "item,family,price\nbread,baked,3\nflour,raw,\n",
    "sites.csv": "site\nbakery\nstore\n",
    "markets.csv": "market,region\ntown,north\n",
    "customers.csv": "customer,market,priority\ncafe,town,2\n",
    "booked_orders.csv": "order,customer,item,quantity,due\nA1,cafe,bread,10,2026-02\n",
    "demand.csv": "item,market,period,quantity\nbread,town,2026-01,100\nbread,town,2026-02,120\n",
    "service_terms.csv": "item,market,priority,backorder_cost,lost_sale_cost\n,,,1,5\n",
    "sourcing.csv": "item,supplier,site,unit_cost,lead_time,min_share,max_share\nflour,mill,bakery,1,1,,\n",
    "bill_of_materials.csv": "parent,component,quantity_per\nbread,flour,0.5\n",
    "routings.csv": "item,site,routing,yield_rate\nbread,bakery,oven,0.95\n",
    "routing_steps.csv": "item,site,routing,work_center,hours_per_unit\nbread,bakery,oven,oven,0.1\n",
    "work_centers.csv": "site,work_center,available_hours,hour_cost,overtime_hour_cost,labor_pool,from,to\n"
    "bakery,oven,40,5,7,bakers,,\n",
    "labor_pools.csv": "site,labor_pool,headcount,hours_per_worker\nbakery,bakers,2,150\n",
    "inventory.csv": "item,site,on_hand,safety_stock,safety_stock_penalty,from,to\nflour,bakery,30,5,2,,\n",
    "lanes.csv": "origin,destination,mode,unit_cost,lead_time\nbakery,town,van,1,0\n",
}


@pytest.fixture(autouse=True)
def every_problem_has_a_known_code(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever problems a test makes, their codes stand in the reference of problems."""
    codes: set[str] = set()
    make = Problem.__init__

    def remembering(self: Problem, *values: Any, **named: Any) -> None:
        make(self, *values, **named)
        codes.add(self.code)

    monkeypatch.setattr(Problem, "__init__", remembering)
    yield
    assert codes - CODES.keys() == set()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a scenario folder: the bakery with files replaced, added, or (None) left out. Other folders
    stand beside it.
    """

    def write_folder(files: Files | None = None, *, name: str = "bakery", only: bool = False) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        contents: dict[str, str | bytes | None] = {**({} if only else BAKERY), **(files or {})}
        for file, content in contents.items():
            if content is not None:
                (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write_folder


@pytest.fixture
def problems_of(write: Write) -> Callable[..., list[str]]:
    """The problems, as text, of the bakery with the given files replaced."""

    def problems(files: Files | None = None, *, severity: str | None = None) -> list[str]:
        found = check(write(files))
        return [str(problem) for problem in found if severity in (None, problem.severity)]

    return problems


def changed(file: str, *replacements: tuple[str, str]) -> dict[str, str]:
    """A file of the bakery with some of its text replaced."""
    text = BAKERY[file]
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return {file: text}


def with_row(file: str, *rows: str) -> dict[str, str]:
    """A file of the bakery with more rows."""
    return {file: BAKERY[file] + "".join(f"{row}\n" for row in rows)}
