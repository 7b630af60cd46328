"""A scenario is written: as a folder of scenario.yaml and CSV files, or as one Excel workbook."""
