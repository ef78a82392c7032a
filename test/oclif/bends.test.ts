import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "@oclif/core";
import { describe, expect, test } from "vitest";
import { createHome, testOnNodeOnly, PROGRAM } from "../support/home.ts";

/**
 * Places where this program uses oclif differently than intended (docs/decisions/0016). Each test is about one such
 * place, and fails if a new oclif breaks it. That nothing is logged if DEBUG is set is tested in cli/contract.test.ts,
 * that stdin belongs to the child of `exec` in cli/exec.test.ts, and what needs no run of the program in
 * config.test.ts.
 */

const root = resolve(import.meta.dirname, "..", "..");
const readJson = (file: string): unknown => JSON.parse(readFileSync(join(root, file), "utf8"));

describe("the bundle's oclif", () => {
  testOnNodeOnly("Bun has its builtins loaded")(
    "loads its modules when they are used: a command loads none of the builtins of oclif's search, spinners and prompts",
    async () => {
      const home = await createHome();
      const spy = home.write(
        "spy.cjs",
        'process.on("exit", () => require("node:fs").writeFileSync(process.env.SPY, process.moduleLoadList.join("\\n")));',
      );
      await home.run(["status"], {
        env: { NODE_OPTIONS: `--require ${spy}`, SPY: join(home.path, "loaded") },
      });
      const loaded = home.read("loaded").split("\n");
      expect(loaded).toContain("NativeModule path");
      const needless = ["child_process", "dgram", "fs/promises", "perf_hooks", "readline"];
      expect(needless.filter((name) => loaded.includes(`NativeModule ${name}`))).toEqual([]);
    },
  );

  test.skipIf(process.platform !== "linux")(
    "does not use process.stdout, which would make a pipe non-blocking for every other program that writes to it",
    async () => {
      const home = await createHome();
      const script = '{ "$@" & echo $! > "$HOME/pid"; wait; } | cat';
      const shell = spawn("sh", ["-c", script, "sh", ...PROGRAM, "emulator"], {
        env: home.env,
        stdio: ["ignore", "pipe", "ignore"],
      });
      await new Promise((started) => shell.stdout.once("data", started));
      const pid = Number(home.read("pid"));
      const [, flags = ""] =
        /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/1`, "utf8")) ?? [];
      process.kill(pid);
      await new Promise((ended) => shell.once("close", ended));
      const O_NONBLOCK = 0o4000;
      expect(Number.parseInt(flags, 8) & O_NONBLOCK).toBe(0);
    },
  );
});

describe("the replacement of oclif's run", () => {
  test(
    "finds a command by its words, by its ID, and by each alias",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      const { commands } = readJson("oclif.manifest.json") as {
        commands: Readonly<Record<string, Command.Cached>>;
      };
      const { aliases = [] } = commands["accounts"] ?? {};
      expect(aliases).toEqual(["sso:list-accounts"]);
      const [words, id] = [
        await home.run(["federation", "policy", "access"]),
        await home.run(["federation:policy", "access"]),
      ];
      expect(words).toMatchObject({ exitCode: 0, stderr: "" });
      expect(id).toEqual(words);
      const [own, alias] = [
        await home.run(["accounts", "--json"]),
        await home.run(["sso", "list-accounts", "--json"]),
      ];
      expect(own).toMatchObject({ exitCode: 7, stderr: "" });
      expect(alias).toEqual(own);
    },
  );

  test("prints the help through the checked writer, because oclif's own would lose it on a full device and exit with 0", async () => {
    const home = await createHome();
    for (const argv of [["--help"], ["accounts", "--help"], ["help", "federation"]]) {
      const full = openSync("/dev/full", "w");
      const result = await home.run(argv, { stdout: full });
      closeSync(full);
      expect(result, argv.join(" ")).toMatchObject({
        exitCode: 8,
        stderr: expect.stringContaining("ENOSPC"),
      });
    }
  });
});
