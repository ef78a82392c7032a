# Runs the phases of nixpkgs' stdenv that the flake uses. strip runs in every build that does not forbid it.
set -euo pipefail
export HOME=/homeless-shelter
runHook() { :; }
tar -xf "$src"
cd "$sourceRoot"
eval "$installPhase"
[ -n "${dontStrip:-}" ] || strip -S "$out/bin/"*
[ -z "${doInstallCheck:-}" ] || eval "$installCheckPhase"
