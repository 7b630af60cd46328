"""The name that was probably meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher

CLOSE = 0.6  # two names of which less is alike are no slip of the pen


def nearest(name: str, allowed: Iterable[str], *, cutoff: float = CLOSE) -> str | None:
    """The allowed name most like `name`; none when nothing is close. Of equals the first in the alphabet."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(name.casefold())
    best, best_ratio = None, cutoff
    for candidate in sorted(set(allowed)):
        matcher.set_seq1(candidate.casefold())
        if (
            matcher.real_quick_ratio() > best_ratio
            and matcher.quick_ratio() > best_ratio
            and matcher.ratio() > best_ratio
        ):
            best, best_ratio = candidate, matcher.ratio()
    return best


def did_you_mean(name: str, allowed: Iterable[str]) -> str:
    """The end of a message about a wrong name: . Did you mean "wheel"? Empty when nothing is close."""
    near = nearest(name, allowed)
    return f'. Did you mean "{near}"?' if near is not None else ""


def quoted(text: str, *, longest: int = 60) -> str:
    """The text in double quotes, on one line and not too long."""
    visible = "".join(letter if letter.isprintable() else repr(letter)[1:-1]
                      for letter in text[: longest + 1])
    return f'"{visible}"' if len(text) <= longest else f'"{visible[:longest]}..."'


def listed(names: Iterable[str]) -> str:
    """One, two or three."""
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}" if names else "nothing"
