"""Comparing solved plans: seconds of processor time, and as a share of one cold solve.

    python -m benchmarks.comparison_speed PLAN PLAN PLAN

Every table of the comparison is made, the recommendation too; first of plans in memory, then with reading their
folders and looking whether their scenarios have changed.
"""

import sys
from time import process_time

import planner


def main(folders: list[str]) -> None:
    """Prints a line for each way."""
    plans = [planner.load_plan(folder) for folder in folders]
    planner.compare([planner.load_plan(folders[0])]).frames  # noqa: B018  imports are made
    cold = sum(plans[0].seconds.values())
    for words, again in (("in memory", False), ("from their folders", True)):
        began = process_time()
        comparison = planner.compare(folders if again else plans)
        comparison.frames, comparison.recommendation  # noqa: B018
        spent = process_time() - began
        print(f"{len(plans)} plans {words}: {spent:.2f} s, {spent / cold:.3f} of the first plan's cold solve")


if __name__ == "__main__":
    main(sys.argv[1:])
