"""The dashboard: ``streamlit run dashboard.py``. Its pages are in pipeline.app."""

from __future__ import annotations

from pipeline.app.page import main

if __name__ == "__main__":  # a worker process that is spawned from here imports this file, but shows no page
    main()
