"""The settings and overrides of a scenario as sheets."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import BaseModel

from planner.scenario.reading.comments import Comments
from planner.scenario.reading.node import Node
from planner.scenario.reading.recognition.formats import (
    CHOICES as FORMAT_CHOICES,
    MEANINGS as FORMAT_MEANINGS,
    SECTION as FORMATS,
)
from planner.scenario.reading.workbook.description import SETTING, VALUE, VERBS
from planner.scenario.reading.yaml_file import plain_value
from planner.scenario.saving.styles import Styles
from planner.scenario.saving.yaml_text import flow_text, inner_text, scalar_text
from planner.scenario.settings import Settings

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TEXTS = {
    "name": "what plans and reports call the scenario",
    "question": "the planning question, in one sentence",
    "base": "folder or workbook of the scenario that this one starts from; blank: it stands by itself",
    "agreed_plan": "folder of the plan agreed on last: frozen periods are held to it, and stability_costs "
                   "price what changes; planner roll writes it",
}
HEADER = 2  # the row of the headings, counted from 0
LAST_LINE = 10**9
HEADINGS = (SETTING, VALUE, "meaning", "allowed", "default", "notes")


def write_settings(sheet: "Worksheet", styles: Styles, description: Node, comments: Comments) -> None:
    """The sheet holds every setting by its path, and the value of those that are given."""
    for at, width in enumerate((30, 34, 60, 64, 16, 40)):
        sheet.set_column(at, at, width)
    sheet.write_url(0, 0, "internal:contents!A1", styles.link, "contents")
    sheet.write_string(0, 1, "A row for each setting; a blank value means the default.", styles.plain)
    for at, heading in enumerate(HEADINGS):
        sheet.write_string(HEADER, at, heading, styles.key if at < 1 else styles.other)
    sheet.freeze_panes(HEADER + 1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER)
    declared = dict(_declared_settings())
    written = dict(_written_settings(description))
    overrides = description.get("overrides")
    end = LAST_LINE if overrides is None else overrides.key_line or LAST_LINE
    row = HEADER
    for path, node in _in_own_order(written):
        line = node.key_line or node.line or 0
        row = _write_comments(sheet, styles, row, comments.before(line)) + 1
        _write_setting(sheet, styles, row, path, node, declared.get(path), note=comments.beside.pop(line, ""))
    row = _write_comments(sheet, styles, row, comments.before(end))
    for at, path in enumerate((path for path in declared if path not in written), start=row + 1):
        _write_setting(sheet, styles, at, path, None, declared[path], note="")


def _write_comments(sheet: "Worksheet", styles: Styles, row: int, comments: Iterable[str]) -> int:
    """The comments stand below the row, each in a row of its own; the last of them is given back."""
    for text in comments:
        row += 1
        sheet.write_string(row, 0, f"#{text}", styles.comment)
    return row


Declared = tuple[str, str, str, tuple[str, ...]]  # meaning, what is allowed, default, choices


def _write_setting(
    sheet: "Worksheet", styles: Styles, row: int, path: str, node: Node | None, declared: Declared | None, *,
    note: str,
) -> None:
    sheet.write_string(row, 0, path, styles.text)
    if node is None or node.is_blank:
        sheet.write_blank(row, 1, None, styles.text)
    elif isinstance(node.value, int | float) and not isinstance(node.value, bool) and _is_short(node):
        sheet.write_number(row, 1, node.value, styles.number)
    else:
        sheet.write_string(row, 1, value_text(node), styles.text)
    if declared is not None:
        meaning, allowed, default, choices = declared
        for at, text in enumerate((meaning, allowed, default), start=2):
            sheet.write_string(row, at, text, styles.meaning)
        if choices:
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(choices)})
    if note:
        sheet.write_string(row, 5, note, styles.unit)


def _is_short(node: Node) -> bool:
    """Whether a sheet keeps all digits of the number, and its text is no more than the number."""
    return str(node.value) == node.text and float(f"{node.value:.16G}") == node.value


def value_text(node: Node) -> str:
    """The value as the sheet says it: texts as they are, unless they would mean something else."""
    if node.is_scalar and isinstance(node.value, str):
        quoted = scalar_text(node.text)
        must_be_quoted = node.text.startswith(('"', "[", "{")) or not isinstance(plain_value(node.text), str)
        return (quoted if quoted.startswith('"') else f'"{node.text}"') if must_be_quoted else node.text
    return flow_text(node)


def _in_own_order(written: Mapping[str, Node]) -> list[tuple[str, Node]]:
    """The settings that are given, in the order in which they were written."""
    return sorted(written.items(), key=lambda pair: pair[1].key_line or pair[1].line or 0)


def _written_settings(description: Node) -> Iterator[tuple[str, Node]]:
    """Every setting that is given, by its path."""
    for name, child in description.items():
        if name == "overrides":
            continue
        yield from _flat(name, child)


def _flat(path: str, node: Node) -> Iterator[tuple[str, Node]]:
    if node.is_mapping and node.value:
        for name, child in node.items():
            yield from _flat(f"{path}.{name}", child)
    else:
        yield path, node


def _declared_settings() -> Iterator[tuple[str, Declared]]:
    """Every setting that there is, by its path."""
    for name, meaning in TEXTS.items():
        yield name, (meaning, "", "", ())
    yield from _of_section(Settings, "")
    for name, meaning in FORMAT_MEANINGS.items():
        if name in ("separator", "encoding"):  # of files only
            continue
        choices = FORMAT_CHOICES.get(name, ())
        allowed = " or ".join(choices)
        yield f"{FORMATS}.{name}", (f"of texts in sheets: {meaning}", allowed, "recognised", choices)


def _of_section(section: type[BaseModel], prefix: str) -> Iterator[tuple[str, Declared]]:
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _of_section(field.annotation, f"{prefix}{name}.")
            continue
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        rule = str(extra.get("rule", "")).removeprefix("must be ")
        default = "required" if field.is_required() else "" if field.default is None else str(field.default)
        choices = tuple(one for one in getattr(field.annotation, "__args__", ()) if isinstance(one, str))
        yield f"{prefix}{name}", (field.description or "", rule, default, choices)


def write_overrides(sheet: "Worksheet", styles: Styles, overrides: Node, comments: Comments) -> None:
    """The sheet holds a row for each change of the base: the table, and what each verb says."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(VERBS), 40)
    sheet.write_url(0, 0, "internal:contents!A1", styles.link, "contents")
    sheet.write_string(0, 1, "A row for each change of the base: where with set or multiply, add, or remove. "
                             "Each says columns and values, like item: bike, period: 2026-03", styles.plain)
    for at, heading in enumerate(("table", *VERBS)):
        sheet.write_string(HEADER, at, heading, styles.key if at < 1 else styles.other)
    sheet.freeze_panes(HEADER + 1, 1)
    row = HEADER
    for table, steps in overrides.items():
        for step in steps.value if steps.is_list else _settings_steps(steps):
            row = _write_comments(sheet, styles, row, comments.before(step.line or 0)) + 1
            sheet.write_string(row, 0, table, styles.text)
            for verb, content in step.items():
                text = inner_text(content) if content.is_mapping else flow_text(content)
                sheet.write_string(row, 1 + VERBS.index(verb), text or "{}", styles.wrapped)
    _write_comments(sheet, styles, row, comments.before(LAST_LINE))


def _settings_steps(settings: Node) -> list[Node]:
    """A step for each setting that the overrides change."""
    return [
        Node({"set": Node({name: child}, line=child.line)}, line=child.key_line or child.line)
        for name, child in settings.items()
    ]
