"""Processes of our own: where they find this package."""

import os
import sys
from pathlib import Path

from planner.writing import current_folder


def import_path() -> str:
    """Where a process finds this package and its libraries: where this one does, but never in the current
    folder, which may be anybody's, unless this package itself is there.
    """
    home, current = str(Path(__file__).parents[1]), str(current_folder())
    places = [place for place in sys.path if place and (place == home or os.path.realpath(place) != current)]
    return os.pathsep.join(places if home in places else [*places, home])
