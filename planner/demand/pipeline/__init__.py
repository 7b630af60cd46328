"""Deals become wins: chances, dates, new deals, and what the pipeline's own figures say."""
