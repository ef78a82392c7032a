import type { Context } from "../../context.ts";
import type { Verdict } from "../report.ts";
import { isEndpoint, parseScimEndpoint, type ScimEndpoint } from "./endpoint.ts";
import { readVisibleAscii } from "../../text/json.ts";
import { usageError } from "../../errors.ts";
import {
  readScimRecords,
  readScimToken,
  writeScimRecord,
  writeScimToken,
  type ScimRecord,
} from "./record.ts";
import { readStandardInput } from "../../fs/stdin.ts";
import type { Connection } from "../../aws/send.ts";
import { createConnection } from "../../aws/connection.ts";
import { findStorageKind, requireKey } from "../../token/open-store.ts";
import type { ScimAccess } from "./client.ts";

/** The SCIM endpoint and its token: where they come from, and whether they reach anything. */

const MAX_TOKEN_BYTES = 64 * 1024;

/**
 * The one place where the token comes in: stdin where it was asked for, else the environment, else the keychain where
 * that is chosen (setting `storage`) and `--save` has put it there; never argv.
 * @param given the endpoint as it was given, if it was.
 * @throws LatchkeyError USAGE for one that can't be a token; its text is never repeated.
 */
export async function findScimToken(
  context: Context,
  fromStdin: boolean,
  given: string | undefined,
): Promise<string | undefined> {
  const text = fromStdin ? await readTokenFromStdin(context) : context.env["LATCHKEY_SCIM_TOKEN"];
  if (text === undefined || text === "")
    return fromStdin ? undefined : readKeptToken(context, given);
  const token = readVisibleAscii(text.trim());
  if (token !== undefined) return token;
  throw usageError(
    `The SCIM token ${fromStdin ? "on stdin" : "in LATCHKEY_SCIM_TOKEN"} is empty, or has blanks or control characters in it.`,
    "Copy it again, alone.",
  );
}

async function readKeptToken(
  context: Context,
  given: string | undefined,
): Promise<string | undefined> {
  const base = toBase(findScimEndpoint(context, given)?.text);
  if (base === undefined || findStorageKind(context, undefined) !== "keychain") return undefined;
  return readScimToken(context.home, await context.keychainKey("read"), base);
}

function toBase(text: string | undefined): string | undefined {
  const read = text === undefined ? undefined : parseScimEndpoint(text);
  return read !== undefined && isEndpoint(read) ? read.base : undefined;
}

async function readTokenFromStdin({ terminal }: Context): Promise<string> {
  if (terminal.interactive)
    throw usageError(
      "--token-stdin reads a pipe or a file; a terminal would show the token.",
      "latchkey federation scim --token-stdin < FILE, or set LATCHKEY_SCIM_TOKEN",
    );
  return readStandardInput(MAX_TOKEN_BYTES);
}

/** The endpoint that was given, else the one saved last, with what was recorded about its token. */
export function findScimEndpoint(
  { home }: Context,
  given: string | undefined,
): { readonly text: string; readonly record: ScimRecord | undefined } | undefined {
  const records = readScimRecords(home);
  const text = given ?? records[0]?.endpoint;
  if (text === undefined) return undefined;
  const base = toBase(text);
  return { text, record: records.find(({ endpoint }) => endpoint === base) };
}

export function createScimConnection(
  context: Context,
  region: string | undefined,
  deadline: number | undefined,
): Connection {
  // The endpoint is in the request's own URL: no variable of AWS's names one for SCIM.
  return {
    ...createConnection(context, "SIGNIN", { region: region ?? "us-east-1" }, deadline),
    endpoint: undefined,
  };
}

interface ScimExpectations {
  readonly endpoint: ScimEndpoint;
  /** Of the instance, where it is known: the endpoint must be in it. */
  readonly region: string | undefined;
  /** As it was recorded. */
  readonly tokenExpiresAt: Date | undefined;
}

export async function reachScim(
  context: Context,
  access: ScimAccess,
  expected: ScimExpectations,
): Promise<Verdict> {
  const { fetchScim } = await import("./client.ts");
  const recorded = expected.tokenExpiresAt;
  const today = context.now();
  const started = context.monotonic();
  const answer = await fetchScim(access, "ServiceProviderConfig");
  const milliseconds = Math.round(context.monotonic() - started);
  if (answer.kind === "foreign")
    return fail("FED-SCIM-FOREIGN", `what answers there is no SCIM service: ${answer.reason}`, [
      `Check the endpoint's path: https://…/scim/v2 and nothing more.`,
    ]);
  if (answer.kind === "refused")
    return refusalVerdict(answer.status, answer.requestId, recorded, today);
  const users = await fetchScim(access, "Users", { count: "1" });
  if (users.kind === "refused")
    return refusalVerdict(users.status, users.requestId, recorded, today);
  if (users.kind === "foreign")
    return fail("FED-SCIM-FOREIGN", `Users is no SCIM list: ${users.reason}`, []);
  return endpointVerdict(expected, access.base, milliseconds);
}

/** Of an endpoint that has answered. */
function endpointVerdict(
  { endpoint, region }: ScimExpectations,
  base: string,
  milliseconds: number,
): Verdict {
  if (region !== undefined && endpoint.region !== undefined && endpoint.region !== region)
    return fail(
      "FED-SCIM-REGION",
      `the SCIM endpoint is in ${endpoint.region}, the instance in ${region}`,
      [
        "Copy the endpoint of this instance: AWS › IAM Identity Center › Settings › Identity source › Provisioning",
      ],
    );
  const evidence = { milliseconds, baseUrl: base };
  const [warning, ...others] = endpoint.warnings;
  if (warning !== undefined)
    return {
      status: "warn",
      code: "FED-SCIM-URL",
      summary: `200 in ${milliseconds} ms; ${warning}`,
      evidence,
      hint: [`Okta Base URL: ${base}`, ...others],
    };
  return { status: "ok", summary: `200 in ${milliseconds} ms`, evidence };
}

function refusalVerdict(
  status: number,
  requestId: string | undefined,
  recorded: Date | undefined,
  today: Date,
): Verdict {
  const request = requestId === undefined ? "" : ` (request ${requestId})`;
  const evidence = { status, requestId: requestId ?? null };
  if (status === 401 || status === 403) {
    const ended =
      recorded !== undefined && recorded <= today
        ? `; by the recorded date it expired on ${recorded.toISOString().slice(0, 10)}`
        : "";
    const verdict = fail(
      "FED-SCIM-UNAUTHORIZED",
      `HTTP ${status}${request}: the token is wrong, expired or revoked, or the tenant id in the endpoint is mistyped (AWS says 401 for both)${ended}`,
      [
        "Compare the endpoint with AWS › IAM Identity Center › Settings › Identity source › Provisioning",
        "If it is right, generate a new token there and enter it in Okta: Provisioning › Integration › API token",
      ],
    );
    return { ...verdict, evidence };
  }
  return {
    ...fail("FED-SCIM-REFUSED", `HTTP ${status}${request}`, [
      "Check the endpoint's path: https://…/scim/v2 and nothing more.",
    ]),
    evidence,
  };
}

function fail(code: string, summary: string, hint: readonly string[]): Verdict {
  return {
    status: "fail",
    code,
    summary,
    hint,
    docs: "https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html",
  };
}

/**
 * Remembers endpoint and date, and the token only where secrets are kept in the keychain. What was recorded before stays
 * where no new date is given. Returns the file.
 */
export async function recordScim(
  context: Context,
  base: string,
  token: string,
  tokenExpiresAt: Date | undefined,
): Promise<string> {
  const { home } = context;
  if (findStorageKind(context, undefined) === "keychain")
    writeScimToken(home, await requireKey(context), base, token);
  const before = readScimRecords(home).find(({ endpoint }) => endpoint === base)?.tokenExpiresAt;
  return writeScimRecord(home, { endpoint: base, tokenExpiresAt: tokenExpiresAt ?? before });
}
