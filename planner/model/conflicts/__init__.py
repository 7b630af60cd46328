"""Why no plan exists: figures of the scenario that cannot hold together, and what each would have to be."""
