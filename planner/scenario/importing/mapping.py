"""A mapping: how the columns of another system's export become the columns of a scenario's tables.

Declared once, like the schema: checks, the reference of mappings and editors' completion read it here.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

SCALAR = {"type": ["string", "number"]}
Text = Annotated[str, WithJsonSchema(SCALAR)]
WAYS = ("column", "value", "first", "join", "multiply", "divide", "add", "subtract")


def _entry(default: Any, meaning: str, rule: str = "") -> Any:
    """An entry of a mapping: what it means, and the rule that a problem quotes."""
    return Field(default, description=meaning, json_schema_extra={"rule": rule} if rule else None)


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


Texts = Annotated[
    list[Text],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [SCALAR, {"type": "array", "items": SCALAR}]}),
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _expression(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _operand(value: object) -> object:
    """A number in a sum or product is a number, anything else the column of that name."""
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return {"column": value}
        return {"value": value}
    return value


class Expression(_Part):
    """Where the cells of a column come from: the name of a column of the file, or one of these."""

    column: Text | None = _entry(None, "the column of the file")
    value: Text | None = _entry(None, "the same text or number in every row")
    first: "list[Expr] | None" = _entry(
        None,
        'the first of these that the file has and that is filled in; with `{value: ""}` last, it may be '
        "missing",
        "must be a list of columns",
    )
    join: "list[Expr] | None" = _entry(
        None, "the texts of these, one after the other", "must be a list of columns"
    )
    between: Text = _entry("-", "what stands between joined texts")
    multiply: "list[Operand] | None" = _entry(
        None, "the product of these columns and numbers", "must be a list of columns and numbers"
    )
    divide: "list[Operand] | None" = _entry(
        None, "the first of these, divided by the others", "must be a list of columns and numbers"
    )
    add: "list[Operand] | None" = _entry(
        None, "the sum of these; a blank is 0", "must be a list of columns and numbers"
    )
    subtract: "list[Operand] | None" = _entry(
        None,
        "the first of these less the others, as in stock less blocked stock; a blank is 0",
        "must be a list of columns and numbers",
    )
    map: dict[str, Text | None] = _entry(
        {},
        "what texts become: names, codes, stages; `*` stands for any letters, and a value that nothing "
        "matches stays as it is",
        "must be texts and what they become",
    )
    at_least: float | None = _entry(None, "a lower figure becomes this one", "must be a number")
    round: Literal["up", "down", "nearest"] | None = _entry(
        None,
        "to a whole number: days as periods, {divide: [Days, 30], round: up}",
        "must be up, down or nearest",
    )
    zeros: Literal["keep", "drop"] = _entry(
        "keep", "what zeros before codes do, as in 000123", "must be keep or drop"
    )
    dates: "Dates | None" = _entry(
        None, "how this column's dates are written, where they differ from the file's"
    )

    @model_validator(mode="after")
    def _one_way(self) -> "Expression":
        if sum(getattr(self, way) is not None for way in WAYS) != 1:
            raise ValueError
        return self


Expr = Annotated[
    Expression,
    BeforeValidator(_expression),
    WithJsonSchema({"anyOf": [SCALAR, {"$comment": "Expression"}]}),
]
Operand = Annotated[
    Expression, BeforeValidator(_operand), WithJsonSchema({"anyOf": [SCALAR, {"$comment": "Expression"}]})
]
Dates = Literal["ymd", "dmy", "mdy", "month", "week", "serial"]


def _condition(value: object) -> object:
    return value if isinstance(value, dict) else {"like": [""] if value is None else value}


class Condition(_Part):
    """Which cells are meant: a text or number, a list of them, or one of these."""

    like: Texts | None = _entry(
        None,
        "texts or numbers, one of which the cell is; `*` stands for any letters",
        "must be a text, a number or a list of them",
    )
    below: float | None = _entry(None, "the cell is a number below this one", "must be a number")
    above: float | None = _entry(None, "the cell is a number above this one", "must be a number")
    blank: Literal["yes", "no"] | None = _entry(
        None, "whether nothing stands in the cell", "must be yes or no"
    )

    @model_validator(mode="after")
    def _says_something(self) -> "Condition":
        if not self.model_dump(exclude_none=True):
            raise ValueError
        return self


Meant = Annotated[
    Condition,
    BeforeValidator(_condition),
    WithJsonSchema({"anyOf": [SCALAR, {"type": "array", "items": SCALAR}, {"$comment": "Condition"}]}),
]


class Beside(_Part):
    """Another file whose columns stand beside those of the rows: names of codes, heads of orders, lines of
    deals.
    """

    files: Text = _entry(..., 'the file, by its name or a pattern like "*accounts*"')
    match: dict[str, Text] = _entry(
        ...,
        "columns of the rows and the columns of this file that hold the same; a row that several rows "
        "match becomes several",
        "must be columns, and the columns that they match",
    )
    sheet: Text | None = _entry(None, "the sheet of a workbook; blank: its first")
    missing: Literal["blank", "drop"] = _entry(
        "blank",
        "what a row without match becomes: its columns of this file are blank, or it is left out",
        "must be blank or drop",
    )
    optional: Literal["yes", "no"] = _entry("no", "may the file be missing", "must be yes or no")


class Across(_Part):
    """Periods, or anything else, that stand across the file, a column each."""

    columns: Texts = _entry(
        ..., 'the columns, by patterns like "2026-*" or "W*"', "must be a pattern or a list of them"
    )
    heading: Text = _entry("heading", "name of the column into which the headings go")
    cell: Text = _entry("cell", "name of the column into which the cells go")


class Units(_Part):
    """Quantities in several units of measure, turned into one."""

    column: Text = _entry(..., "the column that names the unit")
    factors: dict[str, float] = _entry(
        ..., "units of the item in one of each, like {PCE: 1, DOZ: 12}", "must be units and numbers"
    )


class Currency(_Part):
    """Amounts in other currencies, turned into the scenario's."""

    column: Text | None = _entry(
        None, "the column that names the currency; blank: all is in the currency `value`"
    )
    value: Text | None = _entry(None, "the currency of all rows, where no column names it")
    rates: dict[str, float] = _entry(
        ...,
        "what one unit of each is worth in the scenario's currency, like {EUR: 1, USD: 0.92}",
        "must be currencies and numbers",
    )


class Read(_Part):
    """What is read from a file into one table."""

    table: str = _entry(
        ..., "the table of the scenario that the rows go into", "must be a table of scenarios"
    )
    files: Text = _entry("*", 'which of the files given: a name, or a pattern like "*orders*"')
    having: Texts = _entry([], "columns that a file has that is meant", "must be a column or a list of them")
    optional: Literal["yes", "no"] = _entry("no", "may the file be missing", "must be yes or no")
    sheet: Text | None = _entry(None, "the sheet of a workbook; blank: its first")
    header_row: int = _entry(1, "row of the file that names the columns", "must be a whole number from 1 on")
    separator: Text | None = _entry(None, "what stands between cells; blank: recognised")
    encoding: Text | None = _entry(None, "encoding of the file, like cp1252; blank: recognised")
    decimal: Literal["point", "comma"] | None = _entry(
        None,
        "what stands before decimals; blank: recognised where all figures agree",
        "must be point or comma",
    )
    dates: Dates | None = _entry(
        None,
        "order of day, month and year, or month, week or serial (days as Excel counts them); blank: "
        "recognised where all dates agree",
        "must be ymd, dmy, mdy, month, week or serial",
    )
    columns: dict[str, Expr] = _entry(
        ..., "the columns of the table, and where their cells come from", "must be columns of the table"
    )
    masters: dict[str, dict[str, Expr]] = _entry(
        {},
        "more about the items, customers, markets and sites that occur, like {items: {family: Group}}; of "
        "differing cells the last counts",
        "must be tables and their columns",
    )
    keep: dict[str, Meant] = _entry(
        {},
        "columns of the file and what must stand in them; other rows are left out",
        "must be columns and what stands in them",
    )
    drop: dict[str, Meant] = _entry(
        {},
        "columns of the file and what must not stand in them: such rows are left out",
        "must be columns and what stands in them",
    )
    beside: list[Beside] = _entry([], "other files whose columns stand beside these", "must be a list")
    across: Across | None = _entry(None, "columns that become rows, as where periods stand across")
    fill_down: Texts = _entry(
        [],
        "columns in which a blank stands for the cell above, as under merged headings",
        "must be a column or a list of them",
    )
    split: dict[str, Text] = _entry(
        {},
        'a column that lists several things, and what stands between them, like {Products: ";"}: a row '
        "for each",
        "must be a column and a separator",
    )
    close_date: Expr | None = _entry(
        None,
        "one close date of deals: the day expected where they are open, the day of the decision where not",
    )
    amount_of: Literal["line", "deal"] = _entry(
        "line",
        "whether an amount is of its line, or of the whole deal, repeated on each line: then it is shared "
        "out, by quantity where all lines have one",
        "must be line or deal",
    )
    cumulative: Literal["no", "year", "all"] = _entry(
        "no",
        "whether figures are running totals, of the year or of all time: then each becomes what its period "
        "added",
        "must be no, year or all",
    )
    negative: Literal["refuse", "net", "drop", "cancel"] = _entry(
        "refuse",
        "what quantities below 0 do: stop, come off their own period, be left out, or be taken off the "
        "orders that the buyer had placed for the item, the one of the same quantity first, else the "
        "latest",
        "must be refuse, net, drop or cancel",
    )
    currency: Currency | None = _entry(None, "currencies of the amounts")
    units: Units | None = _entry(None, "units of measure of the quantities")
    same_key: Literal["add", "last", "refuse"] = _entry(
        "add",
        "what rows of one key become: one with their sums, the last of them, or a problem",
        "must be add, last or refuse",
    )
    unreadable: Literal["refuse", "leave_out"] = _entry(
        "refuse",
        "what a cell does that is no number or date: stop, or leave its row out",
        "must be refuse or leave_out",
    )
    again: Literal["replace", "add"] = _entry(
        "replace",
        "what the next import does to the table: write it anew, or only the rows of the days, or keys, "
        "that the new files hold",
        "must be replace or add",
    )


class Mapping(_Part):
    """A whole mapping: the scenario it makes, and what is read from which file."""

    name: Text | None = _entry(None, "name of the scenario; blank: that of its folder")
    settings: dict[str, Any] = _entry(
        {},
        "settings of a new scenario, as in scenario.yaml; a scenario that is there keeps its own",
        "must be settings, like {currency: USD}",
    )
    profile: Text | None = _entry(
        None, "a profile that comes with the product, which this mapping goes on from"
    )
    reads: dict[str, Read] = _entry(
        ..., "what is read, each under a name of your own", "must be names, and what is read under each"
    )


Expression.model_rebuild()
