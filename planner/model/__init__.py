"""The mathematics: a Scenario and its Demand become a linear program, and the program a proven Solution.

Where data asks for them, some of its variables are integer.

One file per area, one function per rule; the function's name is the name of the constraint, of its shadow
price and of its heading in the reference. Pyomo and HiGHS are used here and nowhere else.
"""
