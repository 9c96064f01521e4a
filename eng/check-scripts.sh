#!/bin/sh
# Lints every shell script of the repository.
set -eu

cd -- "$(dirname -- "$0")/.."
# By their first line: not all have a name that ends in .sh.
git grep -lIE '^#!/(usr/)?bin/(env )?(ba)?sh' | xargs shellcheck
