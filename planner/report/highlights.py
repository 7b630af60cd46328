"""What people want to know first, drawn from a plan's tables. The terminal and the page say the same because
both ask here.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.figures import Scale, one, percent, scale_for, share
from planner.model.cost_terms import COST_TERMS
from planner.model.solution import MONEY
from planner.plan.prices import money_prices

if TYPE_CHECKING:
    from planner.model.solution import Pass
    from planner.plan.plan import Plan

# a utilization from which a resource counts as full, and a share from which a target counts as met
FULL = 0.9999
TOLERANCE = 1e-6  # units or money: below it there is nothing
# The rules whose marginal value is that of an hour of a resource.
HOURS_OF = (
    ("work_center_capacity", "work center", "work_center"),
    ("labor_hours", "labor pool", "labor_pool"),
)
SERVED = {"demand": "wanted", "delivered_on_time": "on_time", "delivered_late": "late", "lost": "lost"}
# The sides of the meeting, in the order of the scorecard.
SIDES = {"sales": "Sales", "operations": "Operations", "both": "Sales and operations"}
CLASSES = {"booked": "Booked orders", "forecast": "Forecast demand"}
FINISHED, COMPONENTS = "finished goods", "components"
ABBREVIATIONS = {"Oee": "OEE"}


def words(name: str) -> str:
    """A column's or term's name as people write it: order_fill_rate -> Order fill rate."""
    text = name.replace("_", " ").strip()
    capital = text[:1].upper() + text[1:]
    return ABBREVIATIONS.get(capital, capital)


def place(key: str) -> str:
    """The parts of a key as people write them; a blank part stands for all and says nothing."""
    return ", ".join(part for part in key.split(" | ") if part)


def objective_name(plan: "Plan") -> str:
    """What the plan's objective measures."""
    return {"profit": "Profit", "cost": "Total cost"}.get(plan.mode, "Operations cost")


def scale_of_pass(step: "Pass", currency: str) -> Scale:
    """The scale in which what a pass reached and its bound are read: the currency's, of the last one."""
    figures = [figure for figure in (step.objective, step.bound) if figure is not None]
    return scale_for(figures, "currency", currency=currency if step.measure == MONEY else "")


def headlines(plan: "Plan") -> list[str]:
    """The few sentences that a board reads: service, targets, bottleneck."""
    return [*service_sentences(plan), *target_sentence(plan), bottleneck(plan)]


# -------------------------------------------------------------------------------------------------------
# sales


def service(plan: "Plan") -> pd.DataFrame:
    """Units wanted, on time, late and lost: one row for booked orders, one for the forecast."""
    return _added_up(plan.tables["sales"], by=["demand_class"], columns=list(SERVED)).rename(columns=SERVED)


def service_sentences(plan: "Plan") -> list[str]:
    """How much of the booked orders and of the forecast is delivered, and how."""
    rows = service(plan)
    demanded = rows[rows[["on_time", "late", "lost"]].sum(axis="columns") > TOLERANCE]
    return [_service_sentence(CLASSES.get(row["demand_class"], row["demand_class"]), row)
            for row in demanded.to_dict("records")] or ["There is no demand."]


def _service_sentence(name: str, row: Mapping[Any, Any]) -> str:
    owed = row["on_time"] + row["late"] + row["lost"]  # what was overdue when the plan started included
    late, lost, units = round(row["late"]), round(row["lost"]), one(round(owed), "units")
    missed = [
        f"{one(amount, '')} {word}" for amount, word in ((late, "late"), (lost, "not delivered")) if amount
    ]
    if not missed:
        return f"{name}: all {units} on time."
    on_time = percent(share(row["on_time"], owed)) if row["on_time"] > TOLERANCE * owed else "none"
    return f"{name}: {on_time} of {units} on time, {', '.join(missed)}."


def targets(plan: "Plan") -> pd.DataFrame:
    """The sales targets with the delivered share of each, the furthest from met first."""
    table = plan.tables["targets"]
    figures = table.assign(
        **{name: _numbers(table[name]) for name in ("quantity", "demand", "delivered", "shortfall")}
    )
    attainment = (figures["delivered"] / figures["quantity"].where(figures["quantity"] > 0)).fillna(1.0)
    return figures.assign(attainment=attainment).sort_values(["attainment", "target"], ignore_index=True)


def target_sentence(plan: "Plan") -> list[str]:
    """How many targets are met, and which is furthest off."""
    rows = targets(plan)
    if rows.empty:
        return []
    count = int((rows["attainment"] >= FULL).sum())
    worst = (
        f"; the lowest attainment is {rows['target'].iloc[0]} with {percent(rows['attainment'].iloc[0])}"
        if count < len(rows)
        else ""
    )
    return [f"{count} of {len(rows)} sales target{'' if len(rows) == 1 else 's'} met{worst}."]


def shortages(plan: "Plan") -> pd.DataFrame:
    """Units late and lost by item and market, with the revenue of what is lost; the dearest first."""
    sales = plan.tables["sales"]
    valued = sales.assign(lost_revenue=_numbers(sales["lost"]) * _numbers(sales["price"]))
    added = _added_up(valued, by=["item", "market"], columns=[*SERVED, "lost_revenue"]).rename(columns=SERVED)
    missing = added[(added["lost"] > TOLERANCE) | (added["late"] > TOLERANCE)]
    return missing.sort_values(
        ["lost_revenue", "lost", "late", "item", "market"],
        ascending=[False, False, False, True, True],
        ignore_index=True,
    )


# --------------------------------------------------------------------------------------- production and
# workforce


def load(plan: "Plan") -> pd.DataFrame:
    """Hours, capacity and utilization of every work center and labor pool by period; a blank capacity is
    unlimited.
    """
    centers, pools = plan.tables["capacity"], plan.tables["workforce"]
    parts = [
        centers.assign(
            kind="work center", resource=centers["work_center"], capacity=centers["effective_hours"]
        ),
        pools.assign(
            kind="labor pool",
            resource=pools["labor_pool"],
            capacity=pools["regular_hours"],
            load_hours=pools["hours_used"],
        ),
    ]
    columns = ["kind", "site", "resource", "period", "capacity", "load_hours", "overtime_hours"]
    joined = pd.concat(
        [part[columns] for part in parts if not part.empty] or [parts[0][columns]], ignore_index=True
    )
    figures = joined.assign(**{name: _numbers(joined[name]) for name in columns[4:]})
    return _labelled(
        plan,
        figures.assign(
            utilization=figures["load_hours"] / figures["capacity"].where(figures["capacity"] > 0)
        ),
    )


def resources(plan: "Plan") -> pd.DataFrame:
    """One row per limited work center and labor pool, the most loaded first.

    `full` counts the periods in which it is full, `closed` those in which it has no hours; `worth` is the
    solver's price of an hour where it is highest: it ranks them and is shown to nobody, since it holds for
    an instant only. `plan.worth` solves again.
    """
    hours = load(plan)
    limited = hours[hours["capacity"].notna()]
    limited = limited.assign(full=limited["utilization"] >= FULL, closed=limited["capacity"] <= TOLERANCE)
    added = limited.groupby(["kind", "site", "resource"], sort=True).agg(
        capacity=("capacity", "sum"), hours=("load_hours", "sum"), overtime=("overtime_hours", "sum"),
        peak=("utilization", "max"), full=("full", "sum"), closed=("closed", "sum"),
        periods=("full", "size")).reset_index()
    average = (added["hours"] / added["capacity"].where(added["capacity"] > 0)).fillna(0.0)
    rated = added.assign(average=average, peak=added["peak"].fillna(0.0))
    resource = ["kind", "site", "resource"]
    return (
        rated.merge(_worth_of_an_hour(plan), how="left", on=resource, validate="one_to_one")
        .fillna({"worth": 0.0})
        .sort_values(["average", "site", "resource"], ascending=[False, True, True], ignore_index=True)
    )


def bottleneck(plan: "Plan") -> str:
    """The resource that holds the plan back most, in a sentence; the fullest where no price says so."""
    rated = resources(plan)
    # without hours in a period it holds back only what somebody would pay for
    held_back = rated["full"] + rated["closed"].where(rated["worth"] > TOLERANCE, 0)
    ranked = rated.assign(held_back=held_back).sort_values(
        ["held_back", "worth", "average"], ascending=False, ignore_index=True
    )
    if ranked.empty:
        return "No work center or labor pool has limited hours."
    first = ranked.iloc[0]
    name = f"{first['resource']} ({first['site']})"
    if not first["held_back"]:
        if first["hours"] <= TOLERANCE:
            return f"No hours are worked{_closed(plan, rated)}."
        return f"Nothing is full; {name} is the most loaded, {percent(first['peak'])} at its peak."
    return f"{name} {_fullness(plan, first)}."


def _closed(plan: "Plan", rated: pd.DataFrame) -> str:
    """Which work centers have no hours at all; where there are none, which labor pools."""
    shut = rated[rated["closed"] == rated["periods"]].sort_values("kind", ascending=False, kind="stable")
    alike = shut[shut["kind"] == shut["kind"].iloc[0]] if len(shut) else shut
    names = [f"{row['resource']} ({row['site']})" for row in alike.to_dict("records")]
    have = "has" if len(names) == 1 else "have"
    return f"; {' and '.join(names)} {have} no hours in any {plan.bucket}" if names else ""


def _fullness(plan: "Plan", resource: "pd.Series[Any]") -> str:
    """In how many periods it is full, and in how many it has no hours at all."""
    full, closed, periods = (int(resource[name]) for name in ("full", "closed", "periods"))
    parts = [f"is full in {full} of {periods} {plan.bucket}s"] if full else []
    if closed:
        parts.append(f"has no hours in {'any' if closed == periods else closed} {plan.bucket}"
                     f"{'s' if 1 < closed < periods else ''}")
    return " and ".join(parts)


def _worth_of_an_hour(plan: "Plan") -> pd.DataFrame:
    """What one more hour of each work center and labor pool is worth, where it is worth most."""
    prices = money_prices(plan)
    priced = prices.assign(worth=_numbers(prices["shadow_price"]))
    parts = [
        priced[priced["constraint"] == rule].assign(kind=kind, resource=priced[key])
        for rule, kind, key in HOURS_OF
    ]
    hours = pd.concat(parts, ignore_index=True)
    return hours.groupby(["kind", "site", "resource"])["worth"].max().reset_index()


# --------------------------------------------------------------------------------------------- inventory and
# costs


def stock(plan: "Plan") -> pd.DataFrame:
    """Closing stock, safety stock and what is missing by site and period, items that are sold apart from
    their components.
    """
    table = plan.tables["inventory"]
    sold = table["item"].isin(plan.tables["sales"]["item"].unique())
    sorted_out = table.assign(goods=sold.map({True: FINISHED, False: COMPONENTS}))
    columns = ["closing", "safety_stock", "safety_stock_shortfall", "holding"]
    return _labelled(plan, _added_up(sorted_out, by=["site", "goods", "period"], columns=columns))


def below_safety_stock(plan: "Plan") -> pd.DataFrame:
    """Items whose stock falls below the safety stock: in how many periods and how far, the furthest first."""
    table = plan.tables["inventory"]
    short = table.assign(
        missing=_numbers(table["safety_stock_shortfall"]), safety_stock=_numbers(table["safety_stock"])
    )
    below = short[short["missing"] > TOLERANCE]
    added = (
        below.groupby(["item", "site"], sort=True)
        .agg(periods=("period", "size"), missing=("missing", "max"), safety_stock=("safety_stock", "max"))
        .reset_index()
    )
    return added.sort_values(["missing", "item", "site"], ascending=[False, True, True], ignore_index=True)


def stock_sentence(plan: "Plan") -> str:
    """Whether safety stocks are kept."""
    has_safety_stock = _numbers(plan.tables["inventory"]["safety_stock"]) > TOLERANCE
    stocks = plan.tables["inventory"][has_safety_stock][["item", "site"]].drop_duplicates()
    if stocks.empty:
        return ""
    below = len(below_safety_stock(plan))
    return f"{len(stocks) - below} of {len(stocks)} safety stocks are kept in every {plan.bucket}."


def cost_by_term(plan: "Plan") -> pd.DataFrame:
    """Amount of each cost that is not zero, in the order in which goods flow: columns cost, amount."""
    added = _added_up(plan.tables["costs"], by=["cost"], columns=["amount"])
    return _in_order(added[added["amount"].abs() > TOLERANCE])


def _in_order(costs: pd.DataFrame) -> pd.DataFrame:
    order = costs["cost"].map({term: rank for rank, term in enumerate(COST_TERMS)})
    return costs.assign(rank=order).sort_values("rank", kind="stable", ignore_index=True).drop(columns="rank")


# -------------------------------------------------------------------------------------------------- small
# steps


def _added_up(frame: pd.DataFrame, *, by: list[str], columns: list[str]) -> pd.DataFrame:
    figures = frame.assign(**{name: _numbers(frame[name]) for name in columns})
    return figures.groupby(by, sort=True)[columns].sum().reset_index()


def _labelled(plan: "Plan", frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(period=plan.calendar.labels(frame["period"])) if len(frame) else frame


def _numbers(column: "pd.Series[float]") -> "pd.Series[float]":
    return pd.to_numeric(column).astype("float64")
