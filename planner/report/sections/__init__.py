"""The chapters of the pack, one file each, in the order in which a meeting goes through them."""

from planner.report.parts import Plans, Section
from planner.report.sections.appendix import appendix
from planner.report.sections.comparison import comparison
from planner.report.sections.cycle import cycle
from planner.report.sections.demand import demand
from planner.report.sections.reconciliation import reconciliation
from planner.report.sections.since import since
from planner.report.sections.summary import summary
from planner.report.sections.supply import supply


def sections(plans: Plans) -> list[Section]:
    """Every chapter that has something to show."""
    chapters = [summary(plans), *cycle(plans), since(plans), demand(plans), supply(plans),
                reconciliation(plans), *comparison(plans), appendix(plans)]
    return [chapter for chapter in chapters if chapter.says or chapter.blocks]
