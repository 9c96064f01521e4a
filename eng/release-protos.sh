#!/bin/sh
# Makes the protos as they are now the released ones, which the breaking check holds later ones against.
# Run it when a version is released, and commit eng/released.binpb with it.
set -eu

cd -- "$(dirname -- "$0")/.."
eng/buf.sh build protos --exclude-source-info -o eng/released.binpb
echo "eng/released.binpb renewed."
