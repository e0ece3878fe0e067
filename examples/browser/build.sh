#!/usr/bin/env bash
# Builds the page into examples/browser/dist: bash examples/browser/build.sh
# Builds it and serves it on this machine:    bash examples/browser/build.sh serve
#
# Needs Node 20.19 with npm, and what bindings/js/build.sh needs.
set -euo pipefail
cd "$(dirname "$0")"

bash ../../bindings/js/build.sh
# What npm ci wrote last says whether it is to be done again.
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --silent --no-audit --no-fund
fi
node_modules/.bin/tsc
node_modules/.bin/vite build --logLevel warn
if [ "${1:-}" = serve ]; then
  exec node_modules/.bin/vite preview
fi
