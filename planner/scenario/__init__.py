"""What the business looks like: its tables and settings, loaded, inherited, checked and frozen as a Scenario.

Every column is declared once, in `schema.py`; loading, checks, references and templates read that
declaration. Nothing here knows how demand is forecast or how a plan is found.
"""
