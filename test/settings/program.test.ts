import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { createHome, testOnNodeOnly } from "../support/home.ts";
import { CHECKOUT } from "../support/program.ts";

const test = testOnNodeOnly("the list of what was bundled is the npm package's");

test("the build without conf's schema validator can write settings", async () => {
  const chunks = readFileSync(join(CHECKOUT, "dist", "chunks.json"), "utf8");
  expect(chunks).toContain("node_modules/conf/");
  expect(chunks).not.toContain("node_modules/ajv");
  const home = await createHome();
  expect(await home.run(["settings", "default-region", "eu-west-1"])).toMatchObject({
    exitCode: 0,
    stdout: "eu-west-1\n",
  });
  expect((await home.run(["settings", "default-region"])).stdout).toBe("eu-west-1\n");
});
