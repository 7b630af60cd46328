"""What can happen, as sparse tables: every purchase, start, shipment and delivery that could matter, and no
other.

Sparsity is decided here and nowhere else. A frame's columns are whole numbers (names are coded, periods count
from 1; 0 is the opening state) and the rates that belong to them. Rules only ever sum over what stands here.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.model.compiler.columnar import BLANK, Names
from planner.scenario.calendar import Calendar
from planner.scenario.flows import FLOWS, Flow
from planner.scenario.keys import LANE
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.scope import in_every_period, own_before_shared


class Reader:
    """Reads scenario tables as coded frames."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.calendar: Calendar = scenario.calendar
        self.names = Names()
        self.last = scenario.calendar.periods

    def rows(self, table: str) -> pd.DataFrame:
        """The rows of a table as they stand."""
        return self.coded(table, self.scenario[table])

    def by_period(self, table: str) -> pd.DataFrame:
        """One row for each key and period in which a row of the table holds."""
        return self.coded(table, self.scenario.by_period(table))

    def every_period(self, table: str, keys: list[str]) -> pd.DataFrame:
        """Every key in every period; where no row of the table holds, its figures are blank."""
        rows = self.by_period(table)
        return (
            rows[keys]
            .drop_duplicates()
            .merge(self.periods(), how="cross")
            .merge(rows, how="left", on=[*keys, "period"])
        )

    def between(self, table: str) -> pd.DataFrame:
        """Every row of a table in every period of its span; blanks are open ends."""
        spread = in_every_period(self.scenario[table], self.calendar)
        return self.coded(table, spread.drop(columns="period")).assign(period=spread["period"])

    def periods(self) -> pd.DataFrame:
        """The periods of the horizon, 1 to the last."""
        return pd.DataFrame({"period": np.arange(1, self.last + 1, dtype=np.int64)})

    def states(self, table: str) -> pd.DataFrame:
        """The opening and closing states of a table, one row for each key."""
        return self.coded(table, self.scenario.states(table))

    def held(self, flow: Flow) -> pd.DataFrame:
        """What the plan agreed on begins of the flow in the frozen periods: keys, `period` and `quantity`."""
        agreed = self.scenario.agreed
        return self._coded_flow(flow, None if agreed is None else self.scenario.held(flow.name))

    def agreed_on(self, flow: Flow) -> pd.DataFrame:
        """The same in every period that the scenario shares with the plan agreed on."""
        agreed = self.scenario.agreed
        return self._coded_flow(flow, None if agreed is None else self.scenario.agreed_on(flow.name))

    def _coded_flow(self, flow: Flow, frame: pd.DataFrame | None) -> pd.DataFrame:
        if frame is None:
            blank = {name: pd.Series(dtype=np.int64) for name in (*flow.keys, "period")}
            return pd.DataFrame({**blank, "quantity": pd.Series(dtype=float)})
        names = {key: self.names.encode(frame[key]) for key in flow.keys}
        return pd.DataFrame({**names, "period": frame["period"].to_numpy(np.int64),
                             "quantity": frame["quantity"].to_numpy(float)})

    def with_stability_costs(self, flow: Flow, changes: pd.DataFrame) -> pd.DataFrame:
        """Those of the changes that cost something, with their `cost`."""
        charged = changes["period"].isin(self.scenario.charged_periods)
        changes = changes[charged].reset_index(drop=True)
        if changes.empty:
            return changes.assign(cost=pd.Series(dtype=float))
        names = {key: self.names.decode(changes[key].to_numpy()) for key in flow.counted_by}
        cost = self.scenario.stability_costs(flow, changes.assign(**names)).fillna(0.0)
        return changes.assign(cost=cost)[cost > 0].reset_index(drop=True)

    def coded(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Names as codes, periods as whole numbers, numbers as floats."""
        kinds = {column.name: column.kind for column in TABLES[table].columns} | {"period": "period"}
        return pd.DataFrame({name: self._column(frame[name], kinds[name]) for name in frame.columns
                             if kinds[name] not in ("text", "date")})

    def _column(self, values: pd.Series, kind: str) -> np.ndarray:
        if kind == "name":
            return self.names.encode(values)
        if kind == "period":
            return self.calendar.number(values)
        return values.to_numpy(dtype=float, na_value=np.nan)


def pairs(frame: pd.DataFrame, item: str = "item", site: str = "site") -> pd.DataFrame:
    """The distinct items and sites of a frame."""
    return frame[[item, site]].set_axis(["item", "site"], axis=1).drop_duplicates()


def within(frame: pd.DataFrame, *others: pd.DataFrame, item: str = "item", site: str = "site") -> pd.Series:
    """Which rows of a frame have their item and site in one of the others."""
    listed = pd.MultiIndex.from_frame(pd.concat([pairs(other) for other in others]))
    return pd.Series(pd.MultiIndex.from_arrays([frame[item], frame[site]]).isin(listed), index=frame.index)


@dataclass(frozen=True)
class Flows:
    """Where goods can come from, go to and be used: the network before it is spread over time."""

    components: pd.DataFrame  # parent, component, site, quantity_per
    lanes: pd.DataFrame       # origin, destination, mode, lane_item, item, period and the lane's rates
    stock_points: pd.DataFrame  # item, site


def flows(read: Reader, demanded: pd.DataFrame) -> Flows:
    """The network, cut down to what can be supplied and what can help to serve the demanded items and
    markets.
    """
    routings = pairs(read.rows("routings"))
    components = _components(read, routings)
    lanes = read.by_period("lanes")
    inventory, frozen = read.states("inventory"), _frozen_places(read)
    in_stock = inventory[inventory["on_hand"] > 0]
    stocked = pairs(pd.concat([in_stock, read.rows("scheduled_receipts"), frozen]))
    supplied = _spread(pd.concat([routings, pairs(read.rows("sourcing")), stocked]), _steps_forward(lanes))
    demand_places = demanded.rename(columns={"market": "site"})
    used = pairs(components, item="component")
    in_inventory = pairs(pd.concat([inventory, frozen]))
    useful = _useful(pd.concat([in_inventory, used]), demand_places, lanes, supplied)
    expanded = _lanes_by_item(lanes, supplied, pd.concat([useful, demand_places]))
    stock_points = pd.concat([supplied.merge(useful), stocked, used, in_inventory]).drop_duplicates()
    stock_points = stock_points[stock_points["site"].isin(read.rows("sites")["site"])]
    return Flows(components, expanded, stock_points.sort_values(["item", "site"], ignore_index=True))


def _frozen_places(read: Reader) -> pd.DataFrame:
    """The items and sites of what is held to the plan agreed on, of use or not."""
    places = [pairs(read.held(FLOWS[name]), site=site) for name, site in (
        ("production", "site"), ("purchased", "site"), ("shipped", "origin"), ("shipped", "destination"))]
    return pd.concat(places, ignore_index=True)


def _components(read: Reader, routings: pd.DataFrame) -> pd.DataFrame:
    """The bill of materials at every site at which the parent is made; a row with a site beats the one
    without.
    """
    bill = read.rows("bill_of_materials").rename(columns={"site": "own_site"})
    spread = bill.merge(routings.rename(columns={"item": "parent"}), on="parent")
    spread = spread[(spread["own_site"] == BLANK) | (spread["own_site"] == spread["site"])]
    keys = ["parent", "component", "site"]
    chosen = own_before_shared(spread, keys, own=spread["own_site"] != BLANK)
    return chosen[[*keys, "quantity_per"]]


def _steps_forward(lanes: pd.DataFrame) -> pd.DataFrame:
    return lanes[["origin", "destination", "item"]].drop_duplicates()


def _spread(start: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """Every item and site that goods can reach from where they start, lane after lane."""
    reached = start.drop_duplicates()
    frontier = reached
    while len(frontier):
        moved = frontier.merge(steps, left_on="site", right_on="origin", suffixes=("", "_of_lane"))
        moved = moved[(moved["item_of_lane"] == BLANK) | (moved["item_of_lane"] == moved["item"])]
        arrived = moved[["item", "destination"]].set_axis(["item", "site"], axis=1).drop_duplicates()
        frontier = arrived[~within(arrived, reached)]
        reached = pd.concat([reached, frontier])
    return reached


def _useful(
    start: pd.DataFrame, demand_places: pd.DataFrame, lanes: pd.DataFrame, supplied: pd.DataFrame
) -> pd.DataFrame:
    """Every item and site from which goods can reach a market that wants them or a stock that is to be
    kept.
    """
    backward = _steps_forward(lanes).rename(columns={"origin": "destination", "destination": "origin"})
    reached = _spread(pd.concat([start, demand_places]), backward)
    return reached.merge(supplied)


def _lanes_by_item(lanes: pd.DataFrame, supplied: pd.DataFrame, useful: pd.DataFrame) -> pd.DataFrame:
    """Each lane once for each item that it carries; an item's own row replaces the shared one in its
    periods.
    """
    own = lanes[lanes["item"] != BLANK].assign(lane_item=lambda frame: frame["item"])
    shared = lanes[lanes["item"] == BLANK].drop(columns="item").merge(
        supplied.rename(columns={"site": "origin"}), on="origin").assign(lane_item=BLANK)
    carried = pd.concat([own, shared], ignore_index=True)
    carried = carried[within(carried, supplied, site="origin") & within(carried, useful, site="destination")]
    return own_before_shared(carried, [*LANE, "item", "period"], own=carried["lane_item"] != BLANK)
