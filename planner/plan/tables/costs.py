"""Every cost of the plan, and the marginal value of each limit, with what they can be traced to."""

import numpy as np
import pandas as pd

from planner.model.cost_terms import COST_TERMS
from planner.model.demand_lines import sales_class
from planner.model.limits import KEYS, LIMITS, RANKS
from planner.model.solution import Solution
from planner.plan.layout import COST_KEYS, TABLES
from planner.plan.periods import NO_PERIOD
from planner.plan.tables.decisions import Decisions
from planner.scenario.scenario import Scenario

# Options stand for themselves in the model; the scenario says where they are.
PLACED_BY = {"option": "capacity_options", "site_option": "site_options"}


def costs_table(decisions: Decisions) -> pd.DataFrame:
    """All cost terms under their areas, one below the other; what costs nothing is left out."""
    costs = decisions.solution.costs
    terms = [_term(decisions, name) for name in COST_TERMS if name in costs and len(costs[name])]
    keys = TABLES["costs"].keys
    every = with_keys(pd.concat([pd.DataFrame(columns=[*keys, "amount"]), *terms]), COST_KEYS).astype(
        {"area": "str", "cost": "str", "period": "int64", "amount": "float64"}
    )[[*keys, "amount"]]
    if every.empty:  # grouped, its text columns would lose their chunks
        return every
    added = every.groupby(keys, as_index=False, dropna=False)[["amount"]].sum()
    return added[added["amount"] != 0]


def _term(decisions: Decisions, term: str) -> pd.DataFrame:
    """One term with the columns of the cost table; freight stands at the site that goods leave, an option at
    its own.
    """
    amounts = located(decisions.solution.costs[term], decisions.rates.scenario)
    if "origin" in amounts.columns:
        amounts = amounts.assign(site=amounts.get("site", amounts["origin"]).fillna(amounts["origin"]))
    if "demand_class" in amounts.columns:
        amounts = amounts.assign(demand_class=sales_class(amounts["demand_class"]))
    return amounts.assign(area=COST_TERMS[term].area, cost=term)


def shadow_prices_table(solution: Solution, scenario: Scenario) -> pd.DataFrame:
    """Every limit that would save money if it were one unit wider, and in the passes before the last one
    every limit with which more would be served.
    """
    last = solution.passes[-1].name if solution.passes else ""
    own = solution.shadow_prices.assign(**{"pass": last})
    before = solution.service_prices
    prices = pd.concat([before, own], ignore_index=True) if len(before) else own
    binding = prices[prices["shadow_price"].abs() > 0]
    units = {name: limit.unit for name, limit in LIMITS.items()}
    first = binding["from"] if "from" in binding.columns else pd.Series(np.nan, index=binding.index)
    return with_keys(located(binding, scenario), KEYS).assign(
        **{"from": first.fillna(NO_PERIOD).astype("int64")},
        period=binding["period"].where(binding["period"] > 0, NO_PERIOD),
        unit=binding["constraint"].map(units).fillna(""),
    )


def located(frame: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """The frame with the site and work center of each option in it."""
    for option, table in PLACED_BY.items():
        if option in frame.columns:
            places = scenario[table].set_index(option)
            for column in places.columns.intersection(["site", "work_center"]):
                place = frame[option].map(places[column])
                frame = frame.assign(**{column: frame.get(column, place).fillna(place)})
    return frame


def with_keys(frame: pd.DataFrame, keys: dict[str, str]) -> pd.DataFrame:
    """The frame with all the key columns, blank where it has none, and its other columns."""
    others = [column for column in frame.columns if column not in KEYS]
    names = dict.fromkeys(key for key in keys if key not in RANKS)
    filled = frame.reindex(columns=[*keys, *others]).astype(dict.fromkeys(names, "object"))
    return filled.fillna(dict.fromkeys(names, "")).astype(_types(keys))


def _types(keys: dict[str, str]) -> dict[str, str]:
    return {key: "Int64" if key in RANKS else "str" for key in keys}
