"""A pipeline that says little is forecast all the same, and what it leaves open is said."""

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.known_on import known_on
from planner.demand.pipeline.data_gaps import pipeline_gaps
from planner.demand.pipeline.deals import NEVER, Pipeline
from planner.demand.pipeline.forecast import win_chances
from planner.demand.pipeline.win_hazard import learn_hazards
from tests.demand.pipelines import TODAY, grown
from tests.demand.shops import shop

DAY = pd.Timestamp("2025-12-31")


def deals(*, count: int = 240, **blanked) -> list[dict]:
    """A deal every three days, three in four decided after 20 to 60 days, half of these won; all of them say
    everything.
    """
    rows = []
    for number, created in enumerate(pd.date_range(end=DAY, periods=count, freq="3D")):
        closed = created + pd.Timedelta(days=20 + number % 41)
        ended = (
            {"closed": str(closed.date()), "outcome": ("won", "lost")[number % 2]}
            if closed <= DAY
            else {"outcome": "open"}
        )
        rows.append(
            {
                "opportunity": f"deal-{number}",
                "item": "bike",
                "market": "north",
                "quantity": 4,
                "lead_source": "web",
                "created": str(created.date()),
                "expected_close": str((created + pd.Timedelta(days=50)).date()),
                **ended,
            }
        )
    return [{name: value for name, value in {**row, **blanked}.items() if value is not None} for row in rows]


def entered(rows: list[dict]) -> list[dict]:
    return [{"opportunity": row["opportunity"], "stage": "offer", "entered": row["created"]} for row in rows]


def dated(rows: list[dict]) -> list[dict]:
    return [{"opportunity": row["opportunity"], "entered": row["created"], "expected_close": row["expected_close"]}
            for row in rows if "expected_close" in row]


def gaps(rows: list[dict], *, staged: bool = True, with_closes: bool = True) -> list[str]:
    scenario = shop(opportunities=rows, stage_history=entered(rows) if staged else [],
                    close_history=dated(rows) if with_closes else [])
    return list(pipeline_gaps(known_on(DAY, scenario.tables), DAY))


def test_deals_that_say_everything_leave_no_gap() -> None:
    assert gaps(deals()) == []


def test_expected_closes_without_a_history_are_told_to_be_of_no_use() -> None:
    (told,) = gaps(deals(), with_closes=False)
    assert told.startswith("Nothing says when expected closes were entered or moved (table close_history)")


def test_where_nothing_was_decided_only_that_is_said() -> None:
    still_open = [{**row, "outcome": "open"} for row in deals(closed=None)]
    (told,) = gaps(still_open, staged=False, with_closes=False)
    assert told.startswith("No deal was ever decided: each counts with the chance that sales gives it")
    assert "Only 1 deal was ever decided" in gaps([*still_open[1:], deals()[0]])[0]


@pytest.mark.parametrize(("rows", "staged", "said"), [
    (deals(), False, "No deal has a stage history"),
    (deals(expected_close=None), True, "14 of 14 open deals have no expected close"),
    (deals(quantity=None), True, "14 of 14 open deals say neither quantity nor amount"),
    (deals(lead_source=None), True, "Deals name no lead source"),
    (deals(count=60), True, "Only 49 deals were ever decided"),
    ([{**row, "expected_close": row.get("closed", row["expected_close"])} for row in deals()], True,
     "Expected closes of decided deals are the days of the decision"),
    ([{**row, "created": "2025-01-01"} if row["outcome"] == "open" else row for row in deals()], True,
     "14 of 14 open deals are older than 60 days"),
])
def test_a_gap_is_said_with_what_it_costs(rows: list[dict], staged: bool, said: str) -> None:
    found = gaps(rows, staged=staged)
    assert len(found) == 1 and found[0].startswith(said)


@pytest.mark.parametrize("blanked", [{"expected_close": None}, {"quantity": None, "amount": None}, {"lead_source": None}, {}])
def test_whatever_is_missing_deals_are_forecast(blanked: dict) -> None:
    full, partial = (planner.forecast(shop(periods=3, opportunities=rows, stage_history=history))
                     for rows, history in ((deals(), entered(deals())), (deals(**blanked), [])))
    pipelines = [demand.ledger.query("origin == 'pipeline'")["quantity"].sum() for demand in (full, partial)]
    if "quantity" in blanked:
        assert pipelines[1] == 0  # nobody ever said how much a deal is
    else:
        assert pipelines[1] == pytest.approx(pipelines[0], rel=0.1)
    assert len(partial.notes) > len(full.notes)


def test_sizes_of_open_deals_come_from_the_won_ones() -> None:
    rows = [row | ({} if row["outcome"] == "won" else {"quantity": None}) for row in deals()]
    full, partial = (
        planner.forecast(shop(periods=3, opportunities=some)).ledger["quantity"].sum()
        for some in (deals(), rows)
    )
    assert partial == pytest.approx(full, rel=1e-6)  # all won deals are of 4


# ------------------------------------------------------------------------------- habits of sales, learned


def twins(**columns: list) -> pd.DataFrame:
    """Open deals that differ in nothing but the columns given."""
    count = len(next(iter(columns.values())))
    return pd.DataFrame(
        {
            "item": "a",
            "market": "north",
            "lead_source": "web",
            "quantity": 1.0,
            "created": TODAY - 70.0,
            "closed": NEVER,
            "won": False,
            "expected_close": np.nan,
            "weight": 1.0,
            "size": 1,
            "probability": np.nan,
            "stage": None,
            "in_stage_since": np.nan,
            "number": range(count),
            **columns,
        }
    )


def month_chances(pipeline: Pipeline, some: pd.DataFrame, *, days: int = 28) -> np.ndarray:
    return win_chances(
        learn_hazards(pipeline), some, day=TODAY, edges=np.array([TODAY + 1, TODAY + 1 + days])
    ).sum(axis=1)


def test_a_deal_that_has_been_open_for_longer_than_any_was_won_is_hardly_expected() -> None:
    everything = grown(weeks=200)
    rows = everything.deals
    slow = rows["won"] & (rows["closed"] - rows["created"] > 180)
    stale = Pipeline(
        rows.assign(won=rows["won"] & ~slow, closed=rows["closed"].mask(slow, NEVER)),
        everything.day,
        everything.first,
    ).as_of(TODAY)
    fresh, old = month_chances(stale, twins(created=[TODAY - 70.0, TODAY - 600.0]))
    assert fresh > 0.08  # four weeks at 3 %
    assert old < fresh / 10


def test_wins_crowd_into_the_last_month_of_the_quarter_where_they_have_so_far() -> None:
    everything = grown(weeks=200)
    rows = everything.deals
    closed = np.where(np.isinf(rows["closed"]), 0, rows["closed"]).astype(int).astype("datetime64[D]")
    month = closed.astype("datetime64[M]").astype(int)
    # two in three wins wait for the quarter's last month
    moved = rows["won"] & (month % 3 != 2) & (np.arange(len(rows)) % 3 > 0)
    last = ((month // 3 * 3 + 2).astype("datetime64[M]").astype("datetime64[D]").astype(int) + 14).astype(
        float
    )
    habit = Pipeline(
        rows.assign(closed=rows["closed"].mask(moved, last)), everything.day, everything.first
    ).as_of(TODAY)
    starts = (
        (np.datetime64(TODAY, "D").astype("datetime64[M]") + np.arange(1, 8))
        .astype("datetime64[D]")
        .astype(int)
    )
    chances = win_chances(learn_hazards(habit), twins(created=[float(TODAY)]), day=TODAY, edges=starts)[0]
    crowded = starts[:-1].astype("datetime64[D]").astype("datetime64[M]").astype(int) % 3 == 2
    assert crowded.sum() == 2
    assert chances[crowded].mean() > 2 * chances[~crowded].mean()


def test_a_deal_whose_close_was_put_off_is_expected_later_and_one_long_overdue_less() -> None:
    random, everything = np.random.default_rng(3), grown(weeks=200)
    rows = everything.deals
    # won about when it was expected
    honest = np.where(rows["won"], rows["closed"] + random.integers(-10, 11, len(rows)),
                      rows["created"] + random.integers(20, 60, len(rows)))  # lost, or open, long after
    rows = rows.assign(expected_close=np.where(np.isinf(honest), rows["created"] + 60, honest))
    entered = rows.rename_axis("opportunity").reset_index()[["opportunity", "created", "expected_close"]]
    due = Pipeline(
        rows, everything.day, everything.first, closes=entered.rename(columns={"created": "entered"})
    ).as_of(TODAY)
    now, later, overdue = month_chances(
        due, twins(expected_close=[TODAY + 14.0, TODAY + 120.0, TODAY - 120.0])
    )
    assert now > 3 * later
    assert now > 3 * overdue
