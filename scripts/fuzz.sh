#!/usr/bin/env bash
# Runs the fuzz targets of a build, one a processor: fuzz.sh BIN_FOLDER [LIBFUZZER_OPTION…]. They
# start from tests/fuzz/seeds and from what they found worth keeping the last time. What makes one
# fail is left in the folder `found` beside BIN_FOLDER.
set -euo pipefail
bin=$1
shift
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
found=$(dirname "$bin")/found
mkdir -p "$found"
# Inputs are small: neither a disk nor much memory that was freed should slow them down.
TMPDIR=$([[ -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}")
export TMPDIR
export ASAN_OPTIONS=quarantine_size_mb=4${ASAN_OPTIONS:+:$ASAN_OPTIONS}

fuzz() {
  local name=$1 log=$found/$1.log
  shift
  local options=(-max_total_time=30 -timeout=20 -rss_limit_mb=2048 -verbosity=1)
  local dictionary=$repo/tests/fuzz/$name.dict
  [[ -f $dictionary ]] && options+=("-dict=$dictionary")
  local inputs=("$found/$name.kept")  # libFuzzer adds to the first
  [[ -d $repo/tests/fuzz/seeds/$name ]] && inputs+=("$repo/tests/fuzz/seeds/$name")
  mkdir -p "${inputs[0]}"
  if "$bin/fuzz-$name" "${options[@]}" -artifact_prefix="$found/$name-" "$@" "${inputs[@]}" \
    >"$log" 2>&1; then
    echo "fuzz: $name is sound: $(grep -E '^Done' "$log")"
  else
    tail -n 60 "$log"
    echo "fuzz: $name failed; the input is in $found"
    return 1
  fi
}

failed=0
running=0
for program in "$bin"/fuzz-*; do
  fuzz "$(basename "$program" | sed 's/^fuzz-//')" "$@" &
  running=$((running + 1))
  if [[ $running -ge $(nproc) ]]; then
    wait -n || failed=1
    running=$((running - 1))
  fi
done
while [[ $running -gt 0 ]]; do
  wait -n || failed=1
  running=$((running - 1))
done
exit "$failed"
