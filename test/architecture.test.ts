import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** What a file imports, statically or lazily: paths inside src/ as `src/…`, packages by name, builtins as `node:…`. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)"([^"]+)"/gm)].map(
    (match) => match[1] ?? "",
  );
  return specifiers.map((specifier) =>
    specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : packageName(specifier),
  );
}

function packageName(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Floor → what it may import. A floor is a folder, or a file at the top of src/. docs/architecture.md draws the same. */
const MAY_IMPORT: Readonly<Record<string, readonly RegExp[]>> = {
  domain: [/^src\/domain\//, /^src\/errors\.ts$/, /^node:(crypto|buffer)$/],
  files: [/^src\/(domain|files)\//, /^src\/errors\.ts$/, /^node:/, /^(conf|ini|fast-xml-parser)$/],
  os: [
    /^src\/(domain|os)\//,
    /^src\/errors\.ts$/,
    /^node:(?!fs)/,
    /^(open|qr|@inquirer\/prompts|@napi-rs\/keyring)$/,
  ],
  network: [
    /^src\/(domain|network)\//,
    /^src\/errors\.ts$/,
    /^node:(?!fs)/,
    /^@aws-sdk\//,
    /^@smithy\//,
  ],
  workflows: [/^src\/(domain|network|files|os|workflows)\//, /^src\/(errors|context)\.ts$/],
  commands: [/^src\/(domain|workflows)\//, /^src\/(errors|command|flags)\.ts$/, /^@oclif\/core$/],
  emulator: [/^src\/emulator\//, /^node:/],
  errors: [],
  flags: [/^@oclif\/core$/],
  help: [
    /^src\/(domain|workflows)\//,
    /^src\/(errors|context)\.ts$/,
    /^src\/files\/checked-write\.ts$/,
    /^@oclif\/core$/,
  ],
  command: [/^src\/(errors|context|help)\.ts$/, /^@oclif\/core$/],
  context: [
    /^src\/os\//,
    /^src\/errors\.ts$/,
    /^src\/files\/(checked-write|descriptor|paths)\.ts$/,
    /^node:os$/,
  ],
  main: [
    /^src\/(errors|dispatch|program-config)\.ts$/,
    /^src\/domain\/(terminal-text|redact)\.ts$/,
    /^src\/files\/(checked-write|paths)\.ts$/,
    /^src\/os\/program\.ts$/,
  ],
  dispatch: [/^src\/(errors|command|help|program-config)\.ts$/, /^@oclif\/core$/],
  "program-config": [/^src\/(command-table|os\/program)\.ts$/, /^@oclif\/core$/],
  "command-table": [/^src\/commands\//, /^@oclif\/core$/],
  completion: [
    /^src\/domain\//,
    /^src\/files\/(paths|access-listing|checked-write|safe-file)\.ts$/,
  ],
  "fast-path-standalone": [
    /^src\/domain\/(narrow|role-credentials)\.ts$/,
    /^src\/fast-path\.ts$/,
    /^src\/files\/checked-write\.ts$/,
  ],
  "fast-path": [
    /^src\/domain\/role-credentials\.ts$/,
    /^src\/errors\.ts$/,
    /^src\/files\/(paths|cache|checked-write|safe-file)\.ts$/,
  ],
};

/** Only these two doors open on the emulator. */
const EXTRA: Readonly<Record<string, readonly RegExp[]>> = {
  "src/commands/emulator.ts": [/^src\/emulator\/emulator\.ts$/],
  "src/commands/demo.ts": [/^src\/emulator\/emulator\.ts$/],
};

function floorOf(file: string): string {
  const [, first = ""] = file.split("/");
  return first.replace(/\.ts$/, "");
}

describe("the house", () => {
  const files = sourceFiles("src");

  test("every import goes down a floor, or to where the plan allows it", () => {
    const wrong = files.flatMap((file) => {
      const allowed = [...(MAY_IMPORT[floorOf(file)] ?? []), ...(EXTRA[file] ?? [])];
      return importsOf(file)
        .filter((target) => !allowed.some((pattern) => pattern.test(target)))
        .map((target) => `${file} → ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test("every floor has a rule, and the rules see imports at all", () => {
    expect(files.filter((file) => MAY_IMPORT[floorOf(file)] === undefined)).toEqual([]);
    expect(importsOf("src/network/portal.ts")).toContain("@aws-sdk/client-sso");
    expect(importsOf("src/workflows/role.ts")).toContain("src/network/portal.ts");
  });

  test("a folder of a floor is that floor, and what lies in it is seen by every rule", () => {
    expect(files).toContain("src/domain/doctor/rules.ts");
    expect(sourceFiles("test")).toContain("test/faults/support/sealed-home.ts");
    expect(floorOf("src/domain/doctor/rules.ts")).toBe("domain");
    expect(importsOf("src/domain/doctor/rules.ts")).toContain("src/domain/doctor/findings.ts");
    expect(importsOf("src/domain/doctor/readers.ts")).toContain(
      "src/domain/aws-config-document.ts",
    );
  });

  test("each package is imported by one folder alone", () => {
    const folders = new Map<string, Set<string>>();
    for (const file of files) {
      for (const target of importsOf(file)) {
        if (target.startsWith("src/") || target.startsWith("node:") || target === "@oclif/core")
          continue;
        folders.set(target, (folders.get(target) ?? new Set()).add(dirname(file)));
      }
    }
    expect(
      [...folders]
        .filter(([, where]) => where.size > 1)
        .map(([name, where]) => `${name}: ${[...where].join(", ")}`),
    ).toEqual([]);
  });

  test("nothing is named after no thing in particular", () => {
    expect(
      files.filter((file) =>
        /(^|[-/])(utils?|helpers?|common|manager|service|types|index|misc)\.ts$/.test(file),
      ),
    ).toEqual([]);
  });

  test("only the context and the doors of the process read process.env, process.argv or the clock", () => {
    const readers =
      /\bprocess\.(env|argv|stdin|stdout|stderr|exit)\b|\bDate\.now\(\)|\bconsole\.(log|error|warn|info)\b/;
    const inner = files.filter((file) => /^src\/(domain|workflows|commands)\//.test(file));
    expect(inner.filter((file) => readers.test(readFileSync(join(root, file), "utf8")))).toEqual(
      [],
    );
  });

  test("there are no classes but what oclif asks for (doors, their base, the help, its config) and the errors", () => {
    const withClass = files.filter((file) =>
      /^(export )?(default )?(abstract )?class |^export default class /m.test(
        readFileSync(join(root, file), "utf8"),
      ),
    );
    expect(
      withClass.filter(
        (file) =>
          !/^src\/(commands\/|command\.ts|help\.ts|program-config\.ts|errors\.ts)/.test(file),
      ),
    ).toEqual([]);
  });
});

describe("the built program", () => {
  test("the table of commands has a module for every command of the manifest, and no other", () => {
    const { commands } = JSON.parse(readFileSync(join(root, "oclif.manifest.json"), "utf8")) as {
      commands: object;
    };
    const table = [
      ...readFileSync(join(root, "src", "command-table.ts"), "utf8").matchAll(
        /^ {2}"?([\w:-]+)"?: \(\) => import\("(.+)"\),$/gm,
      ),
    ].map(([, id, path]) => [id, path]);
    expect(table).toEqual(
      Object.keys(commands)
        .toSorted()
        .map((id) => [id, `./commands/${id.replaceAll(":", "/")}.ts`]),
    );
  });

  test("the hot path loads three builtins' worth of modules and nothing of ours but itself", () => {
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

  test("the committed manifest says what the sources say", () => {
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
    expect(withoutPlaces((JSON.parse(before) as { commands: unknown }).commands)).toEqual(
      withoutPlaces(fresh),
    );
  });
});

test("docs/commands.md has every command with its summary and its flags", () => {
  const text = readFileSync(join(root, "docs", "commands.md"), "utf8");
  const { commands } = JSON.parse(readFileSync(join(root, "oclif.manifest.json"), "utf8")) as {
    commands: Record<string, { id: string; summary: string; flags: Record<string, unknown> }>;
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
      Object.keys(flags).filter((flag) => !section.includes(`--${flag}`)),
      id,
    ).toEqual([]);
  }
});

/** The manifest without what is about the machine or the package and not about the commands. */
function withoutPlaces(commands: unknown): unknown {
  const text = JSON.stringify(commands, (key, value: unknown) =>
    ["isESM", "relativePath", "pluginName", "pluginType", "pluginAlias"].includes(key)
      ? undefined
      : value,
  );
  return JSON.parse(text);
}
