"""How plans are told apart, in every chart, key and table: the first plan has the first look."""

PLAN_COLORS = ("#1f5a94", "#d4690b", "#14857a", "#8a3f86")
PLAN_DASHES: tuple[list[int], ...] = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3])  # line and gap, in pixels
