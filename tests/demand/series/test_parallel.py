"""However many processes forecast, the forecast is the same, and only a few chunks are on their way."""

import os
import subprocess
import sys

import numpy as np
import pytest

import planner
from planner import workers
from planner.demand.series import parallel as spreading
from planner.demand.series.combination import forecast_series
from planner.demand.series.parallel import Spread
from tests.demand.shops import orders, shop


def many(count: int, *, months: int = 30) -> np.ndarray:
    random = np.random.default_rng(5)
    values = np.exp(random.normal(3, 0.3, (count, months)))
    values[::7, :9] = np.nan  # begun later
    values[::5] = np.where(random.random((len(values[::5]), months)) < 0.4, 0.0, values[::5])  # now and then
    return values


@pytest.fixture(scope="module")
def both():
    with Spread(workers=2) as spread:
        yield spread


def process_of(number: int) -> tuple[int, int]:
    return number, os.getpid()


def test_two_processes_forecast_to_the_byte_what_one_does(
    both: Spread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "CHUNK", 40)
    values = many(130)
    with Spread(workers=1) as alone:
        one, two = (team.forecast(values, season=12, periods=6) for team in (alone, both))
    assert one.mean.tobytes() == two.mean.tobytes()
    assert one.quantiles.tobytes() == two.quantiles.tobytes()
    # and what is forecast all at once
    assert one.mean == pytest.approx(forecast_series(values, season=12, periods=6).mean)


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)


def test_few_series_stay_in_this_process_and_many_go_to_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)
    for figures, expected in ((spreading.WORTH_A_PROCESS, 1), (2 * spreading.WORTH_A_PROCESS, 2)):
        with Spread() as spread:
            processes = {
                process for _, process in spread.each(process_of, ((n,) for n in range(4)), figures=figures)
            }
        assert len(processes) == expected
        assert (os.getpid() in processes) == (expected == 1)


def test_a_script_without_a_main_guard_forecasts_on_two_processes(tmp_path) -> None:
    script = tmp_path / "three_lines.py"
    script.write_text("import numpy as np\nfrom planner.demand.series.parallel import Spread\n"
                      "with Spread(workers=2) as spread:\n"
                      "    print(spread.forecast(np.ones((3, 24)), season=12, periods=2).mean.sum())\n")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert (done.stdout.strip(), done.stderr) == ("6.0", "")


def test_the_demand_of_a_scenario_is_the_same_on_two_processes() -> None:
    scenario = shop(
        periods=3,
        order_history=orders(20 + np.arange(36.0)) + orders(5 + np.arange(30.0), item="cart"),
        items=("bike", "cart"),
    )
    one, two = (planner.forecast(scenario, workers=workers) for workers in (1, 2))
    for table in ("ledger", "quantiles", "record"):
        assert getattr(one, table).equals(getattr(two, table))


@pytest.fixture(scope="module")
def address():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


class TestCluster:
    """Over a scheduler at an address."""

    def test_a_cluster_of_two_processes_forecasts_to_the_byte_what_one_does(
        self, address, monkeypatch
    ) -> None:
        monkeypatch.setattr(spreading, "CHUNK", 40)
        values = many(130)
        with Spread(workers=1) as alone, Spread(scheduler=address) as cluster:
            one, two = (team.forecast(values, season=12, periods=6) for team in (alone, cluster))
        assert one.mean.tobytes() == two.mean.tobytes()
        assert one.quantiles.tobytes() == two.quantiles.tobytes()

    def test_equal_chunks_are_each_done_and_by_both_processes(self, address) -> None:
        with Spread(scheduler=address) as spread:
            found = list(spread.each(process_of, [(1,)] * 40, figures=0))
        assert len(found) == 40
        assert len({process for _, process in found}) == 2  # merged calls would have run once, in one of them


