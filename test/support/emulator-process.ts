import { request } from "node:http";
import { isRecord, parseJson } from "../../src/text/json.ts";
import { startProgram, type RunningProcess } from "./child.ts";
import { NODE_PROGRAM } from "./program.ts";

/** Runs `latchkey emulator` as a separate process, for code that must not share a thread with it. */

export interface EmulatorProcess {
  readonly url: string;
  readonly startUrl: string;
  readonly region: string;
  /** The variables that point AWS SDKs and latchkey to the emulator. */
  readonly env: Readonly<Record<string, string>>;
  turnKnob(name: string, input: unknown): Promise<void>;
  readSettings(): Promise<Record<string, unknown>>;
  readJournal(): Promise<JournalEntry[]>;
  clearJournal(): Promise<void>;
  close(): void;
}

interface JournalEntry {
  readonly route: string;
  readonly status: number;
}

/** Starts the emulator. Every sign-in is approved at its first poll. */
export async function startEmulatorProcess(org: {
  readonly accounts: number;
  readonly roles: number;
}): Promise<EmulatorProcess> {
  const { PATH, HOME } = process.env;
  const size = ["--accounts", String(org.accounts), "--roles", String(org.roles)];
  const running = startProgram([...NODE_PROGRAM, "emulator", "--auto-approve", ...size], {
    PATH,
    HOME,
  });
  const ready = readReadyLine(await awaitFirstLine(running));
  const control = (path: string): string => `${ready.url}/_emu/${path}`;
  return {
    ...ready,
    async turnKnob(name, input) {
      await ask(control(name), "POST", JSON.stringify(input));
    },
    async readSettings() {
      const settings = parseJson(await ask(control("settings"), "GET"));
      if (!isRecord(settings)) throw new Error("the emulator's settings are no object");
      return settings;
    },
    readJournal: async () => readEntries(await ask(control("journal"), "GET")),
    async clearJournal() {
      await ask(control("journal"), "DELETE");
    },
    close: () => running.kill("SIGINT"),
  };
}

function awaitFirstLine(running: RunningProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    running.child.stdout?.once("data", (line: string) => resolve(line));
    running.ended.then(
      ({ stderr }) => reject(new Error(`the emulator did not start: ${stderr}`)),
      reject,
    );
  });
}

function readReadyLine(line: string): Pick<EmulatorProcess, "url" | "startUrl" | "region" | "env"> {
  const ready = parseJson(line);
  if (!isRecord(ready) || !isRecord(ready["env"]))
    throw new Error(`the emulator is not ready: ${line}`);
  const env = Object.entries(ready["env"]).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return {
    url: String(ready["url"]),
    startUrl: String(ready["startUrl"]),
    region: String(ready["region"]),
    env: Object.fromEntries(env),
  };
}

function readEntries(text: string): JournalEntry[] {
  const entries = parseJson(text);
  if (!Array.isArray(entries)) throw new Error("the emulator's journal is no list");
  return entries.filter(isRecord).map(({ route, status }) => ({
    route: String(route),
    status: Number(status),
  }));
}

/** Uses a new connection for each request: a kept one may be closed by the next request, many seconds later. */
function ask(url: string, method: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const question = request(url, { method, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.once("end", () => {
        const { statusCode = 0 } = answer;
        if (statusCode < 300) resolve(text);
        else reject(new Error(`${method} ${url}: ${statusCode} ${text}`));
      });
    });
    question.once("error", reject);
    question.end(body);
  });
}
