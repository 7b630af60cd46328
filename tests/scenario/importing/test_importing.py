"""Files of other systems become a scenario: every row is accounted for, and what people wrote stays."""

from pathlib import Path

import pandas as pd
import pytest

import planner
from planner.errors import OutputError, PlannerError, ScenarioError
from planner.scenario.importing.importing import import_files
from tests.scenario.importing.conftest import ORDERS, Import, left_out, problems, rows

TWO = "Date,Item,Market,Qty\n2025-10-01,bike,north,5\n2025-11-03,cart,south,2\n"


def test_a_new_scenario_has_the_rows_the_masters_and_a_calendar_after_the_last_day(run: Import) -> None:
    result = run(TWO)
    assert rows(result, "order_history") == ["date,market,item,quantity", "2025-10-01,north,bike,5", "2025-11-03,south,cart,2"]
    assert (rows(result, "items"), rows(result, "markets")) == (["item", "bike", "cart"], ["market", "north", "south"])
    scenario = planner.load_scenario(result.folder)
    assert (scenario.calendar.span(), scenario.name) == ("2025-12 to 2026-11", "scenario")


def test_importing_again_changes_no_byte(run: Import) -> None:
    folder = run(TWO).folder
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
    assert run(TWO).is_unchanged
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()} == before


def test_what_people_wrote_stays_and_what_changed_is_listed(run: Import) -> None:
    folder = run(TWO, masters={"items": {"family": "Item"}}).folder
    (folder / "items.csv").write_text("item,family,price\nbike,Cycles,900\ncart,cart,\nspare,,1\n")
    (folder / "lanes.csv").write_text("origin,destination,mode\n")
    lanes = (folder / "lanes.csv").read_bytes()
    result = run(TWO + "2025-12-01,trailer,north,1\n", masters={"items": {"family": "Item"}})
    assert rows(result, "items") == ["item,family,price", "bike,Cycles,900", "cart,cart,", "spare,,1", "trailer,trailer,"]
    assert (folder / "lanes.csv").read_bytes() == lanes
    change = next(change for change in result.changes if change.table == "items")
    assert (change.added, change.changed, change.by_hand, change.examples) == (1, 0, 1, ("new: trailer",))
    assert "2025-12 to" in planner.load_scenario(folder).calendar.span()  # a scenario keeps its own settings


def test_a_history_that_people_changed_is_not_replaced_without_being_asked(run: Import) -> None:
    folder = run(TWO).folder
    (folder / "order_history.csv").write_text("date,market,item,quantity\n2025-10-01,north,bike,7\n")
    with pytest.raises(ScenarioError) as error:
        run(TWO)
    assert problems(error) == ["order_history.csv: was changed by hand since the last import, and the import would replace it. "
                               "Move it away, or say --overwrite"]
    assert "bike,7" in (folder / "order_history.csv").read_text()
    assert len(rows(run(TWO, overwrite=True), "order_history")) == 3


def test_the_days_of_the_next_file_are_added_to_the_history(run: Import) -> None:
    run(TWO)
    result = run("Date,Item,Market,Qty\n2025-11-03,cart,south,4\n2025-12-02,bike,north,1\n", again="add")
    assert rows(result, "order_history")[1:] == ["2025-10-01,north,bike,5", "2025-11-03,south,cart,4", "2025-12-02,north,bike,1"]


def test_rows_are_kept_and_dropped_by_what_stands_in_them_each_with_its_reason(run: Import) -> None:
    text = ("Date,Item,Market,Qty,Status,Price\n2025-10-01,bike,north,5,sale,9\n2025-10-02,POST,north,1,sale,9\n"
            "2025-10-03,bike,north,3,draft,9\n2025-10-04,bike,north,2,sale,0.00\n2025-10-05,,north,4,sale,9\n"
            "2025-10-06,GIFT 12,north,1,sale,9\n")
    result = run(text, keep={"Status": ["sale", "done"]}, drop={"Item": ["POST", "gift*"], "Price": 0})
    assert left_out(result) == {'Item = "POST"': 1, "Status is not sale or done": 1, 'Price = "0.00"': 1, "item is blank": 1,
                                'Item = "GIFT 12"': 1}
    account = result.accounts[0]
    assert (account.sums_read, account.sums_written) == ({"quantity": 16.0}, {"quantity": 5.0})
    listed = pd.read_csv(result.folder / "import" / "left_out.csv")
    assert listed[["file", "row", "quantity"]].iloc[0].tolist() == ["orders.csv", 3, 1]
    assert rows(result, "items") == ["item", "bike"]  # what is left out makes no item


RETURNS = ("Date,Item,Market,Qty,Paid\n2025-10-01,bike,north,5,50\n2025-10-02,bike,north,3,33\n2025-10-09,bike,north,-3,-33\n"
           "2025-10-10,bike,north,-1,-10\n2025-10-11,cart,north,-2,-8\n")
PAID = {**ORDERS, "columns": {**ORDERS["columns"], "revenue": "Paid"}}  # type: ignore[dict-item]


def test_returns_come_off_the_order_of_their_quantity_then_the_latest(run: Import) -> None:
    result = run(RETURNS, PAID, negative="cancel")
    assert rows(result, "order_history")[1:] == ["2025-10-01,north,bike,4,40"]  # the 3 cancel the order of 3, 1 comes off the 5
    assert left_out(result) == {"order returned as a whole": 1, "returned: taken off its order": 2,
                                "returned, and no order before it is left to take it off": 1}


def test_returns_are_dropped_or_net_their_period(run: Import) -> None:
    assert left_out(run(RETURNS, PAID, negative="drop")) == {"quantity below 0": 3}


def test_net_returns_stay_and_the_forecast_nets_them(run: Import) -> None:
    folder = run(RETURNS, PAID, negative="net").folder
    assert planner.load_scenario(folder).settings.forecast.returns == "net"


def test_returns_are_refused_until_the_mapping_says_what_they_do(run: Import) -> None:
    with pytest.raises(ScenarioError) as error:
        run(RETURNS, PAID)
    assert problems(error) == ["reads.orders.negative: 3 rows with a quantity below 0, the first in orders.csv row 4: say net, "
                               "drop or cancel"]


def test_cells_that_cannot_be_read_stop_the_import_or_leave_their_rows_out(run: Import) -> None:
    text = TWO + "someday,bike,north,1\n2025-12-01,bike,north,many\n"
    with pytest.raises(ScenarioError) as error:
        run(text)
    assert problems(error) == [
        'orders.csv row 4, Date = "someday": must be a date, a month or a week. Say how they are written with dates',
        'orders.csv row 5, Qty = "many": must be a number written like 1234.5, 1,234.5 or 1.234,5']
    assert left_out(run(text, unreadable="leave_out")) == {'Date = "someday" cannot be read': 1, 'Qty = "many" cannot be read': 1}


def test_a_column_that_the_file_does_not_have_is_named_with_the_nearest(run: Import) -> None:
    with pytest.raises(ScenarioError) as error:
        run(TWO.replace("Qty", "Quantity", 1), {**ORDERS, "columns": {**ORDERS["columns"], "quantity": "Quantty"}})  # type: ignore[dict-item]
    assert problems(error) == ['reads.orders.columns.quantity = "Quantty": no such column in orders.csv. Did you mean "Quantity"?']


def test_a_file_that_could_be_read_in_two_ways_names_the_setting(run: Import) -> None:
    with pytest.raises(ScenarioError) as error:
        run("Date;Item;Market;Qty\n03/04/2025;bike;north;1,260\n")
    assert problems(error) == [
        'reads.orders.dates: orders.csv: Date looks like day/month/year, and "03/04/2025" could be read in another way: say dates: '
        "dmy, or mdy",
        'reads.orders.decimal: orders.csv: Qty = "1,260" could be either: say decimal: point or decimal: comma']


def test_a_german_file_is_recognised_and_what_was_recognised_is_said(run: Import) -> None:
    result = run("Date;Item;Market;Qty\n31.10.2025;Mühle;süd;1.260,5\n", encoding="cp1252")
    assert rows(result, "order_history")[1:] == ["2025-10-31,süd,Mühle,1260.5"]
    assert result.recognised == ("orders.csv: separated by semicolons, in cp1252", "Date is written in day/month/year", "decimal comma")


def test_what_one_file_leaves_open_another_settles(run: Import) -> None:
    read = {**ORDERS, "files": "a*"}
    other = {**ORDERS, "files": "b*"}
    result = run({"a.csv": "Date;Item;Market;Qty\n31.10.2025;bike;north;1,5\n", "b.csv": "Date;Item;Market;Qty\n"
                  "03.04.2025;bike;north;1,260\n"}, {"reads": {"a": read, "b": other}})
    assert rows(result, "order_history")[1:] == ["2025-10-31,north,bike,1.5", "2025-04-03,north,bike,1.26"]


def test_periods_across_become_rows_and_measures_are_chosen(run: Import) -> None:
    text = "Plan 2025,,,,\nItem,Measure,Oct-25,Nov-25,Total\nbike,Orders,5,,5\nbike,Forecast,7,8,15\n"
    result = run(text, {"table": "order_history", "header_row": 2, "across": {"columns": "*-25"}, "keep": {"Measure": "Orders"},
                        "columns": {"date": "heading", "quantity": "cell", "item": "Item", "market": {"value": "home"}}})
    assert rows(result, "order_history")[1:] == ["2025-10-01,home,bike,5"]


def test_running_totals_of_a_year_become_what_each_month_added(run: Import) -> None:
    text = "Date,Item,Market,Qty\n2024-12,bike,north,90\n2025-01,bike,north,10\n2025-02,bike,north,25\n"
    result = run(text, cumulative="year")
    assert [row.rpartition(",")[2] for row in rows(result, "order_history")[1:]] == ["90", "10", "15"]
    assert result.accounts[0].moved == {"counted in an earlier running total": {"quantity": 10.0}}


def test_currencies_and_units_become_one(run: Import) -> None:
    text = "Date,Item,Market,Qty,Paid,Cur,UoM\n2025-10-01,bike,north,2,100,USD,DOZ\n2025-10-02,bike,north,5,10,eur,PCE\n"
    entries = {"currency": {"column": "Cur", "rates": {"EUR": 1, "USD": 0.9}}, "units": {"column": "UoM", "factors": {"PCE": 1, "DOZ": 12}}}
    result = run(text, PAID, **entries)
    assert rows(result, "order_history")[1:] == ["2025-10-01,north,bike,24,90", "2025-10-02,north,bike,5,10"]
    with pytest.raises(ScenarioError) as error:
        run(text.replace("DOZ", "BOX"), PAID, **entries)
    assert problems(error) == ['reads.orders.units.factors = "BOX": nothing is said about this unit (1 row)']


DEALS = {"table": "opportunities", "columns": {
    "opportunity": "Id", "item": "Product", "market": {"value": "all"}, "amount": "Amount", "created": "Created", "stage": "Stage",
    "outcome": {"column": "Stage", "map": {"*won*": "won", "*lost*": "lost", "*": "open"}}}, "close_date": "Close"}


def test_one_close_date_is_expected_of_open_deals_and_the_decision_of_others(run: Import) -> None:
    result = run("Id,Product,Amount,Created,Close,Stage\n1,bike,10,2025-01-02,2025-03-01,Closed Won\n"
                 "2,bike,20,2025-01-03,2026-02-01,Talks\n", DEALS)
    assert rows(result, "opportunities") == [
        "opportunity,item,market,amount,stage,created,expected_close,closed,outcome",
        "1,bike,all,10,Closed Won,2025-01-02,,2025-03-01,won", "2,bike,all,20,Talks,2025-01-03,2026-02-01,,open"]


def test_lines_of_one_deal_and_item_are_one_row_and_a_deals_amount_is_shared_out(run: Import) -> None:
    text = ("Id,Product,Amount,Created,Close,Stage,Qty\n1,bike,100,2025-01-02,2026-03-01,Talks,1\n1,bike,100,2025-01-02,2026-03-01,Talks,2\n"
            "1,cart,100,2025-01-02,2026-03-01,Talks,1\n")
    read = {**DEALS, "columns": {**DEALS["columns"], "quantity": "Qty"}, "amount_of": "deal"}  # type: ignore[dict-item]
    result = run(text, read)
    assert [row.split(",")[:5] for row in rows(result, "opportunities")[1:]] == [["1", "bike", "all", "3", "75"], ["1", "cart", "all", "1", "25"]]


def test_a_stage_that_becomes_no_outcome_is_named(run: Import) -> None:
    read = {**DEALS, "columns": {**DEALS["columns"], "outcome": {"column": "Stage", "map": {"Won": "won"}}}}  # type: ignore[dict-item]
    with pytest.raises(ScenarioError) as error:
        run("Id,Product,Amount,Created,Close,Stage\n1,bike,10,2025-01-02,2025-03-01,Talks\n", read)
    assert problems(error) == ['reads.orders.columns.outcome = "Talks": must become open, won or lost (1 row). Say what it becomes '
                               'under map, where "*" is all else']


def test_products_listed_in_one_cell_become_rows(run: Import) -> None:
    text = "Id,Product,Amount,Created,Close,Stage\n1,bike; cart,100,2025-01-02,2026-03-01,Talks\n"
    result = run(text, {**DEALS, "split": {"Product": ";"}, "amount_of": "deal"})
    assert [row.split(",")[1:4:2] for row in rows(result, "opportunities")[1:]] == [["bike", "50"], ["cart", "50"]]


def test_another_file_gives_names_of_codes_and_what_has_none_is_dropped_or_blank(run: Import) -> None:
    files = {"orders.csv": "Date,Item,Market,Qty\n2025-10-01,1,north,5\n2025-10-02,9,north,2\n", "names.csv": "Code,Name\n1,bike\n"}
    read = {**ORDERS, "files": "orders*", "columns": {**ORDERS["columns"], "item": "Name"},  # type: ignore[dict-item]
            "beside": [{"files": "names*", "match": {"Item": "Code"}, "missing": "drop"}]}
    result = run(files, read)
    assert rows(result, "order_history")[1:] == ["2025-10-01,north,bike,5"]
    assert left_out(result) == {"no row of names.csv has its Item": 1}


def test_the_customers_market_is_taken_from_the_orders(run: Import) -> None:
    text = "Date,Item,Market,Qty,Who\n2025-10-01,bike,north,5,acme\n2025-10-02,bike,south,2,acme\n2025-10-03,bike,south,1,\n"
    result = run(text, {**ORDERS, "columns": {**ORDERS["columns"], "customer": "Who"}})  # type: ignore[dict-item]
    assert rows(result, "customers") == ["customer,market", "acme,south"]
    assert rows(result, "order_history")[1:] == ["2025-10-01,acme,,bike,5", "2025-10-02,acme,,bike,2", "2025-10-03,,south,bike,1"]
    assert result.notes == ("1 customer has more than one market: the last one counts",)


def test_stock_is_on_hand_less_blocked_over_all_places_of_a_site(run: Import) -> None:
    read = {"reads": {"stock": {"table": "inventory", "columns": {
        "item": {"column": "Mat", "zeros": "drop"}, "site": "Plant", "on_hand": {"subtract": ["Free", "Blocked"], "at_least": 0}}}},
        "settings": {"calendar": {"start": "2026-01", "periods": 3}}}
    result = run({"stock.csv": "Mat,Plant,Place,Free,Blocked\n0012,P1,A,10,3\n12,P1,B,5,\n13,P1,A,1,4\n"}, read)
    assert rows(result, "inventory") == ["item,site,on_hand", "12,P1,12", "13,P1,0"]


def test_one_key_of_two_things_is_a_problem(run: Import) -> None:
    read = {"table": "booked_orders", "columns": {"order": "No", "item": "Item", "market": {"value": "all"}, "quantity": "Qty", "due": "Due"}}
    with pytest.raises(ScenarioError) as error:
        run("No,Item,Qty,Due\n7,bike,1,2026-01-05\n7,cart,1,2026-01-05\n", read)
    assert problems(error) == ["reads.orders.same_key: 7 (orders.csv row 2) stands with more than one item. Make the key of more "
                               "columns, like {join: [Order, Line]}, or say same_key: last"]


def test_a_name_that_would_run_as_a_formula_does_not(run: Import) -> None:
    result = run("Date,Item,Market,Qty\n2025-10-01,=1+1,north,5\n")
    assert rows(result, "items") == ["item", "'=1+1"]
    assert planner.load_scenario(result.folder)["items"]["item"].tolist() == ["=1+1"]


def test_nothing_is_written_where_something_else_stands(run: Import, tmp_path: Path) -> None:
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / "holiday.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"holds files, but no scenario\.yaml"):
        run(TWO)
    assert [path.name for path in (tmp_path / "scenario").iterdir()] == ["holiday.txt"]


def test_a_file_that_is_not_there_or_not_meant_is_named(run: Import, tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="there is no such file"):
        import_files([tmp_path / "none.csv"], {"reads": {"a": ORDERS}}, tmp_path / "s")
    with pytest.raises(ScenarioError) as error:
        run(TWO, {**ORDERS, "files": "sales*"})
    assert problems(error) == ['reads.orders.files = "sales*": none of the files given (orders.csv) is called so']


def test_without_orders_or_deals_the_calendar_must_be_said(run: Import) -> None:
    with pytest.raises(ScenarioError, match="say settings"):
        run("Item\nbike\n", {"table": "items", "columns": {"item": "Item"}})


def test_a_sheet_of_a_workbook_is_read_like_a_file(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(tmp_path / "orders.xlsx") as book:
        book.add_worksheet("Read me").write(0, 0, "Hello")
        sheet = book.add_worksheet("Orders")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for row, cells in enumerate([("Orders of 2025",), ("Date", "Item", "Market", "Qty"), (45931, "bike", "north", 5.0)]):
            sheet.write_row(row, 0, cells)
        sheet.write_number(2, 0, 45931, day)  # 2025-10-01
    mapping = {"reads": {"orders": {**ORDERS, "sheet": "Orders", "header_row": 2}}}
    result = import_files([tmp_path / "orders.xlsx"], mapping, tmp_path / "s")
    assert rows(result, "order_history") == ["date,market,item,quantity", "2025-10-01,north,bike,5"]
    assert result.recognised == ("orders.xlsx: sheet Orders",)
    with pytest.raises(ScenarioError, match='has no sheet "Ordrs"'):
        import_files([tmp_path / "orders.xlsx"], {"reads": {"orders": {**ORDERS, "sheet": "Ordrs"}}}, tmp_path / "s")


def test_a_table_that_excel_has_saved_in_german_keeps_what_people_wrote(run: Import) -> None:
    folder = run(TWO).folder
    (folder / "items.csv").write_text("item;price;notes\nbike;899,50;ours\ncart;12,25;\n")
    assert rows(run(TWO + "2025-12-01,trailer,north,1\n"), "items") == ["item,price,notes", "bike,899.50,ours", "cart,12.25,", "trailer,,"]


def test_an_error_of_a_spreadsheet_is_no_name(run: Import) -> None:
    with pytest.raises(ScenarioError) as error:
        run(TWO + "2025-12-01,#N/A,north,1\n")
    assert problems(error) == ['orders.csv row 4, Item = "#N/A": must be a value, not what a spreadsheet shows for an error']
