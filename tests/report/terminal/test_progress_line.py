"""The line of progress: clock and gap are whole however narrow the terminal is."""

import pytest

from planner.progress import Progress, clock
from planner.report.terminal.progress_line import progress_line

SEARCH = Progress("solving", "cutting planes", 12, None, "remaining demand late, priority 5", 13, 15,
                  best=12_345_678.0, bound=11_987_654.0)
GAP = "gap 2.90 %"  # (12,345,678 - 11,987,654) / 12,345,678


@pytest.mark.parametrize("width", [40, 60, 77, 120, 200])
def test_clock_and_gap_are_whole_and_the_line_fits(width: int) -> None:
    line = progress_line(SEARCH, width, "0:12:34")
    assert len(line) <= width
    assert line.endswith(f"{GAP}  0:12:34")


def test_a_wide_terminal_shows_everything() -> None:
    assert progress_line(SEARCH, 200, "0:12:34") == (
        "solving pass 13 of 15: remaining demand late, priority 5: cutting planes 12  "
        f"best 12,345,678  bound 11,987,654  {GAP}  0:12:34"
    )


def test_a_terminal_of_80_columns_shows_pass_and_gap_and_leaves_out_what_has_no_room() -> None:
    line = progress_line(SEARCH, 77, "0:12:34")
    assert line.startswith("solving pass 13 of 15: remain") and "…" in line
    assert "best 12,345,678" in line and "bound" not in line


def test_what_has_no_figures_yet_shows_what_is_done_and_the_clock() -> None:
    record = Progress("forecasting", "backtest origin", 3, 7)
    assert progress_line(record, 77, "0:00:02") == "forecasting: backtest origin 3 of 7  0:00:02"


def test_a_clock_shows_hours_minutes_and_seconds() -> None:
    assert [clock(seconds) for seconds in (0.9, 61, 3725.4)] == ["0:00:00", "0:01:01", "1:02:05"]


def test_a_record_is_a_sentence() -> None:
    assert str(SEARCH) == ("solving pass 13 of 15: remaining demand late, priority 5: cutting planes 12; "
                           f"best 12,345,678, bound 11,987,654, {GAP}")
    assert str(Progress("solving", goal="sales targets missed, priority 1", best=0.25)) == (
        "solving: sales targets missed, priority 1; best 0.25")
