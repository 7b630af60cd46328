"""What is expected of many series: means and quantiles by period."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
# named by percent, those with half a percent by permille: q025, q05 ... q95, q975
QUANTILES = {f"q{level:.3f}".replace("0.", "").removesuffix("0"): level for level in LEVELS}


@dataclass(frozen=True)
class Outlook:
    """What is expected of each series: mean (series, period) and quantiles (series, period, level of LEVELS).

    `lasting` (series) is the share of a period's error that stays for good, from 0 to 1. `flat` is the mean
    without its season, `level` what it would be without trend, too (series, period).
    """

    mean: Matrix
    quantiles: NDArray[np.float64]
    lasting: Matrix
    flat: Matrix
    level: Matrix

    @staticmethod
    def steady(mean: Matrix, quantiles: NDArray[np.float64], lasting: Matrix) -> "Outlook":
        """An outlook without trend and season."""
        return Outlook(mean, quantiles, lasting, flat=mean, level=mean)

    @staticmethod
    def joined(parts: "Sequence[Outlook]") -> "Outlook":
        """The series of all parts, below each other."""
        return Outlook(
            *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Outlook))
        )

    def of(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Outlook":
        """The outlook of some series."""
        return Outlook(*(getattr(self, field.name)[rows] for field in fields(self)))

    def scaled(self, factor: Matrix) -> "Outlook":
        """The outlook times a factor for each series and period."""
        return Outlook(
            self.mean * factor,
            self.quantiles * factor[..., None],
            self.lasting,
            flat=self.flat * factor,
            level=self.level * factor,
        )

    def after(self, periods: int) -> "Outlook":
        """The same outlook without its first periods; the level is that of the first one left."""
        flat = self.flat[:, periods:]
        return Outlook(self.mean[:, periods:], self.quantiles[:, periods:], self.lasting, flat=flat,
                       level=np.repeat(flat[:, :1], flat.shape[1], axis=1))

    def at(self, level: float) -> Matrix:
        """One quantile of every series and period."""
        return self.quantiles[..., LEVELS.index(level)]
