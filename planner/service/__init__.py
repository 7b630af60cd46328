"""How other programs reach the planner over HTTP. Empty so far: this version is called from Python or the
command line.
"""
