"""Figures of many series side by side: a row a series, a column a period."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
