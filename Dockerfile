# One image for every process: muster run (the default), web, clock, migrate.
FROM python:3.11-slim

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && python -m compileall -q . \
    && useradd --uid 10001 --no-create-home muster \
    && install --directory --owner=muster /data

USER muster
VOLUME /data
ENV DATABASE_URL=sqlite:////data/muster.db \
    MUSTER_HEALTH_PORT=8080 \
    MPLCONFIGDIR=/tmp/matplotlib \
    PYTHONUNBUFFERED=1
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"MUSTER_HEALTH_PORT\"]}/healthz', timeout=4)"]
CMD ["muster", "run"]
