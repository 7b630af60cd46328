"""What Corvane's customers asked for in 2023 to 2025: run-rate orders, deals in the pipeline, orders still to
deliver.
"""

import datetime as dt
from collections import Counter
from typing import Any

import clientele
import company
import numpy as np

Row = dict[str, Any]

AS_OF = dt.date(2025, 12, 31)
HISTORY_STARTS = dt.date(2023, 1, 1)
MONTHS = 36
RUN_RATE_NOISE = 0.09
ORDERS_IN_A_MONTH = 0.42  # chance that a customer orders an item in a month
# Dealers commit to the spring early: share of a month's run-rate business that is already ordered, by months
# ahead.
ORDERED_AHEAD = (0.75, 0.45, 0.2)
PRICE_INDEX = {2023: 0.94, 2024: 0.97, 2025: 1.0, 2026: 1.0}

FIRST_DEAL = dt.date(2022, 5, 1)
DEALS_A_DAY = (0.68, 2.4)  # on the first day, on the last
STAGES = ("qualified", "proposal", "negotiation")
# chance to leave a stage upwards; otherwise lost
ADVANCES = {"qualified": 0.68, "proposal": 0.74, "negotiation": 0.74}
DAYS_IN_STAGE = {"qualified": 66, "proposal": 72, "negotiation": 60}
STALE_SHARE, STALE_DAYS = 0.11, 330  # deals that nobody closes for long
LAST_DEAL_DAYS = 400  # so long before it leaves a customer starts no deal any more
# of the decisions due in the last weeks of a quarter, those that wait for its last days
QUARTER_END_SHARE = 0.6
QUARTER_END_WEEKS = 9
BIKES_IN_A_DEAL = {"city": 30, "cargo": 14, "trail": 16}
LEAD_SOURCES = {  # share of the deals, and what the source does to the chance of advancing
    "web": (0.30, 0.94),
    "fair": (0.22, 1.0),
    "partner": (0.18, 1.08),
    "outbound": (0.16, 0.90),
    "referral": (0.14, 1.15),
}
FAIRS = {"03": ("utrecht", 62000), "07": ("frankfurt", 94000), "10": ("lyon", 41000)}
WEB_CAMPAIGN_COST = 18000


def customers(random: np.random.RandomState) -> list[Row]:
    """The accounts: who they are, how much they buy, since when and until when."""
    return [_account(name, market, segment, random)
            for market, segments in clientele.CUSTOMERS.items()
            for segment, names in segments.items()
            for name in names.split()]


def _account(name: str, market: str, segment: str, random: np.random.RandomState) -> Row:
    is_recent = random.random_sample() < 0.25 and segment != "chain"
    first, days = (HISTORY_STARTS, 900) if is_recent else (dt.date(2012, 3, 1), 3900)
    priority = 1 if name in clientele.KEY_ACCOUNTS else clientele.SEGMENTS[segment]["priority"]
    return {"customer": name, "market": market, "segment": segment, "priority": priority,
            "since": first + dt.timedelta(days=int(random.randint(days))),
            "until": dt.date.fromisoformat(clientele.CHURNED.get(name, "2099-01") + "-01"),
            "size": clientele.SEGMENTS[segment]["size"] * float(random.lognormal(0, 0.35))}


def since_first_order(accounts: list[Row], history: list[Row]) -> list[Row]:
    """The accounts, each a customer at the latest since its first order."""
    first: dict[str, dt.date] = {}
    for line in history:
        first[line["customer"]] = min(line["date"], first.get(line["customer"], AS_OF))
    return [
        {**account, "since": min(account["since"], first.get(account["customer"], AS_OF))}
        for account in accounts
    ]


def run_rate(accounts: list[Row], random: np.random.RandomState) -> list[Row]:
    """Orders of dealers and chains: trend, season and noise by item and market, shared out among the market's
    customers.
    """
    lines = []
    for item in company.rows_of(clientele.RUN_RATE):
        family = _item(item["item"])["family"]
        for market in clientele.MARKET_WEIGHTS:
            buyers = [account for account in accounts if account["market"] == market]
            for month in range(MONTHS):
                noise = float(random.lognormal(-RUN_RATE_NOISE**2 / 2, RUN_RATE_NOISE))
                quantity = round(monthly_volume(item, market, month=month) * noise)
                lines += _order_lines(
                    item["item"], family, quantity, buyers=buyers, month=month, random=random
                )
    return lines


def monthly_volume(item: Row, market: str, *, month: int) -> float:
    """Bikes a month without noise; month 0 is January 2023, 30 the middle of 2025, whose level `volume_2025`
    states.
    """
    family = _item(item["item"])["family"]
    weights = {name: weight[family] for name, weight in clientele.MARKET_WEIGHTS.items()}
    share = weights[market] / sum(weights.values())
    growth = (1 + float(item["growth"])) ** ((month - 29.5) / 12)
    return float(item["volume_2025"]) / 12 * share * clientele.SEASON[family][month % 12] * growth


def _order_lines(item: str, family: str, quantity: int, *, buyers: list[Row], month: int,
                 random: np.random.RandomState) -> list[Row]:
    first = _first_day(month)
    active = [buyer for buyer in buyers if buyer["since"] <= first < buyer["until"]]
    ordering = [buyer for buyer in active if random.random_sample() < ORDERS_IN_A_MONTH] or active[:1]
    appetite = np.array([buyer["size"] * clientele.SEGMENTS[buyer["segment"]][family] for buyer in ordering])
    shares = random.multinomial(quantity, appetite / appetite.sum())
    return [_order(buyer, item, int(units), first + dt.timedelta(days=int(random.randint(28))))
            for buyer, units in zip(ordering, shares, strict=True) if units]


def _order(buyer: Row, item: str, quantity: int, date: dt.date) -> Row:
    return {"date": date, "customer": buyer["customer"], "item": item, "quantity": quantity,
            "revenue": round(quantity * _price(buyer, item, date.year)), "opportunity": ""}


def opportunities(accounts: list[Row], random: np.random.RandomState) -> tuple[list[Row], list[Row]]:
    """Deals with their fate, and the days on which each entered its stages."""
    deals, entries = [], []
    days = (AS_OF - FIRST_DEAL).days + 1
    for day in range(days):
        rate = DEALS_A_DAY[0] + (DEALS_A_DAY[1] - DEALS_A_DAY[0]) * day / days
        for _ in range(random.poisson(rate)):
            created = FIRST_DEAL + dt.timedelta(days=day)
            deal = _new_deal(created, accounts, random)
            steps = _follow(deal, random)
            if deal["closed"] and deal["closed"] < HISTORY_STARTS:
                continue
            deal["opportunity"] = f"OP-{len(deals) + 1:04d}"
            entries += [
                {"opportunity": deal["opportunity"], "stage": stage, "entered": entered}
                for stage, entered in steps
            ]
            deals.append(deal)
    return deals, entries


def _new_deal(created: dt.date, accounts: list[Row], random: np.random.RandomState) -> Row:
    accounts = [
        account for account in accounts if created < account["until"] - dt.timedelta(days=LAST_DEAL_DAYS)
    ]
    weights = np.array(
        [clientele.SEGMENTS[account["segment"]]["deals"] * account["size"] ** 0.5 for account in accounts]
    )
    account = accounts[_draw(weights, random)]
    segment = clientele.SEGMENTS[account["segment"]]
    items = company.rows_of(clientele.RUN_RATE)
    appetite = np.array(
        [float(item["volume_2025"]) ** 0.5 * segment[_item(item["item"])["family"]] for item in items]
    )
    item = items[_draw(appetite, random)]["item"]
    mean = BIKES_IN_A_DEAL[_item(item)["family"]]
    quantity = max(2, round(float(random.lognormal(np.log(mean) - 0.245, 0.7))))
    source = list(LEAD_SOURCES)[_draw(np.array([share for share, _ in LEAD_SOURCES.values()]), random)]
    return {
        "opportunity": "",
        "customer": account["customer"],
        "item": item,
        "quantity": quantity,
        "amount": round(quantity * _price(account, item, created.year) / 10) * 10,
        "stage": "",
        "created": created,
        "expected_close": _expectation(created, random),
        "closed": None,
        "outcome": "open",
        "lead_source": source,
        "campaign": campaign_of(source, created),
    }


def _follow(deal: Row, random: np.random.RandomState) -> list[tuple[str, dt.date]]:
    """Takes a deal through its stages until it is won, lost or the day of the snapshot has come."""
    steps, day, is_won = [], deal["created"], True
    is_stale = random.random_sample() < STALE_SHARE
    for stage in STAGES:
        steps.append((stage, day))
        deal["stage"] = stage
        is_won = random.random_sample() < ADVANCES[stage] * LEAD_SOURCES[deal["lead_source"]][1]
        days = random.gamma(2.0, DAYS_IN_STAGE[stage] / 2) + (
            random.gamma(2.0, STALE_DAYS / 2) if is_stale else 0
        )
        is_won = is_won and not is_stale
        decided = not is_won or stage == STAGES[-1]
        day = day + dt.timedelta(days=1 + int(days))
        day = _quarter_habit(day, random) if decided and stage != STAGES[0] else day
        if day > AS_OF:
            deal["expected_close"] = _slipped(deal["expected_close"], random)
            return steps
        if decided:
            break
    deal["closed"], deal["outcome"] = day, "won" if is_won else "lost"
    return steps


def _quarter_habit(day: dt.date, random: np.random.RandomState) -> dt.date:
    """Most of the decisions in a quarter's last weeks are pushed into its last ten days."""
    end = _quarter_end(day)
    if random.random_sample() > QUARTER_END_SHARE or (end - day).days > 7 * QUARTER_END_WEEKS:
        return day
    return max(day, end - dt.timedelta(days=int(random.randint(10))))


def _expectation(created: dt.date, random: np.random.RandomState) -> dt.date:
    """Sales expects the decision at the end of the month three to five months on."""
    return _month_end(created + dt.timedelta(days=70 + int(random.gamma(3.0, 18))))


def _slipped(expected: dt.date, random: np.random.RandomState) -> dt.date:
    """A date that has passed is mostly moved on by a quarter or so; some are forgotten."""
    if expected > AS_OF or random.random_sample() < 0.25:
        return expected
    return _month_end(AS_OF + dt.timedelta(days=15 + int(random.gamma(2.0, 40))))


def campaign_of(source: str, created: dt.date) -> str:
    """The campaign behind a lead: the last fair for a fair lead, the quarter's advertising for a web lead."""
    if source == "web":
        return f"web-{created.year}-q{(created.month + 2) // 3}"
    if source != "fair":
        return ""
    months = [f"{created.year - 1}-10", *(f"{created.year}-{month}" for month in FAIRS)]
    year, month = max(text for text in months if text <= f"{created:%Y-%m}").split("-")
    return f"fair-{FAIRS[month][0]}-{year}"


def campaigns(deals: list[Row], random: np.random.RandomState) -> list[Row]:
    """What each campaign cost and brought: every deal that names it was a qualified lead."""
    qualified = Counter(deal["campaign"] for deal in deals if deal["campaign"])
    return [{"campaign": campaign, "lead_source": campaign.split("-")[0], "period": _campaign_month(campaign),
             "cost": round(_campaign_cost(campaign) * float(random.uniform(0.9, 1.15)), -2),
             "leads": round(count * float(random.uniform(3.2, 5.5))), "qualified": count}
            for campaign, count in sorted(qualified.items(), key=lambda entry: _campaign_month(entry[0]))]


def _campaign_month(campaign: str) -> str:
    kind, where, when = campaign.split("-")
    if kind == "web":
        return f"{where}-{3 * int(when[1]) - 2:02d}"
    return f"{when}-{next(month for month, (place, _) in FAIRS.items() if place == where)}"


def _campaign_cost(campaign: str) -> float:
    place = campaign.split("-")[1]
    return next((cost for name, cost in FAIRS.values() if name == place), WEB_CAMPAIGN_COST)


def orders_from_deals(
    deals: list[Row], accounts: list[Row], random: np.random.RandomState
) -> tuple[list[Row], list[Row]]:
    """Won deals as order history where the goods were wanted by the end of 2025, as booked orders where
    later.
    """
    accounts_by_name = {account["customer"]: account for account in accounts}
    history, booked = [], []
    for deal in deals:
        if deal["outcome"] != "won":
            continue
        wanted = deal["closed"] + dt.timedelta(days=int(random.gamma(2.0, 8)))
        if wanted <= AS_OF:
            history.append(
                {
                    "date": wanted,
                    "customer": deal["customer"],
                    "item": deal["item"],
                    "quantity": deal["quantity"],
                    "revenue": deal["amount"],
                    "opportunity": deal["opportunity"],
                }
            )
        else:
            price = round(deal["amount"] / deal["quantity"], 2)
            booked.append(
                {
                    **_order(accounts_by_name[deal["customer"]], deal["item"], deal["quantity"], wanted),
                    "price": price,
                }
            )
    return history, booked


def booked_ahead(accounts: list[Row], random: np.random.RandomState) -> list[Row]:
    """Run-rate orders that customers have already placed for the first months of 2026."""
    lines = []
    for item in company.rows_of(clientele.RUN_RATE):
        family = _item(item["item"])["family"]
        for market in clientele.MARKET_WEIGHTS:
            buyers = [account for account in accounts if account["market"] == market]
            for ahead, share in enumerate(ORDERED_AHEAD):
                volume = (
                    monthly_volume(item, market, month=MONTHS + ahead)
                    * share
                    * float(random.lognormal(0, 0.12))
                )
                lines += _order_lines(
                    item["item"], family, round(volume), buyers=buyers, month=MONTHS + ahead, random=random
                )
    return lines


def overdue(history: list[Row], random: np.random.RandomState) -> list[Row]:
    """The last orders of December that could not be delivered any more, half of each still owed."""
    december = sorted(
        (line for line in history if line["date"] >= dt.date(2025, 12, 8) and line["quantity"] >= 12),
        key=lambda line: (line["date"], line["customer"], line["item"]),
    )
    chosen = random.choice(len(december), size=7, replace=False)
    return [{**december[index], "quantity": december[index]["quantity"] // 2} for index in sorted(chosen)]


def _draw(weights: np.ndarray, random: np.random.RandomState) -> int:
    return int(np.searchsorted(np.cumsum(weights) / weights.sum(), random.random_sample(), side="right"))


def _price(account: Row, item: str, year: int) -> float:
    discount = clientele.SEGMENTS[account["segment"]]["discount"]
    return float(_item(item)["price"]) * PRICE_INDEX.get(year, PRICE_INDEX[2023]) * (1 - discount)


def _item(item: str) -> dict[str, str]:
    return company.by_key(company.ITEMS)[item]


def _first_day(month: int) -> dt.date:
    return dt.date(HISTORY_STARTS.year + month // 12, month % 12 + 1, 1)


def _month_end(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def _quarter_end(day: dt.date) -> dt.date:
    return _month_end(day.replace(day=1, month=(day.month + 2) // 3 * 3))
