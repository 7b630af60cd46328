"""Rows found by their keys, a column at a time: what a merge does, at a fraction of its time for frames whose
keys are texts.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Whole = NDArray[np.int64]


def codes_of(keys: Sequence[str], *frames: pd.DataFrame) -> list[Whole]:
    """A number for each combination of keys, the same for the same, by row of each frame."""
    length = sum(map(len, frames))
    codes = np.zeros(length, dtype=np.int64)
    for name in keys:
        own, different = pd.factorize(pd.concat([frame[name] for frame in frames], ignore_index=True))
        codes = pd.factorize(codes * (len(different) + 1) + own)[0].astype(np.int64)
    return np.split(codes, np.cumsum([len(frame) for frame in frames])[:-1])


def looked_up(rows: pd.DataFrame, terms: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The rows with the other columns of the row of `terms` that has the same keys, of which there is at most
    one; blank where there is none.
    """
    row_codes, term_codes = codes_of(keys, rows, terms)
    place = np.full(max(row_codes.max(initial=-1), term_codes.max(initial=-1)) + 1, -1, dtype=np.int64)
    place[term_codes] = np.arange(len(term_codes))
    matches = terms.drop(columns=list(keys)).reset_index(drop=True).reindex(place[row_codes])
    return pd.concat([rows, matches.set_axis(rows.index)], axis="columns")
