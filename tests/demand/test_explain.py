"""A figure is explained by parts that add up to it, by deals with their chances, by people, and by what has
changed.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.folder import save_demand
from planner.errors import OutputError, PlanError
from tests.demand.shops import orders, shop
from tests.demand.test_demand import tagged, won_deals

MONTHS = np.arange(48)
COURSE = 100 * 1.01 ** MONTHS * np.exp(0.3 * np.sin(2 * np.pi * MONTHS / 12))


def everything(**more):
    """A shop with a season, a pipeline, a promotion, streams, an override, orders and an item that the user
    brings.
    """
    deals = won_deals()
    sale = {
        "promotion": "sale",
        "item": "bike",
        "uplift": 0.2,
        "forward_buy": 0.5,
        "from": "2026-02",
        "to": "2026-02",
    }
    override = {"item": "bike", "period": "2026-04", "percent": 10, "reason": "fair", "author": "Ann"}
    return shop(
        periods=6,
        items=("bike", "tool"),
        order_history=orders(COURSE) + tagged(deals),
        opportunities=deals,
        promotions=[sale],
        forecast_streams=[{"stream": "sales", "item": "bike", "period": "2026-03", "quantity": 300.0}],
        booked_orders=[
            {"order": "big", "item": "bike", "market": "north", "quantity": 900.0, "due": "2026-05"}
        ],
        demand=[{"item": "tool", "market": "north", "period": "2026-01", "quantity": 12.0}],
        **({"forecast_overrides": [override]} | more),
    )


def parts_of(demand, period: str, item: str = "bike") -> dict[str, float]:
    rows = demand.parts[(demand.parts["item"] == item) & (demand.parts["period"] == period)]
    return rows.set_index("part")["quantity"].to_dict()


def written(demand, scenario, folder: Path) -> Path:
    save_demand(demand, folder, scenario.calendar)
    return folder


def test_the_parts_add_up_to_the_figure() -> None:
    demand = planner.forecast(everything())
    keys = ["item", "market", "period"]
    total = demand.parts.groupby(keys)["quantity"].sum()
    mean = demand.quantiles.set_index(keys)["mean"]
    assert total.reindex(mean.index, fill_value=0.0).to_numpy() == pytest.approx(mean.to_numpy())


def test_every_part_stands_where_it_belongs() -> None:
    demand = planner.forecast(everything())
    january, february, march, april, may = (parts_of(demand, f"2026-0{month}") for month in range(1, 6))
    assert set(january) <= {"level", "season", "open deals", "new deals"}  # the trend begins here
    normal = february["level"] + february["trend"] + february["season"]
    assert february["promotion"] == pytest.approx(0.2 * normal)
    # bought in February
    assert march["promotion"] == pytest.approx(-0.1 * (march["level"] + march["trend"] + march["season"]))
    assert march["consensus"] > 0
    assert april["overrides"] == pytest.approx(
        0.1 * sum(value for name, value in april.items() if name != "overrides")
    )
    assert may["orders"] == pytest.approx(900 - sum(value for name, value in may.items() if name != "orders"))
    assert parts_of(demand, "2026-01", item="tool") == {"brought": 12.0}
    assert january["level"] == pytest.approx(february["level"])
    assert 0.5 < february["trend"] < 3  # about 1 % a month of 160


def test_the_season_is_what_the_time_of_the_year_adds() -> None:
    demand = planner.forecast(
        shop(periods=12, order_history=orders(100 * np.exp(0.3 * np.sin(2 * np.pi * MONTHS / 12))))
    )
    april, october = parts_of(demand, "2026-04"), parts_of(demand, "2026-10")
    assert april["level"] == pytest.approx(100, rel=0.03)
    assert april["season"] == pytest.approx(100 * (np.exp(0.3) - 1), rel=0.05)
    assert october["season"] == pytest.approx(100 * (np.exp(-0.3) - 1), rel=0.05)


def test_the_explanation_names_deals_with_chance_and_month_and_people_with_their_reason() -> None:
    demand = planner.forecast(everything())
    said = demand.explain(item="bike", market="north", period="2026-04")
    mean = sum(parts_of(demand, "2026-04").values())
    assert said[0].startswith(
        f"bike in north, 2026-04: demand is {mean:,.0f} units; in four of five cases it will be "
    )
    assert any(line.startswith("  +") and "level:" in line for line in said)
    assert any(line.startswith("Deal deal-") and "won in 2026-04 with a chance of" in line for line in said)
    assert any(
        line.startswith("Ann changed bike in north, 2026-04, from") and line.endswith("fair.")
        for line in said
    )
    total = planner.forecast(everything()).explain()
    assert total[0] == f"All items, all periods: demand is {demand.quantiles['mean'].sum():,.0f} units."


def test_what_changed_since_the_last_cycle_is_said_part_by_part(tmp_path: Path) -> None:
    before = everything(forecast_overrides=[])
    folder = written(planner.forecast(before), before, tmp_path / "earlier")
    said = planner.forecast(everything()).explain(
        item="bike", market="north", period="2026-04", previous=folder
    )
    changed = [line for line in said if line.startswith("In the last forecast it was ")]
    assert len(changed) == 1
    assert said[-1].startswith("  +")
    assert said[-1].endswith(" overrides")  # and nothing else has moved
    same = planner.forecast(everything()).explain(
        item="bike", market="north", period="2026-03", previous=folder
    )
    assert same[-1] == "In the last forecast it was the same."


def test_deals_that_came_and_went_are_named(tmp_path: Path) -> None:
    deals = won_deals()
    last = next(deal for deal in deals if deal["outcome"] == "open")
    scenario = shop(periods=3, opportunities=deals)
    folder = written(planner.forecast(scenario), scenario, tmp_path / "earlier")
    lost = [
        deal if deal is not last else deal | {"outcome": "lost", "closed": "2025-12-30"} for deal in deals
    ]
    fresh = {**last, "opportunity": "fresh", "created": "2025-12-28"}
    said = planner.forecast(shop(periods=3, opportunities=[*lost, fresh])).explain(previous=folder)
    assert any(
        line.startswith(f"Deal {last['opportunity']}, of which") and line.endswith("is no longer open.")
        for line in said
    )
    assert any(line.startswith("Deal fresh, of which") and line.endswith("is new.") for line in said)


@pytest.mark.parametrize(("asked", "answer"), [
    ({"item": "bik"}, 'no demand of item "bik". Did you mean "bike"?'),
    ({"market": "east"}, 'no demand of market "east"'),
    ({"period": "2027-01"}, "period 2027-01 is not planned, only 2026-01 to 2026-06 are"),
    ({"period": "soon"}, 'period "soon": ')])
def test_what_is_not_planned_cannot_be_explained(asked, answer) -> None:
    demand = planner.forecast(shop(order_history=orders([20.0] * 24)))
    with pytest.raises(PlanError) as failed:
        demand.explain(**asked)
    assert str(failed.value).startswith(answer)


def test_a_folder_that_is_no_forecast_is_refused(tmp_path: Path) -> None:
    demand = planner.forecast(shop(order_history=orders([20.0] * 24)))
    with pytest.raises(PlanError, match=r"forecast\.json: is not that of an earlier forecast \(No such file"):
        demand.explain(previous=tmp_path)
    (tmp_path / "forecast.json").write_text('{"files": {}}')
    (tmp_path / "parts.csv").write_text("item,what\nbike,4\n")
    with pytest.raises(PlanError, match=r"parts\.csv: is not the table"):
        demand.explain(previous=tmp_path)


def test_tables_of_two_forecasts_are_never_read_as_one(tmp_path: Path) -> None:
    scenario = shop(order_history=orders([20.0] * 24))
    one, two = (written(planner.forecast(shop(order_history=orders([level] * 24))), scenario, tmp_path / str(level))
                for level in (20.0, 30.0))
    (one / "parts.csv").write_bytes((two / "parts.csv").read_bytes())
    with pytest.raises(PlanError, match=r"parts\.csv: is not as it was written: it was edited, or comes from another"):
        planner.forecast(scenario).explain(previous=one)


def test_a_forecast_joins_nobody_elses_files(tmp_path: Path) -> None:
    scenario = shop(order_history=orders([20.0] * 24))
    (tmp_path / "scenario.yaml").write_text("name: Shop")
    with pytest.raises(OutputError, match=r"this folder holds something else than a forecast\. Choose an empty"):
        save_demand(planner.forecast(scenario), tmp_path, scenario.calendar)
    assert [file.name for file in tmp_path.iterdir()] == ["scenario.yaml"]


def test_a_forecast_that_cannot_be_written_leaves_the_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = shop(order_history=orders([20.0] * 24))
    folder = written(planner.forecast(scenario), scenario, tmp_path / "forecast")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    newer = planner.forecast(shop(order_history=orders([30.0] * 24)))
    real = Path.write_text

    def full(file: Path, *arguments: str, **keywords: str) -> int:
        if file.name == "record.csv":
            raise OSError(28, "No space left on device")
        return real(file, *arguments, **keywords)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="No space left on device"):
        save_demand(newer, folder, scenario.calendar)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [place.name for place in tmp_path.iterdir()] == ["forecast"]


def test_an_earlier_forecast_of_other_periods_says_so(tmp_path: Path) -> None:
    scenario = shop(periods=1, order_history=orders([20.0] * 24))
    folder = written(planner.forecast(scenario), scenario, tmp_path / "earlier")
    said = planner.forecast(shop(order_history=orders([20.0] * 24))).explain(
        period="2026-03", previous=folder
    )
    assert said[-1] == "The last forecast does not reach these periods."
    assert isinstance(planner.forecast(scenario).parts["period"].dtype, pd.PeriodDtype)
