import { writeIfPossible } from "../fs/write.ts";
import { describeProgram } from "../terminal/program.ts";
import { redact } from "../text/secrets/redact.ts";
import { escapeControls } from "../text/terminal.ts";
import { isTraceWanted, startTrace, trace } from "../trace.ts";
import type { Environment } from "../context.ts";

/** Prints the trace. Its first lines describe the program, so that an issue report can include the whole trace. */

/** Starts the trace if `--debug` or LATCHKEY_DEBUG is set, before the first file is read. */
export function startTraceIfWanted(isDebug: boolean, env: Environment, version: string): void {
  if (!isDebug && !isTraceWanted(env)) return;
  startTrace((line) => {
    const text = escapeControls(redact(shortenHome(line, env)).replace(/\s*\n\s*/g, " "));
    const milliseconds = Math.round(performance.now());
    writeIfPossible(2, `latchkey: debug: ${milliseconds} ms: ${text}\n`);
  });
  trace(() => describeProgram(version));
  trace(() => `variables that are set: ${listVariables(env)}`);
}

/** Hides the user's name from readers of a report. */
function shortenHome(line: string, env: Environment): string {
  const home = env["HOME"] ?? env["USERPROFILE"] ?? "";
  return home.length > 1 ? line.replaceAll(home, "~") : line;
}

const STEERING = /^(AWS_|LATCHKEY_|HTTPS?_PROXY$|NO_PROXY$|NODE_|BROWSER$|XDG_|SSL_CERT)/i;

/** Lists only names, because a value may be a secret. */
function listVariables(env: Environment): string {
  const names = Object.keys(env).filter((name) => STEERING.test(name) && env[name] !== "");
  return names.length === 0 ? "none that affects latchkey" : names.sort().join(", ");
}
