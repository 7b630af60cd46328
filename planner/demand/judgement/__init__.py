"""What people say beside the statistics: overrides and the forecasts of sales, marketing, finance."""
