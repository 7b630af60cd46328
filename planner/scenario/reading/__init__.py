"""What somebody wrote becomes typed columns: folder, dict, CSV, parquet, YAML -> cells -> columns."""
