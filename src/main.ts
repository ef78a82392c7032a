import { EXIT, LatchkeyError, wrapUnknown, type ErrorJson, type ExitCode } from "./errors.ts";
import { isTerminal } from "./fs/descriptor.ts";
import { writeChecked, writeIfPossible } from "./fs/write.ts";
import { homeDirectory } from "./fs/paths.ts";
import { parseCredentialProcessArgv, type RoleRef } from "./model/role.ts";
import { listOwnWords } from "./text/exec-words.ts";
import { createPaint, hasColours, paintLines } from "./text/paint.ts";
import { readId } from "./text/secrets/sent.ts";
import { redact } from "./text/secrets/redact.ts";
import { escapeControls, formatJson } from "./text/terminal.ts";
import { startTraceIfWanted } from "./cli/trace-output.ts";
import { isTracing, trace } from "./trace.ts";
import type { Package } from "./oclif/config.ts";
import { isVersionRequest, printVersion } from "./oclif/version.ts";

/**
 * Runs one command and returns the exit code. All errors, including those of oclif, are printed here and nowhere else:
 * two lines on stderr, or one JSON value on stdout.
 */
export async function main(argv: string[], program: Package): Promise<ExitCode> {
  // The manifest is large, so it is read only if a command or an error needs it.
  const listWords = () => listOwnWords(argv, program.manifest.commands["exec"]?.flags ?? {});
  // An error outside all promises is a bug like any other. Node would print its text, which may contain a secret.
  process.on("uncaughtException", (thrown) =>
    process.exit(report(wrapUnknown(thrown), listWords())),
  );
  const isDebug = argv.includes("--debug") && listWords().includes("--debug");
  startTraceIfWanted(isDebug, process.env, program.packageJson.version);
  const { whyOnNode } = program;
  if (whyOnNode !== undefined) trace(() => `runs on Node: ${whyOnNode}`);
  try {
    // Before oclif, which would replace an empty HOME with a shared temporary directory.
    homeDirectory(process.env);
    if (isVersionRequest(argv)) {
      printVersion(program, argv.includes("--json"));
      return EXIT.OK;
    }
    const role = parseCredentialProcessArgv(argv);
    if (role !== undefined) return await answerSdk(role);
    const { dispatch } = await import("./oclif/dispatch.ts");
    return await dispatch(argv, program);
  } catch (thrown) {
    return report(wrapUnknown(thrown), listWords());
  }
}

/**
 * Prints credentials for the exact credential_process line that `configure` writes, if the hot path had none in the
 * cache. An SDK is waiting, and there is nothing for oclif to parse, so oclif is not loaded (decision 21).
 */
async function answerSdk({ session, accountId, roleName }: RoleRef): Promise<ExitCode> {
  const [{ createRealContext, toUnattended }, { printCredentials }] = await Promise.all([
    import("./cli/real-context.ts"),
    import("./credentials/credential-process.ts"),
  ]);
  const context = toUnattended(createRealContext("credential-process"));
  await printCredentials(context, { ssoSession: session, accountId, roleName });
  return EXIT.OK;
}

function report(error: LatchkeyError, words: readonly string[]): ExitCode {
  if (error.exitCode === EXIT.OUTPUT_CLOSED) return error.exitCode;
  const json = words.includes("--json") && words[0] !== "credential-process";
  const { code } = error;
  const message = redact(error.message);
  const hint = error.hint === undefined ? undefined : redact(error.hint);
  if (json) {
    const value: ErrorJson = { error: { code, message, hint: hint ?? null } };
    try {
      writeChecked(1, formatJson(value));
    } catch (thrown) {
      return report(wrapUnknown(thrown), []);
    }
  } else {
    writeIfPossible(2, formatError(message, hint, words));
  }
  trace(() => `ends with ${error.exitCode} (${code})`);
  if (isTracing()) writeIfPossible(2, `${formatStack(error)}\n`);
  return error.exitCode;
}

function formatError(message: string, hint: string | undefined, words: readonly string[]): string {
  const lines = [
    `latchkey: error: ${toOneLine(message)}`,
    ...(hint === undefined ? [] : [`latchkey: hint: ${toOneLine(hint)}`]),
  ];
  const facts = { isTerminal: isTerminal(2), isRefused: words.includes("--no-color") };
  return paintLines(
    `${lines.join("\n")}\n`,
    "notices",
    createPaint(hasColours(process.env, facts)),
  );
}

function toOneLine(text: string): string {
  return escapeControls(text.replace(/\s*\n\s*/g, " "));
}

/** Returns only the stack frames and the type of the error, never its values. */
function formatStack(error: Error): string {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  // A service can choose any name for its errors.
  const name = readId(error.name, /^\w{1,80}$/) ?? "Error";
  const own = [`${name}${error instanceof LatchkeyError ? ` ${error.code}` : ""}`, ...frames]
    .map((line) => escapeControls(redact(line)))
    .join("\n");
  return error.cause instanceof Error ? `${own}\ncaused by ${formatStack(error.cause)}` : own;
}
