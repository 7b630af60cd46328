"""For each rule of stability a tiny plant, going on from a plan of another month, that is cheaper without the rule."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.model.agreed import going_on, write_agreed
from tests.model.plants import BOUGHT, MADE, plant, table

Case = Callable[[Path], dict[str, Any]]
DEPOT = {"sites": table("site", ("plant",), ("depot",)), "inventory": table("item site on_hand", ("bike", "plant", 10)),
         "lanes": table("origin destination mode unit_cost", ("plant", "north", "truck", 0), ("plant", "depot", "truck", 2))}
POOL = {"sourcing": BOUGHT,
        "labor_pools": table("site labor_pool headcount hours_per_worker wage hire_cost separation_cost",
                             ("plant", "smiths", 2, 10, 0, 5, 5))}
# Nobody wants anything; what is agreed on is begun all the same, or else its change is paid for.
AGREED: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "production": ({"routings": MADE}, ("bike", "plant", "line", 1, 5)),
    "purchased": ({"sourcing": BOUGHT}, ("bike", "arvo", "plant", 1, 5)),
    "shipped": (DEPOT, ("plant", "depot", "truck", "bike", 1, 5)),
    "hired": (POOL, ("plant", "smiths", 1, 1)),
    "separated": (POOL, ("plant", "smiths", 1, 1)),
}
WORDS = {"production": "production", "purchased": "purchases", "shipped": "shipments", "hired": "hires",
         "separated": "separations"}
COSTS = table("area cost", ("production", 3), ("sourcing", 3), ("delivery", 3), ("workforce", 3))


def _case(flow: str, *, frozen: int, **costs: Any) -> Case:
    tables, row = AGREED[flow]

    def case(folder: Path) -> dict[str, Any]:
        place = write_agreed(folder / "plan", {flow: [row]}, sites=("plant", "depot"))
        return going_on(plant(periods=1, **tables), place, frozen=frozen, **costs)

    return case


STABILITY_CASES: dict[str, Case] = {
    **{f"frozen_{words}": _case(flow, frozen=1) for flow, words in WORDS.items()},
    **{f"{words}_change": _case(flow, frozen=0, stability_costs=COSTS) for flow, words in WORDS.items()},
}
