"""Since when a row of the sales tables is known."""

# The column of each table that says it; rows without such a day were always known.
KNOWN_FROM = {
    "order_history": "date",
    "opportunities": "created",
    "stage_history": "entered",
    "close_history": "entered",
    "forecast_overrides": "entered",
    "forecast_streams": "entered",
    "promotions": "entered",
    "lifecycles": "entered",
}
