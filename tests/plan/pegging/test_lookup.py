"""Rows are found by their keys, as a merge finds them."""

import pandas as pd

from planner.plan.pegging.lookup import codes_of, looked_up

TERMS = pd.DataFrame({"item": ["frame", "bike"], "period": [2, 1], "cost": [7.0, 9.0]})


def test_the_row_of_the_same_keys_is_found_and_a_missing_one_is_blank() -> None:
    asked = pd.DataFrame({"item": ["bike", "frame", "frame"], "period": [1, 1, 2]}, index=[4, 5, 6])
    found = looked_up(asked, TERMS, ["item", "period"])
    assert found["cost"].fillna(-1.0).to_dict() == {4: 9.0, 5: -1.0, 6: 7.0}


def test_the_same_keys_have_the_same_code_and_others_another() -> None:
    one, other = codes_of(["item", "period"], TERMS, TERMS.assign(period=[2, 2]))
    assert one[0] == other[0]
    assert len({*one, *other}) == 3
