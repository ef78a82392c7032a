#!/bin/sh
# Runs a command in the same file system with a root of its own, in which no mark of a container lies: the test itself may
# run in one. Needs a mount namespace of its own (unshare --mount).
set -e
root=$(mktemp -d)
mount -t tmpfs tmpfs "$root"
for entry in /*; do
  if [ -L "$entry" ]; then cp -a "$entry" "$root$entry"
  elif [ -d "$entry" ]; then mkdir "$root$entry" && mount --rbind "$entry" "$root$entry"
  fi
done
exec chroot "$root" "$@"
