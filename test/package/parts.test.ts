import { join } from "node:path";
import { expect, test } from "vitest";
import { locateCache } from "../../scripts/cache.ts";
import { locateInCache } from "../../scripts/build/standalone/parts.ts";

const PART = "napi-rs-keyring-linux-x64-gnu@2.1.2-0baacf84e643/keyring.linux-x64-gnu.node";
const HERE = join(locateCache(), "standalone-parts", PART);

test.each([
  ["of a checkout of another depth", `../../root/.cache/latchkey/standalone-parts/${PART}`, HERE],
  ["of another user", `/home/ada/.cache/latchkey/standalone-parts/${PART}`, HERE],
  ["of this user", HERE, HERE],
  ["in the checkout", "node_modules/yaml/dist/index.js", "node_modules/yaml/dist/index.js"],
])("a bundled module %s is found again", (_, path, expected) => {
  expect(locateInCache(path)).toBe(expected);
});
