import type { AccountRole } from "../../model/account.ts";
import { isAccountId } from "../../model/role.ts";
import { parseInstant } from "../../text/instant.ts";
import { parseJson, readText, toRecord, type PlainRecord } from "../../text/json.ts";
import { EMPTY_TIMELINE, type AccessHistory, type HeldSpan, type Timeline } from "./history.ts";

/** File formats: a history for each session and user, and a pending timeline, whose user's name is not known yet. */

/** The owner of a file. A history has a `userName`, a pending timeline has a `signInId`. */
export interface FileOwner {
  readonly startUrl: string;
  readonly region: string;
  readonly userName?: string;
  readonly signInId?: string;
}

const VERSION = 1;

export function formatTimeline(owner: FileOwner, { beganAt, listedAt, spans }: Timeline): string {
  return format({ ...pickOwner(owner), beganAt, listedAt, spans });
}

export function formatHistory(owner: FileOwner, history: AccessHistory): string {
  const { beganAt, listedAt, spans, favourites } = history;
  return format({ ...pickOwner(owner), beganAt, listedAt, spans, favourites });
}

/** Times are stored with milliseconds, since two listings may happen within one second. */
function format(stored: object): string {
  return `${JSON.stringify({ version: VERSION, ...stored })}\n`;
}

/** Parses a pending timeline. Returns undefined if any part of the text is damaged or the file has another owner. */
export function parseTimeline(text: string, owner: FileOwner): Timeline | undefined {
  const stored = readOwn(text, owner);
  return stored && readTimeline(stored);
}

/** As `parseTimeline`, for a history. */
export function parseHistory(
  text: string,
  owner: FileOwner & { readonly userName: string },
): AccessHistory | undefined {
  const stored = readOwn(text, owner);
  const timeline = stored && readTimeline(stored);
  const favourites = parseAll(stored?.["favourites"], parseRole);
  if (timeline === undefined || favourites === undefined) return undefined;
  return { userName: owner.userName, ...timeline, favourites };
}

/** As `parseHistory`, for any user. */
export function parseAnyHistory(
  text: string,
  { startUrl, region }: Pick<FileOwner, "startUrl" | "region">,
): AccessHistory | undefined {
  const userName = readText(toRecord(parseJson(text))["userName"]);
  return userName === undefined ? undefined : parseHistory(text, { startUrl, region, userName });
}

function readOwn(text: string, owner: FileOwner): PlainRecord | undefined {
  const stored = toRecord(parseJson(text));
  return stored["version"] === VERSION && isOwnedBy(stored, owner) ? stored : undefined;
}

function readTimeline(stored: PlainRecord): Timeline | undefined {
  const read = createInstantReader();
  const spans = parseAll(stored["spans"], (entry) => parseSpan(entry, read));
  const [beganAt, listedAt] = [parseInstant(stored["beganAt"]), parseInstant(stored["listedAt"])];
  if (spans === undefined) return undefined;
  if (beganAt !== undefined && listedAt !== undefined) return { beganAt, listedAt, spans };
  return spans.length === 0 ? EMPTY_TIMELINE : undefined;
}

function pickOwner({ startUrl, region, userName, signInId }: FileOwner): FileOwner {
  return {
    startUrl,
    region,
    ...(userName === undefined ? {} : { userName }),
    ...(signInId === undefined ? {} : { signInId }),
  };
}

function isOwnedBy(stored: PlainRecord, owner: FileOwner): boolean {
  return Object.entries(pickOwner(owner)).every(([member, value]) => stored[member] === value);
}

function parseAll<T>(
  value: unknown,
  parse: (entry: PlainRecord) => T | undefined,
): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = value.flatMap((entry: unknown) => parse(toRecord(entry)) ?? []);
  return entries.length === value.length ? entries : undefined;
}

function parseRole({ accountId, roleName }: PlainRecord): AccountRole | undefined {
  const name = readText(roleName);
  if (typeof accountId !== "string" || !isAccountId(accountId) || name === undefined)
    return undefined;
  return { accountId, roleName: name };
}

type ReadInstant = (stored: unknown) => Date | undefined;

/** Returns a parser that parses each time only once, because most of 10,000 spans have the same few times. */
function createInstantReader(): ReadInstant {
  const known = new Map<unknown, Date | undefined>();
  return (stored) => {
    if (!known.has(stored)) known.set(stored, parseInstant(stored));
    return known.get(stored);
  };
}

function parseSpan(entry: PlainRecord, read: ReadInstant): HeldSpan | undefined {
  const role = parseRole(entry);
  const [firstSeen, lastSeen] = [read(entry["firstSeen"]), read(entry["lastSeen"])];
  const goneAt = read(entry["goneAt"]);
  const isTorn = entry["goneAt"] !== undefined && goneAt === undefined;
  if (role === undefined || firstSeen === undefined || lastSeen === undefined || isTorn)
    return undefined;
  return { ...role, accountName: readText(entry["accountName"]), firstSeen, lastSeen, goneAt };
}
