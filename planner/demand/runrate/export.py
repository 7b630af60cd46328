"""What an export of orders tells about itself: up to which day it was taken."""

import pandas as pd

from planner.scenario.calendar import Calendar, period_label

MINIMUM_DAYS = 6  # different days of orders from which their rhythm can be told
LONGER = 2.0  # times the longest pause of the last two years, from which a silence is the end of the record
MINIMUM_SILENCE = 7  # days; holidays are shorter
RECENT = pd.Timedelta(days=730)


def end_of_record(
    orders: pd.DataFrame, end: pd.Period, calendar: Calendar
) -> tuple[pd.Period, tuple[str, ...]]:
    """The last period that is whole on record, at most `end`, and a sentence where it is an earlier one.

    An export that was taken months ago, or in the middle of a period, would look like a slump: orders that
    came every few days do not stop all at once, over all items and markets.
    """
    days = pd.DatetimeIndex(orders["date"].drop_duplicates().sort_values())
    days = days[days <= end.end_time]
    if len(days) < MINIMUM_DAYS:
        return end, ()
    last = days[-1]
    recent = days[days >= last - RECENT]
    pause = max((recent[1:] - recent[:-1]).days) if len(recent) > 1 else 0
    silence = (end.end_time.normalize() - last).days
    if pause == 0 or silence <= max(LONGER * pause, MINIMUM_SILENCE):
        return end, ()
    running: pd.Period = (last + pd.Timedelta(days=pause + 1)).to_period(calendar.freq)
    if running > end:
        return end, ()
    left_out = period_label(running) if running == end else f"{period_label(running)} to {period_label(end)}"
    return running - 1, (
        f"Nothing is recorded after {last:%Y-%m-%d}, although there was no pause longer than {pause} days "
        f"before: {left_out} counts as not recorded, not as without demand. Set forecast.as_of to the day of "
        "the export, or record a quantity of 0 for what was really not ordered.",
    )
