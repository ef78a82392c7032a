import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judgeLock } from "../../scripts/tools/supply/lock.ts";
import { CHECKOUT } from "../support/checkout.ts";

const SUM = `sha512-${"A".repeat(86)}==`;
const REGISTRY = "https://registry.example/npm";
const MANIFEST = {
  name: "x",
  version: "1.0.0",
  dependencies: { a: "^1.0.0" },
  devDependencies: { "@s/b": "2.0.0" },
};
const A = { version: "1.2.3", integrity: SUM, resolved: `${REGISTRY}/a/-/a-1.2.3.tgz` };
const B = { version: "2.0.0", integrity: SUM, resolved: `${REGISTRY}/@s/b/-/b-2.0.0.tgz` };

function createLock(packages: object, root: object = MANIFEST): object {
  return {
    lockfileVersion: 3,
    packages: { "": root, "node_modules/a": A, "node_modules/@s/b": B, ...packages },
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(CHECKOUT, file), "utf8"));
}

test("this project's own lock file is right", () => {
  expect(judgeLock(readJson("package-lock.json"), readJson("package.json"))).toEqual([]);
});

test("a lock is accepted with addresses of one registry, and without addresses", () => {
  expect(judgeLock(createLock({}), MANIFEST)).toEqual([]);
  const { resolved: _, ...plain } = A;
  expect(judgeLock(createLock({ "node_modules/a": plain }), MANIFEST)).toEqual([]);
  const alias = { ...A, name: "@s/c", resolved: `${REGISTRY}/@s/c/-/c-1.2.3.tgz` };
  expect(judgeLock(createLock({ "node_modules/q/node_modules/c": alias }), MANIFEST)).toEqual([]);
});

const ELSEWHERE = "node_modules/a does not come from the registry";

describe("a package is refused", () => {
  test.each<[title: string, entry: object, faults: string[]]>([
    ["of git", { resolved: "git+ssh://git@host.example/a.git#0123" }, [ELSEWHERE]],
    ["over http", { resolved: "http://registry.example/npm/a/-/a-1.2.3.tgz" }, [ELSEWHERE]],
    ["of a file", { resolved: "file:../a" }, [ELSEWHERE]],
    ["of any address", { resolved: `${REGISTRY}/a-1.2.3.tgz` }, [ELSEWHERE]],
    [
      "of another package's address",
      { resolved: `${REGISTRY}/evil/-/evil-1.2.3.tgz` },
      [ELSEWHERE],
    ],
    ["of another version's address", { resolved: `${REGISTRY}/a/-/a-1.2.4.tgz` }, [ELSEWHERE]],
    ["with a query", { resolved: `${REGISTRY}/x?/a/-/a-1.2.3.tgz` }, [ELSEWHERE]],
    ["with a user", { resolved: "https://u@registry.example/a/-/a-1.2.3.tgz" }, [ELSEWHERE]],
    [
      "of another host",
      { resolved: "https://other.example/a/-/a-1.2.3.tgz" },
      ["other.example is not the registry of most packages"],
    ],
    ["without a checksum", { integrity: undefined }, ["node_modules/a has no SHA-512 checksum"]],
    ["with a weak one", { integrity: "sha1-AAAA" }, ["node_modules/a has no SHA-512 checksum"]],
    [
      "with a weak one beside it",
      { integrity: `${SUM} sha1-AAAA` },
      ["node_modules/a has no SHA-512 checksum"],
    ],
    [
      "with a script that runs when it is installed",
      { hasInstallScript: true },
      ["node_modules/a runs a script when it is installed"],
    ],
    ["that is a link", { link: true }, ["node_modules/a is a link to a folder"]],
    [
      "without a version",
      { version: "latest", resolved: undefined },
      ["node_modules/a has no version"],
    ],
  ])("%s", (_, entry, faults) => {
    // A second package of the usual host: the registry with the most packages is the right one.
    const lock = createLock({
      "node_modules/a": { ...A, ...entry },
      "node_modules/c/node_modules/@s/b": B,
    });
    expect(judgeLock(lock, MANIFEST)).toEqual(faults);
  });
});

describe("a lock is refused", () => {
  test.each<[title: string, lock: unknown, faults: string[]]>([
    [
      "of an older form",
      { ...createLock({}), lockfileVersion: 1 },
      ["it is not a lock file of version 3"],
    ],
    ["that is not an object", [], ["it is not a lock file of version 3"]],
    [
      "of another package.json",
      createLock({}, { ...MANIFEST, dependencies: { a: "^2.0.0" } }),
      ["dependencies differs in package.json"],
    ],
    [
      "without a package of package.json",
      { lockfileVersion: 3, packages: { "": MANIFEST, "node_modules/a": A } },
      ["@s/b of package.json is missing"],
    ],
    [
      "with a folder of the project",
      createLock({ "packages/a": A }),
      ["packages/a is not in node_modules", "packages/a does not come from the registry"],
    ],
  ])("%s", (_, lock, faults) => {
    expect(judgeLock(lock, MANIFEST)).toEqual(faults);
  });
});
