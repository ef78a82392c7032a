import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import {
  listCachedRoleFiles,
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  type Home,
  PROGRAM,
  SESSION_CONFIG,
} from "../support/home.ts";
import { CONFIGURE, start, type EndedProcess } from "./support/child.ts";
import { ROLE } from "./support/injection.ts";
import { findLeaks, startRecorder, type Misbehaviour, type Recorder } from "./support/recorder.ts";
import { patience } from "../support/patience.ts";

/** Every secret that the service gives out is a canary: it may be in the files made for it, and nowhere else. */

const ERROR = { "content-type": "application/json", "x-amzn-errortype": "InvalidRequestException" };

const FAULTS: Readonly<Record<string, Misbehaviour>> = {
  none: (answer) => answer,
  "a 4xx": () => ({
    status: 400,
    headers: ERROR,
    body: '{"message":"no","error":"invalid_request"}',
  }),
  "a 5xx": () => ({
    status: 500,
    headers: { "content-type": "application/json" },
    body: '{"message":"trouble"}',
  }),
  "a web page": () => ({
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<html>Sign in to the network</html>",
  }),
  "cut JSON": (answer) => ({ ...answer, body: answer.body.slice(0, -20) }),
  "a dropped connection": () => "drop",
  "an error that echoes what was sent": (_answer, carried) => ({
    status: 400,
    headers: ERROR,
    body: JSON.stringify({
      message: `not good: ${carried}`,
      error: "invalid_request",
      error_description: carried,
    }),
  }),
  "an error whose names echo what was sent": (_answer, carried) => ({
    status: 403,
    headers: { ...ERROR, "x-amzn-errortype": findSecret(carried) },
    body: JSON.stringify({
      __type: findSecret(carried),
      error: findSecret(carried),
      message: carried,
    }),
  }),
  "a redirect that takes it along": (_answer, carried) => ({
    status: 302,
    headers: { location: `http://127.0.0.1:9/?token=${findSecret(carried)}` },
    body: carried,
  }),
  "an answer that echoes what it answers": (answer) => ({
    status: 401,
    headers: ERROR,
    body: JSON.stringify({ message: answer.body }),
  }),
};

function findSecret(carried: string): string {
  return carried.match(/[A-Za-z0-9_.-]{32,}/)?.[0] ?? "nothing";
}

const COMMANDS: ReadonlyArray<readonly string[]> = [
  ["login"],
  ["login", "--force"],
  ["accounts"],
  ["roles"],
  ROLE,
  ["whoami", "okta"],
  ["exec", "okta", "--", "true"],
  ["status", "--verify"],
  [...CONFIGURE, "--verify"],
  ["logout"],
];

interface WatchedOutput extends EndedProcess {
  readonly what: string;
  readonly argv: readonly string[];
  readonly commandLines: string;
}

/** Samples the command lines of a process and of its children until it ends. */
async function runWatched(
  home: Home,
  argv: readonly string[],
  env: Record<string, string>,
  what: string,
): Promise<WatchedOutput> {
  const running = start(home, argv, { env });
  const seen = new Set<string>();
  const sampling = setInterval(
    () => readCommandLines(running.pid).forEach((line) => seen.add(line)),
    5,
  );
  const ended = await running.ended;
  clearInterval(sampling);
  return { ...ended, what, argv, commandLines: [...seen].join("\n") };
}

function readCommandLines(pid: number): string[] {
  try {
    const own = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .split(" ")
      .filter(Boolean);
    return [own, ...children.flatMap((child) => readCommandLines(Number(child)))];
  } catch {
    return [];
  }
}

async function runAll(
  fault: string,
  how: Misbehaviour,
): Promise<{ home: Home; recorder: Recorder; outputs: WatchedOutput[] }> {
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  const recorder = await startRecorder(home);
  home.write(".aws/config", SESSION_CONFIG);
  const env = { ...recorder.env, BROWSER: "/bin/true", DEBUG: "*" };
  await runWatched(home, ["login"], env, "the first login");
  await runWatched(home, ROLE, env, "the first credentials");
  const token = home.read(CORP_TOKEN);
  recorder.misbehave(how);
  const outputs: WatchedOutput[] = [];
  for (const argv of COMMANDS) {
    home.write(CORP_TOKEN, token);
    for (const path of listCachedRoleFiles(home)) home.write(path, "{}");
    // One run without and one with a refresh, and the flags that make the output verbose.
    if (argv === ROLE || argv[0] === "accounts") {
      expireTokenFile(home, CORP_TOKEN, 60);
      outputs.push(
        await runWatched(
          home,
          [...argv, "--debug"],
          env,
          `${fault}: ${argv.join(" ")}, refreshing`,
        ),
      );
      home.write(CORP_TOKEN, token);
    }
    outputs.push(await runWatched(home, [...argv, "--debug"], env, `${fault}: ${argv.join(" ")}`));
  }
  return { home, recorder, outputs };
}

/** The files that may hold secrets. */
const VAULTS =
  /^\.aws\/(sso\/cache\/[0-9a-f]{40}\.json|latchkey\/(registrations|role-credentials)\/.+\.json)$/;

function readFiles(home: Home): Array<{ path: string; text: string }> {
  const files = readdirSync(home.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return files
    .map((path) => ({ path: relative(home.path, path), text: readFileSync(path, "latin1") }))
    .filter(({ path }) => !path.includes("/compiled/"));
}

test(
  "no secret is on stderr, in a command line, in another file, or on stdout outside of the credentials, for any answer",
  { timeout: patience(400_000) },
  async () => {
    const runs = await Promise.all(
      Object.entries(FAULTS).map(([fault, how]) => runAll(fault, how)),
    );
    const checked = { outputs: 0, secrets: 0 };
    for (const { home, recorder, outputs } of runs) {
      const files = readFiles(home);
      const secrets = [...recorder.served];
      expect(secrets.length).toBeGreaterThanOrEqual(6);
      for (const output of outputs) {
        const isCredentials = output.argv[0] === "credential-process" && output.exitCode === 0;
        const texts = {
          stderr: output.stderr,
          "command lines": output.commandLines,
          ...(isCredentials ? {} : { stdout: output.stdout }),
        };
        expect(output.commandLines, output.what).toContain(PROGRAM.at(-1));
        if (output.exitCode !== 0) expect(output.stderr, output.what).toMatch(/\S/);
        for (const [where, text] of Object.entries(texts)) {
          expect(findLeaks(text, secrets), `${output.what}, ${where}:\n${text}`).toEqual([]);
          for (const secret of secrets)
            expect(
              findLeaks(text.slice(0, text.length / 2) + secret + text.slice(text.length / 2), [
                secret,
              ]),
            ).toEqual([secret]);
          checked.outputs += 1;
        }
      }
      for (const { path, text } of files.filter((file) => !VAULTS.test(file.path)))
        expect(findLeaks(text, secrets), path).toEqual([]);
      checked.secrets += secrets.length;
    }
    expect(checked.outputs).toBeGreaterThan(250);
  },
);

test(
  "the canaries are the secrets in the files, so that the scan looks for the right ones",
  { timeout: patience(60_000) },
  async () => {
    const { home, recorder } = await runAll("none", (answer) => answer).then(async (run) => {
      await runWatched(run.home, ["login"], { ...run.recorder.env, BROWSER: "/bin/true" }, "");
      await runWatched(run.home, ROLE, { ...run.recorder.env }, "");
      return run;
    });
    const held = readFiles(home).filter(({ path }) => VAULTS.test(path));
    expect(held.length).toBeGreaterThanOrEqual(3);
    for (const { path, text } of held)
      expect(findLeaks(text, recorder.served), path).not.toEqual([]);
  },
);
