#!/usr/bin/env node
"use strict";
// The entry point. Until the hot path falls through, nothing else is loaded, because an SDK is waiting for the credentials.
// The syntax is that of Node 10, so that old versions (Ubuntu 22.04 has 12) can read the file and refuse to run it.
const { join } = require("path");

const [major, minor] = process.versions.node.split(".").map(Number);

/** Without a listener, Node opens a debugger at this signal. Every user of the machine could read secrets through it. */
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
  if (exitCode !== undefined) process.exitCode = exitCode;
  else
    handOver((reason) =>
      runCommand(compileCacheDirectory(process.env), reason).catch(refuseDamaged),
    );
}

function refuseDamaged(error) {
  refuse(
    1,
    `latchkey could not be started (${error.code || error.name}).`,
    "Its files are damaged or incomplete: install it again.",
  );
}

/**
 * Suppresses Node's experimental warnings about SQLite, which latchkey uses as a lock, and about execve. On stderr they
 * would appear in the SDKs' error messages.
 */
function silenceWarnings() {
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) =>
    /(SQLite|execve) is an experimental/.test(String(warning))
      ? undefined
      : emitWarning.call(process, warning, ...rest);
}

/**
 * Runs the standalone program instead, if npm has installed it. Otherwise continues in this process, with the reason why.
 */
function handOver(goOn) {
  silenceWarnings();
  const { program, reason } = findHandover();
  if (program === undefined) return goOn(reason);
  const refused = (error) => goOn(`${program} could not be started (${error.code || error.name})`);
  try {
    if (process.platform === "win32") runInChild(program, refused);
    else replaceProcess(program);
  } catch (error) {
    // The system or Node's permissions forbid it, or the runtime is not Node.
    refused(error);
  }
}

function findHandover() {
  try {
    const { version } = require("../package.json");
    return require("../dist/handover.cjs").findHandover(join(__dirname, ".."), version);
  } catch (error) {
    return { reason: `it could not look for the program (${error.code || error.name})` };
  }
}

/** Replaces this process with the program. Signals, streams and exit code are then those of the program. */
function replaceProcess(program) {
  process.execve(program, [program, ...process.argv.slice(2)]);
}

/** Runs the program as a child process, because Windows can't replace a process. */
function runInChild(program, goOn) {
  const { spawn } = require("node:child_process");
  const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
  child.once("error", goOn);
  // The console also sends these signals to the child process, which handles them. If this process is ended, Windows
  // ends the child.
  for (const signal of ["SIGINT", "SIGBREAK", "SIGHUP"]) process.on(signal, () => undefined);
  child.once("exit", (code) => process.exit(code === null ? 1 : code));
}

async function runCommand(cacheDirectory, whyOnNode) {
  ignoreDebuggerSignal();
  if (cacheDirectory !== undefined) enableCompileCache(cacheDirectory);
  const { main } = require("../dist/bundle/main.cjs");
  process.exit(
    await main(process.argv.slice(2), {
      packageJson: require("../package.json"),
      // A getter, because the manifest is large and only commands need it.
      get manifest() {
        return require("../oclif.manifest.json");
      },
      root: join(__dirname, ".."),
      whyOnNode,
    }),
  );
}

// Node creates its cache files with the umask, both now and when the process ends. Child processes get the user's umask.
function enableCompileCache(directory) {
  const umask = process.umask(0o077);
  require("node:module").enableCompileCache(directory);
  process.umask(umask);
  process.on("exit", () => process.umask(0o077));
}
