"""Exports of other systems become tables of a scenario, as a mapping says."""
