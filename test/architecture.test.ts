import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function listSourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
}

describe("the source", () => {
  const files = listSourceFiles("src");

  test("no file has a name without a meaning, such as utils", () => {
    expect(
      files.filter((file) =>
        /(^|[-/])(utils?|helpers?|common|manager|service|types|index|misc)\.ts$/.test(file),
      ),
    ).toEqual([]);
  });

  test("features and shared code get the time as an argument", () => {
    const inner = files.filter((file) =>
      /^src\/(commands|access|configure|sync|profiles|credentials|doctor|model|text)\//.test(file),
    );
    expect(
      inner.filter((file) => /\bDate\.now\(\)/.test(readFileSync(join(root, file), "utf8"))),
    ).toEqual([]);
  });

  test("stdout has one writer, and the few other writers print no names from a service", () => {
    const writers = files.filter(
      (file) =>
        !file.startsWith("src/emulator/") &&
        /\bwrite(?:Checked|IfPossible)\(1\b|process\.stdout\.write|console\.log\(|Bun\.write\(Bun\.stdout/.test(
          readFileSync(join(root, file), "utf8"),
        ),
    );
    expect(writers.sort()).toEqual([
      // The writer.
      "src/cli/real-context.ts",
      // Names with a hidden character are not offered.
      "src/completion/entry.ts",
      // Only visible ASCII: the cache reader accepts nothing else.
      "src/hot-path/bun-files.ts",
      "src/hot-path/fast-path.ts",
      // An error as JSON, by formatJson.
      "src/main.ts",
      // latchkey's own texts.
      "src/oclif/help.ts",
      "src/oclif/version.ts",
      // The keychain's child process, to its parent.
      "src/terminal/keychain-child.ts",
    ]);
  });

  test("only commands, oclif's base, help and config, the errors and the two token stores are classes", () => {
    const withClass = files.filter((file) =>
      /^(export )?(default )?(abstract )?class |^export default class /m.test(
        readFileSync(join(root, file), "utf8"),
      ),
    );
    expect(
      withClass.filter(
        (file) =>
          !/^src\/(commands\/|cli\/command\.ts|oclif\/(help|config)\.ts|errors\.ts|token\/(shared|sealed)-store\.ts)/.test(
            file,
          ),
      ),
    ).toEqual([]);
  });
});

describe("docs/architecture.md", () => {
  const page = readFileSync(join(root, "docs", "architecture.md"), "utf8");

  test("names only files and folders that exist", () => {
    const named = [...page.matchAll(/`([\w.-]+(?:\/[\w.-]+)*(?:\/|\.(?:ts|js|mjs|json)))`/g)].map(
      ([, path]) => path ?? "",
    );
    expect(named.length).toBeGreaterThan(60);
    const built = named.filter((path) => !/^dist(?:-\w+)?\//.test(path));
    expect(
      built.filter((path) => !existsSync(join(root, path)) && !existsSync(join(root, "src", path))),
    ).toEqual([]);
  });

  test("draws every folder of src/", () => {
    const folders = readdirSync(join(root, "src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders.length).toBeGreaterThan(20);
    const [drawing = ""] = page.split("```").slice(1);
    expect(folders.filter((name) => !drawing.includes(`${name}/`))).toEqual([]);
  });
});

describe("the built program", () => {
  test("the table of commands has a module for every command of the manifest, and no other", () => {
    const { commands } = JSON.parse(readFileSync(join(root, "oclif.manifest.json"), "utf8")) as {
      commands: object;
    };
    const table = [
      ...readFileSync(join(root, "src", "oclif", "command-table.ts"), "utf8").matchAll(
        /^ {2}"?([\w:-]+)"?: \(\) => import\("(.+)"\),$/gm,
      ),
    ].map(([, id, path]) => [id, path]);
    expect(table).toEqual(
      Object.keys(commands)
        .toSorted()
        .map((id) => [id, `../commands/${id.replaceAll(":", "/")}.ts`]),
    );
  });

  test("the hot path loads only three builtin modules and its own file", () => {
    const script = `
      const Module = require("node:module");
      const loaded = [];
      const load = Module._load;
      Module._load = function (request, parent, isMain) { loaded.push(request); return load.call(this, request, parent, isMain); };
      process.argv = [process.execPath, "latchkey", "credential-process", "--sso-session", "corp", "--account-id", "100000000001", "--role-name", "Nothing"];
      const { answerFromCache } = require(${JSON.stringify(join(root, "dist", "fast-path.cjs"))});
      answerFromCache(process.argv.slice(2), { HOME: "/nonexistent" }, new Date());
      console.log(JSON.stringify([...new Set(loaded.slice(1))].sort()));
    `;
    const loaded: unknown = JSON.parse(
      execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }),
    );
    // node:crypto alone would cost a fifth of a bare Node start.
    expect(loaded).toEqual(["node:fs", "node:os", "node:path"]);
  });

  test("the committed manifest matches the sources", { tags: ["long"] }, () => {
    const before = readFileSync(join(root, "oclif.manifest.json"), "utf8");
    const script = `
      import { Config, Plugin } from "@oclif/core";
      const plugin = new Plugin({ root: ${JSON.stringify(root)}, ignoreManifest: true, errorOnManifestCreate: true, type: "core" });
      await plugin.load();
      console.log(JSON.stringify(plugin.manifest.commands));
    `;
    const fresh: unknown = JSON.parse(
      execFileSync(process.execPath, ["--input-type=module", "-e", script], {
        cwd: root,
        encoding: "utf8",
      }),
    );
    expect(removePlaces((JSON.parse(before) as { commands: unknown }).commands)).toEqual(
      removePlaces(fresh),
    );
  });
});

test("docs/commands.md has every command with its summary and its flags", () => {
  const text = readFileSync(join(root, "docs", "commands.md"), "utf8");
  const { commands } = JSON.parse(readFileSync(join(root, "oclif.manifest.json"), "utf8")) as {
    commands: Record<
      string,
      { id: string; summary: string; flags: Record<string, { hidden?: boolean }> }
    >;
  };
  const sections = new Map(
    text
      .split("\n## ")
      .slice(1)
      .map((section) => [/^`latchkey ([^`[]+?)(?: [[A-Z].*)?`/.exec(section)?.[1], section]),
  );
  for (const { id, summary, flags } of Object.values(commands)) {
    const section = sections.get(id.replaceAll(":", " ")) ?? "";
    expect(section, id).toContain(summary);
    expect(
      Object.entries(flags)
        .filter(([flag, { hidden }]) => hidden !== true && !section.includes(`--${flag}`))
        .map(([flag]) => flag),
      id,
    ).toEqual([]);
  }
});

/** Returns the manifest without members about the machine or the package. */
function removePlaces(commands: unknown): unknown {
  const text = JSON.stringify(commands, (key, value: unknown) =>
    ["isESM", "relativePath", "pluginName", "pluginType", "pluginAlias"].includes(key)
      ? undefined
      : value,
  );
  return JSON.parse(text);
}
