"""Which arrival serves which departure, by rule."""

import numpy as np

from planner.plan.pegging.stock import Rule, matched


def served(coming: list[float], going: list[float], rule: Rule) -> tuple[dict[tuple[int, int], float], list[float]]:
    links, left = matched(np.array([coming], dtype=float), np.array([going], dtype=float), rule)
    rows = links.itertuples(index=False)
    return {(int(row.arrives), int(row.period)): float(row.quantity) for row in rows}, left[0].tolist()


def test_the_oldest_goods_leave_first() -> None:
    # 5 are there and 10 come in period 1; 8 leave then and 6 in period 2, to which 3 come.
    links, left = served([5, 10, 3], [0, 8, 6], "oldest_first")
    assert links == {(0, 1): 5, (1, 1): 3, (1, 2): 6}
    assert left == [0, 1, 3]


def test_the_latest_goods_leave_first_where_that_is_the_rule() -> None:
    links, left = served([5, 10, 3], [0, 8, 6], "latest_first")
    assert links == {(1, 1): 8, (2, 2): 3, (1, 2): 2, (0, 2): 1}
    assert left == [4, 0, 0]


def test_nothing_leaves_before_it_has_come() -> None:
    links, left = served([0, 2, 9], [0, 5, 4], "oldest_first")  # 3 of period 1 come from nowhere
    assert links == {(1, 1): 2, (2, 2): 4}
    assert left == [0, 0, 5]
