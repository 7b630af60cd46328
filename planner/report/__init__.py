"""How people read a plan: pages, charts and the terminal.

A report shows what the plan's tables and KPIs say and calculates nothing of its own. Altair and Jinja are
used here and nowhere else.
"""
