#!/bin/sh
# Writes the corpus that fuzzing begins with: each text of core/tests/cases, behind the bytes that
# say how it comes in (fuzz_targets/dialects.rs): as one exchange, and as a log in small pieces.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/dialects
cat ../core/tests/cases/*/*.toml | LC_ALL=C awk '
    function write(name, how) {
        file = sprintf("corpus/dialects/case-%04d-%s", count, name)
        printf "%s%s", how, text > file
        close(file)
    }
    /^text = \047\047\047/ { inside = 1; text = ""; next }
    inside && /^\047\047\047/ {
        inside = 0
        count++
        write("single", "p")  # 0x70: no dialect named, one exchange
        write("log", "z0a")   # 0x7a: no dialect named, a log; pieces of 49 and 98 bytes
        next
    }
    inside { text = text $0 "\n" }
'
echo "$(ls corpus/dialects | wc -l) seeds"
