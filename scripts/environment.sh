# Where Tarn is built: natively on Debian 13 or newer, else in a private Debian 13 root.
# Sourced by ./dev, which sets $repo. Offers:
#   prepare            installs the packages or makes the root, once
#   inside CMD…        runs CMD in that environment, from the repository
#   inside_here CMD…   the same, from the caller's folder

suite=trixie
packages=$(sed -e 's/#.*//' -e '/^\s*$/d' "$repo/scripts/packages.txt" | sort)
cache=${TARN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tarn}
# Raise `layout` when the way the root is made changes.
layout=1
root=$cache/root-$(printf '%s\n' "$layout $suite" "$packages" | sha256sum | cut -c1-12)

say() { echo "dev: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

is_native() {
  [[ -z "${TARN_PRIVATE_ROOT:-}" ]] || return 1
  (
    . /etc/os-release 2>/dev/null || exit 1
    [[ "${ID:-}" == debian && "${VERSION_ID:-0}" -ge 13 ]] 2>/dev/null
  )
}

may_install() {
  [[ -n "${CI:-}${TARN_YES:-}" ]] && return 0
  # Root without a terminal is a container or a build machine: there is nobody to ask.
  [[ -t 0 || $EUID -ne 0 ]] || { say "installing $* with apt"; return 0; }
  [[ -t 0 ]] || fail "these packages are needed: $*. Run ./dev --yes … to let it install them."
  read -r -p "dev: install $* with apt? [Y/n] " answer
  [[ -z "$answer" || "$answer" == [yY]* ]]
}

apt_install() {
  local as_root=()
  [[ $EUID -eq 0 ]] || as_root=(sudo)
  "${as_root[@]}" apt-get update >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "$@" >&2
}

missing_packages() {
  local name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || echo "$name"
  done
}

prepare_native() {
  local missing
  mapfile -t missing < <(missing_packages $packages)
  [[ ${#missing[@]} -eq 0 ]] && return
  may_install "${missing[@]}" || fail "not installed, so nothing can be built"
  apt_install "${missing[@]}"
}

need_tools() {
  local wanted=()
  command -v mmdebstrap >/dev/null || wanted+=(mmdebstrap)
  command -v bwrap >/dev/null || wanted+=(bubblewrap)
  [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] || wanted+=(debian-archive-keyring)
  [[ $EUID -eq 0 ]] || command -v newuidmap >/dev/null || wanted+=(uidmap)
  [[ ${#wanted[@]} -eq 0 ]] && return
  command -v apt-get >/dev/null ||
    fail "please install ${wanted[*]}: Tarn is built in a private Debian 13 made with them"
  may_install "${wanted[@]}" || fail "without ${wanted[*]} the private Debian 13 can't be made"
  apt_install "${wanted[@]}"
}

# A root that carries the stamp is whole: the stamp is written and the folder renamed last.
# An interrupted one stays under its .partial name and is removed by the next attempt.
prepare_root() {
  [[ -e $root/.complete ]] && return
  need_tools
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock -n 9 || { say "another set-up is running, waiting for it"; flock 9; }
  if [[ ! -e $root/.complete ]]; then
    say "making a private Debian 13 in $root (once; some minutes, 5 GB)"
    rm -rf "$root.partial" "$root"
    mkdir -p "$root.partial"
    make_root "$root.partial" || fail "the private Debian 13 could not be made; its log: $cache/root.log"
    touch "$root.partial/.complete"
    mv "$root.partial" "$root"
  fi
  exec 9>&-
}

make_root() {
  local include options
  include=$(printf '%s\n' "$packages" | paste -sd,)
  options=(--variant=apt --include="$include" --aptopt='APT::Install-Recommends "false"'
    --aptopt='APT::Sandbox::User "root"')
  if [[ $EUID -eq 0 ]]; then
    mmdebstrap --mode=root "${options[@]}" "$suite" "$1" 2>&1 | progress
  else
    # Through a tar stream, so that every file belongs to the user and any home folder will do.
    TMPDIR=/var/tmp mmdebstrap --mode=unshare "${options[@]}" "$suite" - 2> >(progress) |
      tar -x -C "$1" --no-same-owner --exclude='./dev/*'
  fi
}

progress() { tee "$cache/root.log" | grep --line-buffered -E '^(I:|E:)' >&2 || true; }

prepare() {
  [[ -z "${TARN_INSIDE:-}" ]] || return 0
  if is_native; then prepare_native; else prepare_root; fi
}

# The private root's /usr and /etc, everything else the host's at its own path.
enter_root() {
  local folder=$1 args=() entry
  shift
  for entry in bin sbin lib lib64 lib32 libx32; do
    [[ -L $root/$entry ]] && args+=(--symlink "$(readlink "$root/$entry")" "/$entry")
  done
  args+=(--ro-bind "$root/usr" /usr --ro-bind "$root/etc" /etc)
  for entry in /etc/resolv.conf /etc/hosts /etc/passwd /etc/group /etc/machine-id; do
    [[ -e $entry && -f $root$entry && ! -L $root$entry ]] && args+=(--ro-bind "$(readlink -f "$entry")" "$entry")
  done
  for entry in /*; do
    case "$entry" in
      /usr | /etc | /bin | /sbin | /lib* | /proc | /dev | /sys) ;;
      *) [[ -d $entry && ! -L $entry ]] && args+=(--bind "$entry" "$entry") ;;
    esac
  done
  args+=(--dev-bind /dev /dev --proc /proc --ro-bind /sys /sys --chdir "$folder" --die-with-parent)
  # Ctrl-C is for the program inside, which may have something to keep; bwrap waits for it.
  (
    trap '' INT QUIT
    TARN_INSIDE=1 PATH=/usr/lib/ccache:/usr/bin:/usr/sbin exec bwrap "${args[@]}" -- \
      env --default-signal=INT,QUIT "$@"
  )
}

inside_folder() {
  if [[ -n "${TARN_INSIDE:-}" ]] || is_native; then
    (cd "$1" && "${@:2}")
  else
    enter_root "$@"
  fi
}

inside() { inside_folder "$repo" "$@"; }
inside_here() { inside_folder "$PWD" "$@"; }
