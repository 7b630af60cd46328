"""The comments that people write into the description of a scenario, each with its place."""

import re
from dataclasses import dataclass, field

COMMENT = re.compile(r"""^((?:[^'"#]|'[^']*'|"(?:[^"\\]|\\.)*"|(?<=\S)#)*?)(?:^|(?<=\s))#(.*)$""")


@dataclass(frozen=True)
class Comments:
    """The comments of a description, by the line that they stand above or beside."""

    above: dict[int, list[str]] = field(default_factory=dict)
    beside: dict[int, str] = field(default_factory=dict)

    def before(self, line: int) -> list[str]:
        """The comments above the line that stand below those of earlier ones; each is given once."""
        texts = [text for at in sorted(self.above) if at <= line for text in self.above[at]]
        for at in [at for at in self.above if at <= line]:
            del self.above[at]
        return texts


def comments_of(text: str) -> Comments:
    """The comments of a YAML text: those with a line of their own by the next line, the others by theirs."""
    comments = Comments()
    waiting: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#"):
            waiting.append(line.strip()[1:].rstrip())
            continue
        if line.strip() and waiting:
            comments.above[number], waiting = waiting, []
        beside = COMMENT.match(line)
        if beside is not None:
            comments.beside[number] = beside[2].strip()
    if waiting:
        comments.above[len(text.splitlines()) + 1] = waiting
    return comments
