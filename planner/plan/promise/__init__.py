"""The deal desk: when an inquiry can be had, at what cost, at whose expense, and whether it is worth it."""

from planner.plan.promise.asked import promise
from planner.plan.promise.promise import Promise, Promises

__all__ = ["Promise", "Promises", "promise"]
