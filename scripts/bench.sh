#!/usr/bin/env bash
# Runs the benchmarks of a build: bench.sh BIN_FOLDER [NAME…] [--OPTION…]. Each prints ratios
# against a reference that it times in the same run; options go to every benchmark that is run.
set -euo pipefail
bin=$1
shift
names=()
options=()
for word in "$@"; do
  if [[ $word == --* ]]; then options+=("$word"); else names+=("$word"); fi
done
if [[ ${#names[@]} -eq 0 ]]; then
  mapfile -t names < <(cd "$bin" && ls bench-* | sed 's/^bench-//')
fi
for name in "${names[@]}"; do
  [[ -x $bin/bench-$name ]] || {
    echo "bench: no benchmark '$name'; there are: $(cd "$bin" && ls bench-* | sed 's/^bench-//' | xargs)" >&2
    exit 2
  }
  echo "== $name"
  "$bin/bench-$name" "${options[@]}"
done
