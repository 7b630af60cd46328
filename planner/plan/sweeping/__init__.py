"""Sweeps: many what-ifs of one scenario, solved from its plan and laid side by side in one frame.

    planner.sweep("scenarios/baseline", ["work_centers[site=lyon].available_hours = *0.9, *1, *1.1"]).frame
    planner.frontier("scenarios/baseline", of="service").frame
"""

from planner.plan.sweeping.frontiers import frontier
from planner.plan.sweeping.points import Point
from planner.plan.sweeping.what_ifs import Sweep, sweep

__all__ = ["Point", "Sweep", "frontier", "sweep"]
