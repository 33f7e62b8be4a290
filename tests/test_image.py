"""The image runs as a plain user, holds what the program needs and nothing that is secret."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINES = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()


def test_a_plain_user_and_a_health_check():
    users = [line.split()[1] for line in LINES if line.startswith("USER ")]
    assert users == ["reader"]
    assert any(line.startswith("HEALTHCHECK ") for line in LINES)
    assert not any(line.startswith("ADD ") for line in LINES)


def test_the_image_below_is_one_version_of_the_python_that_is_tested():
    (base,) = (line.split()[1] for line in LINES if line.startswith("FROM "))
    assert re.fullmatch(r"python:3\.11\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", base)


def test_everything_that_runs_is_copied_and_nothing_else():
    copied = {word.rstrip("/") for line in LINES if line.startswith("COPY ") for word in line.split()[1:-1]}
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    assert copied == allowed
    assert {"dashboard.py", "pipeline", "data", "seeds", "static", ".streamlit"} <= copied
    assert all((ROOT / name).exists() for name in copied)
    assert ".streamlit/secrets.toml" in (ROOT / ".gitignore").read_text(encoding="utf-8")
