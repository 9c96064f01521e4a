#!/bin/bash
# Tests the fault tests: takes out, one at a time, what keeps a promise (the patches in tests/Faults/TakeOuts), and sees that
# they turn red: tests/take-out.sh [NAME...], all if none is named. Works on a copy of the last commit; changes nothing here.
set -uo pipefail

cd -- "$(dirname -- "$0")/.." || exit 1
takeouts=$PWD/tests/Faults/TakeOuts
names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(cd "$takeouts" && printf '%s\n' *.patch | sed 's/\.patch$//')

export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git archive HEAD | tar -x -C "$copy" || exit 1
cd "$copy" || exit 1
# What patches are applied to and taken back from.
git init -q . && git add -A && git -c user.name=take-out -c user.email=take-out@localhost commit -q -m copy || exit 1

build() { dotnet build tests/Faults -c Release -v quiet --tl:off -p:UseSharedCompilation=false </dev/null >"$copy/build.log" 2>&1 || { cat "$copy/build.log"; return 1; }; }

# Of the tests of a class those that the faults are given to.
run() {
  JOBWATCH_FAULTS=$2 dotnet tests/Faults/bin/Release/net10.0/Jobwatch.Faults.Tests.dll \
    -class "$1" -noColor </dev/null >"$copy/run.log" 2>&1
}

green=0
for name in "${names[@]}"; do
  patch=$takeouts/$name.patch
  faults=$(sed -n 's/^Faults: //p' "$patch")
  class=$(sed -n 's/^Class: //p' "$patch")
  git apply -C1 --recount "$patch" || { echo "take-out.sh: $name no longer fits the code: make it anew." >&2; exit 1; }
  build || exit 1
  run "${class:-Jobwatch.Faults.Tests.FaultTests}" "$faults"
  # Red by a test that failed, not by a run that came to none.
  if grep -q 'Failed: [1-9]' "$copy/run.log"; then
    printf '%-10s red, as it should be: %s\n' "$name" "$(grep -m1 -A1 '\[FAIL\]' "$copy/run.log" | tail -1 | sed -E 's/^ *(Failed with [^:]*: )?//' | cut -c1-200)"
  else
    green=$((green + 1))
    printf '%-10s GREEN: %s held without it\n' "$name" "$faults$class"
    tail -5 "$copy/run.log"
  fi
  git checkout -q -- src
done

echo "${#names[@]} taken out, $green not noticed"
[ "$green" -eq 0 ]
