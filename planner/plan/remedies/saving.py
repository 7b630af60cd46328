"""Remedies written as scenarios: solved, each gives what was promised."""

from pathlib import Path

from planner.plan.remedies.remedies import Remedies
from planner.scenario.whatif.saving import refuse_what_is_not_empty, save_what_if
from planner.writing import expect_folder


def expect_room(folder: Path) -> None:
    """Remedies can be written into the folder, as far as one can tell before there are any."""
    expect_folder(folder)
    refuse_what_is_not_empty(folder)


def save_remedies(found: Remedies, folder: Path) -> list[Path]:
    """Each remedy is a what-if in a folder of its own, named by its rank: remedy-1, remedy-2 and so on."""
    places = []
    for rank, remedy in enumerate(found, start=1):
        place = folder / f"remedy-{rank}"
        save_what_if(place, remedy.resolved.origin, remedy.overrides, name=f"Remedy {rank}: {remedy.words}",
                     question=f"What does it take to close the gap of {found.gap.words}?")
        places.append(place)
    return places
