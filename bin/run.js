#!/usr/bin/env node
"use strict";
// The door of doors. Nothing is loaded before the fast path has declined: an SDK waits for every millisecond here.
const { isAbsolute, join } = require("node:path");

const [major, minor] = process.versions.node.split(".").map(Number);
const home = (process.platform === "win32" ? process.env.USERPROFILE : process.env.HOME) ?? passwdHome();

/** The user database's answer. For a user that it does not know Node throws, and so would every library below. */
function passwdHome() {
  try {
    return require("node:os").homedir();
  } catch {
    return "";
  }
}

function refuse(exitCode, message, hint) {
  process.stderr.write(`latchkey: error: ${message}\nlatchkey: hint: ${hint}\n`);
  process.exitCode = exitCode;
}

if (!(major >= 26 || (major === 24 && minor >= 15) || (major === 22 && minor >= 22))) {
  refuse(2, `This Node is too old: ${process.version}.`, "latchkey needs Node 22.22, 24.15, or 26 and later.");
} else if (!isAbsolute(home)) {
  refuse(7, `The home directory is not an absolute path: HOME is ${JSON.stringify(home)}.`, "Set HOME to your home directory.");
} else if (process.argv[2] === "__complete") {
  process.exitCode = require("../dist/completion.cjs").answerCompletion(process.argv.slice(3), process.env, join(__dirname, "..", "oclif.manifest.json"));
} else {
  const { answerFromCache, compileCacheDirectory } = require("../dist/fast-path.cjs");
  const exitCode = answerFromCache(process.argv.slice(2), process.env, new Date());
  if (exitCode === undefined) runCommand(compileCacheDirectory(process.env)).catch((error) => refuse(1, `latchkey could not be started (${error.code ?? error.name}).`, "Its files are damaged or incomplete: install it again."));
  else process.exitCode = exitCode;
}

async function runCommand(cacheDirectory) {
  if (cacheDirectory !== undefined) require("node:module").enableCompileCache(cacheDirectory);
  // SQLite serves as the lock. Its module warns on stderr that it is new, and stderr ends up in SDKs' error texts.
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) => (/SQLite is an experimental/.test(String(warning)) ? undefined : emitWarning.call(process, warning, ...rest));
  const root = join(__dirname, "..");
  const { main } = await import("../dist/main.js");
  process.exit(await main(process.argv.slice(2), root, require("../package.json").version));
}
