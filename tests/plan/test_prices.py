"""The prices of each pass: service first, then money."""

import pytest
from shortage import shop

from planner.plan.plan import Plan, make_plan
from planner.plan.prices import money_prices, service_prices
from planner.scenario.load import load_scenario


@pytest.fixture(scope="module")
def short() -> Plan:
    return make_plan(load_scenario(shop()))


def test_an_hour_of_what_is_full_serves_one_more_unit_in_the_pass_of_service(short: Plan) -> None:
    priced = service_prices(short)
    hours = priced[priced["constraint"] == "work_center_capacity"]

    # a bike takes an hour, so an hour more loses one bike less
    assert set(hours["pass"]) == {"sales targets missed, priority 1", "remaining demand lost, priority 5"}
    lost = hours[hours["pass"] == "remaining demand lost, priority 5"]
    assert set(lost["work_center"]) == {"assembly"}
    assert lost["shadow_price"].round(6).tolist() == [1.0] * len(lost)


def test_passes_of_service_price_limits_alone_and_the_last_pass_is_money(short: Plan) -> None:
    assert "demand_balance" not in set(service_prices(short)["constraint"])
    assert set(money_prices(short)["pass"]) == {"operations cost"}
    assert len(money_prices(short)) + len(service_prices(short)) == len(short.tables["shadow_prices"])
