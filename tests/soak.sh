#!/bin/bash
# Breaks everything, again and again, under load: tests/soak.sh MINUTES [SEED]. Prints a table for docs/reliability.md and, as the
# last line, what it comes to; the exit code says whether all held. JOBWATCH_FAULTS names the faults to run; default: all.
set -uo pipefail

cd -- "$(dirname -- "$0")/.." || exit 1
[[ ${1:-} =~ ^[0-9]+$ && ${2:-0} =~ ^[0-9]+$ ]] || {
  echo "usage: tests/soak.sh MINUTES [SEED]" >&2
  exit 2
}

export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
dotnet build tests/Faults -c Release -v quiet --tl:off -p:UseSharedCompilation=false </dev/null || exit 1

report=$(mktemp)
trap 'rm -f "$report"' EXIT
JOBWATCH_SOAK_MINUTES=$1 JOBWATCH_SEED=${2:-$((RANDOM * 32768 + RANDOM))} JOBWATCH_SOAK_REPORT=$report \
  dotnet tests/Faults/bin/Release/net10.0/Jobwatch.Faults.Tests.dll \
  -class Jobwatch.Faults.Tests.SoakTests -explicit only -showLiveOutput -noColor </dev/null
status=$?
echo
cat "$report"
exit "$status"
