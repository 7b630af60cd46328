"""What a pack is made of: sections of tables, groups of charts and sentences. The templates lay them out
and say nothing themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from planner.errors import PlannerError
from planner.plan.comparison.compare import Comparison
from planner.plan.plan import Plan
from planner.plan.scenario_of_plan import scenario_of
from planner.report.plan_looks import PLAN_COLORS, PLAN_DASHES
from planner.report.proof import marked

if TYPE_CHECKING:
    from planner.plan.cycle import Status
    from planner.plan.deciding import ToDecide
    from planner.plan.gaps import Gaps
    from planner.plan.remedies import Remedies
    from planner.plan.sweeping import Sweep

MISSED = 1e-3  # of a target: less supply missing is nothing to act on
REMEDIES = 3  # of each gap that are proven
Width = Literal["third", "half", "two-thirds", "full"]


@dataclass(frozen=True)
class Cell:
    """A figure or word of a table; the note stands below it in small print, the verdict is better, worse or
    nothing, the mark missing, full or nothing.
    """

    text: str
    note: str = ""
    verdict: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its first `words` columns are words, the others figures; `bodies` are groups of rows, titled
    or not.
    """

    caption: str
    headings: Sequence[str]
    bodies: Sequence[tuple[str, Sequence[Sequence[Cell]]]]
    words: int = 1
    note: str = ""


@dataclass(frozen=True)
class Key:
    """An entry of a legend: its text, color and look (box or line), and how the line is dashed."""

    text: str
    color: str
    look: str = "box"
    dash: str = ""


@dataclass(frozen=True)
class Figure:
    """One chart, ready to stand in the page, under its title; a wide one also as it is drawn for a phone."""

    title: str
    svg: str
    narrow_svg: str = ""


@dataclass(frozen=True)
class Charts:
    """Charts that are read together, with one legend: panels of equal height or tall ones, two abreast, a
    row of small ones, or wide ones.
    """

    title: str
    figures: Sequence[Figure]
    legend: Sequence[Key] = ()
    note: str = ""
    look: Literal["panels", "tall", "wide", "row"] = "panels"


@dataclass(frozen=True)
class Sentences:
    """Sentences under a heading, each a point of a list."""

    title: str
    points: Sequence[str]


@dataclass(frozen=True)
class Block:
    """One thing on a page, and how much of its width it takes; one of two rows has two others beside it.
    What is folded opens when it is chosen, and is not printed.
    """

    width: Width
    content: Table | Charts | Sentences
    is_folded: bool = False
    rows: Literal[1, 2] = 1

    @property
    def kind(self) -> str:
        """What the template draws."""
        return {Table: "table", Charts: "charts", Sentences: "sentences"}[type(self.content)]


@dataclass(frozen=True)
class Section:
    """A chapter of the pack: what is in it in a sentence or two, then its blocks."""

    name: str
    title: str
    says: str
    blocks: Sequence[Block] = ()


Row = Mapping[Any, Any]
Rows = Mapping[tuple[Any, ...], Row]


def by_key(frame: pd.DataFrame, keys: Sequence[str]) -> Rows:
    """The rows as records, found by their keys."""
    return {tuple(row[key] for key in keys): row for row in frame.to_dict("records")}


@dataclass(frozen=True)
class Plans:
    """The plans of one pack and how they compare with the first of them: `all` over the periods that they
    share, `originals` as they are. `priced` is for how many decisions and gaps the plan in focus is solved
    again. `cycle` is how the monthly cycle stands that the meeting is part of, `budget` the plan that the one
    in focus is held against, and `frontier` of what a frontier is drawn: service, stock, or blank for none.
    """

    all: Sequence[Plan]
    comparison: Comparison
    originals: Sequence[Plan] = ()
    priced: int = 0
    cycle: "Status | None" = None
    budget: Plan | None = None
    frontier: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each plan that no other has."""
        return self.comparison.names

    @property
    def marked(self) -> Sequence[str]:
        """The names as headings, those of plans that are not proven marked."""
        return marked(self.comparison)

    @property
    def first(self) -> Plan:
        """The plan that the others are compared with."""
        return self.all[0]

    @property
    def are_several(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.all) > 1

    @cached_property
    def place(self) -> int:
        """The place of the plan in focus: the one that the cycle has decided on, else the one that is
        recommended, else the first.
        """
        decided = self._decided
        if decided is not None:
            return decided
        plan = self.comparison.recommendation.plan
        return 0 if plan is None else self.names.index(plan)

    @property
    def _decided(self) -> int | None:
        """The place of the plan that the cycle has decided on, where it is among these."""
        record = None if self.cycle is None else self.cycle.cycle.record
        if record is None or record.decision is None:
            return None
        chosen = record.plan(record.decision.plan).scenario_hash
        return next((place for place, plan in enumerate(self.all) if plan.scenario_hash == chosen), None)

    @property
    def focus(self) -> Plan:
        """The plan that the meeting goes through: the one decided on or recommended, else the first."""
        return (self.originals or self.all)[self.place]

    @property
    def focus_name(self) -> str:
        """Its name in the comparison."""
        return self.names[self.place]

    @cached_property
    def gaps(self) -> "Gaps | None":
        """The gap report of the plan in focus; None where its scenario is no longer there as it was."""
        try:
            report = self.focus.gaps()
            _ = report.targets
        except PlannerError:
            return None
        return report

    @cached_property
    def to_decide(self) -> "ToDecide | None":
        """What the first period has to decide in the plan in focus; None where its scenario is gone."""
        if self.gaps is None:
            return None
        return self.focus.to_decide(self.gaps.scenario, most=self.priced)

    @cached_property
    def remedies(self) -> "Sequence[Remedies]":
        """What could be done about the targets that miss most supply; none unless they are to be priced."""
        if self.gaps is None or not self.priced:
            return ()
        from planner.plan.remedies import remedies
        targets = self.gaps.targets
        missed = targets[targets["missing_supply"] > MISSED * targets["quantity"]]
        worst = missed.assign(share=missed["missing_supply"] / missed["quantity"]).sort_values(
            ["share", "target"], ascending=[False, True]).head(self.priced)
        return tuple(remedies(self.focus, target=target, scenario=self.gaps.scenario, maximum=REMEDIES)
                     for target in worst["target"])

    @cached_property
    def swept(self) -> "Sweep | None":
        """The frontier of the scenario of the plan in focus; None where none is asked for. PlanError says
        that the scenario is gone.
        """
        if not self.frontier:
            return None
        from planner.plan.sweeping import frontier
        return frontier(scenario_of(self.focus), of=self.frontier)

    def focus_says(self, *sentences: str) -> str:
        """What the plan in focus says, under its name where there are others."""
        text = " ".join(sentence for sentence in sentences if sentence)
        return f"{self.focus_name}: {text}" if self.are_several and text else text

    def each(self, frame_of: Callable[[Plan], pd.DataFrame]) -> pd.DataFrame:
        """The frames of all plans under each other, the plan's name in `plan`."""
        frames = [frame_of(plan).assign(plan=name) for plan, name in zip(self.all, self.names, strict=True)]
        return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)

    def periods(self, count: float) -> str:
        """So many periods, in words."""
        return f"{count:.0f} {self.first.bucket}{'' if count == 1 else 's'}"

    def legend(self, look: str) -> list[Key]:
        """The color of each plan; nothing where there is only one."""
        looks = zip(self.marked, PLAN_COLORS, PLAN_DASHES, strict=False)
        return (
            [Key(name, color, look, dash=" ".join(map(str, dash))) for name, color, dash in looks]
            if self.are_several
            else []
        )
