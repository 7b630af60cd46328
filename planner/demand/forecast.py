"""The verb of the public interface: a scenario's demand."""

from planner.demand.demand import Demand, make_demand
from planner.progress import Cancel, Watcher
from planner.scenario.load import Place, load_scenario


def forecast(scenario: Place, progress: Watcher | None = None, *, cancel: Cancel | None = None,
             workers: int | None = None, scheduler: str | None = None) -> Demand:
    """What customers will want in every period: order history, pipeline, booked orders and what the user
    brings, as one.

    `scenario` is a Scenario, its folder, or a dict of settings and tables; ScenarioError carries every
    problem that it has. `progress` is called with a `planner.Progress` before every step and every few
    seconds. Once `cancel`, a `threading.Event` or the like, is set, the work ends with CancelledError. Many
    series are forecast by `workers` processes (by default all cores), or by those of the dask.distributed
    scheduler at the address `scheduler`; the demand is the same on all of them. PlannerError says why they
    cannot be reached.
    """
    scenario = load_scenario(scenario)
    return make_demand(scenario, progress, cancel=cancel, workers=workers, scheduler=scheduler)
