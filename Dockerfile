# The dashboard in a container: a plain user, a file system that may be read-only, one volume for what is stored.
#
#   docker build -t conflict-event-timeline .
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#       --memory 4g --pids-limit 256 -p 127.0.0.1:8501:8501 -v events:/data conflict-event-timeline
#
# The command line (which nobody asks for its health, as there is no dashboard then):
#
#   docker run … --no-healthcheck conflict-event-timeline python -m pipeline watch /data/feeds.opml
FROM python:3.11.14-slim-bookworm

# Chromium draws PNG, SVG and PDF; without it exports as HTML and tables work. Its fonts come with it.
ARG BROWSER="chromium fonts-dejavu-core"
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates ${BROWSER} \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin reader \
    && install --directory --owner=reader --group=reader /data
WORKDIR /app
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY dashboard.py LICENSE README.md ./
COPY .streamlit .streamlit
COPY data data
COPY pipeline pipeline
COPY seeds seeds
COPY static static

# The index of places is built once, here: nothing of the program is written when it runs.
ENV CET_CACHE=/app/cache
RUN python -c "from pipeline import gazetteer; gazetteer.load()" && chmod -R a+rX /app

ENV CET_STORE=/data/store HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER reader
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
# Inside a container the address is that of the container; which port of the host leads to it is said by docker run.
CMD ["python", "-m", "streamlit", "run", "dashboard.py", "--server.address=0.0.0.0", "--server.headless=true"]
