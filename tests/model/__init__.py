"""Tests of the mathematics, by area; `plants` makes the tiny scenarios they are about."""
