"""What was known on a day: the one place where the past is cut off, so that nothing later can leak into a
forecast.
"""

from collections.abc import Mapping

import pandas as pd

from planner.scenario.known_from import KNOWN_FROM

Tables = Mapping[str, pd.DataFrame]


def known_on(day: pd.Timestamp, tables: Tables) -> dict[str, pd.DataFrame]:
    """The sales tables as they stood at the end of the day: later rows are gone, deals decided later are open
    again.

    Rows without a day (a blank `entered`) count as always known. Other tables carry no day and pass
    unchanged.
    """
    entered = dict(tables)
    for table, column in KNOWN_FROM.items():
        entered[table] = entered_by(tables[table], day, column=column, undated=True)
    entered["opportunities"] = _reopened(entered["opportunities"], day)
    return entered


def entered_by(
    rows: pd.DataFrame, day: pd.Timestamp, *, undated: bool, column: str = "entered"
) -> pd.DataFrame:
    """The rows known at the end of the day; those without a day of their own only where the `undated` count
    as known.
    """
    later = rows[column] > day
    return rows[~later if undated else ~later & rows[column].notna()].reset_index(drop=True)


def _reopened(opportunities: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Deals decided after the day are open, without a day of decision.

    The stage column shows what was reached later, so that only the stage history can say where a deal stood.
    """
    later = opportunities["closed"] > day
    return opportunities.assign(
        outcome=opportunities["outcome"].mask(later, "open"),
        closed=opportunities["closed"].mask(later),
        stage=opportunities["stage"].mask(later),
    )
