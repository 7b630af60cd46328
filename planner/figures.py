"""Figures as people read them, one format in the whole product: "97.7%", "1,234", "1.2 million", "−3".

Figures that are compared share one scale, and no digit is written that says nothing.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

THOUSAND, MILLION = 1_000, 1_000_000
NOTHING = "–"
MINUS = "−"  # as wide as a plus, so that differences line up
COUNTED, MANY = ("units", "hours"), 100  # from here on nobody counts parts of a unit
DIGITS = 4  # as many as people compare at a glance


@dataclass(frozen=True)
class Scale:
    """How the figures of one row or column are written: divided, rounded, and in which unit."""

    divisor: float
    decimals: int
    unit: str

    def text(self, value: float | None) -> str:
        """The figure with its thousands separated; a dash where there is none."""
        if value is None or not math.isfinite(value):
            return NOTHING
        written = f"{abs(value) / self.divisor:,.{self.decimals}f}"
        return f"{MINUS}{written}" if value < 0 and not self.hides(value) else written

    def difference(self, value: float | None) -> str:
        """The figure with its sign; "=" where it rounds to nothing."""
        if value is None or not math.isfinite(value):
            return NOTHING
        if self.hides(value):
            return "="
        return self.text(value) if value < 0 else f"+{self.text(value)}"

    def with_unit(self, value: float | None) -> str:
        """The figure and its unit, as it stands in a sentence."""
        space = "" if self.unit == "%" else " "
        return f"{self.text(value)}{space}{self.unit}".strip()

    def hides(self, value: float) -> bool:
        """Whether the figure rounds to nothing in this scale."""
        return round(abs(value) / self.divisor, self.decimals) == 0


def scale_for(values: Iterable[float], unit: str, *, currency: str = "") -> Scale:
    """The scale in which all the values can be read side by side."""
    figures = [abs(value) for value in values if math.isfinite(value)]
    largest = max(figures, default=0.0)
    if unit == "0 to 1":
        return Scale(0.01, 1, "%")
    name = unit.replace("currency", currency).strip()
    is_money = "currency" in unit
    if largest >= MILLION and " per " not in unit:
        decimals = _decimals(largest / MILLION, maximum=3)
        in_millions = [figure / MILLION for figure in figures]
        decimals = decimals if is_money else _needed(in_millions, decimals)
        return Scale(MILLION, decimals, f"million {name}".strip())
    if all(figure == round(figure) for figure in figures) or (unit in COUNTED and largest >= MANY):
        return Scale(1, 0, name)
    decimals = _decimals(largest, maximum=2 if largest >= 1 else 4)
    return Scale(1, decimals if is_money else _needed(figures, decimals), name)


def grid_scale(values: Iterable[float], unit: str, *, is_money: bool = False) -> Scale:
    """The scale of a grid, whose columns are narrow and many: money in thousands from a million on, all else
    as counted for as long as there is room, and parts of a unit only where there are few of them.
    """
    figures = [abs(value) for value in values if math.isfinite(value)]
    largest = max(figures, default=0.0)
    if unit == "0 to 1":
        return Scale(0.01, 0, "%")
    whole = MILLION if is_money else 10 * MILLION
    for divisor, word in ((MILLION, "million"), (THOUSAND, "thousand")):
        if largest >= whole * divisor / THOUSAND:
            return Scale(divisor, 0, f"{word} {unit}".strip())
    return Scale(1, 0 if largest >= MANY else _needed(figures, 1), unit)


def figure(value: float, unit: str = "units") -> str:
    """A single figure in a sentence that names the unit itself: "1,734", "12.5", "1.2 million"."""
    scale = scale_for([value], unit)
    return f"{scale.text(value)} million" if scale.divisor == MILLION else scale.text(value)


def signed(value: float) -> str:
    """A single change of units with its sign, as it stands in a sentence."""
    return figure(value) if value < 0 else f"+{figure(value)}"


def one(value: float, unit: str, *, currency: str = "") -> str:
    """A single figure with its unit, in a scale of its own."""
    return scale_for([value], unit, currency=currency).with_unit(value)


def share(part: float, whole: float) -> float:
    """The part of the whole, all of it where the whole is nothing."""
    return part / whole if whole else 1.0


def percent(fraction: float) -> str:
    """The fraction in percent, with as many digits as it takes to see that it is not nothing; a dash where
    there is none.
    """
    if not math.isfinite(fraction):
        return NOTHING
    decimals = (
        1 if fraction == 0 or abs(fraction) >= 0.0005 else 1 - math.floor(math.log10(abs(fraction) * 100))
    )
    return f"{MINUS if fraction < 0 else ''}{abs(fraction) * 100:.{decimals}f}%"


def printable(text: str) -> str:
    """The text without characters that drive a terminal or break a drawing."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else " " for letter in text)


def _needed(figures: Iterable[float], decimals: int) -> int:
    """As few decimals as show the figures just as well."""
    values = list(figures)
    while decimals and all(round(figure, decimals) == round(figure, decimals - 1) for figure in values):
        decimals -= 1
    return decimals


def _decimals(largest: float, *, maximum: int) -> int:
    magnitude = math.floor(math.log10(largest)) if largest > 0 else 0
    return min(maximum, max(0, DIGITS - 1 - magnitude))
