"""However many processes forecast, the forecast is the same, and only a few chunks are on their way."""

import os
import subprocess
import sys

import numpy as np
import pytest

import planner
from planner.demand.series import parallel as spreading
from planner.demand.series.combination import forecast_series
from planner.demand.series.parallel import Spread, cores
from planner.errors import PlannerError
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


def fails(number: int) -> None:
    raise ValueError(f"chunk {number}")


def dies(number: int) -> None:
    os._exit(9)


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
    monkeypatch.setattr(spreading, "cores", lambda: 2)


def test_every_worker_is_a_process_of_its_own_and_results_come_in_order(both: Spread) -> None:
    found = list(both.each(process_of, ((number,) for number in range(7)), figures=0))
    assert [number for number, _ in found] == list(range(7))
    assert len({process for _, process in found} - {os.getpid()}) == 2


def test_only_as_many_chunks_are_taken_as_there_are_workers_to_do_them(both: Spread) -> None:
    taken = []
    for done, _ in enumerate(
        both.each(process_of, ((taken.append(n) or n,) for n in range(20)), figures=0), start=1
    ):
        assert len(taken) <= done + 2


def test_no_more_processes_start_than_there_are_chunks_or_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = spreading.Worker
    monkeypatch.setattr(spreading, "Worker", lambda: started.append(1) or real())
    for chunks, here, expected in ((1, 8, 1), (5, 2, 2)):
        started.clear()
        monkeypatch.setattr(spreading, "cores", lambda here=here: here)
        with Spread(workers=999) as spread:
            assert [n for n, _ in spread.each(process_of, ((n,) for n in range(chunks)), figures=0)] == list(range(chunks))
        assert len(started) == expected


def test_no_process_runs_what_stands_in_the_current_folder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("numpy", "planner", "pickle"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Spread(workers=2) as spread:
        assert len({process for _, process in spread.each(process_of, ((n,) for n in range(2)), figures=0)}) == 2
    assert not (tmp_path / "ran").exists()


def test_few_series_stay_in_this_process_and_many_go_to_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "cores", lambda: 2)
    for figures, expected in ((spreading.WORTH_A_PROCESS, 1), (2 * spreading.WORTH_A_PROCESS, 2)):
        with Spread() as spread:
            processes = {
                process for _, process in spread.each(process_of, ((n,) for n in range(4)), figures=figures)
            }
        assert len(processes) == expected
        assert (os.getpid() in processes) == (expected == 1)


def test_a_failure_in_a_process_is_the_callers_failure() -> None:
    with Spread(workers=2) as spread, pytest.raises(ValueError, match="chunk 0"):
        list(spread.each(fails, [(0,), (1,)], figures=0))


def test_a_process_that_dies_is_told_in_words() -> None:
    with Spread(workers=2) as spread, pytest.raises(PlannerError, match="lack of memory"):
        list(spread.each(dies, [(0,), (1,)], figures=0))


def test_no_process_outlives_the_forecast() -> None:
    with Spread(workers=2) as spread:
        processes = {process for _, process in spread.each(process_of, ((n,) for n in range(4)), figures=0)}
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_script_without_a_main_guard_forecasts_on_two_processes(tmp_path) -> None:
    script = tmp_path / "three_lines.py"
    script.write_text("import numpy as np\nfrom planner.demand.series.parallel import Spread\n"
                      "with Spread(workers=2) as spread:\n"
                      "    print(spread.forecast(np.ones((3, 24)), season=12, periods=2).mean.sum())\n")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert (done.stdout.strip(), done.stderr) == ("6.0", "")


def test_fewer_than_one_worker_is_refused() -> None:
    with pytest.raises(PlannerError, match="workers = 0: must be 1 or more"):
        Spread(workers=0)
    assert cores() >= 1


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


def test_a_scheduler_that_does_not_answer_is_told_in_words() -> None:
    pytest.importorskip("distributed")
    import dask

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "200ms"}),
        pytest.raises(PlannerError, match="no scheduler"),
    ):
        Spread(scheduler="tcp://127.0.0.1:9")
