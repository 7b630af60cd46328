"""A figure that would do, as people write it: no more digits than it needs, rounded to the side that does."""

import math

DIGITS = 6
EXACT = 1e-8  # the solver's own rounding: a figure that is so near is the figure


def tidied(figure: float, *, larger_does: bool) -> float:
    """The figure with as few digits as say it, or rounded to the sixth to the side that also does."""
    for digits in range(1, DIGITS + 1):
        short = float(f"{figure:.{digits}g}")
        if abs(short - figure) <= EXACT * max(1.0, abs(figure)):
            return short
    step = 10.0 ** (math.floor(math.log10(abs(figure))) - DIGITS + 1)
    steps = figure / step
    return float(f"{(math.ceil(steps) if larger_does else math.floor(steps)) * step:.{DIGITS}g}")


def whole(figure: float, *, larger_does: bool) -> float:
    """The nearest whole number that also does."""
    return float(math.ceil(figure - EXACT) if larger_does else math.floor(figure + EXACT))
