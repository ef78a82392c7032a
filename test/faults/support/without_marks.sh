#!/bin/sh
# Runs a command in the same file system under its own root without the marker files of a container, since the test
# itself may run in a container. Needs its own mount namespace (unshare --mount).
set -e
root=$(mktemp -d)
mount -t tmpfs tmpfs "$root"
for entry in /*; do
  if [ -L "$entry" ]; then cp -a "$entry" "$root$entry"
  elif [ -d "$entry" ]; then mkdir "$root$entry" && mount --rbind "$entry" "$root$entry"
  fi
done
exec chroot "$root" "$@"
