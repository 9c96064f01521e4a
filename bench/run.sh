#!/bin/sh
# Measures Jobwatch beside what a user would pick instead: bench/run.sh [quick] [ROW…]
# or whether memory stays flat in a flood of so many minutes, 10 by default: bench/run.sh flood [MINUTES]
# or draws docs/benchmarks/*.svg from a run's result, the full run's by default: bench/run.sh plots [RESULT.json]
# A line a figure: name, median, least – most, goal, ok or short. Exit code 0 if no figure is short of its goal.
# Needs PostgreSQL 15 or later with pgbench (Debian's postgresql), and installs the peers that lack (install-peers.sh).
# The database goes to TMPDIR, default /var/tmp, which has to be on a disk: with the data in memory a flush costs
# nothing and the figures mean nothing.
set -eu
cd "$(dirname "$0")/.."
export TMPDIR="${TMPDIR:-/var/tmp}"
case "$(stat -f -c %T "$TMPDIR")" in
  tmpfs | ramfs)
    echo "$TMPDIR is in memory: set TMPDIR to a folder on a disk." >&2
    exit 2
    ;;
esac
case "${1:-}" in
  flood | plots) ;;
  *) bench/install-peers.sh ;;
esac
dotnet build bench/Load -c Release -v q -nologo
exec dotnet bench/Load/bin/Release/net10.0/Jobwatch.Bench.dll "$@"
