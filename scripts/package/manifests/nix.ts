import type { Release } from "../repository.ts";
import type { Sums } from "../sums.ts";
import { describeArchive, summarize } from "./archive.ts";

/** The target for each of Nix's systems. On Linux these are the programs for glibc, which Nix uses. */
const TARGETS = {
  "x86_64-linux": "linux-x64",
  "aarch64-linux": "linux-arm64",
  "x86_64-darwin": "darwin-x64",
  "aarch64-darwin": "darwin-arm64",
} as const;

/** Returns the flake. It has a package for each system. */
export function formatFlake(release: Release, sums: Sums): string {
  const archives = Object.entries(TARGETS).map(([system, target]) => {
    const { url, sum, folder } = describeArchive(release, sums, target);
    return `        ${system} = {
          url = "${url}";
          hash = "${toIntegrity(sum)}";
          folder = "${folder}";
        };
`;
  });
  return `{
  description = "${summarize(release)}";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs =
    { nixpkgs, ... }:
    let
      version = "${release.version}";
      description = "${summarize(release)}";
      homepage = "${release.repository.url}";
      archives = {
${archives.join("")}      };
${PACKAGE}`;
}

/** Returns a checksum in the format that Nix and npm use. */
function toIntegrity(sum: string): string {
  return `sha256-${Buffer.from(sum, "hex").toString("base64")}`;
}

/** The part of the flake that builds the package. It is the same for every release. */
const PACKAGE = `      build =
        system: archive:
        let
          pkgs = nixpkgs.legacyPackages.\${system};
          inherit (pkgs) lib;
        in
        pkgs.stdenvNoCC.mkDerivation {
          pname = "latchkey";
          inherit version;
          src = pkgs.fetchurl { inherit (archive) url hash; };
          sourceRoot = archive.folder;
          strictDeps = true;

          # Only the loader's path is changed. autoPatchelfHook and strip rewrite the program, which
          # carries code that no section names; on macOS both would break its signature. A wrapper that
          # starts the loader would not do: latchkey writes its own path into profiles, and reads it from
          # /proc/self/exe, which would be the loader's.
          dontStrip = true;
          dontPatchELF = true;
          nativeBuildInputs = lib.optional pkgs.stdenv.hostPlatform.isLinux pkgs.patchelf;

          installPhase = ''
            runHook preInstall
            mkdir -p $out/share/doc/latchkey
            cp -r bin share $out/
            cp LICENSE THIRD-PARTY-NOTICES.txt $out/share/doc/latchkey/
          ''
          + lib.optionalString pkgs.stdenv.hostPlatform.isLinux ''
            patchelf --set-interpreter \${pkgs.stdenv.cc.bintools.dynamicLinker} $out/bin/latchkey
          ''
          + ''
            runHook postInstall
          '';

          # Without its part of the file it would be a bare runtime, and print another version.
          doInstallCheck = true;
          installCheckPhase = ''
            HOME=$TMPDIR $out/bin/latchkey --version | grep --fixed-strings "latchkey/\${version} "
          '';

          meta = {
            inherit description homepage;
            license = lib.licenses.asl20;
            mainProgram = "latchkey";
            platforms = [ system ];
            sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
          };
        };
    in
    {
      packages = builtins.mapAttrs (system: archive: rec {
        latchkey = build system archive;
        default = latchkey;
      }) archives;
    };
}
`;
