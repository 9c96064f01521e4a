#!/bin/sh
# Lint, format, and no change that breaks a client of the released protos (eng/release-protos.sh).
set -eu

cd -- "$(dirname -- "$0")/.."
eng/buf.sh lint
eng/buf.sh format -d --exit-code

# Image against image: the workspace has Google's module too, and a workspace only compares with a like one.
current=$(mktemp -d)
trap 'rm -rf "$current"' EXIT
eng/buf.sh build protos --exclude-source-info -o "$current/protos.binpb"
eng/buf.sh breaking "$current/protos.binpb" --against eng/released.binpb
