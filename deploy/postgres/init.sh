#!/bin/bash
# Makes one database and one role per service when PostgreSQL's volume is new. Runs inside the postgres image.
set -euo pipefail

for service in directory booking matching notify kpi; do
    variable="KOMPAS_${service^^}_PASSWORD"
    psql -v ON_ERROR_STOP=1 -v role="kompas_$service" -v password="${!variable:?}" --username "$POSTGRES_USER" <<'SQL'
create role :"role" login nosuperuser nocreatedb nocreaterole nobypassrls password :'password';
create database :"role" owner :"role" encoding 'UTF8' template template0;
revoke connect on database :"role" from public;
SQL
done
