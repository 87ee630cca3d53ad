#!/bin/sh
# Run once by the PostgreSQL image, when the cluster is new: the application's login and its
# password. What it may do is written by `manage.py migrate`, from each app's policies.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --set password="$DPS_APP_PASSWORD" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE dps_app LOGIN NOINHERIT PASSWORD :'password';
SQL
