"""What is begun beside what was agreed, where a plan was agreed on."""

from collections.abc import Mapping

import pandas as pd

from planner.plan.layout import TABLES
from planner.plan.rates import summed
from planner.plan.tables.decisions import NOISE, Decisions, join
from planner.scenario.flows import FLOWS, Flow
from planner.scenario.scenario import Scenario


def stability_table(decisions: Decisions, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every flow that is begun in one plan or the other, in the periods of both. `tables` are those that
    the plan's flows stand in.
    """
    scenario = decisions.rates.scenario
    if scenario.agreed is None:
        return pd.DataFrame(columns=TABLES["stability"].names)
    parts = [_of_flow(decisions, flow, tables[flow.table], scenario) for flow in FLOWS.values()]
    names = ["item", "site", "supplier", "destination", "labor_pool"]
    table = pd.concat(parts, ignore_index=True)
    return table.reindex(columns=TABLES["stability"].names).fillna(dict.fromkeys(names, ""))


def _of_flow(decisions: Decisions, flow: Flow, table: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    keys = [*flow.counted_by, "period"]
    compared = compared_with_agreed(scenario, flow, table)
    above, below = f"{flow.name}_above_agreed", f"{flow.name}_below_agreed"
    rows = join(join(compared, decisions.of(above), keys), decisions.of(below), keys)
    cost = (rows[above] + rows[below]) * scenario.stability_costs(flow, rows).fillna(0.0)
    return rows.rename(columns={"origin": "site"}).assign(
        area=flow.area, measure=flow.name, stability_cost=cost, frozen=is_frozen(scenario, flow, rows))


def compared_with_agreed(scenario: Scenario, flow: Flow, table: pd.DataFrame) -> pd.DataFrame:
    """The keys of every change and its period, with what is `agreed`, `planned` and `changed`."""
    keys, compared = [*flow.counted_by, "period"], scenario.compared_periods
    inside = table[table["period"].between(compared.start, compared.stop - 1)]
    planned = summed(inside.rename(columns={flow.name: "planned"}), keys, "planned")
    agreed = scenario.agreed_on(flow.name).rename(columns={"quantity": "agreed"})
    rows = planned.merge(summed(agreed, keys, "agreed"), how="outer", on=keys, validate="one_to_one")
    rows = rows.fillna({"planned": 0.0, "agreed": 0.0})
    rows = rows[rows[["planned", "agreed"]].max(axis="columns") > NOISE].reset_index(drop=True)
    return rows.assign(changed=(rows["planned"] - rows["agreed"]).abs())


def is_frozen(scenario: Scenario, flow: Flow, rows: pd.DataFrame) -> pd.Series:
    """Which of the rows are held to the plan agreed on."""
    frozen = rows["period"] <= scenario.frozen_periods
    return frozen & rows["destination"].isin(scenario["sites"]["site"]) if "destination" in rows else frozen
