"""A matrix becomes a plan: the way to HiGHS and back, pass by pass, with everything that makes it fast."""
