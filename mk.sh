# mk.sh PREFIX : hand-made npm global install
set -e
p=$1/lib/node_modules; mkdir -p "$p/latchkey" "$p/latchkey-linux-x64/bin" "$1/bin"
cd /root/wt/r3
cp -r --parents bin/run.js bin/package.json dist/fast-path.cjs dist/completion.cjs dist/handover.cjs dist/bundle oclif.manifest.json CHANGELOG.md package.json "$p/latchkey/"
ln /work/main/dist-standalone/latchkey-linux-x64 "$p/latchkey-linux-x64/bin/latchkey" 2>/dev/null || cp /work/main/dist-standalone/latchkey-linux-x64 "$p/latchkey-linux-x64/bin/latchkey"
echo '{"name":"latchkey-linux-x64","version":"0.1.0"}' > "$p/latchkey-linux-x64/package.json"
ln -sfn ../lib/node_modules/latchkey/bin/run.js "$1/bin/latchkey"
