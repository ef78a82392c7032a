// Builds the program for this machine with different build options, and prints the size and start time of each result.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../test/support/program.ts";
import { fetchKeyring, fetchRuntime } from "../build/standalone/parts.ts";
import { HOST_NAME, TARGETS } from "../build/standalone/targets.ts";
import { readOptions, refuse } from "../options.ts";

readOptions({
  help: `
Usage: npm run measure:size

Builds the program for this machine with different build options, each into a
temporary folder, and prints a table: bytes, and the time of two commands, as
ratios to the shipped program. Needs binutils (strip) on Linux.

  -h, --help  print this help`,
  options: {},
});

interface Variant {
  readonly what: string;
  readonly options: readonly string[];
  readonly chunk?: string;
  readonly isStripped?: true;
}

const VARIANTS: readonly Variant[] = [
  { what: "as it is shipped", options: [] },
  { what: "without bytecode", options: ["--without", "bytecode"] },
  { what: "without splitting", options: ["--without", "splitting"] },
  { what: "not minified", options: ["--without", "minifying"] },
  { what: "names shortened as well", options: ["--short-names"] },
  { what: "the runtime's symbols stripped", options: [], isStripped: true },
  { what: "an empty program", options: [], chunk: "empty.mjs" },
];
const COMMANDS = [["--version"], ["profiles"]];
const RUNS = 31;
const CHUNKS = join(CHECKOUT, "dist-standalone", "chunks");

const host =
  TARGETS.find(({ name }) => name === HOST_NAME) ?? refuse(`There is no Bun for ${HOST_NAME}.`);
const place = mkdtempSync(join(tmpdir(), "latchkey-size-"));
try {
  execFileSync("npm", ["run", "--silent", "build:standalone", "--", "--host"], {
    cwd: CHECKOUT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const built = VARIANTS.map((variant, index) => buildVariant(variant, join(place, `${index}`)));
  printTable(built, measureStarts(built));
} finally {
  rmSync(place, { recursive: true });
}

/** Builds the executable and returns its path. */
function buildVariant({ options, chunk, isStripped }: Variant, executable: string): string {
  const first = join(chunk === undefined ? CHUNKS : place, chunk ?? "standalone.mjs");
  if (chunk !== undefined) writeFileSync(first, "console.log('');\n");
  const bun = fetchRuntime(host);
  const runtime = isStripped === true ? stripRuntime(bun) : bun;
  const compiler = join(CHECKOUT, "scripts", "build", "standalone", "compile.ts");
  const words = [first, host.name, executable, runtime, fetchKeyring(host)];
  execFileSync(bun, [compiler, ...options, ...words], { cwd: CHECKOUT, stdio: "pipe" });
  return executable;
}

function stripRuntime(bun: string): string {
  const stripped = join(place, "stripped-bun");
  copyFileSync(bun, stripped);
  execFileSync("strip", [stripped]);
  return stripped;
}

/** Returns the median duration of each command with each program, in milliseconds. The programs run in turns. */
function measureStarts(programs: readonly string[]): number[][] {
  const home = join(place, "home");
  mkdirSync(join(home, ".aws"), { recursive: true });
  writeFileSync(join(home, ".aws", "config"), "[profile a]\nregion = eu-west-1\n");
  const env = { HOME: home, PATH: "/usr/bin:/bin" };
  return COMMANDS.map((argv) => {
    const times = programs.map((): number[] => []);
    for (let run = 0; run < RUNS; run += 1)
      for (const [index, program] of programs.entries()) {
        const start = performance.now();
        const { status } = spawnSync(program, argv, { env, stdio: "ignore" });
        if (status !== 0) throw new Error(`${VARIANTS[index]?.what}: ${argv.join(" ")} failed`);
        times[index]?.push(performance.now() - start);
      }
    return times.map((each) => each.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN);
  });
}

function printTable(programs: readonly string[], starts: readonly (readonly number[])[]): void {
  console.log(`| build | MB | ${COMMANDS.map((argv) => `\`${argv.join(" ")}\``).join(" | ")} |`);
  console.log(`|---|---|${COMMANDS.map(() => "---|").join("")}`);
  for (const [index, program] of programs.entries()) {
    const ratios = starts.map((medians) => ((medians[index] ?? 0) / (medians[0] ?? 1)).toFixed(2));
    const megabytes = (statSync(program).size / 1e6).toFixed(1);
    console.log(`| ${VARIANTS[index]?.what} | ${megabytes} | ${ratios.join(" | ")} |`);
  }
}
