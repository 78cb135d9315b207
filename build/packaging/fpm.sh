#!/usr/bin/env bash
# Takes the arguments that electron-builder gives to fpm for a deb, and builds it with dpkg-deb.
set -euo pipefail
name='' version='' arch='amd64' maintainer='' description='' out='' depends=() maps=() scripts=()
while [ $# -gt 0 ]; do
  case "$1" in
    --name) name="$2"; shift 2 ;;
    --version) version="$2"; shift 2 ;;
    --architecture) arch="$2"; shift 2 ;;
    --maintainer) maintainer="$2"; shift 2 ;;
    --description) description="$2"; shift 2 ;;
    --package) out="$2"; shift 2 ;;
    --depends | -d) depends+=("$2"); shift 2 ;;
    --after-install) scripts+=("postinst=$2"); shift 2 ;;
    --after-remove) scripts+=("postrm=$2"); shift 2 ;;
    --*=*) shift ;;
    -f | --force) shift ;;
    -*) shift 2 ;;
    *=*) maps+=("$1"); shift ;;
    *) shift ;;
  esac
done
tree="$(mktemp -d)"
trap 'rm -rf "$tree"' EXIT
for map in "${maps[@]}"; do
  from="${map%%=*}" to="$tree${map#*=}"
  case "$from" in
    */) mkdir -p "$to" && cp -a "$from." "$to" ;;
    *) mkdir -p "$(dirname "$to")" && cp -a "$from" "$to" ;;
  esac
done
chmod 755 "$tree"
mkdir -p "$tree/DEBIAN"
for script in ${scripts[@]+"${scripts[@]}"}; do
  cp "${script#*=}" "$tree/DEBIAN/${script%%=*}" && chmod 755 "$tree/DEBIAN/${script%%=*}"
done
{
  printf 'Package: %s\nVersion: %s\nArchitecture: %s\n' "$name" "$version" "${arch/x86_64/amd64}"
  printf 'Maintainer: %s\nSection: net\nPriority: optional\n' "$maintainer"
  [ ${#depends[@]} -eq 0 ] || printf 'Depends: %s\n' "$(IFS=,; echo "${depends[*]}")"
  printf 'Description: %s\n' "${description//$'\n'/ }"
} >"$tree/DEBIAN/control"
dpkg-deb --root-owner-group --build "$tree" "$out" >/dev/null
