"""What columns of other systems are usually called, for suggestions."""

import re

# For each table the names that its columns have elsewhere, the most telling first.
NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "order_history": {
        "date": (
            "order date",
            "invoice date",
            "document date",
            "posting date",
            "date ordered",
            "sales date",
            "date",
            "day",
            "month",
            "week",
            "period",
            "ds",
            "order date/time",
            "created at",
            "created on",
        ),
        "item": (
            "sku",
            "item code",
            "stock code",
            "product code",
            "material",
            "article",
            "item",
            "item no",
            "product id",
            "product",
            "product name",
            "item name",
            "product variant",
            "part number",
            "description",
        ),
        "customer": (
            "customer id",
            "customer no",
            "customer",
            "customer name",
            "sold to party",
            "account",
            "account name",
            "client",
            "buyer",
            "partner",
        ),
        "market": (
            "market",
            "country",
            "region",
            "sales region",
            "territory",
            "state",
            "city",
            "channel",
            "store",
        ),
        "quantity": (
            "quantity",
            "qty",
            "order quantity",
            "units",
            "ordered qty",
            "units sold",
            "pieces",
            "qty ordered",
            "volume",
            "sales qty",
            "demand",
            "passengers",
            "total",
            "y",
            "value",
        ),
        "revenue": (
            "revenue",
            "sales",
            "net amount",
            "net value",
            "line total",
            "amount",
            "total price",
            "subtotal",
            "turnover",
            "net sales",
        ),
    },
    "opportunities": {
        "opportunity": (
            "opportunity id",
            "deal id",
            "record id",
            "id",
            "opportunity name",
            "deal name",
            "opportunity",
            "name",
            "title",
        ),
        "item": ("product", "product name", "product code", "product line", "item", "line item", "solution"),
        "customer": (
            "account name",
            "account",
            "company",
            "organization",
            "associated company",
            "customer",
            "partner",
        ),
        "market": ("region", "country", "territory", "regional office", "market", "billing country"),
        "quantity": ("quantity", "qty", "product quantity"),
        "amount": (
            "amount",
            "value",
            "deal value",
            "close value",
            "expected revenue",
            "total price",
            "deal amount",
        ),
        "stage": ("stage", "deal stage", "stage name", "status", "pipeline stage"),
        "created": (
            "created date",
            "create date",
            "created",
            "created on",
            "created time",
            "engage date",
            "deal created",
            "add time",
            "opportunity date",
            "creation date",
        ),
        "close": (
            "close date",
            "closed",
            "expected close date",
            "closing date",
            "expected closing",
            "won time",
        ),
        "probability": ("probability", "probability (%)", "win probability", "deal probability"),
        "lead_source": ("lead source", "source", "original source", "original source type"),
        "campaign": ("campaign", "primary campaign source"),
    },
    "inventory": {
        "item": (
            "material",
            "item code",
            "sku",
            "item",
            "product",
            "article",
            "stock code",
            "internal reference",
        ),
        "site": ("plant", "warehouse", "location", "site", "storage location", "store", "depot"),
        "on_hand": (
            "unrestricted",
            "on hand",
            "onhand",
            "actual qty",
            "quantity",
            "stock",
            "available",
            "balance qty",
            "qty on hand",
            "inventory",
            "closing stock",
        ),
        "safety_stock": ("safety stock", "minimum stock", "min stock", "reorder level"),
    },
}
MASTERS: dict[str, dict[str, tuple[str, ...]]] = {
    "items": {
        "item": NAMES["order_history"]["item"],
        "family": (
            "family",
            "product family",
            "sub category",
            "category",
            "product category",
            "item group",
            "product group",
            "material group",
            "series",
            "type",
        ),
        "unit": ("unit", "uom", "unit of measure", "base unit", "stock uom"),
        "price": ("sales price", "list price", "unit price", "price"),
        "standard_cost": ("standard cost", "cost", "cost price", "unit cost"),
    },
    "customers": {
        "customer": NAMES["order_history"]["customer"],
        "market": (*NAMES["order_history"]["market"], "office location", "billing country"),
    },
}
PRICES = ("unit price", "price", "unitprice", "sales price", "list price", "rate")
BLOCKED = ("blocked", "blocked stock", "reserved", "reserved qty", "quality inspection", "in quality insp")
FAMILIES = (
    "family",
    "product family",
    "sub category",
    "subcategory",
    "category",
    "product category",
    "item group",
    "product group",
    "material group",
    "series",
    "department",
)
STATUSES = ("status", "order status", "state", "invoice status", "document status", "delivery status")
WON = ("won", "gewonnen", "gagn", "ganad", "vinto")
LOST = ("lost", "verloren", "perdu", "perdid", "abandon", "disqualif", "cancel")
TELLING = {
    "order_history": ("date", "quantity"),
    "opportunities": ("stage", "amount"),
    "inventory": ("site", "on_hand"),
}


def plain(name: str) -> str:
    """The name in lower case, words parted by one space: InvoiceDate and invoice_date are invoice date."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " ".join(re.split(r"[\s_\-./:#*]+", parted.casefold().strip("? "))).strip()


def columns_called(names: tuple[str, ...], columns: list[str]) -> list[str]:
    """The columns that are called so, the most telling name first."""
    by_name = {plain(column): column for column in reversed(columns)}
    return [by_name[name] for name in names if name in by_name]


# Parts of words by which a column is known that is not called as usual, in English, German and French.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "order_history": {
        "date": ("date", "datum", "day", "month", "monat", "mois", "week", "woche", "semaine", "period"),
        "item": ("sku", "artikel", "article", "produkt", "produit", "product", "item", "material"),
        "customer": ("customer", "kunde", "client", "account", "sold to", "buyer", "auftraggeber"),
        "market": ("market", "markt", "region", "région", "gebiet", "land", "country", "pays", "territory"),
        "quantity": ("quant", "qty", "menge", "stück", "anzahl", "absatz", "units", "pieces", "demand"),
        "revenue": ("revenue", "umsatz", "betrag", "amount", "montant", "nettowert", "turnover", "sales"),
    },
    "opportunities": {
        "opportunity": ("opportunit", "deal", "chance", "lead", "record", "affaire", "quote"),
        "item": ("product", "produkt", "produit", "artikel", "article", "item"),
        "customer": ("company", "account", "customer", "firma", "kunde", "client", "société", "organi"),
        "market": ("region", "région", "gebiet", "territor", "country", "land", "pays"),
        "quantity": ("quant", "qty", "menge", "stück"),
        "amount": ("amount", "value", "betrag", "wert", "montant", "valeur", "revenue", "umsatz", "volumen"),
        "stage": ("stage", "phase", "status", "étape", "statut", "stufe"),
        "created": ("created", "create", "opened", "angelegt", "erstell", "eröffnet", "créé", "création"),
        "close": ("clos", "abschluss", "clôture", "geschlossen", "expected", "erwartet"),
        "probability": ("probab", "wahrscheinlich"),
        "lead_source": ("source", "quelle", "origine"),
        "campaign": ("campaign", "kampagne", "campagne"),
    },
    "inventory": {
        "item": ("material", "artikel", "article", "sku", "item", "product", "produkt", "produit"),
        "site": ("plant", "werk", "warehouse", "lager", "site", "location", "dépôt", "depot", "entrepôt"),
        "on_hand": ("on hand", "bestand", "stock", "unrestricted", "frei"),
        "safety_stock": ("safety", "sicherheit", "sécurité"),
    },
}
MEASURES = ("actual", "order", "demand", "sales", "sold", "shipment", "ist", "absatz", "auftrag", "vente")
NOT_MEASURES = ("forecast", "plan", "budget", "stock", "inventory", "bestand", "prognose", "prévision")
TOTALS = ("total", "totals", "grand total", "subtotal", "sum", "summe", "gesamt", "gesamtergebnis")
STATES = ("sale", "sold", "done", "complete", "ship", "deliver", "invoice", "cancel", "draft", "void", "open",
          "closed", "pending", "confirm", "paid", "refund", "return", "quot", "hold", "storn", "offen")
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
