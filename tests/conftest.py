"""What holds for every test: one thread for linear algebra, so that workers side by side do not fight over
the cores, and no lines of progress from commands, which come on slow machines only.
"""

import math
import os
from collections.abc import Iterator
from typing import Any

import pytest

for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(library, "1")  # read when numpy is first imported, which is after this


@pytest.fixture(scope="session", autouse=True)
def plans_are_remembered_by_one_run_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANNER_CACHE", str(tmp_path_factory.mktemp("plans")))
        yield


@pytest.fixture(scope="session", autouse=True)
def commands_write_no_lines_of_progress() -> Iterator[None]:
    from planner.cli import running

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "LINE_SECONDS", math.inf)
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each process keeps to neighbouring tests for as long as the others have work, so that plans that a
    module's tests share are mostly solved in one process.
    """
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None
