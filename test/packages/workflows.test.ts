import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect } from "vitest";
import { locateActionlint } from "../../scripts/tools/packages/manifest-tools.ts";
import { CHECKOUT } from "../support/checkout.ts";
import type { RunResult } from "../support/child.ts";
import { openWorkplace, testWithTools, WORK } from "./support/manifests.ts";

/** Tests the workflows with actionlint, which checks their scripts with shellcheck. */

const TOOL = "/tool";
const BINDS = { [TOOL]: dirname(locateActionlint()), "/checkout": join(CHECKOUT, ".github") };

function lint(files: readonly string[], work = openWorkplace(BINDS)): Promise<RunResult> {
  const options = ["-no-color", "-oneline", "-shellcheck=/usr/bin/shellcheck"];
  return work.run([`${TOOL}/${basename(locateActionlint())}`, ...options, ...files]);
}

/** Runs actionlint on a workflow with one job of this text. */
async function lintJob(job: string): Promise<RunResult> {
  const work = openWorkplace(BINDS);
  const file = ".github/workflows/one.yml";
  mkdirSync(join(work.path, dirname(file)), { recursive: true });
  writeFileSync(
    join(work.path, file),
    `on: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n      - ${job}\n`,
  );
  return lint([`${WORK}/${file}`], work);
}

describe("actionlint", () => {
  testWithTools("finds no fault in the workflows", async () => {
    const files = ["ci.yml", "release.yml"].map((file) => `/checkout/workflows/${file}`);
    expect(await lint(files)).toMatchObject({ exitCode: 0, stdout: "" });
  });

  testWithTools(
    "finds a missing step, and the faults that shellcheck finds in a script",
    async () => {
      expect(await lintJob("run: echo hello")).toMatchObject({ exitCode: 0, stdout: "" });
      const step = await lintJob("run: echo ${{ steps.nothing.outputs.x }}");
      expect(step).toMatchObject({
        exitCode: 1,
        stdout: expect.stringContaining('property "nothing" is not defined'),
      });
      expect(await lintJob("run: cat $HOME/x")).toMatchObject({
        exitCode: 1,
        stdout: expect.stringContaining("SC2086"),
      });
    },
  );
});
