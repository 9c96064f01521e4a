#!/bin/sh
# Measures the hot pieces by themselves: bench/micro.sh [BenchmarkDotNet's arguments, e.g. --filter '*Cursor*'].
set -eu
cd "$(dirname "$0")/.."
export JOBWATCH_BENCH_RESULTS="$PWD/bench/results"
dotnet build bench/Micro -c Release -v q -nologo
exec dotnet bench/Micro/bin/Release/net10.0/Jobwatch.Bench.Micro.dll "$@"
