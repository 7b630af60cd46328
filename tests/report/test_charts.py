"""Charts as drawings: they tell their figures, scale with the page and load nothing."""

from xml.etree import ElementTree

import pandas as pd

from planner.report import charts

SVG = f"{{{charts.SVG}}}"
PERIODS = [f"2026-{month:02d}" for month in range(1, 13)]


def load(**changed: object) -> str:
    frame = pd.DataFrame({"period": PERIODS, "regular": 50.0, "overtime": 5.0, "capacity": 60.0}).assign(**changed)
    return charts.svg(charts.load_panel(frame), says="Hours & capacity")


def test_the_drawing_says_what_it_shows_and_scales_with_the_page() -> None:
    drawn = ElementTree.fromstring(load())
    assert (drawn.get("role"), drawn.get("aria-label")) == ("img", "Hours & capacity")
    assert drawn.get("viewBox") and drawn.get("width") is None


def test_each_mark_tells_its_figure() -> None:
    told = [title.text for title in ElementTree.fromstring(load()).iter(f"{SVG}title")]
    assert {
        "2026-03 regular: 50 hours",
        "2026-03 overtime: 5 hours",
        "2026-03 capacity: 60 hours",
    } <= set(told)


def test_names_are_drawn_as_they_are_written() -> None:
    name = "<script>alert(1)</script> &\x00Söhne"
    frame = pd.DataFrame({"label": [name], "plan": ["A"], "attainment": [0.5], "wanted": [0.9],
                          "low": [0.8], "high": [1.0]})
    drawn = charts.svg(charts.target_chart(frame, plans=["A"], width=charts.WIDE), says=name)
    elements = list(ElementTree.fromstring(drawn).iter())
    assert not [element for element in elements if element.tag.endswith("script")]
    assert "<script>alert(1)</script> & Söhne" in [
        element.text for element in elements if element.tag == f"{SVG}text"
    ]


def test_a_chart_loads_nothing() -> None:
    assert "href" not in load() and "url(" not in load().replace("url(#", "")


def test_a_few_periods_are_labelled_and_all_are_drawn() -> None:
    drawn = ElementTree.fromstring(load())
    labels = [element.text for element in drawn.iter(f"{SVG}text") if (element.text or "").startswith("2026")]
    # 12 x 74 px > 500 px: every second
    assert labels == ["2026-01", "2026-03", "2026-05", "2026-07", "2026-09", "2026-11"]
    assert len([title for title in drawn.iter(f"{SVG}title") if "capacity" in (title.text or "")]) == 12


def test_costs_are_stacked_in_their_order() -> None:
    frame = pd.DataFrame({"plan": ["A", "A"], "term": ["Purchase", "Freight"], "amount": [3.0, 1.0]})
    terms = dict(zip(["Purchase", "Freight"], charts.TERM_COLORS, strict=False))
    chart = charts.cost_chart(frame, terms=terms, unit="EUR", along="plan", width=charts.PANEL)
    drawn = ElementTree.fromstring(charts.svg(chart, says="Costs by plan"))
    assert [title.text for title in drawn.iter(f"{SVG}title")] == ["A, Purchase: 3 EUR", "A, Freight: 1 EUR"]
