"""The model's table of contents: what is declared, in which order, and under which rules."""

from dataclasses import dataclass

import pandas as pd
import pyomo.environ as pyo

from planner.demand.demand import Demand
from planner.model.declare import Columnar
from planner.model.delivery import declare_delivery
from planner.model.demand_lines import demand_lines
from planner.model.inventory import declare_stock
from planner.model.options import declare_options
from planner.model.production import declare_production
from planner.model.quality import declare_quality
from planner.model.requirements import Requirements
from planner.model.rules import RULES
from planner.model.sales import declare_sales
from planner.model.sets import Reader, flows
from planner.model.sourcing import declare_sourcing
from planner.model.workforce import declare_workforce
from planner.scenario.scenario import Scenario


@dataclass(frozen=True)
class Model:
    """The Pyomo model of a scenario with what it was declared with."""

    pyomo: pyo.ConcreteModel
    declared: Columnar
    scenario: Scenario


def build_model(scenario: Scenario, demand: Demand, *, words: type[Columnar] = Columnar) -> Model:
    """The scenario's sets, rates, variables and rules as a Pyomo model; `words` chooses how its components are kept."""
    read = Reader(scenario)
    declare = words(read.names)
    lines = demand_lines(scenario, demand)
    declare_sales(declare, read, lines)
    network = flows(read, _demanded(declare))
    needs = Requirements(read, network, lines)
    most_stock = declare_stock(declare, read, network, needs)
    declare_sourcing(declare, read, network, needs)
    declare_production(declare, read, network, needs)
    declare_delivery(declare, read, network, needs)
    declare_options(declare, read, most_stock)
    declare_quality(declare, read)
    declare_workforce(declare, read)
    for rule in RULES.values():
        declare.constraint(rule)
    return Model(declare.m, declare, scenario)


def _demanded(declare: Columnar) -> pd.DataFrame:
    """The items and markets in which something is wanted."""
    return pd.DataFrame(declare.indices["market_periods"].columns)[["item", "market"]].drop_duplicates()
