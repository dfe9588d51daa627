#!/usr/bin/env bash
# clang-format on every source, clang-tidy on the sources that changed.
#   lint.sh [--all | --fix]
# Changed means: since the branch left origin/main, or in the last commit where it has not, and
# whatever is not committed. TARN_LINT_BASE=REV names another base.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.cpp' '*.h')
if [[ "${1:-}" == --fix ]]; then
  clang-format-19 -i "${sources[@]}"
  exit
fi
clang-format-19 --dry-run --Werror "${sources[@]}"
echo "clang-format: ${#sources[@]} files are formatted" >&2

changed_since_base() {
  local base=${TARN_LINT_BASE:-}
  if [[ -z "$base" ]]; then
    base=$(git merge-base HEAD origin/main 2>/dev/null || true)
    if [[ -z "$base" || "$base" == "$(git rev-parse HEAD)" ]]; then
      base=$(git rev-parse --verify --quiet HEAD~1 || git hash-object -t tree /dev/null)
    fi
  fi
  git diff --name-only --diff-filter=d "$base" -- '*.cpp'
  git ls-files --others --exclude-standard '*.cpp'
}

if [[ "${1:-}" == --all ]]; then
  mapfile -t checked < <(git ls-files '*.cpp')
else
  mapfile -t checked < <(changed_since_base | sort -u)
fi
# A configuration of its own: clang's flags, no precompiled headers.
cmake -S . -B build/lint -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_C_COMPILER=clang-19 \
  -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DCMAKE_CXX_COMPILER_LAUNCHER= >build/lint.log 2>&1 || {
  cat build/lint.log >&2
  exit 1
}
mapfile -t known < <(python3 -c '
import json, os, sys
known = {os.path.relpath(entry["file"]) for entry in json.load(open("build/lint/compile_commands.json"))}
print("\n".join(name for name in sys.argv[1:] if name in known))' "${checked[@]}" | sed '/^$/d')
if [[ ${#known[@]} -gt 0 ]]; then
  printf '%s\n' "${known[@]}" |
    xargs -P "$(nproc)" -n 1 clang-tidy-19 -p build/lint --quiet 2> >(grep -v 'warnings generated' >&2)
fi
echo "clang-tidy: ${#known[@]} files are clean" >&2
