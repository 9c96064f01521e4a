#!/bin/bash
# Installs what the tests need and runs every check and test. The last line: N passed, N failed.
set -uo pipefail

cd -- "$(dirname -- "$0")" || exit 1

configuration=Release
# A hung project ends here; all of them together take a few minutes.
project_limit=15m

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
# Compiled code is mapped once instead of twice: a tenth less for the start of each of the many processes.
export DOTNET_EnableWriteXorExecute=0

passed=0
failed=0
skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '\n== %s (%ss)\n' "$*" "$SECONDS"; }

finish() {
  local line="$passed passed, $failed failed"
  [ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
  printf '\n%s\n' "$line"
  [ "$failed" -eq 0 ]
  exit
}

# A check that counts as one test.
check() {
  local name=$1
  shift
  say "$name"
  if "$@" </dev/null; then
    passed=$((passed + 1))
  else
    echo "FAILED: $name"
    failed=$((failed + 1))
    return 1
  fi
}

# A number of a run's summary; 0 when it came to none.
summary() {
  local number
  number=$(sed -nE "s/^ *$1: ([0-9]+)$/\1/p" "$work/run.log" | tail -1)
  echo "${number:-0}"
}

# Adds what a run's summary says; a run that ends badly without a failed test in it counts as one failure.
run_tests() {
  local project=$1 status found
  say "$(basename "$project" .csproj)"
  timeout --kill-after=30s "$project_limit" \
    dotnet test --project "$project" -c "$configuration" --no-build --no-ansi --no-progress \
    </dev/null 2>&1 | tee "$work/run.log"
  status=${PIPESTATUS[0]}
  found=$(summary failed)
  if [ "$status" -ne 0 ] && [ "$found" -eq 0 ]; then
    echo "FAILED: $project ended with exit code $status"
    found=1
  fi
  passed=$((passed + $(summary succeeded)))
  skipped=$((skipped + $(summary skipped)))
  failed=$((failed + found))
}

for program in dotnet npm git; do
  command -v "$program" >/dev/null || {
    echo "test.sh: $program is missing. The tests need the .NET SDK 10, Node.js and git." >&2
    exit 1
  }
done

check 'Tools of the tests' eng/install-test-tools.sh || finish
while IFS= read -r lock; do
  check "npm packages of $lock" npm ci --prefix "$(dirname "$lock")" --ignore-scripts --no-audit --no-fund --loglevel=error
done < <(git ls-files package-lock.json tests/package-lock.json)

check 'Protos: lint, format, breaking changes' eng/check-protos.sh
check 'Scripts' eng/check-scripts.sh
check 'Deployment' eng/check-deploy.sh
check 'Build' dotnet build Jobwatch.slnx -c "$configuration" -v quiet --tl:off -p:UseSharedCompilation=false || finish
check 'Format' eng/check-format.sh

while IFS= read -r project; do
  run_tests "$project"
done < <(git ls-files 'tests/*.Tests.csproj')

finish
