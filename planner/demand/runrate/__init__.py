"""Order history becomes what goes on: cleaned, promotions apart, accounts that fall silent, launches and
phase-outs.
"""
