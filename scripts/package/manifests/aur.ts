import { nameMaintainer, type Release } from "../repository.ts";
import type { Sums } from "../sums.ts";
import { describeArchive, summarize } from "./archive.ts";

/** The target for each processor, by Arch's name of the processor. */
const TARGETS = { x86_64: "linux-x64", aarch64: "linux-arm64" } as const;

const NAME = "latchkey-bin";

type Field = [key: string, value: string | string[]];

/**
 * Returns the fields of PKGBUILD and .SRCINFO in makepkg's order. In .SRCINFO a list has one line for each value; it
 * may be empty.
 */
function listFields(release: Release, sums: Sums): Field[] {
  const { version, repository } = release;
  const processors = Object.keys(TARGETS);
  return [
    ["pkgdesc", summarize(release)],
    ["pkgver", version],
    ["pkgrel", "1"],
    ["url", repository.url],
    ["arch", processors],
    ["license", [release.license]],
    ["depends", ["glibc"]],
    [
      "optdepends",
      ["xdg-utils: opens the browser", "org.freedesktop.secrets: keeps the key of sealed tokens"],
    ],
    ["provides", [`latchkey=${version}`]],
    ["conflicts", ["latchkey"]],
    // `!strip`: strip would remove code that is in no section. `!debug`: a debug package would be empty.
    ["options", ["!strip", "!debug"]],
    ...Object.entries(TARGETS).flatMap(([processor, target]): Field[] => {
      const { url, sum } = describeArchive(release, sums, target);
      return [
        [`source_${processor}`, [url]],
        [`sha256sums_${processor}`, [sum]],
      ];
    }),
  ];
}

/** Returns the file .SRCINFO, which the AUR's site reads, in the format of `makepkg --printsrcinfo`. */
export function formatSrcinfo(release: Release, sums: Sums): string {
  const lines = listFields(release, sums).flatMap(([key, value]) =>
    [value].flat().map((each) => `\t${key} = ${each}\n`),
  );
  return `pkgbase = ${NAME}\n${lines.join("")}\npkgname = ${NAME}\n`;
}

/** Returns the PKGBUILD. All values are literal and contain no quotes, because the file is generated for each release. */
export function formatPkgbuild(release: Release, sums: Sums): string {
  const fields = listFields(release, sums).map(([key, value]) => `${key}=${quote(value)}\n`);
  return `# Maintainer: ${nameMaintainer(release.repository)}
pkgname=${NAME}
${fields.join("")}
package() {
  cd "$srcdir/latchkey-$pkgver"-*/
  install -Dm755 -t "$pkgdir/usr/bin" bin/latchkey
  install -Dm644 -t "$pkgdir/usr/share/man/man1" share/man/man1/*.1
  install -Dm644 -t "$pkgdir/usr/share/bash-completion/completions" share/bash-completion/completions/latchkey
  install -Dm644 -t "$pkgdir/usr/share/zsh/site-functions" share/zsh/site-functions/_latchkey
  install -Dm644 -t "$pkgdir/usr/share/fish/vendor_completions.d" share/fish/vendor_completions.d/latchkey.fish
  install -Dm644 -t "$pkgdir/usr/share/licenses/$pkgname" LICENSE THIRD-PARTY-NOTICES.txt
}
`;
}

function quote(value: string | string[]): string {
  return Array.isArray(value) ? `(${value.map(quote).join(" ")})` : `'${value}'`;
}
