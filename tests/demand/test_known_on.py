"""The past is cut off at the end of a day: nothing that was entered or decided later is known."""

import pandas as pd

from planner.demand.known_on import entered_by, known_on
from planner.scenario.known_from import KNOWN_FROM
from tests.demand.shops import shop

DAY = pd.Timestamp("2025-06-30")
DEAL = {"item": "bike", "market": "north", "quantity": 1, "stage": "order"}


def deals(*rows: dict[str, object]) -> pd.DataFrame:
    """The deals as they stood on the day."""
    scenario = shop(opportunities=[{"opportunity": f"d{place}", **DEAL, **row} for place, row in enumerate(rows)])
    return known_on(DAY, scenario.tables)["opportunities"]


def test_what_was_entered_on_the_day_is_known_and_the_day_after_is_not() -> None:
    known = deals({"created": "2025-06-30", "outcome": "open"}, {"created": "2025-07-01", "outcome": "open"})
    assert known["opportunity"].tolist() == ["d0"]


def test_a_deal_decided_after_the_day_is_open_again_and_its_stage_is_unknown() -> None:
    known = deals({"created": "2025-01-01", "closed": "2025-06-30", "outcome": "won"},
                  {"created": "2025-01-01", "closed": "2025-07-01", "outcome": "lost"})
    assert known["outcome"].tolist() == ["won", "open"]
    assert known["closed"].isna().tolist() == [False, True]
    assert known["stage"].isna().tolist() == [False, True]


def test_rows_without_a_day_are_known_only_where_they_count_as_known() -> None:
    rows = pd.DataFrame({"entered": pd.to_datetime(["2025-06-30", None, "2025-07-01"]), "name": ["in", "undated", "later"]})
    assert entered_by(rows, DAY, undated=True)["name"].tolist() == ["in", "undated"]
    assert entered_by(rows, DAY, undated=False)["name"].tolist() == ["in"]


def test_tables_that_carry_no_day_pass_unchanged() -> None:
    tables = dict(shop().tables)
    known = known_on(DAY, tables)
    assert all(known[name] is tables[name] for name in tables if name not in KNOWN_FROM)
