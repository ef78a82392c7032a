import type { CauseId } from "./causes.ts";
import type { ClientId, Message, MessageFamily } from "./message.ts";
import { BOTOCORE } from "./messages/botocore.ts";
import { DEPLOY } from "./messages/deploy.ts";
import { DOTNET, POWERSHELL } from "./messages/dotnet.ts";
import { GO } from "./messages/go.ts";
import { JAVA } from "./messages/java.ts";
import { JAVASCRIPT } from "./messages/javascript.ts";
import { LATCHKEY } from "./messages/latchkey.ts";
import { RUST } from "./messages/rust.ts";
import { SERVICES } from "./messages/services.ts";
import { TERRAFORM } from "./messages/terraform.ts";
import { JETBRAINS, VSCODE } from "./messages/toolkits.ts";
import { TOOLS } from "./messages/tools.ts";
import { readNames, readSlots, type Names } from "./names.ts";
import { prepareText, squeezeText, type PastedText } from "./pasted.ts";

/** Finds the message in what was pasted: the last one, by the rows of messages/. Linear in the text. */

/** All that are known; a program that has another client inside comes before that client. */
export const FAMILIES: readonly MessageFamily[] = [
  VSCODE,
  JETBRAINS,
  TOOLS,
  TERRAFORM,
  DEPLOY,
  POWERSHELL,
  BOTOCORE,
  JAVASCRIPT,
  GO,
  JAVA,
  RUST,
  DOTNET,
  SERVICES,
  LATCHKEY,
];

interface Recognition {
  /** undefined: the words of an AWS service, by whichever client. */
  readonly client: ClientId | undefined;
  readonly message: Message;
  /** What it can mean, the likeliest first. */
  readonly causes: readonly CauseId[];
  readonly names: Names;
}

/** What the text names is told also where no message of it is known. */
export interface Reading {
  readonly recognition: Recognition | undefined;
  readonly names: Names;
}

/** Characters that a placeholder stands for, at most. */
const LONGEST_SLOT = 300;
/** A vague message this near to another says nothing more: of squeezed text. */
const NEAR = 3_000;
/** What belongs to a message: its stack, the program around it. */
const AROUND = 6_000;
/** Of one part's places in a text that are tried. */
const MOST_TRIES = 2_000;

export function readPastedText(text: string): Reading {
  const pasted = prepareText(text);
  const match = chooseMatch(findMatches(pasted));
  const around = cutAround(pasted, match);
  if (match === undefined) return { recognition: undefined, names: readNames(around, {}) };
  const { family, row, slots } = match;
  const names = readNames(around, readSlots(slots));
  const client = findClient(pasted, match) ?? family.client;
  return {
    recognition: { client, message: row.message, causes: row.message.causes, names },
    names,
  };
}

interface Row {
  readonly message: Message;
  /** The fixed text between the placeholders, squeezed. */
  readonly parts: readonly string[];
  /** What stands between them. */
  readonly slots: readonly string[];
  /** Characters of fixed text. */
  readonly weight: number;
}

interface Match {
  readonly family: MessageFamily;
  readonly row: Row;
  /** In the squeezed text. */
  readonly start: number;
  readonly end: number;
  readonly slots: ReadonlyArray<readonly [name: string, text: string]>;
}

function compile(message: Message): Row {
  const pieces = message.pattern.replace(/^\{…\}/, "").split(/\{([a-zA-Z]+|…)\}/);
  const parts = pieces.filter((_, index) => index % 2 === 0).map(squeezeText);
  const slots = pieces.filter((_, index) => index % 2 === 1);
  return { message, parts, slots, weight: parts.join("").length };
}

let compiled: ReadonlyArray<{ readonly family: MessageFamily; readonly rows: readonly Row[] }>;

/** Once in a run. */
function listRows(): typeof compiled {
  compiled ??= FAMILIES.map((family) => ({ family, rows: family.messages.map(compile) }));
  return compiled;
}

/** The last place of each row. */
function findMatches(pasted: PastedText): Match[] {
  return listRows().flatMap(({ family, rows }) =>
    rows.flatMap((row) => {
      const bounds = findLast(pasted, row.parts);
      if (bounds === undefined) return [];
      const slots = row.slots.map(
        (name, index) => [name, readSlot(pasted, bounds, index)] as const,
      );
      return [{ family, row, slots, ...toRange(bounds) }];
    }),
  );
}

/** Start and end of each part, in the squeezed text. */
type Bounds = ReadonlyArray<readonly [start: number, end: number]>;

function toRange(bounds: Bounds): { readonly start: number; readonly end: number } {
  return { start: bounds[0]?.[0] ?? 0, end: bounds.at(-1)?.[1] ?? 0 };
}

/** What stands behind the part of that index; behind the last one, as much as a placeholder may stand for. */
function readSlot({ clean, squeezed, places }: PastedText, bounds: Bounds, index: number): string {
  const [, before = 0] = bounds[index] ?? [];
  const [next = before] = bounds[index + 1] ?? [];
  const end = next === before ? Math.min(before + LONGEST_SLOT, squeezed.length) : next;
  return clean.slice((places[before - 1] ?? -1) + 1, places[end] ?? clean.length);
}

/** Looks for the longest part from the end, and for the others around it. */
function findLast(pasted: PastedText, parts: readonly string[]): Bounds | undefined {
  const { squeezed } = pasted;
  const longest = parts.toSorted((a, b) => b.length - a.length)[0] ?? "";
  // The search from the start is the quick one, and most rows are not there.
  if (longest === "" || !squeezed.includes(longest)) return undefined;
  const anchor = parts.indexOf(longest);
  let place = squeezed.lastIndexOf(longest);
  for (let tries = 0; place !== -1 && tries < MOST_TRIES; tries += 1) {
    const bounds = fitAround(squeezed, parts, { anchor, place });
    if (bounds !== undefined && isWhole(pasted, bounds)) return bounds;
    place = place === 0 ? -1 : squeezed.lastIndexOf(longest, place - 1);
  }
  return undefined;
}

interface Anchor {
  /** Which part. */
  readonly anchor: number;
  readonly place: number;
}

function fitAround(
  squeezed: string,
  parts: readonly string[],
  { anchor, place }: Anchor,
): Bounds | undefined {
  const bounds: Array<readonly [number, number]> = [[place, place + (parts[anchor] ?? "").length]];
  for (const part of parts.slice(0, anchor).toReversed()) {
    const next = bounds[0]?.[0] ?? 0;
    const from = Math.max(0, next - LONGEST_SLOT - part.length);
    const offset = squeezed.slice(from, next).lastIndexOf(part);
    if (offset === -1) return undefined;
    bounds.unshift([from + offset, from + offset + part.length]);
  }
  for (const part of parts.slice(anchor + 1)) {
    const last = bounds.at(-1)?.[1] ?? 0;
    const offset = squeezed.slice(last, last + LONGEST_SLOT + part.length).indexOf(part);
    if (offset === -1) return undefined;
    bounds.push([last + offset, last + offset + part.length]);
  }
  return bounds;
}

const WORD = /\w/;

/** A message begins and ends where words do: `ExpiredToken` is not in `ExpiredTokenException`. */
function isWhole({ clean, places }: PastedText, bounds: Bounds): boolean {
  const { start, end } = toRange(bounds);
  const [first = 0, last = 0] = [places[start], places[end - 1]];
  const isCut = (one: string | undefined, other: string | undefined): boolean =>
    WORD.test(one ?? "") && WORD.test(other ?? "");
  return !isCut(clean[first - 1], clean[first]) && !isCut(clean[last], clean[last + 1]);
}

/** The last one; where several say the same place, the one that says most of it. */
function chooseMatch(matches: readonly Match[]): Match | undefined {
  const findEnd = (list: readonly Match[]): Match | undefined =>
    list.toSorted((a, b) => b.end - a.end || b.row.weight - a.row.weight)[0];
  const telling = findEnd(matches.filter(({ row }) => row.message.isVague !== true));
  const vague = findEnd(matches.filter(({ row }) => row.message.isVague === true));
  const isSuperseded = telling && vague && vague.start - telling.end > NEAR;
  const found = telling === undefined || isSuperseded === true ? vague : telling;
  if (found === undefined) return undefined;
  const isOfThatKind = ({ row }: Match): boolean =>
    row.message.isVague === found.row.message.isVague;
  return matches
    .filter((match) => isOfThatKind(match) && match.start < found.end && match.end > found.start)
    .toSorted((a, b) => b.row.weight - a.row.weight)[0];
}

/** The text that belongs to a message; without one, the end of the text. */
function cutAround({ clean, places }: PastedText, match: Match | undefined): string {
  if (match === undefined) return clean.slice(-AROUND);
  const [start = 0, end = clean.length] = [places[match.start], places[match.end]];
  return clean.slice(Math.max(0, start - AROUND), end + AROUND);
}

/** The program that encloses the message, by the marks around it. */
function findClient(pasted: PastedText, { start, end }: Match): ClientId | undefined {
  const from = Math.max(0, start - AROUND);
  const around = {
    clean: pasted.clean,
    squeezed: pasted.squeezed.slice(from, end + AROUND),
    places: pasted.places.subarray(from, end + AROUND),
  };
  for (const { marks = [] } of FAMILIES)
    for (const [client, ...patterns] of marks)
      if (patterns.some((pattern) => findLast(around, compileParts(pattern)) !== undefined))
        return client;
  return undefined;
}

function compileParts(pattern: string): readonly string[] {
  return compile({ pattern, causes: ["no-credentials"] }).parts;
}
