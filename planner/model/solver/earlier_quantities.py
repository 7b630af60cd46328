"""What the quantities of an earlier plan say of decisions that it does not show: in which price tier an order
was bought, whether a shipment left, whether something that is switched on now was in use.
"""

from typing import Any

import numpy as np
import pandas as pd

from planner.model.compiler.lookup import Floats
from planner.model.solver.matrix import Compiled
from planner.model.solver.row_keys import spelled
from planner.model.solver.slope_scaling import FLOWING, Slopes, switch_columns

ORDER = ["item", "supplier", "site", "start"]


def with_quantities(compiled: Compiled, numbers: Floats, quantities: Floats) -> Floats:
    """The integer values, the switches and price tiers among them that are not known as the quantities have
    them.

    `quantities` has an entry for each variable, NaN where the earlier plan shows none: what could follow from
    it alone is not known.
    """
    followed, slopes = numbers.copy(), Slopes.of(compiled)
    has_quantity = slopes.lots((~np.isnan(quantities)).astype(float)) > 0
    on = slopes.lots(np.nan_to_num(quantities)) > 0
    switches = switch_columns(compiled)
    follow = switches[has_quantity[switches] & np.isnan(numbers[switches])]
    followed[follow] = on[follow]
    place = compiled.layout.place("tier_chosen")
    if place.stop > place.start:
        followed[place] = _tiers(compiled, quantities)
    return followed


def _tiers(compiled: Compiled, quantities: Floats) -> Floats:
    """1 for each price tier that its order is bought in, else 0, in the order of the model's tiers.

    With a price for all units that is the cheapest tier that holds the quantity, with incremental prices
    every tier that is begun.
    """
    m = compiled.model.pyomo
    tiers = spelled(m.tiers.index).assign(upto=m.tier_upto.column, price=m.tier_unit_cost.column)
    bought = spelled(m.purchases.index).assign(quantity=quantities[compiled.layout.place("purchased")])
    tiers = tiers.merge(bought, how="left", on=ORDER, validate="many_to_one")
    tiers = tiers.merge(_all_units_from(m), how="left", on=[*ORDER, "tier"], validate="one_to_one")
    begun = tiers.groupby(ORDER)["upto"].cumsum() - tiers["upto"]
    filled = tiers["quantity"] > begun + FLOWING
    chosen: Floats = np.where(tiers["from"].isna(), filled, _cheapest_that_holds(tiers)).astype(float)
    return np.where(tiers["quantity"].isna(), np.nan, chosen)


def _all_units_from(m: Any) -> pd.DataFrame:
    """The quantity from which each price for all units holds, by order and tier."""
    frame: pd.DataFrame = spelled(m.one_price_tiers.index).assign(**{"from": m.tier_from.column})
    return frame


def _cheapest_that_holds(tiers: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each tier is the cheapest of its order that holds what is bought; at one price the highest."""
    slack = FLOWING * tiers["quantity"].clip(lower=1.0)
    holds = ((tiers["quantity"] > FLOWING) & (tiers["quantity"] >= tiers["from"] - slack)
             & (tiers["quantity"] <= tiers["upto"] + slack))
    ranked = tiers[holds].sort_values([*ORDER, "price", "tier"], ascending=[True] * 5 + [False])
    best = ranked.drop_duplicates(ORDER).index
    return pd.Series(tiers.index.isin(best), index=tiers.index)
