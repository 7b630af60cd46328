"""The command line: parses and prints only. Results go to stdout or to --output, all else to stderr."""

from planner.cli.program import app, main

__all__ = ["app", "main"]
