#!/bin/sh
# Watchers that never read, under 1000 events a second, and what they cost: tests/slow-watcher.sh [SECONDS], 60 if not given.
# Prints node's and edge's memory and their siblings' latencies; the exit code says whether the bounds held.
set -eu
cd "$(dirname "$0")/.."
dotnet build tests/EndToEnd.Tests -c Release -v quiet
JOBWATCH_SLOW_SECONDS="${1:-60}" exec dotnet tests/EndToEnd.Tests/bin/Release/net10.0/Jobwatch.EndToEnd.Tests.dll \
  -class Jobwatch.EndToEnd.Tests.SlowWatchers.SlowWatcherTests -showLiveOutput -noColor
