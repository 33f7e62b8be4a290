"""The dashboard: ``streamlit run dashboard.py``. Its pages are in pipeline.app."""

from __future__ import annotations

import streamlit as st

from pipeline.app.downloads import ROUTES
from pipeline.app.page import main

if __name__ == "__main__":  # the script that Streamlit runs for each reader
    main()
elif __name__ == "dashboard":  # the program that serves it (not a worker process, which imports this file too)
    app = st.App(__file__, routes=ROUTES)
