"""Names of places and partners as people write them: a key like `new-york` is read as New York."""

import re


def spelled(name: str) -> str:
    """The name with capitals, where it is a key in small letters; as it stands otherwise."""
    if not name or name != name.lower():
        return name
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[-_ ]+", name) if word)


def listed(names: list[str], *, last: str = "and") -> str:
    """The names one after the other: a, b and c."""
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
