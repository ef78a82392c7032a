import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { TARGETS } from "../../scripts/build/standalone/targets.ts";
import { nameBillOfMaterials } from "../../scripts/package/artefacts.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import { judgeLicences } from "../../scripts/tools/supply/licences.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { locateRelease } from "./support/release.ts";

interface Component {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly licenses: ReadonlyArray<{ expression?: string; license?: { name: string } }>;
}

const { version } = readRelease();

/** Name and version of each locked package, by its folder. */
const locked = readLocked();
const keyringVersion = locked.get("node_modules/@napi-rs/keyring")?.split(" ")[1];

describe.each(TARGETS)("the list of $name", ({ name, keyring }) => {
  const read = (): readonly Component[] => {
    const text = readFileSync(locateRelease(nameBillOfMaterials(version, name)), "utf8");
    return (JSON.parse(text) as { components: Component[] }).components;
  };

  test("has exactly the packages whose modules were bundled", () => {
    const packages = read().filter(({ type }) => type === "library");
    const names = packages.map((each) => `${each.name} ${each.version}`);
    const native = `@napi-rs/keyring-${keyring} ${keyringVersion}`;
    expect(names.toSorted()).toEqual([...listBundled(name), native].toSorted());
    expect(names.length).toBeGreaterThan(50);
  });

  test("has a licence that is compatible with Apache-2.0 and the locked version for each package", () => {
    const components = read();
    const packages = components.filter(({ type }) => type === "library");
    const licences = packages.map((each) => ({
      name: `${each.name} ${each.version}`,
      license: each.licenses[0]?.expression,
    }));
    expect(judgeLicences(licences, "shipped")).toEqual([]);
    const versions = packages.map((each) => `${each.name} ${each.version}`);
    expect(versions.filter((each) => ![...locked.values()].includes(each))).toEqual([]);
    const runtimes = components.filter(({ type }) => type === "platform");
    expect(runtimes.map(({ licenses }) => licenses[0]?.license?.name)).toEqual([
      expect.stringMatching(/^MIT; inside it JavaScriptCore, LGPL/),
    ]);
  });
});

/** Returns name and version of the packages in the bundlers' lists of modules. */
function listBundled(target: string): Set<string> {
  const note = join(CHECKOUT, "dist-standalone", "built", `${target}.json`);
  const { modules } = JSON.parse(readFileSync(note, "utf8")) as { modules: string[] };
  const folders = modules.flatMap((path) => PACKAGE_FOLDER.exec(path)?.[0] ?? []);
  return new Set(folders.map((folder) => locked.get(folder) ?? `${folder} is not locked`));
}

const PACKAGE_FOLDER = /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

function readLocked(): Map<string, string> {
  const lock = JSON.parse(readFileSync(join(CHECKOUT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string }>;
  };
  return new Map(
    Object.entries(lock.packages).map(([path, each]) => [
      path,
      `${path.replace(/.*node_modules\//, "")} ${each.version}`,
    ]),
  );
}
