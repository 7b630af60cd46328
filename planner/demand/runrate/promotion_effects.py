"""What past promotions have done to sales: the effect of each item's promotions, estimated beside trend and
season.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.runrate.history import History
from planner.demand.series.matrix import Matrix

COLUMNS = ["item", "uplift", "standard_error", "periods", "estimated_from"]
TOLD_FROM = 2  # years from which the time of the year is told from the rest
MINIMUM_PROMOTED = 2  # promoted periods, and
MINIMUM_NORMAL = 12  # normal ones, from which an effect is estimated
CLEAR = 2.0  # standard errors below 0, from which an effect takes demand away


def no_effects() -> pd.DataFrame:
    """The effects where nothing was ever promoted."""
    return pd.DataFrame(
        {
            name: pd.Series(dtype="str" if name in ("item", "estimated_from") else "float64")
            for name in COLUMNS
        }
    )


def promotion_effects(
    history: History, running: NDArray[np.bool_], items: pd.DataFrame, promoted: set[str]
) -> pd.DataFrame:
    """Uplift of each item promoted, in the past or to come, with its standard error: from its promotions,
    else its family's.

    `running` says in which periods a promotion of the series ran. The logarithm of sales is explained by a
    level and a trend for each market, the time of the year and whether a promotion runs (statsmodels OLS,
    errors robust to unequal variance):

        uplift = exp(effect) - 1, standard error = exp(effect) * standard error of the effect

    An effect that cannot be told from the time of the year, because promotions run in the same periods each
    year, is left out.
    """
    if not running.any():
        return no_effects()
    family = history.series["item"].map(items.drop_duplicates("item").set_index("item")["family"])
    rows = []
    for item in sorted(promoted & set(history.series["item"])):
        own = np.asarray(history.series["item"] == item)
        kin = np.asarray(family == family.iloc[np.flatnonzero(own)[0]])
        for source, chosen in (("item", own), ("family", kin)):
            effect = _effect(history, running, np.flatnonzero(chosen))
            if effect is not None:
                rows.append((item, *effect, source))
                break
    return pd.DataFrame(rows, columns=COLUMNS) if rows else no_effects()


def _effect(
    history: History, running: NDArray[np.bool_], rows: NDArray[np.int64]
) -> tuple[float, float, float] | None:
    """Uplift, standard error and promoted periods of the rows together; None where they cannot tell."""
    values = history.values[rows]
    series, column = np.nonzero(values > 0)
    promoted = running[rows][series, column]
    if promoted.sum() < MINIMUM_PROMOTED or (~promoted).sum() < MINIMUM_NORMAL:
        return None
    level = np.eye(len(rows))[series]
    trend = level * (column / history.season)[:, None]
    year = _time_of_year(column, history.season)
    explained = np.column_stack([promoted.astype(float), level, trend, year])
    explained = explained[:, (explained != 0).any(axis=0)]
    if (
        np.linalg.matrix_rank(explained[:, 1:]) == np.linalg.matrix_rank(explained)
        or len(column) <= explained.shape[1]
    ):
        return None
    from statsmodels.regression.linear_model import OLS  # a second to import: not before it is needed

    fitted = OLS(np.log(values[series, column]), explained).fit(cov_type="HC1")
    factor, error = float(np.exp(fitted.params[0])), float(fitted.bse[0])
    return factor - 1, factor * error, float(promoted.sum())


def _time_of_year(column: NDArray[np.int64], season: int) -> Matrix:
    """A column for each month but the first; of weeks, for each four of them."""
    month = (column % season) * 12 // season if season > 12 else column % season
    years = (column.max() - column.min() + 1) / season
    year: Matrix = np.eye(12)[month][:, 1 if years >= TOLD_FROM else 12:]
    return year


def effects_in_words(effects: pd.DataFrame, promotions: pd.DataFrame) -> list[str]:
    """What past promotions show, for the reader of the forecast; and which planned ones have no effect that
    is known.
    """
    sentences = [
        f"Past promotions lifted {row['item']} by {row['uplift']:.0%} (standard error "
        f"{row['standard_error']:.0%}, "
        f"{row['periods']:.0f} promoted "
        f"periods{' of its family' if row['estimated_from'] == 'family' else ''})."
        for row in effects.to_dict("records")
    ]
    unknown = promotions[
        promotions["uplift"].isna() & ~promotions["item"].isin(effects["item"]) & promotions["item"].notna()
    ]
    return sentences + [
        f"Promotion {row['promotion']} has no uplift, and the past shows none: it changes nothing about "
        f"{row['item']}."
        for row in unknown.to_dict("records")
    ]


def by_item(promotions: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """The promotions with a row for each item that they promote."""
    members = items[["item", "family"]].rename(columns={"item": "member"})
    spread = promotions.merge(members[members["family"].notna()], on="family", how="left")
    item = spread["item"].where(spread["item"].notna(), spread["member"])
    return spread.assign(item=item, family=np.nan)[item.notna()].reset_index(drop=True)


def with_effects(promotions: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """The promotions with an uplift each: as planned, else as estimated, else none. Past ones took demand
    away only where that is clearly more than chance.
    """
    is_clear = (effects["uplift"] > 0) | (effects["uplift"] < -CLEAR * effects["standard_error"])
    estimated = promotions["item"].map(effects[is_clear].set_index("item")["uplift"])
    uplift = promotions["uplift"].where(promotions["uplift"].notna(), estimated)
    return promotions.assign(uplift=uplift.fillna(0.0))  # nothing is known of an effect
