#!/usr/bin/env bash
# Builds mhlab's images in an engine of its own and makes of its data the disk that is /var/lib/docker in the test machine, so
# that nothing is fetched or unpacked there; once per set of images. Prints the disk's path.
# Usage: images.sh <cache folder> <folder of the project>
set -euo pipefail
cache=$1 project=$2
size=3G
export MHLAB_SANDBOX_DIR=$cache/engine NO_COLOR=1
mhlab() { node "$project/bin/mhlab.js" "$@"; }

stop() { mhlab sandbox stop >&2 || true; }
trap stop EXIT
mhlab sandbox start >&2
mhlab --sandbox image build internet bng cpe >&2
mhlab --sandbox image prune >&2
export DOCKER_HOST=unix://$MHLAB_SANDBOX_DIR/docker.sock
digest=$(docker image ls --no-trunc --quiet | sort -u | cat - "$0" | sha256sum | cut -c1-12)
stop
trap - EXIT

disk=$cache/images-$digest.img
if [ ! -e "$disk" ]; then
  rm -f "$cache"/images-*.img
  mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$MHLAB_SANDBOX_DIR/data" "$disk.new" "$size" >&2
  mv "$disk.new" "$disk"
fi
echo "$disk"
