"""The settings of a scenario: calendar, currency, objective, forecast and solver."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from planner.errors import Problem
from planner.scenario.calendar import (
    DATE_RULE,
    LAST_YEAR,
    Bucket,
    Calendar,
    parse_date,
    parse_period,
    period_rule,
)
from planner.scenario.lettering import name_fault
from planner.scenario.reading.cells import few
from planner.scenario.reading.node import Node
from planner.scenario.suggestions import did_you_mean, listed, quoted

MAXIMUM_PERIODS = 600  # fifty years of months
QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


def _setting(default: Any, meaning: str, rule: str, **limits: Any) -> Any:
    """A setting: what it means, and the rule that a problem quotes."""
    return Field(default, description=meaning, json_schema_extra={"rule": rule}, **limits)


def _day(value: object) -> object:
    return parse_date(value) if isinstance(value, str) else value


def _plan_on(value: object) -> object:
    if value == "mean" or (isinstance(value, float) and value in QUANTILES):
        return value
    raise ValueError


def _readable(value: object) -> object:
    if isinstance(value, str) and name_fault(value):
        raise ValueError
    return value


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class CalendarSettings(_Section):
    """Which periods are planned."""

    start: str = _setting(
        ..., "first period planned",
        "must be a month written like 2026-03, or a week written like 2026-W10 with bucket: week")
    periods: int = _setting(
        ...,
        "how many periods are planned",
        f"must be a whole number from 1 to {MAXIMUM_PERIODS}",
        ge=1,
        le=MAXIMUM_PERIODS,
    )
    bucket: Bucket = _setting("month", "length of a period", "must be month or week")
    frozen_periods: int = _setting(
        0,
        "how many of the first periods are held to the plan agreed on, which agreed_plan names: what is "
        "started, ordered, sent from site to site, hired and let go in them",
        "must be a whole number, 0 or more",
        ge=0,
    )


class ObjectiveSettings(_Section):
    """What the plan is best at."""

    mode: Literal["targets_first", "cost", "profit"] = _setting(
        "targets_first", "targets first and then the lowest cost, the lowest cost, or the highest profit",
        "must be targets_first, cost or profit")
    beyond_targets: Literal["all", "profitable", "none"] = _setting(
        "all",
        "which demand beyond orders and targets is served in mode targets_first",
        "must be all, profitable or none",
    )


class ForecastSettings(_Section):
    """Which demand is planned on."""

    plan_on: Annotated[float | Literal["mean"], BeforeValidator(_plan_on)] = _setting(
        "mean", "the mean, or the quantile of the forecast to plan on",
        f"must be mean or one of the quantiles {listed(map(str, QUANTILES))}")
    quantile_of: Literal["series", "total"] = _setting(
        "series",
        "what plan_on is a quantile of: each item and market for itself, for stock, which adds up to far "
        "more than the total is likely to reach; or the total of each period, shared out over items and "
        "markets, for capacity",
        "must be series or total",
    )
    as_of: Annotated[date | None, BeforeValidator(_day)] = _setting(
        None, "day up to which the past is known; blank: the day before the calendar starts", DATE_RULE)
    anchor: Literal["none", "total", "region", "market", "family", "item"] = _setting(
        "item",
        "level whose sums are forecast, too, so that the series under it agree with what their sum shows",
        "must be none, total, region, market, family or item",
    )
    consensus: Literal["weighted", "equal", "none"] = _setting(
        "weighted", "how much forecast_streams count: by their measured accuracy, all alike, or not at all",
        "must be weighted, equal or none")
    consume_backward: int = _setting(
        0, "how many periods before its own a booked order uses up the forecast of, once its own is used up",
        f"must be a whole number from 0 to {MAXIMUM_PERIODS}", ge=0, le=MAXIMUM_PERIODS)
    consume_forward: int = _setting(
        0,
        "how many periods after its own a booked order uses up the forecast of, once those before it are "
        "used up",
        f"must be a whole number from 0 to {MAXIMUM_PERIODS}",
        ge=0,
        le=MAXIMUM_PERIODS,
    )
    outliers: Literal["cut", "keep"] = _setting(
        "cut",
        "are past figures far off their usual course winsorised before they are forecast from; each one is "
        "listed",
        "must be cut or keep",
    )
    gaps: Literal["zero", "missing"] = _setting(
        "zero",
        "what a period without an order between two orders of an item means: nothing was sold, or nothing "
        "was recorded",
        "must be zero or missing",
    )
    returns: Literal["refuse", "net", "drop", "cancel"] = _setting(
        "refuse",
        "what order lines below 0 do: stop, be taken off their own period, be left out, or be taken off the "
        "order that they belong to, the customer's or market's latest of the item before them",
        "must be refuse, net, drop or cancel",
    )
    backtest_origins: int | None = _setting(
        None,
        "from how many past days the forecast is made again to see how good it is; blank: the last three and "
        "four a year",
        f"must be a whole number from 0 to {MAXIMUM_PERIODS}",
        ge=0,
        le=MAXIMUM_PERIODS,
    )
    churn: Literal["measured", "always", "never"] = _setting(
        "measured",
        "whether silent accounts lower the run-rate: where it made past forecasts better, always, or never",
        "must be measured, always or never",
    )


class SolverSettings(_Section):
    """How long and how exactly the solver searches."""

    time_limit: float | None = _setting(
        None, "seconds after which the search stops; blank: no limit", "must be more than 0 seconds", gt=0)
    effort: float | None = _setting(
        None,
        "work after which the search stops, counted in steps of the solver and not by the clock, so that any "
        "machine comes to the same plan: 60 is about a minute of an ordinary machine; blank: no limit",
        "must be more than 0",
        gt=0,
    )
    gap: float = _setting(
        0.0001, "relative distance to the proven bound that is good enough", "must be from 0 to 1", ge=0, le=1
    )
    threads: int = _setting(
        1, "processor threads to use", "must be a whole number from 1 to 1024", ge=1, le=1024
    )
    seed: int = _setting(
        0, "random seed of the solver", "must be a whole number from 0 to 2147483647", ge=0, le=2147483647
    )


class Settings(_Section):
    """Everything about a scenario that is not a table."""

    calendar: CalendarSettings = _setting(..., "which periods are planned", "must give start and periods")
    currency: Annotated[str, BeforeValidator(_readable)] = _setting(
        "EUR",
        "currency of all amounts",
        "must be a name, like EUR",
        min_length=1,
        max_length=20,
    )
    objective: ObjectiveSettings = _setting(
        ObjectiveSettings(), "what the plan is best at", "must give mode or beyond_targets"
    )
    forecast: ForecastSettings = _setting(
        ForecastSettings(), "which demand is planned on", "must give settings of the forecast")
    solver: SolverSettings = _setting(
        SolverSettings(),
        "how long and how exactly to search",
        "must give time_limit, effort, gap, threads or seed",
    )

    @model_validator(mode="after")
    def _known_up_to_the_start(self) -> "Settings":
        if self.forecast.as_of is None:
            start = parse_period(self.calendar.start, bucket=self.calendar.bucket)
            day_before = start.start_time.date() - timedelta(days=1)
            object.__setattr__(self, "forecast", self.forecast.model_copy(update={"as_of": day_before}))
        return self

    def periods(self) -> Calendar:
        """The calendar that the settings describe."""
        start: pd.Period = parse_period(self.calendar.start, bucket=self.calendar.bucket)
        return Calendar(start, self.calendar.periods, self.calendar.bucket)


SECTIONS = tuple(Settings.model_fields)


def setting_paths() -> list[str]:
    """Every setting and section by its path, like solver.gap."""
    return [
        path
        for name in Settings.model_fields
        for path in (name, *(f"{name}.{inner}" for inner in _inner_fields(name)))
    ]


def required_settings() -> list[str]:
    """The settings and sections that must be given, by their paths."""
    return [
        path
        for name, field in Settings.model_fields.items()
        for path, declared in (
            (name, field),
            *((f"{name}.{inner}", inner_field) for inner, inner_field in _inner_fields(name).items()),
        )
        if declared.is_required()
    ]


def _inner_fields(name: str) -> dict[str, FieldInfo]:
    section = _section_of(Settings, name)
    return {} if section is Settings else section.model_fields


def read_settings(tree: Node) -> tuple[Settings | None, list[Problem]]:
    """The settings that the tree describes, or every problem it has."""
    problems = _start_problems(tree)
    try:
        settings = Settings.model_validate({name: _filled(child, name) for name, child in tree.items()})
    except ValidationError as error:
        wrong = [(details["loc"], details["type"]) for details in error.errors() if details["loc"]]
        problems += few(
            wrong, lambda one: _problem(tree, *one), what="settings with problems", file=tree.file
        )
        return None, problems
    except ValueError:  # the start, which is reported already
        return None, problems
    problems += [] if problems else _end_problems(tree, settings.periods())
    return (None if problems else settings), problems


def _filled(section: Node, name: str) -> Any:
    """The section without its blanks: a blank setting, or section, means its default. A blank of a name that
    is no setting stays, so that a slip such as `mode:cost`, which is a name without a value, is found.
    """
    values = section.plain()
    if values is None:
        return {}
    declared = _inner_fields(name) if name in Settings.model_fields else {}
    return (
        {setting: value for setting, value in values.items() if value is not None or setting not in declared}
        if isinstance(values, dict)
        else values
    )


def _start_problems(tree: Node) -> list[Problem]:
    """The start is a period of the calendar's own bucket."""
    calendar = tree.get("calendar")
    start = calendar.get("start") if calendar is not None else None
    bucket = calendar.get("bucket") if calendar is not None else None
    if start is None or not isinstance(start.value, str):
        return []
    length: Bucket = "week" if bucket is not None and bucket.value == "week" else "month"
    try:
        parse_period(start.value, bucket=length)
    except ValueError:
        rule = f"{period_rule(length)}. The bucket is {length}"
        code = "settings.calendar.start.period"
        return [start.problem(rule, column="calendar.start", value=quoted(start.text), code=code)]
    return []


def _end_problems(tree: Node, calendar: Calendar) -> list[Problem]:
    """The last period can be written, so that plans can be read again."""
    try:
        calendar.parse(calendar.label(calendar.end))
    except ValueError:
        rule = f"must end in {LAST_YEAR} at the latest, and ends in {calendar.label(calendar.end)}"
        periods = tree["calendar"]["periods"]
        code = "settings.calendar.periods.end"
        return [periods.problem(rule, column="calendar.periods", value=periods.text, code=code)]
    return []


def _problem(tree: Node, location: tuple[int | str, ...], kind: str) -> Problem:
    """The problem at one place of the tree, in the words of that setting's rule."""
    path = [str(part) for part in location if isinstance(part, str)]
    path = path[:2]
    model: type[BaseModel] = Settings
    place = tree
    for name in path[:-1]:
        place = place.get(name) or place
        model = _section_of(model, name)
    column = ".".join(path)
    if kind == "extra_forbidden":
        allowed = f"no such setting. Allowed are {', '.join(model.model_fields)}"
        reason = allowed + _slip(path[-1], model)
        code = ".".join(["settings", *path[:-1], "unknown"])
        return (place.get(path[-1]) or place).problem(reason, column=column, code=code)
    if kind == "missing":
        return place.problem("must be given", column=column, code=f"settings.{column}.required")
    node = place.get(path[-1]) or place
    rule = (model.model_fields[path[-1]].json_schema_extra or {})["rule"]  # type: ignore[index]
    near = did_you_mean(node.text, str(rule).replace(",", "").split()) if kind == "literal_error" else ""
    value = quoted(node.text) if isinstance(node.value, str) else node.text
    return node.problem(
        f"{rule}{near}",
        column=column,
        value=None if not node.is_scalar or node.is_blank else value,
        code=f"settings.{column}.value",
    )


# Names that settings had before, and those that they have now.
RENAMED = {"record_cycles": "backtest_origins"}


def _slip(name: str, model: type[BaseModel]) -> str:
    """What was probably meant by a name that is no setting."""
    if RENAMED.get(name) in model.model_fields:
        return f". It is called {RENAMED[name]} now"
    meant, colon, value = name.partition(":")
    if colon and meant in model.model_fields:
        return f". Write {meant}: {value}, with a space after the colon"
    if name.isdecimal():
        return ". Write numbers with a decimal point and without separators, like 1234.5"
    return did_you_mean(name, model.model_fields)


def _section_of(model: type[BaseModel], name: str) -> type[BaseModel]:
    section = model.model_fields[name].annotation
    return section if isinstance(section, type) and issubclass(section, BaseModel) else model
