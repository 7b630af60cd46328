"""A sentence about a plan, and the figures that it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Statement:
    """What is said: its kind, the sentence for people, and every name and figure in it for programs."""

    kind: str
    text: str
    figures: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text
