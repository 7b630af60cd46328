"""The monthly cycle: what was considered, decided, signed, and what became of it."""

from planner.plan.cycle.cycle import Cycle
from planner.plan.cycle.status import Since, Status

__all__ = ["Cycle", "Since", "Status"]
