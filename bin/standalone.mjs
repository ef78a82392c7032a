// The entry point of the standalone executable, like bin/run.js for Node. It is bundled by `npm run build:standalone` and
// never run directly.
import { answerFromCacheByBun } from "../src/hot-path/bun-files.ts";

const argv = process.argv.slice(2);
// If one of these variables is set, Bun has already opened a debugger, so latchkey must not read any secret.
const debuggerOrder = ["BUN_INSPECT", "BUN_INSPECT_CONNECT_TO"].find((name) => process.env[name]);
const exitCode =
  debuggerOrder === undefined
    ? await answerFromCacheByBun(argv, process.env, new Date())
    : refuseDebugger(debuggerOrder);
if (exitCode !== undefined) process.exit(exitCode);
// The same listener as in bin/run.js, where Node would open a debugger at this signal.
process.on("SIGUSR1", () => undefined);
if (argv[0] === "__complete") await complete();
else if (argv[0] === "keychain-child") await import("../src/terminal/keychain-child.ts");
else await runCommand();

function refuseDebugger(name) {
  process.stderr.write(
    `latchkey: error: ${name} is set: it opens a debugger that can read your secrets.\nlatchkey: hint: unset ${name}\n`,
  );
  return 2;
}

async function complete() {
  const [{ answerCompletion }, { default: manifest }] = await Promise.all([
    import("../src/completion/entry.ts"),
    import("../oclif.manifest.json"),
  ]);
  process.exit(answerCompletion(argv.slice(1), process.env, () => manifest));
}

async function runCommand() {
  const [{ main }, { default: packageJson }, { default: manifest }] = await Promise.all([
    import("../src/main.ts"),
    import("../package.json"),
    import("../oclif.manifest.json"),
  ]);
  process.exit(await main(argv, { packageJson, manifest, root: import.meta.dirname }));
}
