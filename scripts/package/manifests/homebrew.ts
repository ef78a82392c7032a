import type { Release } from "../repository.ts";
import type { Sums } from "../sums.ts";
import { describeArchive, summarize } from "./archive.ts";

/** Homebrew's blocks, and the target of each. */
const BLOCKS = [
  { system: "on_macos", processors: { on_arm: "darwin-arm64", on_intel: "darwin-x64" } },
  { system: "on_linux", processors: { on_arm: "linux-arm64", on_intel: "linux-x64" } },
] as const;

/**
 * Returns the formula for a tap. `version` is set, because Homebrew would otherwise read it from the URL, in which the
 * processor comes after the version. Homebrew does not strip or re-sign programs that a formula installs from an archive.
 */
export function formatFormula(release: Release, sums: Sums): string {
  return `class Latchkey < Formula
  desc "${summarize(release)}"
  homepage "${release.repository.url}"
  version "${release.version}"
  license "${release.license}"

  livecheck do
    url "${release.repository.url}"
    strategy :github_latest
  end

${BLOCKS.map((block) => formatSystem(release, sums, block)).join("\n\n")}

  def install
    bin.install "bin/latchkey"
    man1.install Dir["share/man/man1/*.1"]
    bash_completion.install "share/bash-completion/completions/latchkey"
    zsh_completion.install "share/zsh/site-functions/_latchkey"
    fish_completion.install "share/fish/vendor_completions.d/latchkey.fish"
  end

  test do
    assert_match "latchkey/#{version} ", shell_output("#{bin}/latchkey --version")
    # The whole journey, against a service of its own on 127.0.0.1.
    system bin/"latchkey", "demo"
  end
end
`;
}

function formatSystem(
  release: Release,
  sums: Sums,
  { system, processors }: (typeof BLOCKS)[number],
): string {
  const blocks = Object.entries(processors).map(([processor, target]) => {
    const { url, sum } = describeArchive(release, sums, target);
    return `    ${processor} do
      url "${url}"
      sha256 "${sum}"
    end`;
  });
  return `  ${system} do\n${blocks.join("\n")}\n  end`;
}
