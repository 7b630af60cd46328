"""The chapters of the page, one file each, in the order in which a meeting goes through them."""

from planner.report.parts import Plans, Section
from planner.report.sections.costs import costs
from planner.report.sections.differences import differences
from planner.report.sections.figures import figures
from planner.report.sections.gaps import gaps
from planner.report.sections.inventory import inventory
from planner.report.sections.production import production
from planner.report.sections.sales import sales
from planner.report.sections.scorecard import scorecard


def sections(plans: Plans) -> list[Section]:
    """Every chapter that has something to show."""
    chapters = [
        scorecard(plans),
        sales(plans),
        *gaps(plans),
        production(plans),
        inventory(plans),
        costs(plans),
        figures(plans),
        *differences(plans),
    ]
    return [chapter for chapter in chapters if chapter.says or chapter.charts or chapter.tables]
