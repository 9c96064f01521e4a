#!/bin/sh
# The format of the C# files, as far as the build doesn't see it: white space, ends of files, the order of usings. With --fix it mends them.
set -eu

cd -- "$(dirname -- "$0")/.."

mode=--verify-no-changes
case "${1:-}" in
  '') ;;
  --fix) mode= ;;
  *)
    echo "usage: eng/check-format.sh [--fix]" >&2
    exit 2
    ;;
esac

# The other rules of style are warnings of the build; to have them all looked for again takes a minute.
dotnet format whitespace Jobwatch.slnx --no-restore ${mode:+"$mode"}
dotnet format style Jobwatch.slnx --no-restore --diagnostics IMPORTS ${mode:+"$mode"}
