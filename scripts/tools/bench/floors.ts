// What no program of this kind can be quicker or smaller than, on either runtime: one that reads a JSON file and prints it,
// and one that asks STS and does nothing else.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../../build/bundle.ts";
import { runtimeOf } from "../../build/standalone/parts.ts";
import { hostName, TARGETS } from "../../build/standalone/targets.ts";
import { program, ROLE, root } from "../place.ts";

/** An executable of the standalone's runtime that does nothing. */
export function emptyExecutable(home) {
  const source = join(home, "empty.js");
  writeFileSync(source, "");
  return compiled(source, join(home, "empty"));
}

/** @returns the executable */
function compiled(module, executable) {
  const bun = runtimeOf(
    root,
    TARGETS.find(({ name }) => name === hostName),
  );
  execFileSync(
    bun,
    [
      "build",
      module,
      "--compile",
      "--bytecode",
      "--format=esm",
      "--no-compile-autoload-dotenv",
      "--no-compile-autoload-bunfig",
      "--outfile",
      executable,
    ],
    { stdio: "ignore" },
  );
  return executable;
}

/** @returns `{json, identity}`, each `{standalone, node}` with an argv */
export async function floorsIn({ home, env }) {
  const folder = join(home, "floors");
  mkdirSync(folder);
  const file = join(folder, "credentials.json");
  writeFileSync(
    file,
    execFileSync(process.execPath, [program, "credential-process", ...ROLE], { env }),
  );

  const json = join(folder, "json.mjs");
  writeFileSync(
    json,
    'import { readFileSync, writeSync } from "node:fs";\nwriteSync(1, JSON.stringify(JSON.parse(readFileSync(process.argv[2], "utf8"))));\n',
  );
  const jsonOnNode = join(folder, "json.cjs");
  writeFileSync(
    jsonOnNode,
    'const { readFileSync, writeSync } = require("node:fs");\nwriteSync(1, JSON.stringify(JSON.parse(readFileSync(process.argv[2], "utf8"))));\n',
  );

  const source = join(root, "scripts", "tools", "bench", "scripts", "identity.mjs");
  await bundle(
    root,
    { identity: source },
    {
      format: "esm",
      dir: join(folder, "bun"),
      entryFileNames: "[name].mjs",
      chunkFileNames: "[name]-[hash].mjs",
    },
  );
  // As bin/run.js does it, with the compile cache.
  await bundle(
    root,
    { identity: source },
    {
      format: "cjs",
      dir: join(folder, "node"),
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name]-[hash].cjs",
    },
  );
  const identityOnNode = join(folder, "identity.cjs");
  writeFileSync(
    identityOnNode,
    `require("node:module").enableCompileCache(${JSON.stringify(join(folder, "compiled"))});\nrequire("./node/identity.cjs");\n`,
  );

  return {
    json: {
      standalone: { argv: [compiled(json, join(folder, "json")), file] },
      node: { argv: [process.execPath, jsonOnNode, file] },
    },
    identity: {
      standalone: {
        argv: [compiled(join(folder, "bun", "identity.mjs"), join(folder, "identity")), file],
      },
      node: { argv: [process.execPath, identityOnNode, file] },
    },
  };
}
