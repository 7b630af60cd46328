"""What a page is made of: sections of tables and groups of charts. The templates lay them out and say nothing
themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from planner.plan.compare import Comparison
from planner.plan.plan import Plan
from planner.report.charts import PLAN_COLORS, PLAN_DASHES


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
    """Charts that are read together, with one legend: panels of equal height or tall ones, two abreast, or
    wide ones.
    """

    title: str
    figures: Sequence[Figure]
    legend: Sequence[Key] = ()
    note: str = ""
    look: Literal["panels", "tall", "wide"] = "panels"


@dataclass(frozen=True)
class Section:
    """A chapter of the page: one sentence that says what is in it, then its charts and tables, which may be
    folded.
    """

    name: str
    title: str
    says: str
    charts: Sequence[Charts] = ()
    tables: Sequence[Table] = ()
    tables_abreast: int = 1
    are_folded: bool = False


Row = Mapping[Any, Any]
Rows = Mapping[tuple[Any, ...], Row]


def by_key(frame: pd.DataFrame, keys: Sequence[str]) -> Rows:
    """The rows as records, found by their keys."""
    return {tuple(row[key] for key in keys): row for row in frame.to_dict("records")}


@dataclass(frozen=True)
class Plans:
    """The plans of one page and how they compare with the first of them."""

    all: Sequence[Plan]
    comparison: Comparison

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each plan that no other has."""
        return self.comparison.names

    @property
    def first(self) -> Plan:
        """The plan that the others are compared with."""
        return self.all[0]

    @property
    def are_several(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.all) > 1

    def each(self, frame_of: Callable[[Plan], pd.DataFrame]) -> pd.DataFrame:
        """The frames of all plans under each other, the plan's name in `plan`."""
        frames = [frame_of(plan).assign(plan=name) for plan, name in zip(self.all, self.names, strict=True)]
        return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)

    def first_says(self, *sentences: str) -> str:
        """What the first plan says, under its name where there are others."""
        said = " ".join(sentence for sentence in sentences if sentence)
        return f"{self.names[0]}: {said}" if self.are_several and said else said

    def periods(self, count: float) -> str:
        """So many periods, in words."""
        return f"{count:.0f} {self.first.bucket}{'' if count == 1 else 's'}"

    def legend(self, look: str) -> list[Key]:
        """The color of each plan; nothing where there is only one."""
        looks = zip(self.names, PLAN_COLORS, PLAN_DASHES, strict=False)
        return (
            [Key(name, color, look, dash=" ".join(map(str, dash))) for name, color, dash in looks]
            if self.are_several
            else []
        )
