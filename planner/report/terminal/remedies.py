"""Remedies as people read them in a terminal."""

from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import figure, scale_for
from planner.plan.remedies import Remedies
from planner.plan.remedies.remedies import Use
from planner.report.records.remedies import sentences
from planner.report.terminal.parts import indented, titled_table

COUNTED = 4  # periods of a lever that are listed one by one


def remedies_result(proven: Remedies) -> RenderableType:
    """What is missing, then the remedies side by side, then what each asks for."""
    head = Text(f"Remedies for {proven.gap.words}", style="bold")
    texts = [indented(sentence) for sentence in sentences(proven)]
    if not len(proven):
        return Group(head, *texts)
    return Group(head, *texts, Text(), _table(proven), Text(), *_details(proven))


def _table(proven: Remedies) -> Group:
    money = scale_for([amount for remedy in proven for amount in (remedy.figures.cost, remedy.margin)],
                      "currency", currency=proven.plan.currency)
    rows = [[f"{place}", remedy.words, figure(remedy.closes), figure(remedy.left),
             money.difference(remedy.figures.cost + remedy.goods), money.difference(remedy.margin),
             remedy.decide_by]
            for place, remedy in enumerate(proven, start=1)]
    headings = ["", "remedy", "closes", "left", f"cost, {money.unit}", f"margin, {money.unit}", "decide by"]
    return titled_table("Each proven by solving the whole plan again", headings, rows, words=2)


def _details(proven: Remedies) -> list[RenderableType]:
    parts: list[RenderableType] = [Text("What each asks for", style="bold")]
    for place, remedy in enumerate(proven, start=1):
        parts += [indented(f"{place}  {_use_in_words(use)}") for use in remedy.uses]
    return parts


def _use_in_words(use: Use) -> str:
    """The lever, by how much and when."""
    sign = "−" if use.is_lowered else "+"
    if not use.periods[0]:
        return f"{use.words}: {sign}{figure(use.total)} {use.unit}, to {figure(use.values[0])}"
    each = [f"{period} {sign}{figure(amount)}"
            for period, amount in zip(use.periods, use.amounts, strict=True)]
    if len(each) <= COUNTED:
        return f"{use.words}, {use.unit}: {', '.join(each)}"
    most = max(use.amounts)
    return (f"{use.words}: {sign}{figure(use.total)} {use.unit} in {len(each)} periods from "
            f"{use.periods[0]} to {use.periods[-1]}, at most {figure(most)} in one")


