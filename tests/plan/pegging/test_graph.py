"""Shares and costs follow the goods, and what never ends is left where it is."""

import numpy as np
import pandas as pd

from planner.plan.pegging.graph import Graph, _that_end


def graph(*edges: tuple[int, int, float], nodes: int) -> Graph:
    frame = pd.DataFrame(edges, columns=["up", "down", "quantity"])
    none = pd.DataFrame()
    return Graph(none, edges=_that_end(frame, nodes), links=none, stays=none, nodes=nodes)


def test_goods_serve_what_takes_from_them_in_proportion() -> None:
    # 0 gives 6 and 1 gives 2 to the mixture 2, which goes to 3 (5) and 4 (3).
    mixed = graph((0, 2, 6), (1, 2, 2), (2, 3, 5), (2, 4, 3), nodes=5)
    assert mixed.share_ending_in(np.array([0, 0, 0, 1, 0])).tolist() == [0.625, 0.625, 0.625, 1, 0]
    # 80 spent on 0 and 16 on 1: 5/8 of 96 end in 3.
    assert mixed.carried_down(np.array([80.0, 16, 0, 0, 0]))[3:].tolist() == [60, 36]


def test_what_is_made_depends_as_its_neediest_component() -> None:
    # Maker 4 takes from mixture 2, half of which is of source 0, and from source 3, which is not.
    made = graph((0, 2, 5), (1, 2, 5), (2, 4, 10), (3, 4, 10), (4, 5, 10), nodes=6)
    makers = np.array([False, False, False, False, True, False])
    assert made.depends_on(np.arange(6) == 0, makers).tolist() == [1, 0, 0.5, 0, 0.5, 0.5]
    assert made.depends_on(np.arange(6) == 3, makers)[5] == 1


def test_goods_that_go_round_and_round_stop_the_rest_from_nothing() -> None:
    round_and_round = graph((0, 1, 4), (1, 0, 4), (2, 3, 7), nodes=4)  # 0 and 1 send each other the same goods
    assert round_and_round.carried_down(np.array([1.0, 0, 5, 0])).tolist() == [1, 0, 5, 5]
    partly = graph((0, 1, 4), (1, 0, 2), (1, 2, 2), nodes=3)  # half comes back, and leaves in the end
    assert partly.carried_down(np.array([8.0, 0, 0]))[2] == 8
