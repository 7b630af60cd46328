"""What a comparison of plans is made of: tidy records, each table declared in `layout.py` with its units.

Terminal, page, workbook, CSV and JSON are all drawn from these; nothing else is compared anywhere. In every
table `plan` is the heading of a plan in `Comparison.names`, and the first plan is the one that the others are
compared with. All figures are of the periods that every plan covers (`Comparison.notes` says so where some
are left out), unrounded, in the plans' currency and units.

    comparison = planner.compare([a, b, c], walk=True)

    comparison.kpis             the scorecard: a row for each KPI that can differ; see `Comparison`
    comparison.recommendation   which plan, and why: `Recommendation` in `recommendation.py`
        .plan                   heading of the plan recommended; None where nothing can be
        .is_clear               whether no other eligible plan is better in service or in money
        .rule                   by what it is chosen, in a sentence
        .candidates             one for each plan: name, is_proven, is_eligible, why_not, rank
        .statements             the reasons, each with its figures
    comparison.service          SERVICE: demand, on time, late and lost by plan, family and period
    comparison.targets          TARGETS: each sales target's quantity, demand, delivery and attainment by plan
    comparison.utilization      UTILIZATION: load of each work center and labor pool by plan
    comparison.customers        CUSTOMERS: what is late and lost, by plan, customer and market
    comparison.bridge           BRIDGE: from the first plan's margin to each other's: revenue, then cost terms
    comparison.moves            MOVES: where the plans part by area: production moved, hires, purchases, ...
    comparison.walks            one `Walk` for each plan but the first, where `walk=True` asks for it
        .steps                  STEPS: cost, margin and attainment, one change of the scenario at a time
        .nervousness            NERVOUSNESS: what moved in the near periods, table by table
        .statements, .notes     the same in sentences, and what was left out
    comparison.frames           all of these tables by name, for files
    comparison.statements       everything there is to say in words: verdicts, reasons, moves, walks
"""
