"""What to do about a missed target, a late order or lost demand: remedies, ranked and proven."""

from planner.plan.remedies.remedies import Remedies, Remedy, remedies

__all__ = ["Remedies", "Remedy", "remedies"]
