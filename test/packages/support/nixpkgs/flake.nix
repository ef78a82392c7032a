# Replaces nixpkgs: the functions that latchkey's flake calls, as plain derivations with the programs of this root.
# FILES is the folder with the files of the release, LOADER the path of a glibc loader.
{
  outputs =
    { ... }:
    let
      forSystem = system: {
        lib = {
          optional = condition: value: if condition then [ value ] else [ ];
          optionalString = condition: text: if condition then text else "";
          licenses.asl20 = "Apache-2.0";
          sourceTypes.binaryNativeCode = "binaryNativeCode";
        };
        patchelf = "/usr";
        stdenv = {
          hostPlatform.isLinux = builtins.match ".*-linux" system != null;
          cc.bintools.dynamicLinker = builtins.getEnv "LOADER";
        };
        # Nix's own function, which compares the hash. The one of nixpkgs passes the hash to Nix as well.
        fetchurl =
          { url, hash }:
          import <nix/fetchurl.nix> {
            url = "file://${builtins.getEnv "FILES"}/${baseNameOf url}";
            inherit hash;
          }
          // {
            address = url;
          };
        stdenvNoCC.mkDerivation =
          arguments:
          derivation (
            removeAttrs arguments [ "meta" ]
            // {
              name = "${arguments.pname}-${arguments.version}";
              inherit system;
              builder = "/bin/bash";
              args = [ ./build.sh ];
              PATH = "/usr/bin:/bin";
            }
          )
          // {
            inherit (arguments) src meta;
          };
      };
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
    in
    {
      legacyPackages = builtins.listToAttrs (
        map (system: {
          name = system;
          value = forSystem system;
        }) systems
      );
    };
}
