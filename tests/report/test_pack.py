"""The pack: complete, self-contained, readable for everybody, and safe with any name."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.errors import PlanError
from planner.plan.plan import Plan
from planner.report import charts, pack
from planner.report.pack import render_pack, write_pack
from tests.report.examples import empty_tables, example_plan, rows, small_plan

VOID = {"meta", "link", "col", "br"}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><b>x",
    "{{ 7 * 7 }}",
    "a\x00b\x1bc",
)
CHAPTERS = ["For decision", "Since last month", "Demand review", "Supply review", "Demand and supply together",
            "Scorecard", "Appendix: proof, provenance and figures"]


class Elements(HTMLParser):
    """The elements of a page with their attributes, texts by element, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data.strip()))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    def said(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag and text]


def tiny(name: str = "Baseline", **changed: Any) -> Plan:
    """A plan of three months and two lines, for what does not depend on size."""
    return example_plan(name, periods=3, lines=2, **changed)


@pytest.fixture(scope="module")
def single() -> str:
    return render_pack([tiny()])


@pytest.fixture(scope="module")
def compared() -> str:
    surge = pd.DataFrame([["demand", "changed", "item=kids-16", "quantity", "100", "130"]],
                         columns=["table", "change", "key", "column", "before", "after"])
    return render_pack([tiny(), tiny("Second shift", extra=0.12), tiny("Surge", changes=surge)])


def test_the_chapters_stand_in_the_order_of_the_meeting(single: str) -> None:
    assert Elements(single).said("h2") == CHAPTERS


def test_several_plans_are_compared_and_one_is_recommended(compared: str) -> None:
    said = Elements(compared)
    assert "Comparison of the plans" in said.said("h2")
    assert "Recommended: Second shift" in said.said("h3")  # it delivers most of the same demand
    assert {"The plans at a glance", "Scorecard", "What Surge changes in its base"} <= set(said.said("caption"))


def test_what_is_better_and_worse_is_said_in_words(compared: str) -> None:
    verdicts = " ".join(Elements(compared).said("small"))
    # more capacity delivers more (fill rate, revenue) and costs more
    assert "better" in verdicts and "worse" in verdicts


def test_nothing_is_loaded_from_anywhere(compared: str) -> None:
    elements = Elements(compared)
    assert not {"script", "img", "iframe", "object", "embed", "base"} & {tag for tag, _ in elements.found}
    links = [
        value
        for _, attributes in elements.found
        for name, value in attributes.items()
        if name.endswith(("href", "src"))
    ]
    assert [link for link in links if not (link or "").startswith(("#", "data:,"))] == []
    assert re.findall(r"url\((?!#)|@import", compared) == []
    policy = next(meta["content"] for meta in elements.named("meta") if "http-equiv" in meta)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_every_table_has_a_caption_and_headings(compared: str) -> None:
    elements = Elements(compared)
    tables = len(elements.named("table"))
    assert tables > 5
    assert len(elements.named("caption")) == len(elements.said("caption")) == tables
    assert {heading.get("scope") for heading in elements.named("th")} == {"col", "row", "rowgroup"}


def test_every_chart_says_what_it_shows(compared: str) -> None:
    drawings = [drawing for drawing in Elements(compared).named("svg") if "aria-hidden" not in drawing]
    assert len(drawings) > 10
    assert all(drawing["role"] == "img" and len(drawing["aria-label"] or "") > 20 for drawing in drawings)


def test_elements_have_ids_of_their_own(compared: str) -> None:
    ids = Counter(attributes["id"] for _, attributes in Elements(compared).found if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_names_stay_names(name: str) -> None:
    sales = rows(
        "sales",
        {"item": name, "market": name, "demand": 9.0, "lost": 4.0, "delivered_on_time": 5.0, "price": 3.0},
    )
    hostile = small_plan(
        name=name,
        question=name,
        currency=name[:9],
        tables={
            "sales": sales,
            "targets": rows("targets", {"target": name, "measure": "units", "quantity": 9.0, "demand": 9.0}),
            "capacity": rows(
                "capacity", {"site": name, "work_center": name, "effective_hours": 9.0, "load_hours": 9.0}
            ),
            "inventory": rows(
                "inventory", {"item": name, "site": name, "closing": 3.0, "safety_stock_shortfall": 1.0}
            ),
            "costs": rows("costs", {"cost": name, "amount": 5.0}),
        },
    )
    text = render_pack([hostile, hostile])
    elements = Elements(text)
    assert not {"script", "img", "b"} & {tag for tag, _ in elements.found}
    assert not [
        attributes for _, attributes in elements.found if any(key.startswith("on") for key in attributes)
    ]
    assert "49" not in " ".join(elements.said("h2"))
    assert "\x00" not in text


@pytest.mark.parametrize(("bucket", "periods", "plans"), [("month", 18, 1), ("week", 52, 4), ("month", 1, 2)])
def test_the_page_is_whole_for_any_number_of_periods_and_plans(bucket: str, periods: int, plans: int) -> None:
    made = [example_plan(f"Plan {n}", bucket=bucket, periods=periods, extra=n / 20) for n in range(plans)]
    elements = Elements(render_pack(made))
    assert elements.open == []
    assert [name for name in elements.said("th") if name.startswith("Plan ")][:plans] == [f"Plan {n}" for n in range(plans)]


def test_of_many_work_centers_the_most_loaded_are_shown_and_the_page_says_so() -> None:
    text = render_pack([example_plan(lines=60)])
    # 60 work centers and 2 labor pools
    assert "The 6 most loaded of 62 work centers and labor pools." in text
    assert re.search(r"53 more are loaded \d+\.\d% or less on average\.", text)


def test_a_plan_with_nothing_in_it_still_has_a_page() -> None:
    empty = tiny(tables=empty_tables(), passes=(), question="", kpi_table=tiny().kpi_table.head(0))
    elements = Elements(render_pack([empty]))
    assert "There is no demand." in elements.said("li")
    assert elements.named("figure") == []


def test_plans_of_one_name_are_told_apart(tmp_path: Path) -> None:
    write_pack([tiny(), tiny(extra=0.1)], tmp_path / "pack.html")
    assert "Baseline (2)" in Elements((tmp_path / "pack.html").read_text(encoding="utf-8")).said("th")


def test_the_same_plans_give_the_same_page(single: str) -> None:
    assert render_pack([tiny()]) == single


def test_an_unproven_plan_is_marked_everywhere_and_not_recommended() -> None:
    late = tiny("Second shift", extra=0.12, status="time_limit", gap=0.023, mode="cost")
    elements = Elements(render_pack([tiny(mode="cost"), late]))
    assert "stopped at the time limit: the best plan found; cost proven within 2.3%" in elements.said("td")
    assert [said for said in elements.said("p") if "is not proven to be the best plan of its scenario" in said]
    assert "No plan is recommended" in elements.said("h3")
    assert "Second shift" not in elements.said("th")  # in every table it has its mark
    assert elements.said("th").count("Second shift *") >= 3


@pytest.mark.parametrize("count", [0, 5])
def test_more_plans_than_can_be_told_apart_are_refused(count: int) -> None:
    with pytest.raises(
        PlanError, match=f"a pack shows 1 to 4 plans, not {count}. planner compare takes any number"
    ):
        render_pack([tiny()] * count)


def test_plans_in_different_currencies_are_refused() -> None:
    with pytest.raises(PlanError, match="plans in EUR and USD cannot be compared"):
        render_pack([tiny(), tiny(currency="USD")])


def luminance(color: str) -> float:
    parts = [int(color[place:place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(color: str, ground: str) -> float:
    light, dark = sorted((luminance(color), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def style(name: str) -> str:
    css = (Path(pack.__file__).parent / "templates" / "pack.css").read_text(encoding="utf-8")
    found = re.search(rf"--{name}: (#\w+);", css)
    assert found
    return found[1]


@pytest.mark.parametrize("ground", ["#ffffff", style("soft")])
@pytest.mark.parametrize("color", [*map(style, ("ink", "muted", "good", "bad", "accent")), charts.INK, charts.MUTED])
def test_text_can_be_read_by_people_who_see_little_contrast(color: str, ground: str) -> None:
    assert contrast(color, ground) >= 4.5  # WCAG 2, level AA


@pytest.mark.parametrize("color", charts.PLAN_COLORS)
def test_lines_of_plans_stand_out_from_the_paper(color: str) -> None:
    assert contrast(color, "#ffffff") >= 3  # WCAG 2, level AA for graphics


def test_lines_of_plans_differ_without_color() -> None:
    assert len({str(dash) for dash in charts.PLAN_DASHES}) == len(charts.PLAN_COLORS)


def test_the_page_takes_its_plans_as_they_come_out_of_a_folder(tmp_path: Path, single: str) -> None:
    tiny().save(tmp_path / "plan")
    assert render_pack([Plan.load(tmp_path / "plan")]).count("<svg") == single.count("<svg")


def test_figures_by_period_are_folded_and_what_is_missing_is_marked() -> None:
    text = render_pack([example_plan(periods=6)])

    assert "<details open" not in text
    assert "<summary>Deliveries against demand by family, in piece</summary>" in text
    assert re.search(r'<td class="missing">[0-9,]+</td>', text)


def test_no_place_of_the_machine_stands_in_the_pack() -> None:
    text = render_pack([tiny(scenario_source="/srv/secret/baseline")])
    assert "baseline" in text
    assert "/srv" not in text and "secret" not in text


def test_the_report_takes_as_many_plans_as_can_be_told_apart() -> None:
    assert len(charts.PLAN_DASHES) == pack.MAXIMUM_PLANS
