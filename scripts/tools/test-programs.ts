// Runs the suites with the standalone executable as the program (LATCHKEY_TEST_PROGRAM), and prints the total.
//   (nothing)  what CI repeats: the command-line suite, one storm, the keychain, and a profile of each kind of client's own reading;
//              a subset, so that CI stays under twenty minutes on two cores
//   --all      every suite that starts the program, first on Node, then standalone, with a total for each
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { executableOf, hostName } from "../build/standalone/targets.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const STANDALONE = { LATCHKEY_TEST_PROGRAM: executableOf({ name: hostName }) };
const INTEROP = ["--config", "vitest.interop.config.ts"];
const FAULTS = ["--config", "vitest.faults.config.ts"];
/** Every client, with a fresh and an expired token, gets its credentials from the executable. */
const ONE_INTEROP_ROW = [
  ...INTEROP,
  "test/interop/matrix.test.ts",
  "-t",
  "credential-process form, after a login by latchkey",
];
/** The key is asked for by another way into the same executable. */
const THE_KEYCHAIN = [...FAULTS, "test/faults/keychain.test.ts"];
const ONE_STORM = [...FAULTS, "test/faults/storm.test.ts", "-t", "row 55: 100 callers"];

/** @returns `[passed, failed]` of all the runs; one that ends badly without saying so counts as a failure */
async function total(runs, variables) {
  let [passed, failed] = [0, 0];
  for (const argv of runs) {
    const { exitCode, summary } = await vitest(argv, variables);
    const [, runPassed = 0, runFailed = 1] = summary ?? [];
    passed += Number(runPassed);
    failed += Number(runFailed) || (exitCode === 0 ? 0 : 1);
  }
  return [passed, failed];
}

function vitest(argv, variables) {
  console.log(
    `== vitest run ${argv.join(" ")}${variables.LATCHKEY_TEST_PROGRAM === undefined ? "" : ` with ${variables.LATCHKEY_TEST_PROGRAM}`}`,
  );
  const child = spawn(
    process.execPath,
    [join(root, "node_modules", "vitest", "vitest.mjs"), "run", ...argv],
    { cwd: root, env: { ...process.env, ...variables }, stdio: ["ignore", "pipe", "inherit"] },
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  return new Promise((resolve) =>
    child.once("close", (exitCode) =>
      resolve({ exitCode, summary: [...text.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) }),
    ),
  );
}

const both = process.argv.includes("--all");
const node = both ? await total([[], INTEROP, FAULTS], {}) : [0, 0];
const standalone = await total(
  both ? [["test/cli"], INTEROP, FAULTS] : [["test/cli"], ONE_STORM, THE_KEYCHAIN, ONE_INTEROP_ROW],
  STANDALONE,
);
if (both) console.log(`on Node: ${node[0]} passed, ${node[1]} failed`);
console.log(`standalone: ${standalone[0]} passed, ${standalone[1]} failed`);
console.log(`${node[0] + standalone[0]} passed, ${node[1] + standalone[1]} failed`);
if (node[1] + standalone[1] > 0) process.exitCode = 1;
