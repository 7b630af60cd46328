"""Every kind of problem that a scenario can have: the words that end the codes of problems.

A code is a place and a kind, like lanes.unit_cost.range; it stays the same when the words of a message
change. Programs and the reference of problems read them here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from planner.scenario.checks import lookalikes, lots, magnitudes, names, pipeline, rows, values
from planner.scenario.columns import Column, Table
from planner.scenario.inquiries import INQUIRIES
from planner.scenario.known_from import KNOWN_FROM
from planner.scenario.schema import TABLES
from planner.scenario.settings import SECTIONS, required_settings, setting_paths

Places = tuple[str, ...]
EVERYWHERE = (*TABLES.values(), INQUIRIES)


@dataclass(frozen=True)
class ProblemKind:
    """What a problem of this kind means, and the places that can have it."""

    word: str
    meaning: str
    places: Places

    @property
    def codes(self) -> list[str]:
        """The codes that end with this kind."""
        return [f"{place}.{self.word}" for place in self.places]


def _cells(holds: Callable[[Column], bool]) -> Places:
    """The columns of which that holds."""
    return tuple(
        f"{table.name}.{column.name}"
        for table in EVERYWHERE
        for column in table.columns
        if holds(column)
    )


def _tables(holds: Callable[[Table], bool]) -> Places:
    return tuple(table.name for table in EVERYWHERE if holds(table))


def _joined(pairs: Iterable[tuple[str, str]]) -> Places:
    return tuple(dict.fromkeys(f"{table}.{column}" for table, column in pairs))


def _history(*columns: str) -> Places:
    """Columns of the parquet file of `planner forecast-history`."""
    return tuple(f"history.{column}" for column in columns)


def _has(name: str) -> Callable[[Table], bool]:
    return lambda table: any(column.name == name for column in table.columns)


def _has_span(table: Table) -> bool:
    """Whether rows hold from a period to a period."""
    return any(column.name == "from" and column.kind == "period" for column in table.columns)


def _is_number(column: Column) -> bool:
    return column.kind in ("number", "whole")


def _is_limited(column: Column) -> bool:
    return _is_number(column) and (column.minimum, column.above, column.maximum) != (None, None, None)


FILE, OVERRIDES = ("file",), ("overrides",)
EVERY_TABLE = _tables(lambda table: True)

FILES = (
    ("unreadable", "the file cannot be read", FILE),
    ("folder", "a folder stands where a file is expected, or there is no folder of a scenario",
     ("file", "scenario", "scenario.base")),
    ("no_file", "a pipe or a device stands where a file is expected", FILE),
    ("empty", "the file holds nothing", FILE),
    ("no_utf8", "the file is not UTF-8 text", FILE),
    ("no_text", "the file holds zero bytes", FILE),
    ("no_header", "the first row does not name the columns", FILE),
    ("column_names", "a column has no name, or one that another column has", FILE),
    ("column_twice", "a frame or a parquet file has a column twice", FILE),
    ("recognised", "note: how the file is written, as it was recognised", FILE),
    ("ambiguous", "a number or day could mean two things, and nothing in the file says which", FILE),
    ("copy", "a file or sheet is a copy of a table by its name", FILE),
    ("workbook", "the workbook is of a kind that is not read, damaged, protected, or holds macros, links or "
     "files", FILE),
    ("no_settings", "the workbook has no sheet with the settings", FILE),
    ("error_value", "a cell of a workbook holds an error such as #N/A", FILE),
    ("not_calculated", "a cell of a workbook holds a formula without a result", FILE),
    ("day_for_name", "a cell of a workbook holds a day where a name or number is expected", FILE),
    ("quotes", "a cell is quoted wrongly, or longer than a cell may be", FILE),
    ("long_cell", "a cell is longer than a cell may be", FILE),
    ("header_again", "a row repeats the header", FILE),
    ("row_width", "a row is not as wide as the header", FILE),
    ("suffix", "the table is in a kind of file that is not read", FILE),
    ("unknown_table", "there is no such table", ("file", "overrides")),
    ("table_twice", "the table is there in two files", FILE),
    ("no_pyarrow", "parquet files need pyarrow, which is not installed", FILE),
    ("no_parquet", "the file is no readable parquet file", FILE),
    ("nested", "a column holds lists, records or bytes", FILE),
    ("records", "the table of a dict is neither a list of records nor a frame", FILE),
    ("record", "a row of a dict's table, or what a verb says, does not map columns to values",
     ("file", "overrides")),
    ("no_cell", "a value of a record or frame is not a single value", FILE),
    ("yaml", "scenario.yaml is not valid YAML", FILE),
    ("yaml_feature", "scenario.yaml has anchors, aliases or tags, or is nested too deep", FILE),
    ("yaml_name", "a list or mapping stands where a name is expected", FILE),
    ("documents", "scenario.yaml holds more than one document", FILE),
)
DESCRIPTION = (
    ("mapping", "what should map names to values does not", ("scenario", "overrides", "formats")),
    ("unknown", "there is no such setting",
     ("scenario", "formats", "settings", *(f"settings.{name}" for name in SECTIONS if name != "currency"))),
    ("twice", "a name is given twice", ("scenario",)),
    ("table", "a table stands in scenario.yaml", ("scenario",)),
    ("text", "the question is not a sentence", ("scenario.question",)),
    ("generations", "what-ifs start from each other without end", ("scenario.base",)),
    ("value", "the setting does not allow the value",
     ("formats", *(f"settings.{path}" for path in setting_paths()))),
    ("end", "the calendar ends after the last year that can be planned", ("settings.calendar.periods",)),
)
WHAT_IFS = (
    ("no_base", "there is nothing to override", OVERRIDES),
    ("settings", "the settings to override are no mapping", OVERRIDES),
    ("list", "the changes of a table, or the entries of a sweep, are no list", (*OVERRIDES, "sweep")),
    ("variation", "what a sweep varies is not written like that", ("sweep",)),
    ("combinations", "a sweep has too many what-ifs", ("sweep",)),
    ("verb", "a change is none of where with set, where with multiply, add, remove", OVERRIDES),
    ("no_column", "a verb names no column", OVERRIDES),
    ("single_value", "a list or mapping stands where a single value is expected", OVERRIDES),
    ("no_numbers", "a column to multiply holds no numbers", OVERRIDES),
    ("factor", "the factor is no number", OVERRIDES),
    ("blank_cells", "the cells to multiply are blank", OVERRIDES),
    ("no_rows", "the table to change is empty", OVERRIDES),
    ("no_match", "no cell is what a condition says", OVERRIDES),
    ("no_match_together", "no row fits all conditions", OVERRIDES),
    ("no_match_beside", "a condition fits no row that the other conditions fit", OVERRIDES),
)
CELLS = (
    ("unknown_column", "the table has no such column", (*EVERY_TABLE, "overrides")),
    ("missing_column", "a column that must be filled in is not there",
     (*_cells(lambda column: column.required), *_history("date", "item", "market", "quantity"))),
    ("required", "the cell or setting must be filled in",
     (*_cells(lambda column: column.required), "scenario.name", "scenario.base", *_history("item", "market"),
      *(f"settings.{path}" for path in required_settings()))),
    ("number", "the cell holds no number", _cells(_is_number)),
    ("whole", "the number has decimals", _cells(lambda column: column.kind == "whole")),
    ("range", "the number lies outside the range of the column",
     (*_cells(_is_limited), *_history("quantity"))),
    ("too_large", "the number is beyond 1e15; the file, or what it unpacks to, is larger than what is read",
     (*_cells(_is_number), *_history("quantity"), "file")),
    ("too_small", "the number is not 0, and closer to it than 1e-30", _cells(_is_number)),
    ("date", "the cell holds no date",
     (*_cells(lambda column: column.kind == "date"), *_history("date"))),
    ("period", "the cell or setting holds no period of the bucket",
     (*_cells(lambda column: column.kind == "period"), "settings.calendar.start")),
    ("letters", "the text holds a letter that nobody can see, or a control character",
     (*_cells(lambda column: column.kind in ("name", "text")), "scenario.name", "scenario.question",
      *_history("item", "market"))),
    ("choice", "the cell holds none of the column's choices", _cells(lambda column: bool(column.choices))),
    ("reference", "the table that the column refers to has no such name",
     (*_cells(lambda column: bool(column.refers_to)), "inquiries.opportunity")),
    ("no_names", "other tables name what the table has no rows of",
     tuple(dict.fromkeys(target for table in TABLES.values() for column in table.columns if column.refers_to
                         for target in column.refers_to.split(" or ")))),
    ("not_listed", "another table has no such name for the item, site or supplier beside it",
     _joined((table, columns[-1]) for table, _, columns in names.LISTED)),
    ("unplanned", "this version does not plan with the column", _cells(lambda column: not column.planned)),
    ("unplanned_table", "this version does not plan with the table",
     _tables(lambda table: not table.planned)),
)
ROWS = (
    ("none", "there are no inquiries", ("inquiries",)),
    ("one_needed", "of columns that stand for each other, none is filled in",
     _tables(lambda table: bool(table.one_of))),
    ("only_one", "of columns that stand for each other, more than one is filled in",
     _tables(lambda table: bool(table.one_of))),
    ("duplicate", "the key is there twice", (
        *_tables(lambda table: len(table.keys) > 1),
        *_joined((table.name, table.keys[0]) for table in EVERYWHERE if len(table.keys) == 1))),
    ("before_from", "the span ends before it starts", tuple(f"{name}.to" for name in _tables(_has("from")))),
    ("overlap", "two spans of one key overlap", _tables(lambda table: table.varies)),
    ("other_state", "another row of the key gives another value", _cells(lambda column: column.once)),
    ("outside_calendar", "the period lies outside the calendar",
     (*_joined((name, "period") for name in rows.POINTS), "inquiries.due")),
    ("no_effect", "warning: the span lies outside the calendar", _tables(_has_span)),
    ("counted_in_part", "warning: the span reaches beyond the calendar", ("sales_targets",)),
    ("after_calendar", "warning: the order is due after the calendar ends", ("booked_orders.due",)),
)
DAYS = (
    ("after_as_of", "warning: rows are dated after the day up to which the past is known, and left out; an "
     "error where no others are left", (*_joined(KNOWN_FROM.items()), *_history("date"))),
    ("decided_later", "warning: deals were decided after that day, and count as open",
     ("opportunities.closed",)),
    ("far_away", "warning: the day or period lies 50 years or more from the calendar",
     tuple(place for place in _cells(lambda column: column.kind in ("date", "period"))
           if place != "inquiries.due")),
    ("long_overdue", "warning: the order was due more than a year before the calendar",
     ("booked_orders.due",)),
)
NAMES_AND_VALUES = (
    ("lookalike", "warning: another name looks the same",
     tuple(f"{table}.{column.name}" for table, column in lookalikes.compared_columns())),
    ("site_too", "a market is called like a site", ("markets.market",)),
    ("above_maximum", "a minimum is more than its maximum; of safety stock, a warning",
     _joined((table, low) for table, low, *_ in values.PAIRS)),
    ("penalty_needed", "what is to be kept in stock has no penalty", ("inventory.safety_stock_penalty",)),
    ("shares", "the shares of an item's suppliers cannot add up; of max_share, a warning",
     ("sourcing.min_share", "sourcing.max_share")),
    ("no_such_part", "a goal is about a family, market or site, and its measure has no figure for one",
     ("goals.family", "goals.market", "goals.site")),
    ("reserved_name", "the name stands for the planner's own forecast", ("forecast_streams.stream",)),
    ("like_item_needed", "something is said about a like item that is not named",
     ("lifecycles.like_share", "lifecycles.cannibalization")),
    ("like_itself", "an item is its own like item", ("lifecycles.like_item",)),
    ("like_unsold", "warning: the like item has never sold anything", ("lifecycles.like_item",)),
    ("before_launch", "the phase-out is before the launch", ("lifecycles.phase_out",)),
    ("lost_sale_cost_needed", "mode cost needs a cost for every unit that may be lost",
     ("demand.item", "booked_orders.item", "order_history.item", "opportunities.item")),
    ("never_arrives", "warning: the lead time is as long as the calendar",
     ("sourcing.lead_time", "routings.lead_time", "lanes.lead_time")),
)
HISTORY = (
    ("return", "a line below 0, and forecast.returns does not say what it does", ("order_history.quantity",)),
    ("monthly", "warning: totals of months are planned in weeks", ("order_history.date",)),
    ("twins", "warning: nearly all lines are there more than once", ("order_history",)),
    ("lonely", "warning: an order lies years before all others", ("order_history.date",)),
)
DEALS = (
    ("own_currency", "a rate of the scenario's own currency is not 1", ("exchange_rates.rate",)),
    ("no_rate", "the currency of an amount has no exchange rate", ("opportunities.currency",)),
    ("before_created", "warning: the deal was closed before it was created", ("opportunities.closed",)),
    ("deals_differ", "two rows of one deal say different things about it",
     tuple(f"opportunities.{column}" for column in pipeline.OF_THE_DEAL)),
    ("price_needed", "warning: deals are told in money, and their item has no price", ("items.price",)),
    ("open_and_closed", "the deal is closed and open", ("opportunities.outcome",)),
    ("decided", "the deal is won or lost already", ("inquiries.opportunity",)),
    ("closed_needed", "the deal was won or lost on an unknown day", ("opportunities.closed",)),
    ("expected_before_created", "warning: the close is expected before the deal was created",
     ("opportunities.expected_close",)),
    ("size_unknown", "warning: a won deal does not say how much was won", ("opportunities",)),
    ("odd_amount", "warning: the amount is far from quantity by price", ("opportunities.amount",)),
    ("before_deal", "warning: the stage was entered before the deal was created", ("stage_history.entered",)),
    ("after_deal", "warning: the stage was entered after the deal was closed", ("stage_history.entered",)),
    ("unknown_stage", "warning: the stage history knows no such stage", ("opportunities.stage",)),
    ("other_stage", "warning: the stage history says another stage", ("opportunities.stage",)),
)
LOTS = (
    ("above_capacity", "the minimum lot is more than the capacity",
     _joined((table, column) for table, *columns in lots.LOTS for column in columns)),
    ("needed", "vehicles have no size", ("lanes.vehicle_size",)),
    ("never_fits", "the minimum shipment is more than can leave in a period", ("lanes.min_shipment",)),
    ("mixed_kinds", "the price breaks of a supplier and item are of two kinds", ("price_breaks.kind",)),
    ("rising_price", "warning: more costs more a unit", ("price_breaks.unit_cost",)),
    ("above_plain_price", "warning: the first break costs more than smaller quantities",
     ("price_breaks.unit_cost",)),
    ("no_room", "the stops do not fit between from and to", ("maintenance.stops",)),
    ("nothing_added", "expanding a site adds nothing", ("site_options.added_capacity",)),
    ("not_counted", "warning: only expanding adds capacity", ("site_options.added_capacity",)),
    ("unlimited_site", "warning: a site without limit is expanded", ("site_options.site",)),
    ("overlapping_option", "warning: two options do the same to a site", ("site_options.site",)),
    ("too_many", "too many to be counted one by one", _joined(lots.COUNTS)),
    ("too_many_lots", "the capacity holds too many lots or vehicles to be counted one by one",
     _joined((table, size) for table, _, size in lots.COUNTED)),
    ("too_many_workers", "too many workers to be counted one by one",
     tuple(f"labor_pools.{column}" for column in lots.COUNTED_WORKERS)),
    ("far_apart", "warning: figures are too far apart for the solver's arithmetic",
     _joined(column for kind in magnitudes.COMPARED for column in kind.columns)),
)
STABILITY = (
    ("no_plan", "the folder named holds no whole plan", ("scenario.agreed_plan",)),
    ("two_plans", "two plans agreed on are named", ("scenario.agreed_plan",)),
    ("other_bucket", "the plan agreed on has periods of another length", ("scenario.agreed_plan",)),
    ("other_currency", "the plan agreed on is in another currency", ("scenario.agreed_plan",)),
    ("does_not_reach", "the plan agreed on does not plan all periods that are frozen; without frozen periods "
     "a warning that it plans none of the calendar", ("scenario.agreed_plan",)),
    ("gone", "the plan agreed on begins something in a frozen period that is no longer possible",
     ("scenario.agreed_plan",)),
    ("beyond_calendar", "more periods are frozen than are planned", ("settings.calendar.frozen_periods",)),
    ("no_agreed", "warning: no plan is agreed on that anything could be held to or compared with",
     ("settings.calendar.frozen_periods", "stability_costs")),
    ("of_workers", "a price of changes in workers names an item", ("stability_costs.item",)),
    ("about_nothing", "warning: nothing can be planned of what the row speaks of", ("stability_costs.area",)),
)
NETWORK = (
    ("made_of_itself", "an item is needed to make itself", ("bill_of_materials.component",)),
    ("is_origin", "a lane leads back to where it starts", ("lanes.destination",)),
    ("no_steps", "warning: the routing takes no hours", ("routings.routing",)),
    ("no_supply", "warning: nothing supplies the item",
     ("demand.item", "booked_orders.item", "order_history.item", "bill_of_materials.component")),
    ("no_lane", "warning: no lane brings the item to the market",
     ("demand.item", "booked_orders.item", "order_history.item")),
    ("no_component", "warning: a component cannot be had where it is needed", ("routings.item",)),
)
QUERIES = (
    ("query", "a table that is a query is not said as it must be", ("scenario.tables",)),
    ("database", "the database cannot be reached, or refuses the query", ("scenario.tables",)),
)
IMPORTS = (
    ("entry", "an entry of a mapping is not what it must be", ("import",)),
    ("no_entry", "a mapping has no such entry", ("import",)),
    ("entry_needed", "an entry of a mapping must be given", ("import",)),
    ("no_table", "scenarios have no such table", ("import",)),
    ("no_master", "no such table is made from what occurs", ("import",)),
    ("unknown_target", "the table that a read goes into has no such column", ("import",)),
    ("column_needed", "the mapping does not say where a column comes from that the table needs", ("import",)),
    ("missing_file", "a file that the mapping means is not there", ("import",)),
    ("no_source", "the files have no such column", ("import",)),
    ("either", "figures or dates of a file could be read in two ways", ("import",)),
    ("unread", "a cell of a file is no number, or no date", ("import",)),
    ("no_factor", "the mapping does not say what one of a currency or unit is", ("import",)),
    ("below_zero", "quantities are below 0, and the mapping does not say what they do", ("import",)),
    ("same_key", "rows of one key are about different things", ("import",)),
    ("no_calendar", "nothing says when the scenario starts", ("import",)),
    ("by_hand", "a person has changed a table that the import would replace", ("import",)),
    ("parquet", "a table that the import writes stands in a parquet file", ("import",)),
    ("wide_row", "a row of a file has more cells than its header", ("import",)),
    ("encoding", "the file is no text in any usual encoding", ("import",)),
    ("unreadable_export", "a file to import cannot be read", ("import",)),
    ("header_row", "the row that should name the columns is blank", ("import",)),
    ("no_csv", "a file to import is no table", ("import",)),
    ("one_letter", "what separates cells is not one letter", ("import",)),
    ("no_choice", "a text does not become one of the choices of its column", ("import",)),
    ("percent", "a share is above 1, as where a file writes percent without a sign", ("import",)),
)
SECTIONS_OF_KINDS = {
    "Files": FILES,
    "scenario.yaml": DESCRIPTION,
    "What-ifs": WHAT_IFS,
    "Cells": CELLS,
    "Rows": ROWS,
    "Days": DAYS,
    "Names and values": NAMES_AND_VALUES,
    "Order history": HISTORY,
    "Deals": DEALS,
    "Lots and options": LOTS,
    "The plan agreed on": STABILITY,
    "The network": NETWORK,
    "Queries": QUERIES,
    "Imports": IMPORTS,
}
PROBLEM_KINDS = tuple(ProblemKind(*kind) for kinds in SECTIONS_OF_KINDS.values() for kind in kinds)
CODES = {code: kind.meaning for kind in PROBLEM_KINDS for code in kind.codes}
