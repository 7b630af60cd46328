"""Tests, one folder for each part of the package."""

import planner  # noqa: F401  # before pandas, so that linear algebra has one thread however tests are started
