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

/** Finds the SCIM endpoint and its token, and saves them. */

const MAX_TOKEN_BYTES = 64 * 1024;

/**
 * Returns the token: from stdin if `fromStdin`, else from LATCHKEY_SCIM_TOKEN. If neither is set and the setting
 * `storage` is the keychain, returns the token that `--save` stored there. Never reads argv.
 * @param given the endpoint from the flag, if any.
 * @throws LatchkeyError USAGE if the text can't be a token; the message never contains it.
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
    "Copy the token again, without any other text.",
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

/** An endpoint with the recorded expiry of its token. */
type FoundEndpoint = EndpointReading & { readonly tokenExpiresAt: Date | undefined };

/** Returns the given endpoint, else the endpoint that was saved last. */
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
 * Saves the endpoint and the expiry date. Saves the token only if secrets are stored in the keychain. If no new date is
 * given, the recorded date stays. Returns the file's path.
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

/** A saved endpoint and the expiry of its token. */
interface ScimRecord {
  readonly endpoint: string;
  readonly tokenExpiresAt: Date | undefined;
}

/** Returns the saved records, the newest first. */
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
