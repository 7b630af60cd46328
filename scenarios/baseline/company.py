"""Corvane Cycles as it stands at the end of 2025: what it makes, where, and of what.

Corvane builds electric bikes. Lyon welds and paints every frame and assembles the cargo and trail bikes; Győr
builds the wheels and the battery packs and assembles the city bikes. Three warehouses serve six markets.

`TABLES` is written to CSV as it stands: first line the columns, then the rows, `-` for a blank.
"""

import functools

TABLES: dict[str, str] = {
    "sites": """
        site      region   storage_capacity  storage_overflow_cost
        lyon      france   1100              14
        gyor      hungary  900               11
        venlo     benelux  600               16
        vienna    austria  300               18
        zaragoza  spain    200               13
    """,
    "markets": """
        market   region   segment
        germany  central  core
        france   south    core
        benelux  north    core
        nordics  north    growth
        iberia   south    growth
        alpine   central  growth
    """,
    "bill_of_materials": """
        parent        component        site  quantity_per
        city-one      frame-city       -     1
        city-one      wheelset         -     1
        city-one      battery-pack     -     1
        city-one      motor-city       -     1
        city-one      drivetrain       -     1
        city-one      brake-set        -     1
        city-step     frame-city       -     1
        city-step     wheelset         -     1
        city-step     battery-pack     -     1
        city-step     motor-city       -     1
        city-step     drivetrain       -     1
        city-step     brake-set        -     1
        city-fold     frame-city       -     1
        city-fold     wheelset         -     1
        city-fold     battery-pack     -     1
        city-fold     motor-city       -     1
        city-fold     drivetrain       -     1
        city-fold     brake-set        -     1
        city-pro      frame-city       -     1
        city-pro      wheelset         -     1
        city-pro      battery-pack     -     1
        city-pro      motor-power      -     1
        city-pro      drivetrain       -     1
        city-pro      brake-set        -     1
        city-pro      suspension-fork  -     1
        cargo-mini    frame-cargo      -     1
        cargo-mini    wheelset         -     1
        cargo-mini    battery-pack     -     1
        cargo-mini    motor-power      -     1
        cargo-mini    drivetrain       -     1
        cargo-mini    brake-set        -     1
        cargo-long    frame-cargo      -     1
        cargo-long    wheelset         -     1
        cargo-long    battery-pack     -     2
        cargo-long    motor-power      -     1
        cargo-long    drivetrain       -     1
        cargo-long    brake-set        -     1
        cargo-box     frame-cargo      -     1
        cargo-box     wheelset         -     1
        cargo-box     battery-pack     -     2
        cargo-box     motor-power      -     1
        cargo-box     drivetrain       -     1
        cargo-box     brake-set        -     1
        trail-hard    frame-trail      -     1
        trail-hard    wheelset         -     1
        trail-hard    battery-pack     -     1
        trail-hard    motor-power      -     1
        trail-hard    drivetrain       -     1
        trail-hard    brake-set        -     1
        trail-hard    suspension-fork  -     1
        trail-full    frame-trail      -     1
        trail-full    wheelset         -     1
        trail-full    battery-pack     -     1
        trail-full    motor-power      -     1
        trail-full    drivetrain       -     1
        trail-full    brake-set        -     1
        trail-full    suspension-fork  -     2
        trail-gravel  frame-trail      -     1
        trail-gravel  wheelset         -     1
        trail-gravel  battery-pack     -     1
        trail-gravel  motor-city       -     1
        trail-gravel  drivetrain       -     1
        trail-gravel  brake-set        -     1
        frame-city    tube-set         -     1
        frame-city    castings         -     1
        frame-cargo   tube-set         -     2
        frame-cargo   castings         -     2
        frame-trail   tube-set         -     1
        frame-trail   castings         -     2
        wheelset      rim              -     2
        wheelset      hub-set          -     1
        battery-pack  cell-module      -     5
    """,
    "sourcing": """
        item             supplier  site  unit_cost  lead_time  capacity  min_share  max_share  from     to
        tube-set         arvo      lyon  46         1          -         0.5        -          -        -
        tube-set         borea     lyon  50.5       1          1400      -          -          -        -
        castings         arvo      lyon  24         1          -         -          -          -        -
        castings         borea     lyon  27.5       1          1600      -          0.4        -        -
        rim              loxley    gyor  15         1          -         -          -          -        -
        hub-set          loxley    gyor  38         1          -         -          -          -        -
        cell-module      voltara   gyor  44         2          -         -          -          -        -
        cell-module      voltara   gyor  41.5       2          -         -          -          2026-10  -
        cell-module      kinetra   gyor  49         1          5000      -          0.3        -        -
        motor-city       kinetra   lyon  245        2          -         -          -          -        -
        motor-city       kinetra   gyor  245        2          -         -          -          -        -
        motor-power      kinetra   lyon  395        2          -         -          -          -        -
        motor-power      kinetra   gyor  395        2          -         -          -          -        -
        drivetrain       tandis    lyon  105        3          -         -          -          -        -
        drivetrain       tandis    gyor  105        3          -         -          -          -        -
        drivetrain       loxley    lyon  121        1          700       -          -          -        -
        drivetrain       loxley    gyor  121        1          900       -          -          -        -
        brake-set        tandis    lyon  62         3          -         -          -          -        -
        brake-set        tandis    gyor  62         3          -         -          -          -        -
        brake-set        loxley    lyon  69         1          700       -          -          -        -
        brake-set        loxley    gyor  69         1          900       -          -          -        -
        suspension-fork  tandis    lyon  155        3          -         -          -          -        -
        suspension-fork  tandis    gyor  155        3          -         -          -          -        -
        suspension-fork  loxley    lyon  178        1          500       -          -          -        -
        suspension-fork  loxley    gyor  178        1          400       -          -          -        -
    """,
    "supplier_capacity": """
        supplier  item         period   capacity
        arvo      castings     -        5700
        arvo      tube-set     -        5600
        arvo      -            2026-08  6000
        voltara   cell-module  -        19500
        kinetra   motor-city   -        2800
        kinetra   motor-power  -        2200
        tandis    -            -        9000
        tandis    -            2026-02  4000
        tandis    -            2027-02  4000
        loxley    -            -        14500
    """,
    "routings": """
        item          site  routing         unit_cost  yield_rate  lead_time  capacity
        frame-city    lyon  in-house        6          0.985       0          -
        frame-city    lyon  external-paint  44         0.98        1          260
        frame-cargo   lyon  in-house        11         0.98        0          -
        frame-cargo   lyon  external-paint  78         0.975       1          90
        frame-trail   lyon  in-house        7          0.985       0          -
        wheelset      gyor  machine         1.5        0.995       0          -
        wheelset      gyor  bench           4          0.99        0          400
        battery-pack  gyor  line            5          1           0          -
        city-one      gyor  line            75         1           0          -
        city-step     gyor  line            85         1           0          -
        city-fold     gyor  line            95         1           0          -
        city-pro      gyor  line            105        1           0          -
        city-pro      lyon  line            109        1           0          -
        cargo-mini    lyon  line            190        1           0          -
        cargo-long    lyon  line            260        1           0          -
        cargo-box     lyon  line            390        1           0          -
        trail-hard    lyon  line            114        1           0          -
        trail-hard    gyor  line            110        1           0          -
        trail-full    lyon  line            180        1           0          -
        trail-gravel  lyon  line            104        1           0          -
        trail-gravel  gyor  line            100        1           0          -
    """,
    "routing_steps": """
        item          site  routing         work_center  hours_per_unit
        frame-city    lyon  in-house        welding      0.7
        frame-city    lyon  in-house        painting     0.5
        frame-city    lyon  external-paint  welding      0.75
        frame-cargo   lyon  in-house        welding      1.4
        frame-cargo   lyon  in-house        painting     0.9
        frame-cargo   lyon  external-paint  welding      1.45
        frame-trail   lyon  in-house        welding      0.9
        frame-trail   lyon  in-house        painting     0.6
        wheelset      gyor  machine         wheels       0.45
        wheelset      gyor  bench           assembly     0.9
        battery-pack  gyor  line            batteries    0.4
        city-one      gyor  line            assembly     1.7
        city-step     gyor  line            assembly     1.7
        city-fold     gyor  line            assembly     1.9
        city-pro      gyor  line            assembly     2.1
        city-pro      lyon  line            assembly     2
        cargo-mini    lyon  line            assembly     3.2
        cargo-long    lyon  line            assembly     3.8
        cargo-box     lyon  line            assembly     4.4
        trail-hard    lyon  line            assembly     2.4
        trail-hard    gyor  line            assembly     2.5
        trail-full    lyon  line            assembly     3.2
        trail-gravel  lyon  line            assembly     2.2
        trail-gravel  gyor  line            assembly     2.3
    """,
    "inspections": """
        item          site  work_center  hours_per_unit  defect_rate  rework_rate  rework_hours  scrap_cost
        frame-city    lyon  painting     0.02            0.03         0.85         0.35          6
        frame-cargo   lyon  painting     0.04            0.04         0.85         0.6           11
        frame-trail   lyon  painting     0.03            0.03         0.85         0.4           7
        battery-pack  gyor  batteries    0.05            0.02         0.7          0.3           14
        motor-power   lyon  -            0               0.006        0.5          0             9
    """,
    "lanes": """
        origin    destination  mode   item          unit_cost  lead_time  capacity
        lyon      gyor         road   frame-city    7          0          -
        lyon      gyor         road   frame-trail   7          0          -
        gyor      lyon         road   wheelset      3          0          -
        gyor      lyon         road   battery-pack  4          0          -
        lyon      venlo        road   -             24         0          -
        lyon      venlo        rail   -             17         1          320
        lyon      vienna       road   -             29         0          -
        lyon      zaragoza     road   -             20         0          -
        gyor      venlo        road   -             34         0          -
        gyor      venlo        rail   -             20         1          650
        gyor      vienna       road   -             10         0          -
        gyor      zaragoza     road   -             46         0          -
        gyor      zaragoza     rail   -             29         1          300
        lyon      france       road   -             38         0          350
        venlo     benelux      road   -             15         0          -
        venlo     germany      road   -             21         0          -
        venlo     nordics      road   -             44         0          -
        venlo     nordics      ferry  -             29         1          160
        venlo     france       road   -             27         0          -
        vienna    germany      road   -             24         0          -
        vienna    alpine       road   -             19         0          -
        zaragoza  france       road   -             25         0          -
        zaragoza  iberia       road   -             18         0          -
    """,
    "service_terms": """
        item  market  priority  backorder_cost  lost_sale_cost  max_lateness
        -     -       -         30              500             2
        -     -       1         120             1200            1
        -     -       2         90              900             1
    """,
    "sales_targets": """
        target             measure  item  family  market   region  from     to       quantity  priority
        cargo-2026         units    -     cargo   -        -       2026-01  2026-12  9300      1
        cargo-h1-2027      units    -     cargo   -        -       2027-01  2027-06  4600      1
        trail-2026         units    -     trail   -        -       2026-01  2026-12  8300      2
        trail-h1-2027      units    -     trail   -        -       2027-01  2027-06  4400      2
        city-2026          units    -     city    -        -       2026-01  2026-12  28000     3
        north-2026         revenue  -     -       -        north   2026-01  2026-12  25500000  4
        germany-2026       revenue  -     -       germany  -       2026-01  2026-12  26500000  4
        bikes-to-mid-2027  units    -     -       -        -       -        -        69500     5
        city-h1-2027       units    -     city    -        -       2027-01  2027-06  14500     6
    """,
    "goals": """
        goal               measure           minimum    maximum  owner
        on-time            order_fill_rate   0.985      -        Keller
        revenue            revenue           128000000  -        Keller
        turns              inventory_turns   8          -        Roth
        equipment          oee               0.83       -        Roth
        cost-of-a-bike     cost_per_unit     -          1200     Roth
        supply-lead-time   supply_lead_time  -          1.75     Marchand
    """,
}

# Tables of many columns and few rows: each line is a column.
TURNED_TABLES: dict[str, str] = {
    "work_centers": """
        site                lyon        lyon        lyon           gyor        gyor        gyor
        work_center         welding     painting    assembly       wheels      batteries   assembly
        available_hours     4400        2900        4710        2350        2450        4990
        availability        0.9         0.88        0.95           0.92        0.9         0.95
        performance         0.95        0.94        0.93           0.95        0.94        0.94
        quality             0.98        0.97        0.99           0.99        0.98        0.99
        hour_cost           21          34          9              12          26          7
        overtime_hours      420         300         60          200         220         60
        overtime_hour_cost  27          43          12             15          33          9
        labor_pool          frame-crew  frame-crew  assembly-crew  plant-crew  plant-crew  plant-crew
        crew_size           1           1           1              1           1           1
    """,
    "labor_pools": """
        site                       lyon        lyon           gyor
        labor_pool                 frame-crew  assembly-crew  plant-crew
        headcount                  42          31             54
        hours_per_worker           142         142            148
        wage                       4300        4100           2700
        overtime_hours_per_worker  16          16             20
        overtime_wage              41          39             25
        hire_cost                  3800        3200           1600
        separation_cost            9500        9000           3800
        attrition_rate             0.008       0.010          0.015
        min_headcount              30          24             36
        max_headcount              58          52             80
        max_hires                  3           3              5
    """,
}

# Price and standard cost in EUR, volume in cubic meters, weight in kg. Standard cost: material plus work at
# normal load.
ITEMS = """
    item             family     unit   price  standard_cost  volume  weight
    city-one         city       bike   1290   905            0.35    23
    city-step        city       bike   1390   915            0.35    24
    city-fold        city       bike   1490   930            0.2     21
    city-pro         city       bike   1990   1250           0.35    25
    cargo-mini       cargo      bike   2290   1300           0.7     32
    cargo-long       cargo      bike   2890   1610           0.95    38
    cargo-box        cargo      bike   3290   1770           1.3     46
    trail-hard       trail      bike   1990   1290           0.38    24
    trail-full       trail      bike   2690   1540           0.38    26
    trail-gravel     trail      bike   1690   975            0.35    19
    frame-city       frame      frame  0      118            0.18    5
    frame-cargo      frame      frame  0      232            0.4     11
    frame-trail      frame      frame  0      150            0.18    5
    wheelset         module     set    0      82             0.09    4
    battery-pack     module     pack   0      245            0.015   4
    tube-set         purchased  set    0      46             0.025   5
    castings         purchased  set    0      24             0.004   1
    rim              purchased  piece  0      15             0.012   1
    hub-set          purchased  set    0      38             0.005   1
    cell-module      purchased  piece  0      44             0.002   1
    motor-city       purchased  piece  0      245            0.012   3
    motor-power      purchased  piece  0      395            0.014   4
    drivetrain       purchased  set    0      105            0.01    2
    brake-set        purchased  set    0      62             0.004   1
    suspension-fork  purchased  piece  0      155            0.02    2
"""


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a text table, a blank where it says `-`."""
    header, *lines = (line.split() for line in text.strip().splitlines())
    return [
        {name: "" if cell == "-" else cell for name, cell in zip(header, line, strict=True)} for line in lines
    ]


def turned(text: str) -> str:
    """A text table with its lines and columns exchanged."""
    return "\n".join(
        " ".join(line) for line in zip(*(line.split() for line in text.strip().splitlines()), strict=True)
    )


TABLES |= {name: turned(text) for name, text in TURNED_TABLES.items()}


@functools.cache
def by_key(text: str) -> dict[str, dict[str, str]]:
    """The rows of a text table by their first column."""
    return {next(iter(row.values())): row for row in rows_of(text)}
