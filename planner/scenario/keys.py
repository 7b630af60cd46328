"""What names one thing of each kind: the key columns of tables, which model and plan carry on."""

STOCK = ["item", "site"]
SOURCE = ["item", "supplier", "site"]
ROUTING = ["item", "site", "routing"]
WORK_CENTER = ["site", "work_center"]
SETUP_FAMILY = ["site", "setup_family"]
LABOR_POOL = ["site", "labor_pool"]
LANE = ["origin", "destination", "mode"]
DEMAND_LINE = ["item", "market", "demand_class", "priority"]
