#!/bin/bash
# Checks deploy: the Dockerfiles, the compose file and the Helm chart as rendered, against their schemas and against what node and edge have.
# Then that the check itself turns red, for each of its rules.
set -euo pipefail

cd -- "$(dirname -- "$0")/.."
if [ ! -d node_modules/dclint ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
fi
command -v tmpl >/dev/null || {
  echo "eng/check-deploy.sh: tmpl is missing, which renders the chart (Debian: tmpl)." >&2
  exit 1
}
node eng/deploy/check.mjs
node --test --test-reporter=dot eng/deploy/check.test.mjs
