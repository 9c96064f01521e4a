#!/bin/bash
# Installs what ./test.sh needs and this machine lacks: PostgreSQL 15 or later, Redis, Chromium, shellcheck, libfaketime, tmpl (Go's text/template as a command).
# None of them is started as a service: the tests start their own, on ports of their own.
set -euo pipefail

oldest_postgres=15

has_postgres() {
  local bin
  for bin in "${JOBWATCH_POSTGRES_BIN:-}" /usr/lib/postgresql/*/bin; do
    if [ -x "$bin/postgres" ] && [ -x "$bin/initdb" ] &&
      [ "$("$bin/postgres" --version | sed -E 's/.*\) ([0-9]+).*/\1/')" -ge "$oldest_postgres" ]; then
      return 0
    fi
  done
  command -v initdb >/dev/null && command -v postgres >/dev/null
}

has_faketime() { compgen -G '/usr/lib/*/faketime/libfaketime.so.1' >/dev/null || compgen -G '/usr/lib*/faketime/libfaketime.so.1' >/dev/null; }

missing=()
has_postgres || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v chromium >/dev/null || missing+=(chromium)
command -v shellcheck >/dev/null || missing+=(shellcheck)
command -v tmpl >/dev/null || missing+=(tmpl)
has_faketime || missing+=(libfaketime)
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "The tests need ${missing[*]}; please install them." >&2
  exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
  as_root=(env)
elif sudo -n true 2>/dev/null; then
  as_root=(sudo -n env)
else
  echo "The tests need ${missing[*]}. As root: apt-get install ${missing[*]}" >&2
  exit 1
fi
apt() { "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" </dev/null >/dev/null; }

echo "Installing ${missing[*]} …"
# Debian's packages ask this script whether they may start their services; 101 is no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi
apt update
if [[ " ${missing[*]} " == *" postgresql "* ]]; then
  # The package would also make a cluster and serve it on port 5432, which nobody asked for.
  apt install -y --no-install-recommends postgresql-common
  "${as_root[@]}" sed -i -E 's/^#? *create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
fi
apt install -y --no-install-recommends "${missing[@]}"
has_postgres || {
  echo "This system's PostgreSQL is older than $oldest_postgres: install a later one." >&2
  exit 1
}
