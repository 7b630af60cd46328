"""Real public files go in with a mapping of under 30 lines; skipped where they are not at hand."""

import os
from pathlib import Path

import pytest

import planner
from planner.scenario.importing.importing import import_files
from tests.scenario.importing.conftest import left_out

DATA = Path(os.environ.get("PLANNER_PUBLIC_DATA", "no data"))
CRM = """
settings: {currency: USD}
reads:
  deals:
    table: opportunities
    files: sales_pipeline*
    beside: [{files: sales_teams*, match: {sales_agent: sales_agent}}]
    columns:
      opportunity: opportunity_id
      item: {column: product, map: {GTXPro: GTX Pro}}
      customer: account
      market: regional_office
      amount: close_value
      stage: deal_stage
      created: engage_date
      outcome: {column: deal_stage, map: {Won: won, Lost: lost, "*": open}}
    close_date: close_date
  products:
    table: items
    files: products*
    columns: {item: product, family: series, price: sales_price}
"""


@pytest.mark.skipif(not (DATA / "crm_maven").is_dir(), reason="the public data are not at hand: set PLANNER_PUBLIC_DATA")
def test_a_public_crm_goes_in(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(CRM)
    files = [DATA / "crm_maven" / f"{name}.csv" for name in ("sales_pipeline", "sales_teams", "products")]
    result = import_files(files, tmp_path / "m.yaml", tmp_path / "crm")
    assert left_out(result) == {"created is blank": 500}  # deals that nobody has opened yet
    assert result.accounts[0].sums_written == {"amount": 10_005_534.0}
    deals = planner.load_scenario(tmp_path / "crm")["opportunities"]
    assert deals["outcome"].value_counts().to_dict() == {"won": 4238, "lost": 2473, "open": 1589}
    assert set(deals["item"]) <= {"GTX Pro", "GTX Basic", "GTX Plus Basic", "GTX Plus Pro", "MG Special", "MG Advanced", "GTK 500"}
