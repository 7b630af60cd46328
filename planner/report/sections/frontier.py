"""What more service costs, or less stock, in the scenario of the plan in focus, each point solved."""

from planner.report.charts import INK, PANEL
from planner.report.parts import Block, Charts, Figure, Key, Plans
from planner.report.plan_looks import PLAN_COLORS
from planner.report.records import sweeps
from planner.report.sweep_chart import sweep_svg

HEIGHT = 230
TITLES = {"service": "Cost against service", "stock": "Service and cost against stock"}


def frontier_blocks(plans: Plans) -> list[Block]:
    """The frontier with its knee marked; nothing where none is asked for."""
    swept = plans.swept
    if swept is None:
        return []
    figures = Figure("", sweep_svg(swept, height=HEIGHT), sweep_svg(swept, width=PANEL, height=HEIGHT))
    keys = [Key("the plan", INK), Key("the best plan of each level", PLAN_COLORS[0]),
            Key("knee", PLAN_COLORS[1])]
    note = " ".join(sweeps.sentences(swept))
    return [Block("full", Charts(TITLES[swept.of], [figures], keys, look="wide", note=note))]
