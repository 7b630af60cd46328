"""Rules become a matrix: they are read as templates once and evaluated with numpy over their whole index
sets.
"""
