"""Work spread over processes comes back in order, and no process is left behind."""

import os
import signal
import time

import pytest

from planner import workers as engine
from planner.errors import PlannerError
from planner.workers import Workers, cores


@pytest.fixture(scope="module")
def two():
    with Workers(workers=2) as team:
        yield team


def process_of(number: int) -> tuple[int, int]:
    return number, os.getpid()


def fails(number: int) -> None:
    raise ValueError(f"chunk {number}")


def dies(number: int) -> None:
    os._exit(9)


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "cores", lambda: 2)


def test_every_worker_is_a_process_of_its_own_and_results_come_in_order(two: Workers) -> None:
    results = list(two.each(process_of, ((number,) for number in range(7)), worth=0))
    assert [number for number, _ in results] == list(range(7))
    assert len({process for _, process in results} - {os.getpid()}) == 2


def test_only_as_many_pieces_are_taken_as_there_are_workers_to_do_them(two: Workers) -> None:
    taken = []
    for done, _ in enumerate(
        two.each(process_of, ((taken.append(n) or n,) for n in range(20)), worth=0), start=1
    ):
        assert len(taken) <= done + 2


def test_no_more_processes_start_than_there_are_pieces_or_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = engine.Worker
    monkeypatch.setattr(engine, "Worker", lambda: started.append(1) or real())
    for pieces, here, expected in ((1, 8, 1), (5, 2, 2)):
        started.clear()
        monkeypatch.setattr(engine, "cores", lambda here=here: here)
        with Workers(workers=999) as team:
            assert [n for n, _ in team.each(process_of, ((n,) for n in range(pieces)), worth=0)] == list(range(pieces))
        assert len(started) == expected


def test_no_process_runs_what_stands_in_the_current_folder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("numpy", "planner", "pickle"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Workers(workers=2) as team:
        assert len({process for _, process in team.each(process_of, ((n,) for n in range(2)), worth=0)}) == 2
    assert not (tmp_path / "ran").exists()


def test_a_failure_in_a_process_is_the_callers_failure() -> None:
    with Workers(workers=2) as team, pytest.raises(ValueError, match="chunk 0"):
        list(team.each(fails, [(0,), (1,)], worth=0))


def test_a_process_that_dies_is_said_in_words() -> None:
    with Workers(workers=2) as team, pytest.raises(PlannerError, match="lack of memory"):
        list(team.each(dies, [(0,), (1,)], worth=0))


def test_no_process_outlives_the_work() -> None:
    with Workers(workers=2) as team:
        processes = {process for _, process in team.each(process_of, ((n,) for n in range(4)), worth=0)}
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_fewer_than_one_worker_is_refused() -> None:
    with pytest.raises(PlannerError, match="workers = 0: must be 1 or more"):
        Workers(workers=0)
    assert cores() >= 1


def test_a_scheduler_that_does_not_answer_is_said_in_words() -> None:
    pytest.importorskip("distributed")
    import dask

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "200ms"}),
        pytest.raises(PlannerError, match="no scheduler"),
    ):
        Workers(scheduler="tcp://127.0.0.1:9")


def slowly(shared: str, number: int) -> tuple[str, int, int]:
    time.sleep(0.3)
    return shared, number, os.getpid()


def test_what_is_lost_with_a_process_of_a_cluster_is_done_again() -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster, Workers(scheduler=cluster.scheduler_address) as team:
        results = []
        for result in team.each(slowly, ((number,) for number in range(10)), worth=1, shared="base"):
            results.append(result)
            if len(results) == 2:
                os.kill(result[2], signal.SIGKILL)  # with work on its way and results that nobody has yet
    assert [result[:2] for result in results] == [("base", number) for number in range(10)]
