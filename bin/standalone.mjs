// The door of the standalone executable, as bin/run.js is Node's: bundled by `npm run build:standalone`, never run as it is.
import { answerFromCacheByBun } from "../src/hot-path/bun-files.ts";

const argv = process.argv.slice(2);
const exitCode = await answerFromCacheByBun(argv, process.env, new Date());
if (exitCode !== undefined) process.exit(exitCode);
else if (argv[0] === "__complete") await complete();
else if (argv[0] === "keychain-child") await import("../src/terminal/keychain-child.ts");
else await runCommand();

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
