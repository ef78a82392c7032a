import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Config, Help, type Interfaces } from "@oclif/core";
import { describe, expect, test } from "vitest";
import { ProgramConfig, type Package } from "../../src/oclif/config.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { patience } from "../support/patience.ts";
import { isOnWindows } from "../support/windows.ts";

/** Special uses of oclif (see bends.test.ts) that can be tested in its code and in this process. */

const readJson = (file: string): unknown => JSON.parse(readFileSync(join(CHECKOUT, file), "utf8"));

test("the bundle's oclif leaves out the search for plugins, the spinners and two packages", () => {
  const folder = join(CHECKOUT, "dist", "bundle");
  const code = readdirSync(folder)
    .filter((name) => name.endsWith(".cjs"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  const leftOut = [...code.matchAll(/"(\S+) of @oclif\/core was left out of this program"/g)];
  expect([...new Set(leftOut.map(([, name]) => name))].toSorted()).toEqual([
    "../config/ts-path",
    "../module-loader",
    "./action/simple",
    "./action/spinner",
    "./colorize-json",
    "./execute",
    "./module-loader",
    "./plugin",
    "./plugin-loader",
    "./ts-path",
    "debug",
    "semver",
  ]);
});

describe("the config made from the manifest", () => {
  const program: Package = {
    packageJson: readJson("package.json") as Package["packageJson"],
    manifest: readJson("oclif.manifest.json") as Package["manifest"],
    root: CHECKOUT,
  };

  test("leaves empty only the known fields that oclif's own search fills", async () => {
    const searched = await Config.load({ root: CHECKOUT });
    const ours = new ProgramConfig(program);
    const isFilled = (value: unknown): boolean =>
      value !== undefined && !(value instanceof Map && value.size === 0);
    expect(
      Object.entries(searched)
        .filter(([name, value]) => isFilled(value) && !isFilled(Reflect.get(ours, name)))
        .map(([name]) => name)
        .toSorted(),
    ).toEqual([
      ...["_commands", "_topics", "arch", "cacheDir", "channel", "commandPermutations"],
      ...["configDir", "dataDir", "dirname", "flexibleTaxonomy", "home", "pluginLoader"],
      ...["plugins", "rootPlugin", "topicPermutations", "updateConfig", "valid"],
      "windows",
    ]);
  });

  test(
    "gives oclif's help the same text for every command and for the program as oclif's own search does",
    { tags: ["long"], timeout: patience(90_000) },
    async () => {
      const ids = Object.keys(program.manifest.commands);
      for (const words of [["--help"], ...ids.map((id) => id.split(":"))]) {
        const [ours, searched] = [
          await helpText(new ProgramConfig(program), words),
          await helpText(await Config.load({ root: CHECKOUT }), words),
        ];
        // Ours asks no other program for the name of its shell: a line goes on by the sign of PowerShell.
        expect(ours, words.join(" ")).toBe(
          isOnWindows ? searched.replaceAll(" ^\n", " `\n") : searched,
        );
      }
    },
  );
});

async function helpText(config: Interfaces.Config, words: string[]): Promise<string> {
  const lines: string[] = [];
  class Kept extends Help {
    protected override log(...parts: string[]): void {
      lines.push(...parts);
    }
  }
  await new Kept(config, { stripAnsi: true }).showHelp(words);
  return lines.join("\n");
}
