"""What a plan begins in a period: what it starts, orders, sends, and whom it hires and lets go."""

from dataclasses import dataclass

from planner.scenario.keys import LABOR_POOL, LANE, ROUTING, SOURCE


@dataclass(frozen=True)
class Flow:
    """Something that is begun: the column of a plan in which it stands and that column's table, its keys,
    the scenario's table that makes it possible, and the area of `stability_costs` that prices its changes.

    One change is one of `counted_by`; whatever else the rows tell apart is added up: on which routing
    something is made, or how it travels.
    """

    name: str
    table: str
    keys: tuple[str, ...]
    made_possible_by: str
    area: str
    counted_by: tuple[str, ...]
    words: str


FLOWS: dict[str, Flow] = {flow.name: flow for flow in (
    Flow("production", "production", (*ROUTING,), made_possible_by="routings", area="production",
         counted_by=("item", "site"), words="starts"),
    Flow("purchased", "sourcing", (*SOURCE,), made_possible_by="sourcing", area="sourcing",
         counted_by=(*SOURCE,), words="orders"),
    Flow("shipped", "delivery", (*LANE, "item"), made_possible_by="lanes", area="delivery",
         counted_by=("origin", "destination", "item"), words="ships"),
    Flow("hired", "workforce", (*LABOR_POOL,), made_possible_by="labor_pools", area="workforce",
         counted_by=(*LABOR_POOL,), words="hires"),
    Flow("separated", "workforce", (*LABOR_POOL,), made_possible_by="labor_pools", area="workforce",
         counted_by=(*LABOR_POOL,), words="lets go"),
)}
AREAS = tuple(dict.fromkeys(flow.area for flow in FLOWS.values()))
