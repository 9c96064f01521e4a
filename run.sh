#!/bin/sh
# Builds Jobwatch and runs it on this machine: ./run.sh --help
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

for argument in "$@"; do
  case $argument in
    -h | --help)
      cat "$root/src/DevServer/usage.txt"
      exit 0
      ;;
    --*)
      # The server reads the options, but it has to be built first: one that the usage doesn't have is refused before.
      if ! grep -qF -e "  ${argument%%=*} " "$root/src/DevServer/usage.txt"; then
        echo "jobwatch: Unknown option: ${argument%%=*}" >&2
        echo "./run.sh --help shows the options." >&2
        exit 2
      fi
      ;;
  esac
done

if ! command -v dotnet >/dev/null; then
  echo "run.sh: the .NET SDK 10 is missing. Install it (https://dotnet.microsoft.com/download) so that 'dotnet' is on PATH." >&2
  exit 1
fi
# global.json says which SDK is needed; dotnet's own message says which ones are there.
if ! sdk=$(cd "$root" && dotnet --version 2>&1); then
  echo "run.sh: no fitting .NET SDK. Install .NET SDK 10 (https://dotnet.microsoft.com/download)." >&2
  echo "$sdk" >&2
  exit 1
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# A build that leaves no servers of its own behind.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

echo "Restoring and building with .NET SDK $sdk …"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! dotnet build "$root/src/DevServer/Jobwatch.DevServer.csproj" -c Release -v minimal --tl:off \
    -p:UseSharedCompilation=false </dev/null >"$log" 2>&1; then
  cat "$log" >&2
  echo "run.sh: the build failed." >&2
  exit 1
fi
rm -f "$log"
trap - EXIT

built=bin/Release/net10.0
# The caller's --data comes after this one and so prevails.
exec dotnet "$root/src/DevServer/$built/Jobwatch.DevServer.dll" \
  --node "$root/src/StreamService/$built/Jobwatch.StreamService.dll" \
  --edge "$root/src/SseEdge/$built/Jobwatch.SseEdge.dll" \
  --data "$root/.jobwatch" "$@"
