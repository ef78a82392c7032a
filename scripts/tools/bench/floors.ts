// Minimal programs, which show the least time that such a program can take on each runtime. One only prints a JSON
// file, another only calls STS.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, NODE_PROGRAM } from "../../../test/support/program.ts";
import { OKTA_ROLE } from "../../../test/support/session-config.ts";
import { bundleChunks } from "../../build/bundle.ts";
import { fetchRuntime } from "../../build/standalone/parts.ts";
import { HOST_NAME, TARGETS } from "../../build/standalone/targets.ts";
import type { Place } from "../place.ts";
import type { Command } from "./samples.ts";

/** A minimal program on both runtimes. */
export interface Floor {
  readonly standalone: Command;
  readonly node: Command;
}

const PRINT_JSON =
  'writeSync(1, JSON.stringify(JSON.parse(readFileSync(process.argv[2], "utf8"))));\n';

/** Builds an executable that does nothing. It has the same runtime as the standalone program. */
export function compileEmpty(home: string): Command {
  const source = join(home, "empty.js");
  writeFileSync(source, "");
  return { argv: [compile(source, join(home, "empty"))] };
}

export async function buildFloors({
  home,
  env,
}: Place): Promise<{ readonly json: Floor; readonly identity: Floor }> {
  const folder = join(home, "floors");
  mkdirSync(folder);
  const credentials = join(folder, "credentials.json");
  const [node, program] = NODE_PROGRAM;
  const answer = execFileSync(node, [program, "credential-process", ...OKTA_ROLE], { env });
  writeFileSync(credentials, answer);
  return {
    json: buildJsonFloor(folder, credentials),
    identity: await buildIdentityFloor(folder, credentials),
  };
}

function buildJsonFloor(folder: string, credentials: string): Floor {
  const module = join(folder, "json.mjs");
  writeFileSync(module, `import { readFileSync, writeSync } from "node:fs";\n${PRINT_JSON}`);
  const script = join(folder, "json.cjs");
  writeFileSync(script, `const { readFileSync, writeSync } = require("node:fs");\n${PRINT_JSON}`);
  return {
    standalone: { argv: [compile(module, join(folder, "json")), credentials] },
    node: { argv: [process.execPath, script, credentials] },
  };
}

async function buildIdentityFloor(folder: string, credentials: string): Promise<Floor> {
  const identity = join(CHECKOUT, "scripts", "tools", "bench", "scripts", "identity.mjs");
  const forBun = join(folder, "bun");
  await bundleChunks({ identity }, { format: "esm", folder: forBun });
  await bundleChunks({ identity }, { format: "cjs", folder: join(folder, "node") });
  // The compile cache is used as it is in bin/run.js.
  const script = join(folder, "identity.cjs");
  const cache = JSON.stringify(join(folder, "compiled"));
  writeFileSync(
    script,
    `require("node:module").enableCompileCache(${cache});\nrequire("./node/identity.cjs");\n`,
  );
  const executable = compile(join(forBun, "identity.mjs"), join(folder, "identity"));
  return {
    standalone: { argv: [executable, credentials] },
    node: { argv: [process.execPath, script, credentials] },
  };
}

/** Returns the executable's path. */
function compile(module: string, executable: string): string {
  const host = TARGETS.find(({ name }) => name === HOST_NAME);
  if (host === undefined) throw new Error(`There is no Bun for ${HOST_NAME}.`);
  const flags = [
    "--compile",
    "--bytecode",
    "--format=esm",
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
  ];
  execFileSync(fetchRuntime(host), ["build", module, ...flags, "--outfile", executable], {
    stdio: "ignore",
  });
  return executable;
}
