"""Whom Corvane sells to, how much of what, and when in the year."""

# Bikes a year to dealers and chains in 2025, and growth a year.
RUN_RATE = """
    item          volume_2025  growth
    city-one      8200         0.02
    city-step     7300         0.05
    city-fold     3300         -0.04
    city-pro      4700         0.07
    cargo-mini    3000         0.14
    cargo-long    2300         0.12
    cargo-box     1800         0.09
    trail-hard    3500         0.02
    trail-full    1750         0.05
    trail-gravel  2200         0.09
"""

# Months January to December against an average month.
SEASON = {
    "city": (0.70, 0.80, 1.15, 1.30, 1.35, 1.25, 1.05, 0.85, 1.00, 0.90, 0.75, 0.90),
    "cargo": (0.80, 0.85, 1.05, 1.15, 1.15, 1.05, 0.95, 0.85, 1.10, 1.10, 0.95, 1.00),
    "trail": (0.60, 0.75, 1.15, 1.40, 1.50, 1.35, 1.15, 0.90, 0.90, 0.80, 0.65, 0.85),
}

# A market's weight in the sales of each family; an item's sales are split by them.
MARKET_WEIGHTS = {
    "germany": {"city": 0.32, "cargo": 0.36, "trail": 0.28},
    "france": {"city": 0.22, "cargo": 0.17, "trail": 0.24},
    "benelux": {"city": 0.21, "cargo": 0.26, "trail": 0.08},
    "nordics": {"city": 0.10, "cargo": 0.13, "trail": 0.08},
    "iberia": {"city": 0.08, "cargo": 0.04, "trail": 0.11},
    "alpine": {"city": 0.07, "cargo": 0.04, "trail": 0.21},
}

CUSTOMERS = {
    "germany": {
        "chain": "radwelt-hamburg radwelt-muenchen bikehaus-koeln bikehaus-berlin",
        "dealer": "zweirad-bremen zweirad-leipzig zweirad-dresden velo-freiburg velo-stuttgart "
        "pedalum-hannover radhof-kassel radhof-erfurt speiche-mainz speiche-ulm",
        "fleet": "dienstrad-sued dienstrad-nord kurier-berlin stadtpost-frankfurt backring-koeln "
        "stadtwerke-muenster",
    },
    "france": {
        "chain": "cyclomax-paris cyclomax-lille veloce-lyon",
        "dealer": "atelier-nantes atelier-rennes atelier-dijon cycles-bordeaux cycles-toulouse cycles-annecy "
        "roue-libre-nice pignon-reims",
        "fleet": "livraison-paris livraison-lyon flotte-verte mairie-grenoble mairie-nantes",
    },
    "benelux": {
        "chain": "fietsplein-utrecht fietsplein-rotterdam rijwielhal-antwerpen",
        "dealer": "fietshuis-gent fietshuis-brugge fietshuis-leiden wielerij-eindhoven wielerij-groningen "
        "tweewieler-breda velo-luxembourg tandem-namur",
        "fleet": "pakket-amsterdam pakket-brussel zorgmobiel bakfietspool gemeente-delft",
    },
    "nordics": {
        "chain": "cykelhuset-stockholm cykelhuset-goteborg",
        "dealer": "sykkel-oslo sykkel-bergen cykler-aarhus cykler-odense pyora-helsinki",
        "fleet": "nordpost-malmo bypost-kobenhavn kommune-trondheim",
    },
    "iberia": {
        "chain": "ciclomundo-madrid",
        "dealer": "bicis-valencia bicis-sevilla bicis-bilbao ciclo-porto ciclo-lisboa rueda-zaragoza",
        "fleet": "reparto-madrid ajuntament-girona",
    },
    "alpine": {
        "chain": "bergrad-zuerich",
        "dealer": "velo-bern velo-basel radl-graz radl-salzburg radl-innsbruck sport-chur",
        "fleet": "bergpost-wien kurier-zuerich",
    },
}

# How much a customer buys, what for, at what discount, and how soon it is served (1 first; blank: 5).
SEGMENTS = {
    "chain": {
        "size": 4.5,
        "deals": 1.0,
        "discount": 0.05,
        "priority": 3,
        "city": 1.3,
        "cargo": 0.6,
        "trail": 1.0,
    },
    "dealer": {
        "size": 1.6,
        "deals": 0.5,
        "discount": 0.0,
        "priority": None,
        "city": 1.0,
        "cargo": 1.0,
        "trail": 1.2,
    },
    "fleet": {
        "size": 0.5,
        "deals": 5.0,
        "discount": 0.03,
        "priority": 2,
        "city": 1.0,
        "cargo": 3.0,
        "trail": 0.1,
    },
}
# Their contracts carry penalties: priority 1.
KEY_ACCOUNTS = ("stadtpost-frankfurt", "pakket-amsterdam", "nordpost-malmo")
CHURNED = {
    "speiche-ulm": "2024-05",
    "cycles-annecy": "2024-11",
    "wielerij-groningen": "2025-03",
    "ciclo-porto": "2025-06",
}
