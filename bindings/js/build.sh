#!/usr/bin/env bash
# Builds the npm package into bindings/js/dist: bash bindings/js/build.sh
#
# Needs Node 20 with npm, what .ci/setup-wasm.sh sets up, and wasm-bindgen, which it installs.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=bindings/js
dist=$here/dist

bash .ci/setup-wasm.sh >/dev/null
# What npm ci wrote last says whether it is to be done again.
if [ ! "$here/node_modules/.package-lock.json" -nt "$here/package-lock.json" ]; then
  (cd "$here" && npm ci --silent --no-audit --no-fund)
fi
# Of the same version as the crate: they change together.
cache=${WHY502_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/why502}
version=$(sed -n 's/^wasm-bindgen = .*"=\([0-9.]*\)".*/\1/p' "$here/Cargo.toml")
if [ "$("$cache/bin/wasm-bindgen" --version 2>/dev/null)" != "wasm-bindgen $version" ]; then
  cargo install --quiet wasm-bindgen-cli --version "$version" --root "$cache"
fi
# shellcheck source=../../.ci/wasm-env.sh
( . .ci/wasm-env.sh
  # Every browser of the last years has SIMD: lines are found several times as quickly.
  # Where a panic stood is told without the folders of who built it.
  flags="-Ctarget-feature=+simd128 --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo --remap-path-prefix=$PWD=."
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=$flags
  cargo build --quiet --profile js --target wasm32-unknown-unknown -p why502-js )
raw=${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/js/why502_js.wasm
bound=${CARGO_TARGET_DIR:-target}/why502-js
if [ ! "$bound/why502.wasm" -nt "$raw" ]; then
  "$cache/bin/wasm-bindgen" --target bundler --encode-into always --no-typescript \
    --out-name why502 --out-dir "$bound" "$raw"
  "$here/node_modules/.bin/wasm-opt" -Oz --strip-debug --strip-producers \
    "$bound/why502_bg.wasm" -o "$bound/why502.wasm.new"
  mv "$bound/why502.wasm.new" "$bound/why502.wasm"
fi
mkdir -p "$dist"
node "$here/bundle.mjs" "$bound" "$dist"
