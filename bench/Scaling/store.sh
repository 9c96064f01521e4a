#!/bin/bash
# Measures the coefficients of the capacity model that bench/run.sh has no row for: PostgreSQL's CPU for a log in a sweep, for a page of one
# new event, and for a notification that reaches a listener. A cluster of its own, without fsync: CPU is what is asked for. About a minute.
set -euo pipefail

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)
work=$(mktemp -d)
as_postgres=()
if [ "$(id -u)" -eq 0 ]; then
  as_postgres=(runuser -u postgres --)
  chown postgres "$work"
fi
cd "$work"
export PGHOST=$work PGUSER=postgres PGDATABASE=postgres
# shellcheck disable=SC2317  # Run by the trap.
stop() {
  "${as_postgres[@]}" "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap stop EXIT
"${as_postgres[@]}" "$bin/initdb" -D "$work/data" -A trust -U postgres >/dev/null
"${as_postgres[@]}" "$bin/pg_ctl" -D "$work/data" -w -l "$work/log" \
  -o "-k $work -c listen_addresses= -c fsync=off -c max_connections=300" start >/dev/null
root=$(head -1 "$work/data/postmaster.pid")

# User and system time of the cluster's processes, in ticks of 1/100 s; those that have ended count with their parent.
ticks() {
  local stat sum=0 pid
  for pid in "$root" $(pgrep -P "$root"); do
    stat=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null) || continue
    # shellcheck disable=SC2086
    set -- $stat
    sum=$((sum + ${12} + ${13}))
    [ "$pid" != "$root" ] || sum=$((sum + ${14} + ${15}))
  done
  echo "$sum"
}

# The columns of mt_streams that a sweep reads, and the sweep's query.
psql -q <<'SQL'
CREATE TABLE mt_streams (tenant_id varchar NOT NULL, id varchar NOT NULL, version bigint, PRIMARY KEY (tenant_id, id));
INSERT INTO mt_streams SELECT 'local', 'local/job-' || n || '/1', n FROM generate_series(1, 1000000) n;
VACUUM ANALYZE mt_streams;
SQL
for logs in 1000 10000 100000; do
  cat >sweep.sql <<SQL
WITH watched AS MATERIALIZED (
  SELECT array_agg('local'::text) t, array_agg('local/job-' || (n * 9) || '/1') i, array_agg(n::bigint) v FROM generate_series(1, $logs) n)
SELECT count(s.version) FROM watched, unnest(t, i, v) AS u(tenant_id, id, incarnation)
JOIN mt_streams s ON s.tenant_id = u.tenant_id AND s.id = u.id;
SQL
  sweeps=$((300000 / logs + 3))
  before=$(ticks)
  pgbench -n -f sweep.sql -t "$sweeps" >/dev/null
  after=$(ticks)
  awk -v t=$((after - before)) -v n=$((sweeps * logs)) -v logs="$logs" 'BEGIN { printf "sweep of %d logs: %.2f s of CPU per million logs\n", logs, t / 100 / n * 1e6 }'
done

# A payload as long as one of several jobs; the listeners are idle connections, as the nodes' are.
echo "SELECT pg_notify('jobwatch', repeat('x', 300));" >notify.sql
# What a node reads that was told of another node's commit: the columns and the key of mt_events, one event a page.
psql -q <<'SQL'
CREATE TABLE mt_events (tenant_id varchar NOT NULL, stream_id varchar NOT NULL, version bigint NOT NULL, bdata bytea);
INSERT INTO mt_events SELECT 'local', 'local/job-' || n % 1000 || '/1', n / 1000 + 1, convert_to(repeat('x', 300), 'UTF8') FROM generate_series(0, 199999) n;
CREATE UNIQUE INDEX ON mt_events (tenant_id, stream_id, version);
VACUUM ANALYZE mt_events;
SQL
cat >page.sql <<'SQL'
\set job random(0, 999)
SELECT version, bdata FROM mt_events WHERE tenant_id = 'local' AND stream_id = 'local/job-' || :job || '/1' AND version > 199 ORDER BY version LIMIT 1000;
SQL
before=$(ticks)
pgbench -n -M prepared -f page.sql -t 20000 >/dev/null
after=$(ticks)
awk -v t=$((after - before)) 'BEGIN { printf "pages of one event: %.0f s of CPU per million pages\n", t / 100 / 20000 * 1e6 }'

echo 'LISTEN jobwatch;' >listen
# Open for as long as this script is there, so that a listener waits for more to do.
mkfifo commands
exec 9<>commands
for listeners in 0 10 100; do
  pids=()
  for ((i = 0; i < listeners; i++)); do
    PSQLRC=$work/listen psql -q <&9 >/dev/null &
    pids+=($!)
  done
  until [ "$(psql -Atc "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN jobwatch;'")" -ge "$listeners" ]; do :; done
  before=$(ticks)
  pgbench -n -f notify.sql -t 2000 >/dev/null
  after=$(ticks)
  awk -v t=$((after - before)) -v l="$listeners" 'BEGIN { printf "2000 notifications to %d listeners: %.0f s of CPU per million notifications\n", l, t / 100 / 2000 * 1e6 }'
  [ "$listeners" -eq 0 ] || kill "${pids[@]}"
done
