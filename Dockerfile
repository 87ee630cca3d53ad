# One image for web, worker, relay, beat and migrate; docker-compose.yml says which it is.

FROM node:22-bookworm-slim AS front-end
WORKDIR /app/static
COPY static/package.json static/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm
RUN apt-get update \
  && apt-get install --yes --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin dps \
  && install -d -o dps -g dps /run/dps /var/lib/dps
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DPS_DEMO=0 DPS_STATE_DIR=/var/lib/dps
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
COPY --from=front-end /app/static/node_modules static/node_modules
RUN python static/build.py \
  && rm -rf static/node_modules \
  && DPS_DEMO=1 python manage.py collectstatic --noinput --verbosity 0 \
  && chown -R dps:dps /var/lib/dps
USER dps
CMD ["gunicorn", "dps.wsgi:application", "--bind", "unix:/run/dps/web.sock", "--umask", "0", \
  "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
