"""Results as people read them in a terminal: tables without frames, plain and of a fixed width in a pipe."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import NOTHING, percent, printable, scale_for, share
from planner.plan.comparison.compare import OPEN, difference_column, verdict_column
from planner.report import highlights, proof
from planner.report.gap_tables import gap_tables
from planner.report.highlights import words
from planner.report.terminal.parts import counted, indented as _indented, titled_table as _table

if TYPE_CHECKING:
    from planner.demand.demand import Demand
    from planner.model.solution import Pass
    from planner.plan.audit.findings import Finding
    from planner.plan.comparison.compare import Comparison
    from planner.plan.gaps import Gaps
    from planner.plan.plan import Plan

MAXIMUM_ROWS = 8  # of a table: a screen holds a whole plan
MAXIMUM_ITEMS = 20  # of a forecast; all of them are in the files
RECORD = ("item and market", "total")
VERDICTS = {"better": "better", "worse": "worse", OPEN: proof.OPEN_MARK}  # as they stand in a table
STYLES = {"better": "green", "worse": "red", proof.OPEN_MARK: "yellow"}


# ----------------------------------------------------------------------------------------------- one per
# command


def demand_result(demand: "Demand") -> RenderableType:
    """Demand by item and origin, the largest items first, and how well past forecasts did."""
    ledger = demand.ledger
    by_origin = ledger.pivot_table(
        index="item", columns="origin", values="quantity", aggfunc="sum", fill_value=0.0
    )
    scale = scale_for([by_origin.sum(axis="columns").max()] if len(by_origin) else [], "units")
    ranked = by_origin.assign(sum=-by_origin.sum(axis="columns")).sort_values("sum", kind="stable")
    largest = by_origin.loc[ranked.index[:MAXIMUM_ITEMS]]
    rows = [
        [str(item), *(scale.text(amount) for amount in row), scale.text(row.sum())]
        for item, row in largest.iterrows()
    ]
    if len(by_origin) > len(largest):
        others = by_origin.drop(largest.index)
        rows.append([f"{len(others):,} more items", *(scale.text(amount) for amount in others.sum()),
                     scale.text(float(others.to_numpy().sum()))])
    total = by_origin.sum()
    rows.append(["all items", *(scale.text(amount) for amount in total), scale.text(total.sum())])
    title = f"Demand in {scale.unit} over {ledger['period'].nunique()} periods, by origin"
    notes = [Text(printable(note), style="yellow") for note in demand.notes]
    verdict = [_indented(sentence) for sentence in demand.verdict]
    tables: list[RenderableType] = [
        _table(title, ["item", *map(str, by_origin.columns), "total"], rows),
        Text(),
        Text("How past forecasts did", style="bold"),
        *verdict,
        *_record(demand.record),
    ]
    funnel = _pipeline_kpis(demand.pipeline_kpis)
    return Group(*tables, *([Text()] if funnel.renderables else []), funnel, *notes)


def plan_result(plan: "Plan") -> RenderableType:
    """What is met, what is short, what it costs, where the bottlenecks are, and how good the plan is proven
    to be.
    """
    scale = scale_for([plan.objective], "currency", currency=plan.currency)
    head = Text.assemble(
        (printable(plan.name), "bold"), f"  {printable(plan.question)}" if plan.question else ""
    )
    status = Text(proof.status_in_words(plan), style="green" if plan.is_proven else "yellow")
    objective = Text(f"{highlights.objective_name(plan)} {scale.with_unit(plan.objective)}", style="bold")
    headlines = [_indented(sentence) for sentence in highlights.headlines(plan)]
    tables = [_targets(plan), _shortages(plan), _costs(plan), _resources(plan), _passes(plan)]
    return Group(
        head,
        status,
        objective,
        *headlines,
        *(part for table in tables if table.renderables for part in (Text(), table)),
    )


def finding_list(plan: "Plan", findings: "Sequence[Finding]") -> RenderableType:
    """What the audit found, one line each; where the scenario has changed, that, and the rest as a count."""
    changed = [finding for finding in findings if finding.rule == "scenario_hash"]
    if changed:
        others = counted(len(findings) - len(changed), "other finding")
        hint = [_indented(f"{others}, likely for that reason; --json lists them")] if others else []
        return Group(Text(printable(f"{plan.name}: {changed[0].message}"), style="bold red"), *hint)
    head = counted(len(findings), "finding") or "every figure is what the scenario makes it"
    return Group(Text(printable(f"{plan.name}: {head}"), style="bold red" if findings else "bold"),
                 *(_indented(str(finding)) for finding in findings))


def sentences(lines: Sequence[str]) -> RenderableType:
    """Sentences, one below the other."""
    return Group(*(Text(printable(line)) for line in lines))


def gap_result(gaps: "Gaps", *, place: Path) -> RenderableType:
    """What is missing in sentences, then of targets and of demand in tables, and which command says what
    closes it; `place` is the plan's folder.
    """
    statements = [_indented(statement.text) for statement in gaps.statements]
    tables = [_table(table.caption, table.headings, [[cell.text for cell in row] for row in rows],
                     words=table.words, note=table.note)
              for table in gap_tables(gaps) for _, rows in table.bodies]
    return Group(*statements, *(part for table in tables for part in (Text(), table)), *_closing(gaps, place))


def _closing(gaps: "Gaps", place: Path) -> list[RenderableType]:
    """How to ask what closes the gaps that are for operations to close."""
    targets = gaps.for_operations
    if not targets:
        return []
    commands = [f"  planner remedies {shlex.quote(str(place))} --target {shlex.quote(target)}"
                for target in targets]
    return [Text(), Text("What closes a gap for operations to close, and at what price:"),
            *(Text(printable(command)) for command in commands)]


# -------------------------------------------------------------------------------------------------------
# tables


def _record(record: pd.DataFrame) -> list[RenderableType]:
    """Errors of past forecasts, step by step, beside those of simple methods; lower is better."""
    if record.empty:
        return []
    errors = record[
        record["level"].isin(RECORD) & (record["measure"] == "wape") & (record["method"] != "planner")
    ]
    wide = errors.pivot_table(
        index=["level", "method"], columns="lag", values="value", sort=False
    ).reset_index()
    lags = [lag for lag in wide.columns[2:] if lag] + [0]
    rows = (
        [
            str(row["level"]),
            words(row["method"]),
            *(NOTHING if pd.isna(row[lag]) else percent(row[lag]) for lag in lags),
        ]
        for row in wide.to_dict("records")
    )
    ahead = [f"{lag} ahead" if lag else "all ahead" for lag in lags]
    return [
        Text(),
        _table("Errors of past forecasts, step by step", ["level", "method", *ahead], rows, words=2),
    ]


def _pipeline_kpis(kpis: pd.DataFrame) -> Group:
    """What the pipeline is like: of all lead sources, win rates of each of them too; the file has the
    rest.
    """
    kpi_rows = kpis[kpis["lead_source"].isna() | (kpis["kpi"] == "win_rate")]
    rows = (
        [
            words(row["kpi"]).lower(),
            next((str(row[part]) for part in ("stage", "lead_source") if pd.notna(row[part])), "all"),
            *_measured(row),
            f"{row['count']:,}",
        ]
        for row in kpi_rows.to_dict("records")
    )
    return _table("How the pipeline does", ["measure", "of", "", "from", "to", "cases"], rows, words=2,
                  note="The truth lies between from and to with a confidence of 95%.")


def _measured(row: Mapping[Any, Any]) -> list[str]:
    """Value and interval, the value with its unit."""
    figures = [row["value"], row["low"], row["high"]]
    scale = scale_for([figure for figure in figures if pd.notna(figure)], row["unit"])
    value, low, high = (NOTHING if pd.isna(figure) else scale.text(figure) for figure in figures)
    unit = row["unit"].split(" per ")[0].replace("currency", "").strip() if row["unit"] != "0 to 1" else "%"
    return [f"{value} {unit}".strip(), low, high]


def _targets(plan: "Plan") -> Group:
    targets = highlights.targets(plan)
    return _table(
        _counted("Sales targets", targets),
        ["sales target", "unit", "target", "demand", "delivered", "shortfall", "attainment"],
        (_target(plan, row) for row in targets.head(MAXIMUM_ROWS).to_dict("records")),
        words=2,
    )


def _target(plan: "Plan", row: Mapping[Any, Any]) -> list[str | Text]:
    scale = scale_for(
        [row["quantity"]], "currency" if row["measure"] == "revenue" else "units", currency=plan.currency
    )
    figures = (scale.text(row[name]) for name in ("quantity", "demand", "delivered", "shortfall"))
    style = "green" if row["attainment"] >= highlights.FULL else "red"
    return [row["target"], scale.unit, *figures, Text(percent(row["attainment"]), style=style)]


def _shortages(plan: "Plan") -> Group:
    shortages = highlights.shortages(plan)
    units = scale_for([*shortages["lost"], *shortages["late"], *shortages["wanted"]], "units")
    money = scale_for(shortages["lost_revenue"], "currency", currency=plan.currency)
    rows = ([row["item"], row["market"], *(units.text(row[name]) for name in ("wanted", "late", "lost")),
             money.text(row["lost_revenue"])] for row in shortages.head(MAXIMUM_ROWS).to_dict("records"))
    heads = ["item", "market", "demand", "late", "lost", f"revenue lost, {money.unit}"]
    return _table(_counted("Shortages", shortages), heads, rows, words=2)


def _costs(plan: "Plan") -> Group:
    costs = highlights.cost_by_term(plan)
    total = costs["amount"].sum()
    scale = scale_for([total], "currency", currency=plan.currency)
    rows = [[words(row["cost"]), scale.text(row["amount"]), percent(share(row["amount"], total))]
            for row in costs.to_dict("records")]
    return _table(
        "Costs", ["cost", scale.unit, "share"], [*rows, ["Total", scale.text(total), ""]] if rows else []
    )


def _resources(plan: "Plan") -> Group:
    """How full each resource is."""
    resources = highlights.resources(plan)
    hours = scale_for(resources["overtime"], "hours")
    rows = (
        [
            row["resource"],
            row["site"],
            percent(row["average"]),
            percent(row["peak"]),
            f"{row['full']:.0f} of {row['periods']:.0f}",
            hours.text(row["overtime"]),
        ]
        for row in resources.head(MAXIMUM_ROWS).to_dict("records")
    )
    heads = ["work center or pool", "site", "load", "peak", f"full {plan.bucket}s", "overtime"]
    return _table(_counted("Load against capacity", resources), heads, rows, words=2)


def _passes(plan: "Plan") -> Group:
    heads = ["objective", "reached", "best possible", "gap", "seconds"]
    return _table("Objectives, in order", heads, (_pass(step, plan.currency) for step in plan.passes))


def _pass(step: "Pass", currency: str) -> list[str]:
    scale = highlights.scale_of_pass(step, currency)
    gap = NOTHING if step.gap is None else percent(step.gap)
    return [
        words(step.name),
        scale.with_unit(step.objective),
        scale.with_unit(step.bound),
        gap,
        f"{step.seconds:.2f}",
    ]


def scorecard(comparison: "Comparison", currency: str) -> Group:
    """KPIs of all plans side by side, each with its difference from the first."""
    rows = (_kpi(comparison.names, row, currency) for row in comparison.kpis.to_dict("records"))
    heads = ["figure", "unit", *proof.marked(comparison)]
    return _table("Scorecard", heads, rows, words=2, note=proof.verdict_note(comparison))


def _kpi(names: Sequence[str], row: Mapping[Any, Any], currency: str) -> list[str | Text]:
    scale = scale_for([row[name] for name in names], row["unit"], currency=currency)
    others = [
        _compared(
            scale.text(row[name]), scale.difference(row[difference_column(name)]), row[verdict_column(name)]
        )
        for name in names[1:]
    ]
    return [words(row["kpi"]), scale.unit, scale.text(row[names[0]]), *others]


def _compared(value: str, difference: str, verdict: str) -> Text:
    """The value, then how far it is from the first plan's; a verdict only where the difference can be
    seen.
    """
    word = "" if difference in ("=", NOTHING) else VERDICTS.get(verdict, "")
    return Text.assemble(f"{value}  ", (f"{difference} {word}".strip(), STYLES.get(word, "")))


# -------------------------------------------------------------------------------------------------- small
# steps


def _counted(title: str, rows: pd.DataFrame) -> str:
    return f"{title}, the worst {MAXIMUM_ROWS} of {len(rows)}" if len(rows) > MAXIMUM_ROWS else title
