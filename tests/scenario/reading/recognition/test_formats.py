"""What `formats` says is checked like every other part of scenario.yaml."""

from collections.abc import Callable

import pytest

Problems = Callable[..., list[str]]
DESCRIBED = "name: B\ncalendar: {start: 2026-01, periods: 3}\nformats: "


@pytest.mark.parametrize(("said", "problem"), [
    ("dmy", "scenario.yaml line 3, formats: must map decimal, dates, separator or encoding to what they are"),
    ("{dates: ymd}", 'scenario.yaml line 3, formats.dates = "ymd": must be dmy or mdy'),
    ("{date: dmy}", 'scenario.yaml line 3, formats.date: no such format. Allowed are decimal, dates, separator, encoding and tables. Did you mean '
                    '"dates"?'),
    ("{encoding: klingon}", 'scenario.yaml line 3, formats.encoding = "klingon": must be an encoding that is known, like cp1252'),
    ("{encoding: hex}", 'scenario.yaml line 3, formats.encoding = "hex": must be an encoding that is known, like cp1252'),
    ("{items: {decimal: dot}}", 'scenario.yaml line 3, formats.items.decimal = "dot": must be point or comma'),
])
def test_what_is_wrong_with_formats_is_said(problems_of: Problems, said: str, problem: str) -> None:
    assert problems_of({"scenario.yaml": f"{DESCRIBED}{said}\n"}) == [problem]


@pytest.mark.parametrize("said", ["", "{decimal: point, dates: dmy, separator: comma, encoding: utf-8}", "{items: {decimal: point}}"])
def test_what_formats_may_say_is_no_problem(problems_of: Problems, said: str) -> None:
    assert problems_of({"scenario.yaml": f"{DESCRIBED}{said}\n"}) == []
