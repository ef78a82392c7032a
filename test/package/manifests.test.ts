import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { TARGETS } from "../../scripts/build/standalone/targets.ts";
import { nameArchive } from "../../scripts/package/artefacts.ts";
import { formatManifests } from "../../scripts/package/manifests/manifests.ts";
import { readRelease } from "../../scripts/package/repository.ts";

/** Tests the texts of the manifests. test/packages runs the manifests' own tools on them. */

const RELEASE = {
  version: "1.20.3",
  description: "Keys for doors: and for windows.",
  license: "MIT",
  repository: { owner: "some-body", name: "key", url: "https://github.com/some-body/key" },
};
const BASE = "https://github.com/some-body/key/releases/download/v1.20.3";

/** A different checksum for each target. */
const SUMS = new Map(
  TARGETS.map(({ name }, index) => [
    nameArchive(RELEASE.version, name),
    `${index}a`.padEnd(64, "0b"),
  ]),
);

function format(): Map<string, string> {
  return new Map(formatManifests(RELEASE, SUMS));
}

function read(path: string): string {
  return format().get(path) ?? "";
}

/** Returns the target of each URL of a release file in a text, in order. */
function listTargets(text: string): string[] {
  return [...text.matchAll(/\/latchkey-1\.20\.3-([\w-]+)\.(?:tar\.xz|zip)/g)].map(
    ([, target]) => target ?? "",
  );
}

function findSum(target: string): string {
  return SUMS.get(nameArchive(RELEASE.version, target)) ?? "";
}

test("there is a file for each package manager", () => {
  expect([...format().keys()]).toEqual([
    "homebrew/latchkey.rb",
    "scoop/latchkey.json",
    "winget/some-body.key.yaml",
    "winget/some-body.key.installer.yaml",
    "winget/some-body.key.locale.en-US.yaml",
    "aur/PKGBUILD",
    "aur/.SRCINFO",
    "nix/flake.nix",
  ]);
});

test.each([
  ["homebrew/latchkey.rb", ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"]],
  ["scoop/latchkey.json", ["windows-x64", "windows-arm64"]],
  ["winget/some-body.key.installer.yaml", ["windows-x64", "windows-arm64"]],
  ["aur/PKGBUILD", ["linux-x64", "linux-arm64"]],
  ["aur/.SRCINFO", ["linux-x64", "linux-arm64"]],
  ["nix/flake.nix", ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]],
])("%s has the URLs of %j, each followed by its own sum", (path, targets) => {
  const text = read(path);
  expect(listTargets(text)).toEqual(targets);
  for (const target of targets) {
    const [, behind = ""] = text.split(`${BASE}/${nameArchive(RELEASE.version, target)}`);
    const [, sum = ""] = /([0-9a-f]{64}|sha256-[\w+/]+=)/i.exec(behind) ?? [];
    const integrity = `sha256-${Buffer.from(findSum(target), "hex").toString("base64")}`;
    expect([findSum(target), integrity]).toContain(sum.startsWith("sha") ? sum : sum.toLowerCase());
  }
});

test("every address belongs to the repository, or to the tool that reads the file", () => {
  const addresses = [...format().values()].flatMap(
    (text) => text.match(/https?:\/\/[^\s"'>]+/g) ?? [],
  );
  const foreign = addresses.filter((url) => !url.startsWith("https://github.com/some-body"));
  expect(new Set(foreign)).toEqual(
    new Set(
      ["version", "installer", "defaultLocale"].map(
        (type) => `https://aka.ms/winget-manifest.${type}.1.12.0.schema.json`,
      ),
    ),
  );
});

test("no manifest is made if an archive has no checksum", () => {
  for (const file of SUMS.keys()) {
    if (file.includes("musl")) continue;
    const others = new Map([...SUMS].filter(([name]) => name !== file));
    expect(() => formatManifests(RELEASE, others)).toThrow(`SHA256SUMS does not list ${file}`);
  }
});

test("each has a one-line description and the licence", () => {
  const described = [...format()].filter(([path]) => !/(?:key|installer)\.yaml$/.test(path));
  expect(described).toHaveLength(6);
  for (const [path, text] of described) {
    expect(text).toMatch(/\bKeys for doors(?=["'\n])/);
    if (path !== "nix/flake.nix") expect(text).toContain("MIT");
  }
  // Nix has its own names for licences.
  expect(readRelease().license).toBe("Apache-2.0");
  expect(read("nix/flake.nix")).toContain("license = lib.licenses.asl20;");
});

test("Homebrew accepts the line: at most 80 characters, without an article or a full stop", () => {
  const { description } = readRelease();
  const formula = new Map(formatManifests({ ...RELEASE, description }, SUMS)).get(
    "homebrew/latchkey.rb",
  );
  const [, line = ""] = /^ {2}desc "(.*)"$/m.exec(formula ?? "") ?? [];
  expect(line).toMatch(/^(?!An? |The |latchkey )[A-Z].{20,78}[^.]$/i);
});

describe("Scoop's manifest", () => {
  const manifest = JSON.parse(read("scoop/latchkey.json")) as {
    autoupdate: {
      architecture: Record<string, { url: string; extract_dir: string }>;
      hash: object;
    };
    architecture: Record<string, { url: string; extract_dir: string }>;
  };

  test("its updater finds the same files of the next version, and their checksums", () => {
    for (const [processor, { url, extract_dir: folder }] of Object.entries(manifest.architecture)) {
      const next = manifest.autoupdate.architecture[processor];
      expect(next?.url).toBe(url.replaceAll("1.20.3", "$version"));
      expect(next?.extract_dir).toBe(folder.replaceAll("1.20.3", "$version"));
    }
    expect(manifest.autoupdate.hash).toEqual({ url: "$baseurl/SHA256SUMS" });
  });
});

describe("winget's manifests", () => {
  const files = [...format()].filter(([path]) => path.startsWith("winget/"));
  const manifests = files.map(([, text]) => parse(text) as Record<string, unknown>);

  test("have the same package, version and schema, and a different type each", () => {
    for (const manifest of manifests)
      expect(manifest).toMatchObject({
        PackageIdentifier: "some-body.key",
        PackageVersion: "1.20.3",
        ManifestVersion: "1.12.0",
      });
    expect(manifests.map(({ ManifestType: type }) => type)).toEqual([
      "version",
      "installer",
      "defaultLocale",
    ]);
  });

  test("have strings where the schema requires them: no checksum or version is read as a number", () => {
    const sums = new Map([...SUMS].map(([file]) => [file, "1".repeat(62).padEnd(64, "e1")]));
    const installer = new Map(formatManifests(RELEASE, sums)).get(
      "winget/some-body.key.installer.yaml",
    );
    const { Installers: installers } = parse(installer ?? "") as {
      Installers: Array<{ InstallerSha256: unknown }>;
    };
    for (const { InstallerSha256: sum } of installers) expect(sum).toMatch(/^[0-9A-F]{64}$/);
  });
});

test(".SRCINFO has the same values as PKGBUILD", () => {
  const values = read("aur/.SRCINFO")
    .split("\n")
    .map((line) => /^\s*(\S+) = (.*)$/.exec(line)?.slice(1))
    .filter((pair) => pair !== undefined)
    .filter(([key = ""]) => !key.startsWith("pkgbase") && key !== "pkgname");
  expect(values.length).toBeGreaterThan(15);
  const lines = read("aur/PKGBUILD").split("\n");
  for (const [key, value] of values)
    expect(lines.find((line) => line.startsWith(`${key}=`))).toContain(`'${value}'`);
});
