"""Opportunities as deals: who, what, how much, from which day to which, and how they ended."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.known_on import Tables, with_market

LONG = 1e6  # days; no deal takes longer
NEVER = np.inf  # day on which an open deal is decided, as far as is known
# expected closes equal to the real one on more decided deals than this were written afterwards
OVERWRITTEN_SHARE = 0.3


@dataclass(frozen=True)
class Pipeline:
    """Deals known on `day`, a row each: item, market, lead_source, quantity, created, closed, won,
    expected_close, weight.

    Days are numbers of days since 1970; `closed` is NEVER for open deals; `weight` is how many deals a row
    stands for. Decisions are recorded from day `first` on: deals decided earlier are missing from the table.
    `stages` says when which deal entered which stage: opportunity, stage, entered.
    """

    deals: pd.DataFrame
    day: int
    first: int
    stages: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"opportunity": [], "stage": [], "entered": []})
    )

    @cached_property
    def open(self) -> pd.DataFrame:
        """Deals not decided by the day, with the `stage` they have reached, blank where unknown."""
        undecided: pd.DataFrame = self.deals[np.isinf(self.deals["closed"])]
        reached = self.stages.sort_values("entered", kind="stable").drop_duplicates(
            "opportunity", keep="last"
        )
        stage = reached.set_index("opportunity")["stage"].reindex(undecided.index)
        return undecided.assign(stage=stage.to_numpy())

    @cached_property
    def decided(self) -> pd.DataFrame:
        """Deals won or lost by the day."""
        closed: pd.DataFrame = self.deals[np.isfinite(self.deals["closed"])]
        return closed

    def as_of(self, day: int) -> "Pipeline":
        """The same deals as they stood at the end of an earlier day."""
        deals = self.deals[self.deals["created"] <= day]
        later = deals["closed"] > day
        stages = self.stages[self.stages["entered"] <= day]
        deals = deals.assign(closed=deals["closed"].mask(later, NEVER), won=deals["won"] & ~later)
        return Pipeline(deals, day, self.first, stages)

    def stage_codes(
        self, names: pd.Index, deal: NDArray[np.int64], day: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Stage that each deal (a position) had reached by the day: 1 for the first of `names`, 0 for none of
        them.
        """
        place = self.deals.index.get_indexer(pd.Index(self.stages["opportunity"]))
        entered = self.stages["entered"].to_numpy(dtype=float)
        order = np.lexsort((entered, place))
        moment = (place * LONG + entered)[order]
        latest = np.searchsorted(moment, deal * LONG + day, side="right") - 1
        code = np.append(names.get_indexer(pd.Index(self.stages["stage"]))[order] + 1, 0)
        same = np.append(place[order], -1)[latest] == deal
        return np.where(same, code[latest], 0)


def day_number(days: "pd.Series | pd.DatetimeIndex | pd.Timestamp") -> np.ndarray:
    """Days since 1970; NaN for a blank."""
    stamps = np.asarray(days, dtype="datetime64[D]")
    return np.where(np.isnat(stamps), np.nan, stamps.astype(np.int64))


def pipeline_known(tables: Tables, day: pd.Timestamp, prices: pd.Series) -> Pipeline:
    """The opportunities of `tables` (as known on the day) as deals; `prices` has a price for each row of
    them.

    Deals that were closed before they were created say nothing about time and are left out.
    """
    found = with_market(tables["opportunities"], tables["customers"])
    closed = np.where(found["outcome"] == "open", NEVER, day_number(found["closed"]))
    deals = pd.DataFrame(
        {
            "item": found["item"],
            "market": found["market"],
            "lead_source": found["lead_source"].fillna("unknown"),
            "quantity": _quantities(found, prices),
            "created": day_number(found["created"]),
            "closed": closed,
            "won": found["outcome"] == "won",
            "expected_close": _expected_close(found),
            "weight": 1.0,
        }
    ).set_axis(pd.Index(found["opportunity"]))
    usable = deals[deals["closed"] >= deals["created"]]
    decided = usable["closed"][np.isfinite(usable["closed"])]
    first = int(decided.min()) if len(decided) else int(day_number(day))
    return Pipeline(usable, int(day_number(day)), first, _stages(tables["stage_history"], usable))


def _stages(history: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """When which deal entered which stage; a stage entered with the decision or later is the decision, not a
    stage.

    A stage said to be entered before the deal was created counts from its creation.
    """
    found = deals[["created", "closed"]].reindex(pd.Index(history["opportunity"]))
    entered = np.maximum(day_number(history["entered"]), found["created"].to_numpy(dtype=float))
    stages = history[["opportunity", "stage"]].assign(entered=entered)
    usable: pd.DataFrame = stages[entered < found["closed"].to_numpy(dtype=float)]
    return usable


def _quantities(opportunities: pd.DataFrame, prices: pd.Series) -> pd.Series:
    """Units of each deal: as written, else amount by price, else what a deal of the item, or any deal,
    usually has.
    """
    bought = opportunities["amount"] / prices.where(prices > 0)
    quantity = opportunities["quantity"].where(opportunities["quantity"].notna(), bought)
    quantity = quantity.where(quantity > 0)
    won = quantity.where(opportunities["outcome"] == "won")
    usual = won.groupby(opportunities["item"]).transform("mean")
    for substitute in (usual, quantity.groupby(opportunities["item"]).transform("mean"), quantity.mean()):
        quantity = quantity.where(quantity.notna(), substitute)
    return quantity.fillna(0.0)  # no deal says how much: there is nothing to expect


def _expected_close(opportunities: pd.DataFrame) -> np.ndarray:
    """Day on which sales expects the decision; blank throughout where it was only filled in after the
    decision.

    A day before the deal was created is left out.
    """
    possible = opportunities["expected_close"] >= opportunities["created"]
    expected = opportunities["expected_close"].where(possible)
    return np.full(len(opportunities), np.nan) if is_overwritten(opportunities) else day_number(expected)


def is_overwritten(opportunities: pd.DataFrame) -> bool:
    """Whether the expected closes of decided deals are the days of the decision: then they were filled in
    afterwards.
    """
    expected, closed = opportunities["expected_close"], opportunities["closed"]
    decided = closed.notna() & expected.notna()
    return bool(decided.any() and (expected[decided] == closed[decided]).mean() > OVERWRITTEN_SHARE)
