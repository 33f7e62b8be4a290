"""Loaded into the workers of a test: reports that end the process which reads them, or never end; a full disk."""

from __future__ import annotations

import errno
import faulthandler
import os
import time
from pathlib import Path

import pyarrow.parquet as pq

import pipeline
from pipeline.scale import worker

_process = pipeline.process
_write = getattr(pq.ParquetWriter.write_table, "replaced", pq.ParquetWriter.write_table)  # this file is loaded twice


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


def write(writer, table, *arguments, **options):
    if (Path(writer.where).parents[2] / "full").exists():
        raise OSError(errno.ENOSPC, "No space left on device")
    return _write(writer, table, *arguments, **options)


if worker.process is _process:  # once: a process that is started again loads this again
    worker.process = process
    write.replaced = _write
    pq.ParquetWriter.write_table = write
