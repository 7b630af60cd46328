"""A first mapping is made by looking at a file: it can be used as it is, and says what it is unsure of."""

from pathlib import Path

import pytest

from planner.errors import ScenarioError
from planner.scenario.importing.importing import import_files
from planner.scenario.importing.mapping_file import read_mapping
from planner.scenario.importing.suggestion import suggest_mapping
from tests.scenario.importing.conftest import rows

SAMPLES = Path(__file__).with_name("samples")
RETAIL = ("Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
          "536365,85123A,LANTERN,6,13/12/2010 08:26,2.55,17850,United Kingdom\n"
          "C53639,85123A,LANTERN,-2,20/12/2010 10:24,2.55,17850,United Kingdom\n536400,71053,CLOCK,10,21/12/2010 10:31,0,17850,France\n")
SUPERSTORE = ("Row ID,Order ID,Order Date,Ship Date,Customer Name,Region,Product ID,Category,Sub-Category,Product Name,Sales,Quantity\n"
              "1,CA-1,11/8/2016,11/11/2016,Claire Gute,South,FUR-1,Furniture,Bookcases,Bush Bookcase,261.96,2\n"
              "2,CA-2,11/28/2016,12/1/2016,Claire Gute,South,OFF-1,Office Supplies,Labels,Address Labels,14.62,3\n")
SOP = "Weekly S&OP,,,,\nProduct,Measure,2025-W50,2025-W51,2025-W52\nBike,Orders,5,7,9\nBike,Forecast,6,6,6\n"
MEASURES = ("Family,SKU,Measure," + ",".join(f"W{week:02d} 2025" for week in range(40, 53)) + "\n" + "".join(
    f"{family},{sku},{measure},{','.join(['5'] * 13)}\n" for family, sku in (("Kitchen", "Blender"), ("Home", "Iron"), ("", "Total"))
    for measure in ("Forecast", "Actual sales", "Stock")))
DEALS = ("Chance Nr.;Firma;Phase;Angelegt am;Abschluss am;Betrag;Wahrscheinlichkeit\nV1;Kühn AG;Gewonnen;25.05.2025;23.07.2025;31.685,37 €;100\n"
         "V2;Weiß & Söhne;Verloren;30.05.2025;24.08.2025;1.685,00 €;0\nV3;Kühn AG;Angebot;1.11.2025;1.2.2026;900,50 €;40\n")
CODES = "Date,StockCode,Qty\n" + "".join(f"2025-01-{day:02d},A{day},3\n" for day in range(1, 26)) + "2025-01-31,POSTAGE,1\n"
YEARS = "Year,Month,Sales\n2025,1,112\n2025,2,118\n2025,3,132\n"
MATRIX = "Year,Jan,Feb,Mar,Total\n2024,112,118,132,362\n2025,115,126,141,382\n"
STATE = "Order Date,State,City,Product ID,Quantity\n2025-01-03,California,Los Angeles,FUR-1,2\n2025-01-04,Texas,Austin,FUR-2,2\n"
TOTALS = "Month,Total\n2025-01,112\n2025-02,118\n2025-03,132\n"


@pytest.fixture
def suggested(tmp_path: Path) -> Path:
    return tmp_path / "m.yaml"


@pytest.mark.parametrize(("text", "lines"), [
    (RETAIL, ["date: InvoiceDate", "item: StockCode  # unsure: or Description?", "customer: Customer ID", "market: Country",
              "revenue: {multiply: [Quantity, Price]}", "drop: {Price: 0}  # unsure: rows with Price 0 are left out: 1",
              "negative: cancel  # unsure: rows below 0: 1. Shall they net, drop or cancel?"]),
    (SUPERSTORE, ["date: Order Date", "item: Product ID  # unsure: or Product Name?", "quantity: Quantity", "revenue: Sales",
                  'masters: {items: {family: "Sub-Category"}}']),
    (SOP, ["header_row: 2", 'across: {columns: ["2025-W50", "2025-W51", "2025-W52"]}', "date: heading", "quantity: cell",
           "keep: {Measure: Orders}  # unsure: rows of other measures are left out; Measure has Orders, Forecast"]),
    (MEASURES, ["settings: {calendar: {bucket: week, periods: 26}}", "masters: {items: {family: Family}}", "item: SKU",
                "keep: {Measure: Actual sales}  # unsure: rows of other measures are left out; Measure has Actual sales, Forecast, Stock",
                "drop: {SKU: [Total]}  # unsure: rows of Total are sums of others"]),
    (DEALS, ['opportunity: "Chance Nr."  # unsure: by a word in its name', "created: Angelegt am  # unsure: by a word in its name",
             "close_date: Abschluss am", "probability: {divide: [Wahrscheinlichkeit, 100]}  # unsure: by a word in its name",
             'outcome: {column: Phase, map: {Gewonnen: won, Verloren: lost, "*": open}}  # unsure: Phase has Gewonnen, Verloren, Angebot']),
    (CODES, ["drop: {StockCode: [POSTAGE]}  # unsure: StockCode has codes that may be no items: POSTAGE"]),
    (YEARS, ["date: {join: [Year, Month]}", "quantity: Sales  # unsure: units or money?"]),
    (MATRIX, ["across: {columns: [Jan, Feb, Mar]}", "date: {join: [Year, heading]}"]),
    (STATE, ["market: State  # unsure: or City?"]),
    (TOTALS, ["date: Month", "quantity: Total", "item: {value: all}  # unsure: no column is called so; which one is it?"]),
])
def test_the_columns_of_a_file_are_recognised_and_doubts_are_said(tmp_path: Path, text: str, lines: list[str]) -> None:
    (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
    said = [line.strip() for line in suggest_mapping([tmp_path / "orders.csv"]).splitlines()]
    assert [line for line in lines if line not in said] == []


@pytest.mark.parametrize("text", [RETAIL, SUPERSTORE, SOP, MEASURES, DEALS, CODES, YEARS, MATRIX, STATE, TOTALS])
def test_a_suggestion_can_be_used_as_it_is(tmp_path: Path, text: str, suggested: Path) -> None:
    (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
    suggested.write_text(suggest_mapping([tmp_path / "orders.csv"]))
    result = import_files([tmp_path / "orders.csv"], suggested, tmp_path / "scenario")
    table = "opportunities" if text == DEALS else "order_history"
    assert len(rows(result, table)) > 1
    assert len(suggested.read_text().splitlines()) < 30
    assert not [problem for problem in result.problems if problem.severity == "error"]


def test_deals_that_say_amounts_only_are_planned_in_money(tmp_path: Path, suggested: Path) -> None:
    (tmp_path / "deals.csv").write_text(DEALS, encoding="cp1252")
    suggested.write_text(suggest_mapping([tmp_path / "deals.csv"]))
    result = import_files([tmp_path / "deals.csv"], suggested, tmp_path / "scenario")
    assert rows(result, "items") == ["item,unit,price", "all products,money,1"]
    assert result.accounts[0].sums_written["amount"] == pytest.approx(31685.37 + 1685 + 900.5)


def test_percent_without_a_sign_is_refused_and_its_rows_are_not_lost(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Id,Stage,Made,Chance\n1,open,2025-05-01,40\n2,won,2025-05-02,100\n3,lost,2025-05-02,0\n")
    mapping = {"reads": {"deals": {"table": "opportunities", "columns": {
        "opportunity": "Id", "outcome": "Stage", "created": "Made", "item": {"value": "bike"}, "market": {"value": "all"},
        "probability": "Chance"}}}}
    with pytest.raises(ScenarioError) as raised:
        import_files([tmp_path / "deals.csv"], mapping, tmp_path / "scenario")
    assert "2 rows have more. If the file writes percent, say {divide: [Chance, 100]}" in str(raised.value)


def test_deals_have_their_stages_listed_and_the_profile_that_knows_them_named(suggested: Path) -> None:
    text = suggest_mapping([SAMPLES / "hubspot" / "deals.csv"])
    suggested.write_text(text)
    assert read_mapping(suggested).mapping.reads["deals"].table == "opportunities"
    assert "try --profile hubspot" in text
    assert 'outcome: {column: Deal Stage, map: {Closed Won: won, Closed Lost: lost, "*": open}}  # unsure: Deal Stage has' in text


def test_dates_that_could_be_either_are_doubted(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("Date,Item,Qty\n03/04/2025,bike,5\n")
    assert 'dates: dmy  # unsure: Date = "03/04/2025" could be dmy or mdy' in suggest_mapping([tmp_path / "orders.csv"])


def test_several_files_are_one_mapping_masters_among_them(tmp_path: Path, suggested: Path) -> None:
    (tmp_path / "orders.csv").write_text(SUPERSTORE)
    (tmp_path / "products.csv").write_text("Product,Series,Sales Price\nFUR-1,Home,99\n")
    suggested.write_text(suggest_mapping([tmp_path / "orders.csv", tmp_path / "products.csv"]))
    reads = read_mapping(suggested).mapping.reads
    assert {name: (read.table, read.files) for name, read in reads.items()} == {
        "orders": ("order_history", "orders.csv"), "products": ("items", "products.csv")}


def test_deals_in_money_become_units_where_another_file_lists_prices(tmp_path: Path, suggested: Path) -> None:
    (tmp_path / "deals.csv").write_text("opportunity_id,product,deal_stage,engage_date,close_date,close_value\n"
                                        "d1,GTX Pro,Won,2025-01-02,2025-02-03,4821\nd2,GTXPro,Lost,2025-01-02,2025-02-03,0\n")
    (tmp_path / "products.csv").write_text("product,series,sales_price\nGTX Pro,GTX,4821\n")
    alone = suggest_mapping([tmp_path / "deals.csv"])
    assert "masters: {items: {unit: {value: money}, price: {value: 1}}}" in alone
    both = suggest_mapping([tmp_path / "deals.csv", tmp_path / "products.csv"])
    assert "masters" not in both and "unsure: deals have no quantities: units are amounts by prices of items" in both


def test_the_german_word_for_who_orders_is_a_customer(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("Anlegedatum;Auftraggeber;Material;Auftragsmenge\n10.01.2025;4711;100;5\n20.01.2025;4711;100;8\n21.01.2025;4712;101;5\n")
    assert "customer: Auftraggeber" in suggest_mapping([tmp_path / "orders.csv"])
