"""Every cost of the plan, and what one more unit of each limit would save."""

import pandas as pd

from planner.model.solution import Solution
from planner.plan.layout import COST_TERMS, LIMIT_UNITS
from planner.plan.periods import NO_PERIOD
from planner.plan.rates import summed
from planner.plan.tables.decisions import Decisions

KEYS = ["area", "cost", "site", "item", "period"]


def costs_table(decisions: Decisions) -> pd.DataFrame:
    """All cost terms under their areas, one below the other; what costs nothing is left out."""
    terms = [
        _term(decisions, term, area) for term, area in COST_TERMS.items() if term in decisions.solution.costs
    ]
    every = pd.concat([pd.DataFrame(columns=[*KEYS, "amount"]), *terms]).astype(
        {"period": "int64", "amount": "float64"}
    )
    added = every.pipe(summed, KEYS, "amount")
    return added[added["amount"] != 0]


def _term(decisions: Decisions, term: str, area: str) -> pd.DataFrame:
    """One term with the columns of the cost table; freight stands at the site that goods leave, an option at
    its own.
    """
    found = decisions.solution.costs[term].rename(columns={"origin": "site", "lane_item": "item"})
    for option, table in (("option", "capacity_options"), ("site_option", "site_options")):
        if option in found.columns:
            place = decisions.rates.scenario[table].set_index(option)["site"]
            found = found.assign(
                site=found.get("site", found[option].map(place)).fillna(found[option].map(place))
            )
    names = {key: found[key].fillna("") if key in found.columns else "" for key in ("site", "item")}
    return pd.DataFrame(found.assign(**names, area=area, cost=term)[[*KEYS, "amount"]])


def shadow_prices_table(solution: Solution) -> pd.DataFrame:
    """Every limit that would save money if it were one unit wider."""
    prices = solution.shadow_prices
    binding = prices[prices["shadow_price"].abs() > 0]
    period = binding["period"].where(binding["period"] > 0, NO_PERIOD)
    return binding.assign(period=period, unit=binding["constraint"].map(LIMIT_UNITS).fillna(""))
