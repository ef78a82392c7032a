import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CHECKOUT } from "../../support/program.ts";
import { makePlace, REQUEST_ID, type Place } from "./place.ts";
import { canBeIn, runUserProgram, USER_PROGRAMS, type UserProgram } from "./programs.ts";
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  PROFILE,
  REGION,
  ROLE,
  SESSION,
  START_URL,
  type Situation,
} from "./situation.ts";

/** A client's message, in the format of test/explain/samples. */
export interface Sample {
  readonly client: string;
  readonly cause: string;
  readonly situation: string;
  readonly text: string;
  readonly source: string;
  readonly names?: Readonly<Record<string, string>>;
}

const SAMPLES_FILE = join(CHECKOUT, "test", "explain", "samples", "measured.json");

/** Returns the client's message in the situation; undefined if it works. */
async function takeSample(situation: Situation, program: UserProgram): Promise<Sample | undefined> {
  const place = await makePlace(situation);
  try {
    const printed = await runUserProgram(program, place);
    if (printed === undefined) return undefined;
    const text = redact(printed, place);
    const names = findNames(text);
    return {
      client: program.client,
      cause: readCause(text, situation),
      situation: situation.id,
      text,
      source: `run: ${program.readVersion()}`,
      ...(Object.keys(names).length === 0 ? {} : { names }),
    };
  } finally {
    await place.close();
  }
}

/** Messages with many possible causes, and the cause that the text alone suggests. */
const WORDS_ALONE: ReadonlyArray<readonly [words: RegExp, cause: string]> = [
  [/Could not load credentials from any providers/, "no-credentials"],
  [/NoCredentialProviders: no valid providers in chain/, "no-credentials"],
  [/Unable to locate credentials/, "no-credentials"],
  [/no EC2 IMDS role found/, "no-credentials"],
  [/The security token included in the request is invalid/, "credentials-invalid"],
  [/Session token not found or invalid/, "session-ended"],
];

/** Returns the cause that the text alone suggests: the situation's, unless other causes have the same message. */
function readCause(text: string, { cause }: Situation): string {
  return WORDS_ALONE.find(([words]) => words.test(text))?.[1] ?? cause;
}

/** Replaces the parts that differ between two runs, so that the text looks like on a developer's machine. */
function redact(text: string, { home, servers, env }: Place): string {
  const proxy = env["HTTPS_PROXY"];
  const url = env["AWS_ENDPOINT_URL_STS"];
  const withUrls = [
    [servers.silentUrl, "http://169.254.169.254"],
    ...(proxy === undefined
      ? []
      : [
          [new URL(proxy).host, "proxy.example.com:3128"],
          [`port=${new URL(proxy).port}`, "port=3128"],
        ]),
  ].reduce((plain, [from = "", to = ""]) => plain.replaceAll(from, to), text);
  const withNames =
    url === undefined
      ? withUrls
      : withUrls
          .replaceAll(new RegExp(`${url.replaceAll(".", "\\.")}(/[\\w/]*)?`, "g"), nameService)
          .replaceAll(new URL(url).host, "10.20.0.5:443")
          .replaceAll(new RegExp(`\\b${new URL(url).port}\\b`, "g"), "443");
  return withNames
    .replaceAll(home, "/home/dev")
    .replaceAll(dirname(home), "/home")
    .replaceAll(join(CHECKOUT, "test", "clients", "drivers"), "/home/dev/app")
    .replaceAll(CHECKOUT, "/home/dev/app")
    .replaceAll(homedir(), "/home/dev")
    .replaceAll("127.0.0.1", "10.20.0.5")
    .replace(/\b(?:\d+\.){3}\d+:53\b/g, "192.168.1.1:53")
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, REQUEST_ID);
}

function nameService(_: string, path = "/"): string {
  if (path.startsWith("/federation")) return `https://portal.sso.${REGION}.amazonaws.com${path}`;
  if (path.startsWith("/token")) return `https://oidc.${REGION}.amazonaws.com${path}`;
  return `https://sts.${REGION}.amazonaws.com${path}`;
}

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  profile: [PROFILE],
  session: [SESSION],
  account: [ACCOUNT, OTHER_ACCOUNT],
  role: [ROLE, "Deploy"],
  url: [START_URL],
  requestId: [REQUEST_ID],
};

function findNames(text: string): Record<string, string> {
  const found = Object.entries(KNOWN).flatMap(([kind, values]) => {
    const value = values.find((one) => text.includes(one));
    return value === undefined ? [] : [[kind, value] as const];
  });
  return Object.fromEntries(found);
}

function readSamples(): Sample[] {
  if (!existsSync(SAMPLES_FILE)) return [];
  return JSON.parse(readFileSync(SAMPLES_FILE, "utf8")) as Sample[];
}

/** Replaces the samples of these programs and keeps the others; one sample per text of a client. */
export function writeSamples(fresh: readonly Sample[], programs: readonly UserProgram[]): void {
  const known = readSamples();
  const measured = new Set(programs.map(({ client }) => client));
  const kept = known.filter(({ client }) => !measured.has(client));
  const byText = new Map<string, Sample>();
  const said = new Map(known.map((sample) => [toKey(sample), sample]));
  for (const sample of [...fresh, ...kept]) {
    const key = toKey(sample);
    if (!byText.has(key)) byText.set(key, reuse(said.get(key), sample));
  }
  const order = USER_PROGRAMS.map(({ client }) => client);
  const ordered = [...byText.values()].toSorted(
    (left, right) => order.indexOf(left.client) - order.indexOf(right.client),
  );
  mkdirSync(dirname(SAMPLES_FILE), { recursive: true });
  writeFileSync(SAMPLES_FILE, `${JSON.stringify(ordered, null, 2)}\n`);
}

/** Keeps the text in the file if only a time in it has changed. */
function reuse(known: Sample | undefined, fresh: Sample): Sample {
  return known === undefined ? fresh : { ...fresh, text: known.text };
}

const toKey = ({ client, text }: Sample): string =>
  `${client} ${text.replace(/\b\d\d:\d\d:\d\d GMT|\d\d\d\d[-/]?\d\d[-/]?\d\d[T ]\d\d:?\d\d:?\d\d[.\d]*|\d+(?:\.\d+)? ?(?:ms|s)\b/g, "TIME")}`;

const AT_ONCE = 3;

/** Returns the message of each program in each situation. */
export async function takeSamples(
  situations: readonly Situation[],
  programs: readonly UserProgram[],
): Promise<Sample[]> {
  const left = situations.flatMap((situation) =>
    programs
      .filter((program) => canBeIn(situation, program))
      .map((program) => ({ situation, program })),
  );
  const taken = left.map((): Sample | undefined => undefined);
  let next = 0;
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let index = next++; index < left.length; index = next++) {
      const one = left[index];
      if (one !== undefined) taken[index] = await takeSample(one.situation, one.program);
    }
  });
  await Promise.all(workers);
  return taken.filter((sample) => sample !== undefined);
}
