"""How the cells of a workbook look."""

from typing import TYPE_CHECKING

from planner.scenario.columns import Column

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

KEY, REQUIRED, OTHER, NOTE = "#1F5C7A", "#5B9BB8", "#E4EDF2", "#F4F1E6"
GREY = "#6B6B6B"
TEXT = "@"  # a cell that stays what is written into it, whatever it looks like
DAY = "yyyy-mm-dd"


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: "Workbook") -> None:
        def style(**properties: object) -> "Format":
            return book.add_format({"font_name": "Calibri", "font_size": 11, "valign": "top", **properties})

        small = {"font_size": 9, "font_color": GREY, "text_wrap": True}
        self.plain = style()
        self.wrapped = style(text_wrap=True)
        self.title = style(bold=True, font_size=16)
        self.area = style(bold=True, font_size=12, font_color=KEY)
        self.heading = style(bold=True, bottom=1)
        self.link = style(font_color=KEY, underline=1)
        self.meaning = style(**small)
        self.unit = style(**small, italic=True)
        self.comment = style(font_size=9, font_color=GREY, num_format=TEXT)
        self.example = style(font_size=9, font_color=GREY, bg_color="#FAFAFA", num_format=TEXT)
        self.text = style(num_format=TEXT)
        self.literal = style(num_format=TEXT, quote_prefix=True)
        self.day = style(num_format=DAY)
        self.number = style()
        self.key = style(bold=True, bg_color=KEY, font_color="#FFFFFF", border=1, border_color="#FFFFFF")
        self.required = style(bold=True, bg_color=REQUIRED, font_color="#FFFFFF", border=1,
                              border_color="#FFFFFF")
        self.other = style(bold=True, bg_color=OTHER, border=1, border_color="#FFFFFF")
        self.note = style(bold=True, italic=True, bg_color=NOTE, border=1, border_color="#FFFFFF")

    def of_header(self, column: Column | None) -> "Format":
        """How the name of the column looks; none is a note of people."""
        if column is None:
            return self.note
        return self.key if column.key else self.required if column.required else self.other

    def of_cells(self, column: Column | None) -> "Format":
        """How the cells of the column look."""
        if column is not None and column.kind in ("number", "whole"):
            return self.number
        return self.day if column is not None and column.kind == "date" else self.text

    def legend(self) -> list[tuple["Format", str]]:
        """What the colours of the headings mean."""
        return [
            (self.key, "a key: says which row it is. No two rows have the same keys"),
            (self.required, "must be filled in"),
            (self.other, "may stay blank: the line above says what a blank means"),
            (self.note, "a note for people (a column named notes, or with # before its name): not read"),
        ]
