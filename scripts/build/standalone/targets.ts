// Lists the parts of the standalone executable for each platform: Bun's runtime from the registry, whose checksum is
// pinned here, and the keychain library's native part, whose checksum is in package-lock.json.
import { isRecord } from "../../../src/text/json.ts";

export const BUN_VERSION = "1.4.5";

export interface Target {
  readonly name: string;
  /** The suffix of the keychain library's package. */
  readonly keyring: string;
  /** The checksum of the package with Bun's runtime. */
  readonly integrity: string;
  /** Whether Bun leaves an invalid signature in the executable. Then sign-mach-o.ts replaces it. */
  readonly isSignedHere?: true;
}

export const TARGETS: readonly Target[] = [
  {
    name: "linux-x64",
    keyring: "linux-x64-gnu",
    integrity:
      "sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==",
  },
  {
    name: "linux-arm64",
    keyring: "linux-arm64-gnu",
    integrity:
      "sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==",
  },
  {
    name: "linux-x64-musl",
    keyring: "linux-x64-musl",
    integrity:
      "sha512-10QoW/YfTgnURaGEaHpJCiXjLI2e5iTtfVDaA5JKcyUzaa1cq6cVUY9/Uq5XkYzvtRjHLRe9Oj/lTDIQcxy8HQ==",
  },
  {
    name: "linux-arm64-musl",
    keyring: "linux-arm64-musl",
    integrity:
      "sha512-XCNc+WvvMAdNNb+OWTogpy+N9wm62fkVeEVLb6how0RZhW5LPi6c7BlkeVCuWps7XjEl2saFpHFa20/1E+PAHg==",
  },
  {
    name: "darwin-arm64",
    keyring: "darwin-arm64",
    integrity:
      "sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==",
  },
  {
    name: "darwin-x64",
    keyring: "darwin-x64",
    isSignedHere: true,
    integrity:
      "sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg==",
  },
  {
    name: "windows-x64",
    keyring: "win32-x64-msvc",
    integrity:
      "sha512-FNvply651vcE/GHgNWz6mZvhmkwBuu8Hw54oNzA+CQog+HW+542rXQmZqNHRkFxazD9L3xi+iTtvO3engAgJfw==",
  },
  {
    name: "windows-arm64",
    keyring: "win32-arm64-msvc",
    integrity:
      "sha512-MiPFZnBNDnBXgr1oONc5pizC4fOLjnIOfNkYdFEnWzLmoFTg86naZIG3SvS7d/GglpQSAnCKMAzSjI/TAckiRw==",
  },
];

/** The name of this machine's platform. It may not be one of the targets. */
export const HOST_NAME = nameHost();

export function isWindows(targetName: string): boolean {
  return targetName.startsWith("windows-");
}

/** Returns the path of a target's executable, relative to the checkout. */
export function locateExecutable(targetName: string): string {
  return `dist-standalone/latchkey-${targetName}${isWindows(targetName) ? ".exe" : ""}`;
}

/** Returns the path of the list of an executable's contents, relative to the checkout. */
export function locateContents(targetName: string): string {
  return `dist-standalone/latchkey-${targetName}.cdx.json`;
}

function nameHost(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return `${platform}-${process.arch}${platform === "linux" && isMusl() ? "-musl" : ""}`;
}

function isMusl(): boolean {
  const report: unknown = process.report.getReport();
  const header = isRecord(report) ? report["header"] : undefined;
  return isRecord(header) && header["glibcVersionRuntime"] === undefined;
}
