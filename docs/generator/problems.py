"""The reference of problems: every code that a problem of a scenario can have."""

from generator.markdown import grid, page
from planner.scenario.problem_kinds import CODES, PROBLEM_KINDS, SECTIONS_OF_KINDS, ProblemKind

MAXIMUM_PLACES = 4  # of a kind that can be in more places, only the number is said

INTRO = """
Every problem of a scenario has a `code` for programs: the place that is wrong and, as its last word, the kind
of problem, like `lanes.unit_cost.range`. It stays the same when the words of a message change.
`planner check --json` writes it; in Python it is `problem.code`, for each of `ScenarioError.problems` and
`Scenario.warnings`. A kind whose meaning does not begin with *warning* is an error.
"""


def places_of(kind: ProblemKind) -> str:
    """The codes of a kind, or how many there are."""
    few = len(kind.codes) <= MAXIMUM_PLACES
    return ", ".join(f"`{code}`" for code in kind.codes) if few else f"{len(kind.codes)} places"


def kinds_grid(words: list[str]) -> str:
    """The kinds of one section, with their meaning."""
    kinds = [kind for kind in PROBLEM_KINDS if kind.word in words]
    return grid(
        ("kind", "meaning", "codes"), ((f"`{kind.word}`", kind.meaning, places_of(kind)) for kind in kinds)
    )


def problems_page() -> str:
    """The reference of problems."""
    sections = [
        f"## {title}\n\n{kinds_grid([word for word, *_ in kinds])}"
        for title, kinds in SECTIONS_OF_KINDS.items()
    ]
    every = "\n".join(["## Every code", "", "```text", *sorted(CODES), "```"])
    return page("Problem reference", INTRO, *sections, every)
