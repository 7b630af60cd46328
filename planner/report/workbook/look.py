"""How a workbook looks: its fonts, colors, widths and number formats."""

from collections.abc import Mapping
from typing import Any

from planner.report.charts import INK, MUTED

FONT = "Arial"
SOFT, LINE, RED, RED_INK, AMBER, AMBER_INK = "#F4F7FA", "#DFE5EC", "#F8D7D3", "#A8261B", "#FCEBC8", "#7A5200"
A4 = 9  # as spreadsheets number papers
BASE: Mapping[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK}
HEAD: dict[str, Any] = {"bold": True, "bg_color": SOFT, "bottom": 1, "bottom_color": MUTED}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12},
    "text": {},
    "muted": {"font_color": MUTED, "italic": True},
    "unit": {"indent": 1},
    "large": {"bold": True, "font_size": 13},
    "head": HEAD,
    "head_unit": {**HEAD, "indent": 1},
    "head_right": {**HEAD, "align": "right"},
    "past": {**HEAD, "bg_color": LINE, "align": "right", "italic": True},
}
CONDITIONS = {"missing": {"bg_color": RED, "font_color": RED_INK},
              "full": {"bg_color": AMBER, "font_color": AMBER_INK},
              "repeated": {"font_color": "#B8C2CC"}}
WHOLE, TENTHS, SHARE, MONEY = "#,##0;-#,##0;0", "#,##0.0", "0%", "#,##0"


def page(sheet: Any) -> None:
    """The sheet prints across, on A4, as many pages as it takes, each a page wide."""
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")


class Look:
    """The formats of one workbook, each made when it is first asked for."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str, bool], Any] = {}

    def of(self, name: str, *, number: str = "", bold: bool = False) -> Any:
        """A format by its name, with a number format."""
        key = (name, number, bold)
        if key not in self._made:
            special = {"num_format": number} if number else {}
            weight = {"bold": True} if bold else {}
            self._made[key] = self._book.add_format({**BASE, **LOOKS[name], **special, **weight})
        return self._made[key]

    def condition(self, name: str) -> Any:
        """What a cell looks like when something holds for it."""
        key = ("condition", name, False)
        if key not in self._made:
            self._made[key] = self._book.add_format(CONDITIONS[name])
        return self._made[key]
