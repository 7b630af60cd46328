"""What the plan says: tidy tables, KPIs, explanations, comparisons, and an audit that trusts none of them.

A Plan is frozen and is the same after it was saved and loaded. Nothing here looks into the model; everything
is derived from tables that a spreadsheet could check.
"""
