"""The verb of the public interface: a scenario's demand."""

from planner.demand.demand import Demand, Progress, make_demand
from planner.scenario.scenario import Scenario


def forecast(scenario: Scenario, progress: Progress | None = None, *, workers: int | None = None,
             scheduler: str | None = None) -> Demand:
    """What customers will want in every period: order history, pipeline, booked orders and what the user
    brings, as one.

    `progress` is called with a sentence before every step. Many series are forecast by `workers` processes
    (by default all cores), or by those of the dask.distributed scheduler at the address `scheduler`; the
    demand is the same on all of them.
    """
    return make_demand(scenario, progress, workers=workers, scheduler=scheduler)
