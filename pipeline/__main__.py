"""The command line: ``python -m pipeline COMMAND``."""

import atexit
import gc
import os
import sys
import threading

from pipeline.cli import main

if __name__ == "__main__":
    gc.set_threshold(100_000)  # a report is thousands of small records, none of them in a circle: look for those rarely
    status = main()
    if threading.active_count() > 1:
        sys.exit(status)
    # The system takes back the memory of the tables at once; taking them apart piece by piece takes longer.
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
