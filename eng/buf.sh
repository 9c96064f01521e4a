#!/bin/bash
# Runs buf on the repository's protos, installing it at the locked version first: eng/buf.sh lint
set -eu

cd -- "$(dirname -- "$0")/.."

# The platform's package directly: the one named buf only picks it, in an install script, and those are off.
case $(uname -m) in
  x86_64) platform=linux-x64 ;;
  aarch64 | arm64) platform=linux-aarch64 ;;
  *)
    echo "eng/buf.sh: no buf for $(uname -sm)." >&2
    exit 1
    ;;
esac
buf=node_modules/@bufbuild/buf-$platform/bin/buf

if [ ! -x "$buf" ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
fi
exec "$buf" "$@"
