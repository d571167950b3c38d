#!/usr/bin/env bash
# Makes the test machine's root disk, its kernel and initrd, once per recipe; prints the folder that holds them.
# Usage: root.sh <cache folder>
set -euo pipefail
cd "$(dirname "$0")/../.."
cache=$1
release=trixie
packages="linux-image-cloud-amd64,systemd-sysv,udev,kmod,apparmor,ca-certificates,docker.io,docker-cli,nodejs,\
iproute2,iputils-ping,procps,util-linux,wireguard-tools,dhcpcd-base,tcpdump"
size=3G

# The machine's own package sources, narrowed to what the release needs; empty: mmdebstrap knows a mirror itself.
sources=$(node --input-type=module -e '
  import { readFileSync, readdirSync } from "node:fs";
  import { pickAptSources } from "./dist/core/apt-sources.js";
  const folder = "/etc/apt/sources.list.d";
  const listed = (() => { try { return readdirSync(folder).map((name) => `${folder}/${name}`); } catch { return []; } })();
  const files = ["/etc/apt/sources.list", ...listed].filter((name) => /\.(list|sources)$/.test(name));
  const read = (name) => { try { return readFileSync(name, "utf8"); } catch { return ""; } };
  process.stdout.write(pickAptSources(files.map((name) => ({ name, text: read(name) })), process.argv[1]));
' "$release")
mapfile -t settings < <(apt-config dump Acquire::Check-Valid-Until Acquire::Check-Date 2> /dev/null |
  sed -n 's/^\(.* "\(false\|no\|0\)"\);$/--aptopt=\1/Ip')

digest=$({
  cat "$0" scripts/vm/guest/*
  echo "$sources" "${settings[@]}"
} | sha256sum | cut -c1-12)
folder=$cache/root-$digest
if [ -e "$folder/disk.img" ]; then
  touch "$folder"
  echo "$folder"
  exit 0
fi

work=$(mktemp -d "$cache/.root-XXXXXX")
trap 'rm -rf "$work"' EXIT
printf '%s' "$sources" > "$work/debian.sources"
[ -z "$sources" ] || set -- "$work/debian.sources"
[ -n "$sources" ] || set --

# Rules of paths that mmdebstrap knows itself send each package through a Python program.
slim='printf "path-exclude=/usr/share/%s/*\n" doc man locale > "$1/etc/dpkg/dpkg.cfg.d/slim"'
# The initrd holds what finds the root disk and no more: under TCG every megabyte of it takes time.
mmdebstrap --mode=root --variant=minbase --format=directory --include="$packages" "${settings[@]}" \
  --extract-hook="$slim" --dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
  --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/usr/share/initramfs-tools/modules.d"' \
  --essential-hook='printf "MODULES=list\nCOMPRESS=lz4\nCOMPRESSLEVEL=1\n" > "$1/etc/initramfs-tools/conf.d/small"' \
  --essential-hook='printf "virtio_pci\nvirtio_blk\next4\n" > "$1/usr/share/initramfs-tools/modules.d/small.conf"' \
  --include=lz4 \
  --customize-hook='scripts/vm/guest/setup.sh "$1"' \
  "$release" "$work/root" "$@" >&2
mkdir "$work/made"
cp "$work"/root/boot/vmlinuz-* "$work/made/vmlinuz"
cp "$work"/root/boot/initrd.img-* "$work/made/initrd"
rm -rf "$work"/root/boot/* "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/*
mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$work/root" "$work/made/disk.img" "$size" >&2
# Older recipes are not wanted any more.
find "$cache" -maxdepth 1 -name 'root-*' -exec rm -rf {} +
mv "$work/made" "$folder"
echo "$folder"
