"""The verb of the public interface: a scenario's demand."""

from planner.demand.demand import Demand, Progress, make_demand
from planner.scenario.scenario import Scenario


def forecast(scenario: Scenario, progress: Progress | None = None) -> Demand:
    """What customers will want in every period: order history, pipeline, booked orders and what the user brings, as one.

    `progress` is called with a sentence before every step.
    """
    return make_demand(scenario, progress)
