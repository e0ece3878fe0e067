#!/usr/bin/env bash
# Builds target/why502.wasm: bash wasm-plugin/build.sh
#
# Needs what .ci/setup-wasm.sh sets up, and takes wasm-opt (npm binaryen) where Node is there; without
# it the module is larger and works as well.
set -euo pipefail
cd "$(dirname "$0")/.."
CACHE=${WHY502_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/why502}
BINARYEN=132.0.0

bash .ci/setup-wasm.sh >/dev/null
# shellcheck source=../.ci/wasm-env.sh
( . .ci/wasm-env.sh
  # The module alone: cargo does not link a crate as a whole (lto) that is a Rust library as well.
  cargo rustc --quiet --profile filter --target wasm32-unknown-unknown -p why502-filter \
    --crate-type cdylib )
raw=${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/filter/why502_filter.wasm
out=${CARGO_TARGET_DIR:-target}/why502.wasm

optimizer=$CACHE/binaryen-$BINARYEN
if command -v npm >/dev/null 2>&1 && [ ! -x "$optimizer/node_modules/.bin/wasm-opt" ]; then
  mkdir -p "$optimizer"
  (cd "$optimizer" && npm install --silent --no-audit --no-fund "binaryen@$BINARYEN" >/dev/null)
fi
if [ -x "$optimizer/node_modules/.bin/wasm-opt" ]; then
  # What is done already is not done again.
  if [ ! "$out" -nt "$raw" ]; then
    "$optimizer/node_modules/.bin/wasm-opt" -Oz --const-hoisting --converge \
      --low-memory-unused --strip-debug --strip-producers "$raw" -o "$out.new"
    mv "$out.new" "$out"
  fi
else
  cp "$raw" "$out"
fi
echo "$out: $(wc -c <"$out") bytes"
