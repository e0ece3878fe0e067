#!/usr/bin/env bash
# Builds the example, a filter written with the SDK: bash bindings/proxy-wasm/build.sh
#
# Needs what .ci/setup-wasm.sh sets up.
set -euo pipefail
cd "$(dirname "$0")/../.."
bash .ci/setup-wasm.sh >/dev/null
# shellcheck source=../../.ci/wasm-env.sh
( . .ci/wasm-env.sh
  cargo rustc --quiet --profile filter --target wasm32-unknown-unknown -p why502-proxy-wasm \
    --example hints )
out=${CARGO_TARGET_DIR:-target}/hints.wasm
cp "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/filter/examples/hints.wasm" "$out"
echo "$out: $(wc -c <"$out") bytes"
