import type { Context } from "../../context.ts";
import { parseScimEndpoint, type EndpointReading } from "./endpoint.ts";
import { formatInstant, parseInstant } from "../../text/instant.ts";
import { isRecord, readText, readVisibleAscii } from "../../text/json.ts";
import { usageError } from "../../errors.ts";
import { scimRecordPath, vaultScimPath } from "../../fs/paths.ts";
import { readCacheJson } from "../../fs/read.ts";
import { writeSecretFile } from "../../fs/replace.ts";
import { readStandardInput } from "../../fs/stdin.ts";
import { findStorageKind, requireKey } from "../../token/open-store.ts";
import { openSealedFile, readSealedFile } from "../../token/sealed-file.ts";

/** The SCIM endpoint and its token: where they come from, and how they are remembered. */

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
  const base = findScimEndpoint(context, given)?.endpoint?.base;
  if (base === undefined || findStorageKind(context, undefined) !== "keychain") return undefined;
  return readSealedFile(vaultScimPath(context.home, base), await context.keychainKey("read"), [
    "scim-token",
    base,
  ]);
}

async function readTokenFromStdin({ terminal }: Context): Promise<string> {
  if (terminal.interactive)
    throw usageError(
      "--token-stdin reads a pipe or a file; a terminal would show the token.",
      "latchkey federation scim --token-stdin < FILE, or set LATCHKEY_SCIM_TOKEN",
    );
  return readStandardInput(MAX_TOKEN_BYTES);
}

/** An endpoint, with the date that was recorded about its token. */
type FoundEndpoint = EndpointReading & { readonly tokenExpiresAt: Date | undefined };

/** The endpoint that was given, else the one saved last. */
export function findScimEndpoint(
  { home }: Context,
  given: string | undefined,
): FoundEndpoint | undefined {
  const records = readScimRecords(home);
  const text = given ?? records[0]?.endpoint;
  if (text === undefined) return undefined;
  const reading = parseScimEndpoint(text);
  const record = records.find(({ endpoint }) => endpoint === reading.endpoint?.base);
  return { ...reading, tokenExpiresAt: record?.tokenExpiresAt };
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
    openSealedFile(
      vaultScimPath(home, base),
      await requireKey(context),
      ["scim-token", base],
      0,
    ).commit(token);
  const path = scimRecordPath(home);
  const records = readScimRecords(home);
  const before = records.find(({ endpoint }) => endpoint === base);
  const others = records.filter(({ endpoint }) => endpoint !== base);
  const record = { endpoint: base, tokenExpiresAt: tokenExpiresAt ?? before?.tokenExpiresAt };
  const endpoints = [record, ...others].map(({ endpoint, tokenExpiresAt: end }) => ({
    endpoint,
    tokenExpiresAt: end === undefined ? null : formatInstant(end),
  }));
  writeSecretFile(path, `${JSON.stringify({ version: 1, endpoints }, undefined, 2)}\n`);
  return path;
}

/** An endpoint that was saved, with the date on which its token ends. */
interface ScimRecord {
  readonly endpoint: string;
  readonly tokenExpiresAt: Date | undefined;
}

/** The one saved last comes first. */
function readScimRecords(home: string): ScimRecord[] {
  const stored = readCacheJson(scimRecordPath(home));
  if (!isRecord(stored) || stored["version"] !== 1 || !Array.isArray(stored["endpoints"]))
    return [];
  return stored["endpoints"].filter(isRecord).flatMap((entry) => {
    const endpoint = readText(entry["endpoint"]);
    return endpoint === undefined
      ? []
      : [{ endpoint, tokenExpiresAt: parseInstant(entry["tokenExpiresAt"]) }];
  });
}
