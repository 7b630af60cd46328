"""A scenario in one Excel workbook: its sheets become the same cells and settings as files of a folder."""
