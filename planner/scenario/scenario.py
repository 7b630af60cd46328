"""A scenario: what the business looks like, as frozen, typed, tidy tables."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.glance import glance_html, row_counts
from planner.scenario.agreed import AgreedPlan
from planner.scenario.calendar import Calendar
from planner.scenario.flows import FLOWS, Flow
from planner.scenario.schema import TABLES
from planner.scenario.scope import Groups, groups_of, located_orders
from planner.scenario.settings import Settings
from planner.scenario.validity import expand_over_periods, most_specific

if TYPE_CHECKING:
    from planner.scenario.reading.source import Source


class Tables(Mapping[str, pd.DataFrame]):
    """The tables by name. Each look-up gives a frame of its own, so that nobody can change the scenario's."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = dict(frames)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._frames[name].copy(deep=False)  # copy-on-write: changing it leaves the original alone

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)


@dataclass(frozen=True, eq=False)
class Scenario:
    """Everything that is planned with, checked: settings, calendar and every declared table, empty ones
    included.

    `changes` lists every difference from the base scenario; `source` is the folder it was read from, empty
    where there is none; `written` is what stood there, for what-ifs. `records` are the tables of facts of the
    scenario that all others started from: a what-if changes what will be, not what was. `warnings` are what
    `planner check` warns of. `agreed` is the plan agreed on, where the scenario is held to it or changes of
    it cost something.
    """

    name: str
    question: str
    settings: Settings
    calendar: Calendar
    tables: Mapping[str, pd.DataFrame]
    changes: pd.DataFrame
    source: str
    written: "Source"
    records: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    agreed: AgreedPlan | None = None

    def __repr__(self) -> str:
        rows = sum(map(len, self.tables.values()))
        return f"Scenario({self.name!r}, {self.calendar.span()}, {rows:,} rows)"

    def _repr_html_(self) -> str:
        """What the scenario is, as a small table, for notebooks."""
        return glance_html(f"Scenario {self.name}", {
            "question": self.question,
            "periods": f"{self.calendar.span()}, {self.calendar.periods} {self.calendar.bucket}s",
            "rows of tables": row_counts(self.tables),
            "changes from its base": f"{len(self.changes):,}",
            "warnings": f"{len(self.warnings):,}",
        })

    def __getitem__(self, table: str) -> pd.DataFrame:
        """The rows of a table as they were written, all declared columns, typed."""
        return self.tables[table]

    def changed(self, overrides: Mapping[str, Any], *, name: str = "", question: str = "") -> "Scenario":
        """A what-if of this scenario: the same verbs as under `overrides` in scenario.yaml, and the same
        problems.

            scenario.changed({"items": [{"where": {"item": "bike"}, "multiply": {"price": 1.1}}]})
        """
        from planner.scenario.load import changed_scenario  # which makes scenarios

        return changed_scenario(
            self, overrides, name=name or f"{self.name}, changed", question=question
        )

    def by_period(self, table: str) -> pd.DataFrame:
        """One row for each key and calendar period in which a row of the table holds: key columns, `period`,
        values.

        A row whose span covers the period beats the row without a span. Opening and closing states are left
        out; `states` has them.
        """
        return expand_over_periods(self.tables[table], TABLES[table], self.calendar).drop(columns="spanned")

    def resolve(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with the table's values of the most specific row that holds for each of its rows.

        Scope columns are compared from left to right: a filled-in item beats a filled-in market; a blank
        holds for all. Where nothing holds, the values are the columns' defaults. Spans count when the frame
        has a `period`.
        """
        return most_specific(self.tables[table], TABLES[table], self.calendar, frame)

    def states(self, table: str) -> pd.DataFrame:
        """One row for each key with its opening and closing states, whichever of its rows gives them.

        A blank `on_hand` or `headcount` is 0; a blank `ending_inventory` stays blank: no requirement.
        """
        declared = TABLES[table]
        once = [column.name for column in declared.columns if column.once]
        first = (
            self.tables[table]
            .groupby(list(declared.keys), sort=False, dropna=False)[once]
            .first()
            .reset_index()
        )
        return first.fillna({name: 0.0 for name in once if name in OPENING_STATES})

    @cached_property
    def booked_orders(self) -> pd.DataFrame:
        """Every booked order due by the end of the calendar, with its market, its priority and the `number`
        of the period it is due in; 0 and less is overdue when the plan starts.
        """
        return located_orders(self["booked_orders"], self["customers"], self.calendar)

    @property
    def frozen_periods(self) -> int:
        """How many of the first periods are held to the plan agreed on; 0 where there is none."""
        return 0 if self.agreed is None else self.settings.calendar.frozen_periods

    def held(self, flow: str) -> pd.DataFrame:
        """What the plan agreed on begins in the frozen periods: the keys of the flow, `period` as a number
        and `quantity`. What is not there is held to 0.
        """
        assert self.agreed is not None
        return self.agreed.held(flow, self.calendar, self.frozen_periods)

    @property
    def compared_periods(self) -> range:
        """The numbers of the periods in which changes against the plan agreed on are counted."""
        return range(1, 1) if self.agreed is None else self.agreed.shared(self.calendar)

    @property
    def charged_periods(self) -> range:
        """Those of them in which changes may cost something."""
        return self.compared_periods if len(self["stability_costs"]) else range(1, 1)

    def agreed_on(self, flow: str) -> pd.DataFrame:
        """The same for all periods that are compared, shipments to markets included."""
        assert self.agreed is not None
        return self.agreed.begun(flow, self.calendar, self.compared_periods)

    def stability_costs(self, flow: Flow, changes: pd.DataFrame) -> pd.Series:
        """What a unit of each change costs; blank where no row speaks of it. `changes` have what the flow is
        counted by, and `period` as a number.
        """
        site = changes["origin"] if "origin" in changes else changes["site"]
        item = changes["item"] if "item" in changes else pd.Series(pd.NA, index=changes.index)
        wanted = pd.DataFrame({"area": flow.area, "item": item, "site": site}, dtype="str")
        periods = self.calendar.index.take(changes["period"].to_numpy(dtype=np.int64) - 1)
        return self.resolve("stability_costs", wanted.assign(period=periods))["cost"]

    @cached_property
    def groups(self) -> Groups:
        """Family of each item and region of each market."""
        return groups_of(self["items"], self["markets"])

    def recorded(self, table: str) -> pd.DataFrame:
        """The rows of a table as they are on record: as in the scenario that all others started from, where
        it has them.
        """
        rows, keys = self.tables[table], list(TABLES[table].keys)
        if table not in self.records:
            return rows
        recorded_rows = self.records[table]
        is_recorded = pd.MultiIndex.from_frame(rows[keys]).isin(pd.MultiIndex.from_frame(recorded_rows[keys]))
        return pd.concat([recorded_rows, rows[~is_recorded]], ignore_index=True)

    @cached_property
    def content_hash(self) -> str:
        """A fingerprint of settings, tables after inheritance and records; name, question and folder do not
        count.
        """
        digest = hashlib.sha256(json.dumps(self.settings.model_dump(mode="json"), sort_keys=True).encode())
        recorded = {
            f"recorded {name}": frame
            for name, frame in self.records.items()
            if not frame.equals(self.tables[name])
        }
        for name, frame in sorted({**self.tables, **recorded}.items()):
            if len(frame):
                digest.update(json.dumps([name, len(frame), list(frame.columns)]).encode())
                for column in frame.columns:
                    digest.update(_canonical_bytes(frame[column]))
        for name, frame in self._held_to().items():
            digest.update(json.dumps([name, len(frame), list(frame.columns)]).encode())
            for column in frame.columns:
                digest.update(_canonical_bytes(frame[column]))
        return digest.hexdigest()

    def _held_to(self) -> dict[str, pd.DataFrame]:
        """What of the plan agreed on has a part in the scenario's plans."""
        if self.agreed is None:
            return {}
        if not len(self["stability_costs"]):
            return {f"held {flow}": self.held(flow) for flow in FLOWS}
        compared = self.compared_periods
        return {f"agreed {flow}, {compared.start} to {compared.stop - 1}": self.agreed_on(flow)
                for flow in FLOWS}


# how much there is when the plan starts; nothing said is nothing there
OPENING_STATES = ("on_hand", "headcount")


def _canonical_bytes(values: pd.Series) -> bytes:
    """The same bytes for the same values, on every machine."""
    if isinstance(values.dtype, pd.PeriodDtype):
        return pd.PeriodIndex(values).asi8.astype("<i8").tobytes()
    if values.dtype.kind == "M":
        return values.to_numpy().astype("datetime64[s]").astype("<i8").tobytes()
    if values.dtype.kind in "if":
        return values.to_numpy(dtype="<f8", na_value=np.nan).tobytes()
    return json.dumps(values.astype(object).where(values.notna(), None).tolist()).encode()
