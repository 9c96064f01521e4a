#!/bin/bash
# Installs the servers that bench/run.sh measures beside Jobwatch and this machine lacks: nginx with nchan, NATS, Redis, etcd.
# None of them is started: the bench starts its own, on ports of its own. Exit code 0 too if some are not to be had:
# their rows then fail, and say so.
set -euo pipefail

missing=()
lacks() { ! PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$1" >/dev/null; }
if lacks nginx; then missing+=(nginx-light); fi
[ -e /usr/lib/nginx/modules/ngx_nchan_module.so ] || missing+=(libnginx-mod-nchan)
if lacks nats-server; then missing+=(nats-server); fi
if lacks redis-server; then missing+=(redis-server); fi
if lacks etcd; then missing+=(etcd-server); fi
[ ${#missing[@]} -gt 0 ] || exit 0

give_up() {
  echo "The bench's peers ${missing[*]} are missing$1. Their rows will fail." >&2
  exit 0
}
command -v apt-get >/dev/null || give_up " and there is no apt-get to install them"
if [ "$(id -u)" -eq 0 ]; then
  as_root=(env)
elif sudo -n true 2>/dev/null; then
  as_root=(sudo -n env)
else
  give_up ". As root: bench/install-peers.sh"
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
apt update || give_up " and the package lists can't be had"
for package in "${missing[@]}"; do
  apt install -y --no-install-recommends "$package" || echo "$package could not be installed. Its rows will fail." >&2
done
