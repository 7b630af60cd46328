"""What holds for every test: one thread for linear algebra, so that workers side by side do not fight over
the cores.
"""

import os

for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(library, "1")  # read when numpy is first imported, which is after this
