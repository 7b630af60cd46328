"""A suggested mapping as YAML, each doubt beside the line that it is about."""

import json
from dataclasses import dataclass, field
from typing import Any

Entries = dict[str, Any]


@dataclass(frozen=True)
class Suggestion:
    """Entries of one read, and for each entry what is not sure about it. `settings` are of the scenario."""

    table: str
    entries: Entries
    unsure: dict[str, list[str]] = field(default_factory=dict)
    settings: Entries = field(default_factory=dict)

    def doubt(self, entry: str, text: str) -> None:
        """The entry is not sure."""
        self.unsure.setdefault(entry, []).append(text)


def written(name: str, suggestion: Suggestion) -> list[str]:
    """The lines of the read."""
    lines = [f"  {name}:", f"    table: {suggestion.table}{_doubts(suggestion, 'table')}"]
    for entry in (
        "files",
        "header_row",
        "across",
        "columns",
        "close_date",
        "masters",
        "keep",
        "drop",
        "negative",
        "dates",
        "decimal",
    ):
        if entry not in suggestion.entries:
            continue
        value = suggestion.entries[entry]
        if entry != "columns":
            lines.append(f"    {entry}: {flow(value)}{_doubts(suggestion, entry)}")
            continue
        lines.append("    columns:")
        lines += [
            f"      {column}: {flow(source)}{_doubts(suggestion, f'columns.{column}')}"
            for column, source in value.items()
        ]
    return lines


def written_settings(settings: Entries) -> list[str]:
    """The line of the settings; none where there are none."""
    return [f"settings: {flow(settings)}"] if settings else []


def _doubts(suggestion: Suggestion, entry: str) -> str:
    reasons = suggestion.unsure.get(entry)
    return f"  # unsure: {'; '.join(reasons)}" if reasons else ""


def flow(value: Any) -> str:
    """The value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(str(name))}: {flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if not isinstance(value, str):
        return str(value)
    is_plain = (
        value and all(letter.isalnum() or letter in " _" for letter in value) and not value[0].isdigit()
    )
    return (
        value
        if is_plain and value.casefold() not in ("null", "true", "false")
        else json.dumps(value, ensure_ascii=False)
    )
