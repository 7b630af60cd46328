"""Reads a public CRM extract (Maven Analytics, "CRM Sales Opportunities") as a scenario, its known faults
cleaned.

Faults, and what is done about them:
- the product is "GTXPro" in the pipeline and "GTX Pro" in the price list: one name, the latter;
- 500 deals at stage Prospecting have no day on which they began, so nothing can be said about their age: left
  out;
- a lost deal's value is 0, an open deal's is missing: neither says what the deal was worth, so both are
  blank;
- there are no quantities: units are the value divided by the list price, which the package does by itself;
- 1,425 open deals have no account: the market is the sales agent's regional office, which every deal has.
"""

from pathlib import Path
from typing import Any

import pandas as pd
from public_data import CRM

OUTCOMES = {"Won": "won", "Lost": "lost", "Engaging": "open"}


def crm_scenario(*, start: str, periods: int, folder: Path = CRM) -> dict[str, Any]:
    """A scenario whose calendar starts in the month, with every deal of the extract; the package knows what
    is not known yet.
    """
    deals = read_deals(folder)
    # what an open deal will bring is not known before it is won
    unknown = ~(deals["closed"] < pd.Period(start).start_time)
    deals = deals.assign(amount=deals["amount"].mask(unknown))
    prices = deals[["item", "price"]].drop_duplicates()
    opportunities = deals.drop(columns="price").assign(
        created=deals["created"].dt.strftime("%Y-%m-%d"), closed=deals["closed"].dt.strftime("%Y-%m-%d"))
    markets = sorted(deals["market"].unique())
    return {
        "name": "CRM",
        "question": "What will the pipeline bring?",
        "calendar": {"start": start, "periods": periods},
        "currency": "USD",
        "items": prices.to_dict("records"),
        "markets": [{"market": market} for market in markets],
        "sites": [{"site": "hub"}],
        "sourcing": [
            {"item": item, "supplier": "any", "site": "hub", "unit_cost": 0.0} for item in prices["item"]
        ],
        "lanes": [{"origin": "hub", "destination": market, "mode": "any"} for market in markets],
        "opportunities": [
            {key: value for key, value in row.items() if pd.notna(value)}
            for row in opportunities.to_dict("records")
        ],
    }


def read_deals(folder: Path = CRM) -> pd.DataFrame:
    """Deals that have begun: opportunity, item, market, amount, created, closed, outcome, price."""
    deals = pd.read_csv(folder / "sales_pipeline.csv", parse_dates=["engage_date", "close_date"])
    deals = deals[deals["engage_date"].notna()].replace({"product": {"GTXPro": "GTX Pro"}})
    price = pd.read_csv(folder / "products.csv").set_index("product")["sales_price"]
    office = pd.read_csv(folder / "sales_teams.csv").set_index("sales_agent")["regional_office"]
    return pd.DataFrame(
        {
            "opportunity": deals["opportunity_id"],
            "item": deals["product"],
            "market": deals["sales_agent"].map(office),
            "amount": deals["close_value"].where(deals["close_value"] > 0),
            "created": deals["engage_date"],
            "closed": deals["close_date"],
            "outcome": deals["deal_stage"].map(OUTCOMES),
            "price": deals["product"].map(price),
        }
    ).reset_index(drop=True)
