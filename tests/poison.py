"""Loaded into the workers of a test: reports that end the process which reads them, or never end."""

from __future__ import annotations

import faulthandler
import os
import time

import pipeline
from pipeline.scale import worker

_process = pipeline.process


def process(document):
    if "GIFT" in document.text:
        os.abort()
    if "ENDLOS" in document.text:
        faulthandler.dump_traceback_later(0.3, exit=True)  # the worker's own patience is longer than a test's
        while True:
            time.sleep(0.01)
    if "LANGSAM" in document.text:
        time.sleep(0.1)
    return _process(document)


worker.process = process
