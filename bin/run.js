#!/usr/bin/env node
"use strict";
// The entry point. Nothing else is loaded before the fast path falls through, because an SDK waits for the answer.
const { join } = require("node:path");

const [major, minor] = process.versions.node.split(".").map(Number);

/** Without a listener Node opens a debugger at this signal, which every user of the machine could use to read secrets. */
function ignoreDebuggerSignal() {
  process.on("SIGUSR1", () => undefined);
}

function refuse(exitCode, message, hint) {
  process.stderr.write(`latchkey: error: ${message}\nlatchkey: hint: ${hint}\n`);
  process.exitCode = exitCode;
}

if (!(major >= 26 || (major === 24 && minor >= 15) || (major === 22 && minor >= 22))) {
  refuse(
    2,
    `This Node is too old: ${process.version}.`,
    "latchkey needs Node 22.22, 24.15, or 26 and later.",
  );
} else if (process.argv[2] === "__complete") {
  ignoreDebuggerSignal();
  process.exitCode = require("../dist/completion.cjs").answerCompletion(
    process.argv.slice(3),
    process.env,
    () => require("../oclif.manifest.json"),
  );
} else {
  const { answerFromCache, compileCacheDirectory } = require("../dist/fast-path.cjs");
  const exitCode = answerFromCache(process.argv.slice(2), process.env, new Date());
  if (exitCode === undefined)
    runCommand(compileCacheDirectory(process.env)).catch((error) =>
      refuse(
        1,
        `latchkey could not be started (${error.code ?? error.name}).`,
        "Its files are damaged or incomplete: install it again.",
      ),
    );
  else process.exitCode = exitCode;
}

async function runCommand(cacheDirectory) {
  ignoreDebuggerSignal();
  if (cacheDirectory !== undefined) enableCompileCache(cacheDirectory);
  // SQLite is used as a lock. Its module prints an experimental warning to stderr, which would appear in the SDKs' error
  // messages.
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) =>
    /SQLite is an experimental/.test(String(warning))
      ? undefined
      : emitWarning.call(process, warning, ...rest);
  const { main } = require("../dist/bundle/main.cjs");
  process.exit(
    await main(process.argv.slice(2), {
      packageJson: require("../package.json"),
      // Large, and read only for commands.
      get manifest() {
        return require("../oclif.manifest.json");
      },
      root: join(__dirname, ".."),
    }),
  );
}

// Node creates its cache files with the umask, now and when the process ends. Child processes keep the user's umask.
function enableCompileCache(directory) {
  const umask = process.umask(0o077);
  require("node:module").enableCompileCache(directory);
  process.umask(umask);
  process.on("exit", () => process.umask(0o077));
}
