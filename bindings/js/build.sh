#!/usr/bin/env bash
# Builds the npm package into bindings/js/dist: bash bindings/js/build.sh
#
# Needs Node 20 with npm, and what .ci/setup-wasm.sh sets up.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=bindings/js
dist=$here/dist

bash .ci/setup-wasm.sh >/dev/null
# What npm ci wrote last says whether it is to be done again.
if [ ! "$here/node_modules/.package-lock.json" -nt "$here/package-lock.json" ]; then
  (cd "$here" && npm ci --silent --no-audit --no-fund)
fi
# shellcheck source=../../.ci/wasm-env.sh
( . .ci/wasm-env.sh
  # Every browser of the last years has SIMD: lines are found several times as quickly.
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=-Ctarget-feature=+simd128
  cargo build --quiet --profile js --target wasm32-unknown-unknown -p why502-js )
raw=${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/js/why502_js.wasm
optimized=${CARGO_TARGET_DIR:-target}/why502-js.wasm
if [ ! "$optimized" -nt "$raw" ]; then
  "$here/node_modules/.bin/wasm-opt" -Oz --strip-debug --strip-producers "$raw" -o "$optimized.new"
  mv "$optimized.new" "$optimized"
fi
mkdir -p "$dist"
node "$here/bundle.mjs" "$optimized" "$dist"
