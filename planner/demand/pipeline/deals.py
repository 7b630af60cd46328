"""Opportunities as deals: who, what, how much, from which day to which, and how they ended.

A deal may hold several items, a line each: it is opened, won and lost as one.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.known_on import Tables
from planner.demand.series.matrix import Matrix
from planner.scenario.scope import with_market

LONG = 1e6  # days; no deal takes longer
NEVER = np.inf  # day on which an open deal is decided, as far as is known
# expected closes equal to the real one on more decided deals than this were written afterwards
OVERWRITTEN_SHARE = 0.3
SIZES = 3  # classes of deal size, with as many deals in each as ties allow
LINE = ["opportunity", "item", "market", "quantity"]


def no_entries(column: str) -> pd.DataFrame:
    """The log of a column of which nothing was entered."""
    return pd.DataFrame({"opportunity": [], column: [], "entered": []})


@dataclass(frozen=True)
class Pipeline:
    """Deals known on `day`, a row each: item, market, lead_source, size, quantity, created, closed, won,
    expected_close, probability, weight.

    Days are numbers of days since 1970; `closed` is NEVER for open deals; `weight` is how many deals a row
    stands for; `item` is that of the largest line. Decisions are recorded from day `first` on: deals decided
    earlier are missing from the table. `stages` says when which deal entered which stage, `closes` when which
    decision day was first expected: opportunity, stage or expected_close, entered. `lines` has the items of
    each deal: opportunity, item, market, quantity.
    """

    deals: pd.DataFrame
    day: int
    first: int
    stages: pd.DataFrame = field(default_factory=lambda: no_entries("stage"))
    closes: pd.DataFrame = field(default_factory=lambda: no_entries("expected_close"))
    lines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({name: [] for name in LINE}))

    @cached_property
    def open(self) -> pd.DataFrame:
        """Deals not decided by the day, with the `stage` they are in, blank where unknown, and since when."""
        undecided: pd.DataFrame = self.deals[np.isinf(self.deals["closed"])]
        ordered = self.stages.sort_values("entered", kind="stable")
        reached = ordered.drop_duplicates("opportunity", keep="last").set_index("opportunity")
        reached = reached.reindex(undecided.index)
        since = reached["entered"].to_numpy()
        return undecided.assign(stage=reached["stage"].to_numpy(), in_stage_since=since)

    @cached_property
    def decided(self) -> pd.DataFrame:
        """Deals won or lost by the day."""
        closed: pd.DataFrame = self.deals[np.isfinite(self.deals["closed"])]
        return closed

    @cached_property
    def own_lines(self) -> pd.DataFrame:
        """The lines of the deals; a deal without lines of its own is one line."""
        without = self.deals[~self.deals.index.isin(self.lines["opportunity"])]
        alone = without[["item", "market", "quantity"]].rename_axis("opportunity").reset_index()
        listed = self.lines[self.lines["opportunity"].isin(self.deals.index)]
        return pd.concat([listed, alone[LINE]], ignore_index=True) if len(listed) else alone[LINE]

    def as_of(self, day: int) -> "Pipeline":
        """The same deals as they stood at the end of an earlier day."""
        deals = self.deals[self.deals["created"] <= day]
        later = deals["closed"] > day
        stages, closes = (log[log["entered"] <= day] for log in (self.stages, self.closes))
        # what sales thinks of a deal today was not known then
        own = deals["probability"] if day == self.day else np.nan
        deals = deals.assign(
            closed=deals["closed"].mask(later, NEVER), won=deals["won"] & ~later, probability=own
        )
        past = replace(self, deals=deals, day=day, stages=stages, closes=closes)
        if closes.empty:
            return past
        everyone = np.arange(len(deals))
        return replace(past, deals=deals.assign(
            expected_close=past.expected_closes(everyone, np.full(len(deals), day + 0.5))))

    def stage_entries(
        self, deal: NDArray[np.int64], day: NDArray[np.float64]
    ) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
        """Stage that each deal (a position) was in by the day, and since when; None and NaN where unknown."""
        entry, log = self._latest(self.stages, deal, day)
        names = np.array([*log["stage"], None], dtype=object)
        return names[entry], np.append(log["entered"].to_numpy(dtype=float), np.nan)[entry]

    def expected_closes(self, deal: NDArray[np.int64], day: NDArray[np.float64]) -> Matrix:
        """The decision day that was expected of each deal (a position) by the day, NaN where none was."""
        entry, log = self._latest(self.closes, deal, day)
        expected: Matrix = np.append(log["expected_close"].to_numpy(dtype=float), np.nan)[entry]
        return expected

    def _latest(
        self, entries: pd.DataFrame, deal: NDArray[np.int64], day: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], pd.DataFrame]:
        """Position of each deal's last entry by the day in the log as returned; -1 where there is none."""
        place = self.deals.index.get_indexer(pd.Index(entries["opportunity"]))
        entered = entries["entered"].to_numpy(dtype=float)
        order = np.lexsort((entered, place))
        moment = (place * LONG + entered)[order]
        latest = np.searchsorted(moment, deal * LONG + day, side="right") - 1
        same = np.append(place[order], -1)[latest] == deal
        return np.where(same, latest, -1), entries.iloc[order]


def day_number(days: "pd.Series | pd.DatetimeIndex | pd.Timestamp") -> np.ndarray:
    """Days since 1970; NaN for a blank."""
    stamps = np.asarray(days, dtype="datetime64[D]")
    return np.where(np.isnat(stamps), np.nan, stamps.astype(np.int64))


def pipeline_known(tables: Tables, day: pd.Timestamp, prices: pd.Series) -> Pipeline:
    """The opportunities of `tables` (as known on the day) as deals; `prices` has one for each of their rows.

    Deals that were closed before they were created say nothing about time and are left out.
    """
    priced = with_market(tables["opportunities"], tables["customers"])
    priced = priced.assign(quantity=_quantities(priced, prices))
    lines = priced[LINE].reset_index(drop=True)
    priced = _one_row_each(priced, prices)
    closed = np.where(priced["outcome"] == "open", NEVER, day_number(priced["closed"]))
    deals = pd.DataFrame(
        {
            "item": priced["item"],
            "market": priced["market"],
            "lead_source": priced["lead_source"].fillna("unknown"),
            "size": _sizes(priced["worth"]),
            "quantity": priced["quantity"],
            "created": day_number(priced["created"]),
            "closed": closed,
            "won": priced["outcome"] == "won",
            "expected_close": _expected_close(priced),
            "probability": priced["probability"].fillna(
                priced["stage"].map(_stage_chances(tables["stages"]))
            ),
            "weight": 1.0,
        }
    ).set_axis(pd.Index(priced["opportunity"]))
    usable = deals[deals["closed"] >= deals["created"]]
    decided = usable["closed"][np.isfinite(usable["closed"])]
    first = int(decided.min()) if len(decided) else int(day_number(day))
    closes = _entries(tables["close_history"], "expected_close", usable)
    closes = closes.assign(expected_close=day_number(closes["expected_close"]))
    stages = _entries(tables["stage_history"], "stage", usable)
    return Pipeline(usable, int(day_number(day)), first, stages=stages, closes=closes, lines=lines)


def _stage_chances(stages: pd.DataFrame) -> "pd.Series[float]":
    """Sales' own chance that a deal is won, by stage."""
    return stages.drop_duplicates("stage").set_index("stage")["probability"]


def _one_row_each(lines: pd.DataFrame, prices: pd.Series) -> pd.DataFrame:
    """Deals with the quantity and `worth` of all their lines; what a deal is about is its largest line.

    Worth is money where every line says so or has a price, else units in terms of what the item usually has.
    """
    money = lines["amount"].where(lines["amount"] > 0, lines["quantity"] * prices.where(prices > 0))
    usual = lines["quantity"] / lines.groupby("item")["quantity"].transform("mean")
    worth = money if money.notna().all() else usual
    ordered = lines.assign(worth=worth).sort_values("worth", ascending=False, kind="stable")
    largest = ordered.drop_duplicates("opportunity").sort_index()
    summed = ordered.groupby("opportunity")[["quantity", "worth"]].sum().reindex(largest["opportunity"])
    return largest.assign(quantity=summed["quantity"].to_numpy(), worth=summed["worth"].to_numpy())


def _sizes(worth: pd.Series) -> pd.Series:
    """The size class of each deal, 1 for the smallest: as many deals in each class as equal ones allow."""
    edges = np.unique(worth.quantile(np.arange(1, SIZES) / SIZES, interpolation="lower"))
    return pd.Series(np.searchsorted(edges, worth.to_numpy()) + 1, index=worth.index)


def _entries(log: pd.DataFrame, column: str, deals: pd.DataFrame) -> pd.DataFrame:
    """When what was entered for which deal; an entry with the decision or later is the decision.

    What is said to be entered before the deal was created counts from its creation.
    """
    spans = deals[["created", "closed"]].reindex(pd.Index(log["opportunity"]))
    entered = np.maximum(day_number(log["entered"]), spans["created"].to_numpy(dtype=float))
    entries = log[["opportunity", column]].assign(entered=entered)
    usable: pd.DataFrame = entries[entered < spans["closed"].to_numpy(dtype=float)]
    return usable


def _quantities(opportunities: pd.DataFrame, prices: pd.Series) -> pd.Series:
    """Units of each line: as written, else amount by price, else what a deal of the item, or any deal,
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
