"""What a forecast reads of a scenario: where none of it differs, what it makes of the past is the same.

Everything counts as read that is not named here as unread, so that a table, column or setting that comes to
the schema can make a forecast be made again for nothing, and never be left out of one.
"""

import pandas as pd

from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES

SUPPLY_AREAS = ("sourcing", "production", "quality", "workforce", "inventory", "delivery", "finance",
                "stability", "goals")
SUPPLY_TABLES = frozenset(name for name, table in TABLES.items() if table.area in SUPPLY_AREAS) | {
    "sales_targets", "service_terms", "sites", "site_options"}
# Read after the past is, when the forecast meets what is ordered and what is planned on.
MET_LATER = frozenset({"booked_orders"})
SETTINGS_MET_LATER = {"plan_on", "quantile_of", "consume_backward", "consume_forward"}
UNREAD_COLUMNS = {"items": ["unit", "price", "standard_cost", "volume", "weight", "shelf_life"]}


def unread_tables(scenario: Scenario) -> frozenset[str]:
    """The tables that change nothing in the scenario's demand. Lanes say which markets a stockout closes."""
    return SUPPLY_TABLES - ({"lanes"} if len(scenario["stockouts"]) else set())


def deal_prices(scenario: Scenario, opportunities: pd.DataFrame, items: pd.DataFrame) -> pd.Series:
    """A price for each opportunity: the price list's without its spans, else the item's."""
    listed = scenario.resolve("prices", opportunities[["item", "market"]])["price"]
    usual = opportunities["item"].map(items.set_index("item")["price"])
    return listed.where(listed.notna(), usual)


def past_is_read_alike(one: Scenario, other: Scenario) -> bool:
    """Whether the two scenarios have the same past to forecast from, overrides of today apart."""
    unread = MET_LATER | (unread_tables(one) & unread_tables(other)) | {"prices"}
    return (_settings(one) == _settings(other)
            and one.recorded("campaigns").equals(other.recorded("campaigns"))
            and all(_read_part(one, name).equals(_read_part(other, name))
                    for name in TABLES if name not in unread)
            and _prices_deals_alike(one, other))


def _settings(scenario: Scenario) -> tuple[object, ...]:
    settings = scenario.settings
    return (scenario.calendar, settings.currency, settings.solver.seed,
            settings.forecast.model_dump(exclude=SETTINGS_MET_LATER))


def _read_part(scenario: Scenario, name: str) -> pd.DataFrame:
    """The rows and columns of a table that the past is read from. An override without a day of its own was
    known at no day of the past, and of what the user brings only counts for what.
    """
    frame = scenario[name].drop(columns=UNREAD_COLUMNS.get(name, []))
    if name == "forecast_overrides":
        frame = frame[frame["entered"].notna()]
    if name == "demand":
        frame = frame[["item", "market"]].drop_duplicates().sort_values(["item", "market"])
    return frame.reset_index(drop=True)


def _prices_deals_alike(one: Scenario, other: Scenario) -> bool:
    """Whether amounts of deals stand for the same quantities."""
    if one["prices"].equals(other["prices"]) and one["items"]["price"].equals(other["items"]["price"]):
        return True
    prices = (deal_prices(each, each["opportunities"], each["items"]) for each in (one, other))
    return next(prices).equals(next(prices))
