import type { ClientId, Message, MessageFamily } from "./message.ts";
import { BOTOCORE } from "./messages/botocore.ts";
import { CDK, SERVERLESS } from "./messages/deploy.ts";
import { DOTNET, POWERSHELL } from "./messages/dotnet.ts";
import { GO, GO_V1 } from "./messages/go.ts";
import { JAVA } from "./messages/java.ts";
import { JAVASCRIPT } from "./messages/javascript.ts";
import { LATCHKEY } from "./messages/latchkey.ts";
import { RUST } from "./messages/rust.ts";
import { SERVICES } from "./messages/services.ts";
import { TERRAFORM } from "./messages/terraform.ts";
import { JETBRAINS, VSCODE } from "./messages/toolkits.ts";
import { DOCKER, GIT, KUBECTL } from "./messages/tools.ts";
import { readNames, readSlots, type Names } from "./names.ts";
import { prepareText, type PastedText } from "./pasted.ts";
import { compilePattern, findLast, type Pattern, type Place } from "./pattern.ts";

/** Finds the last known message in pasted text, in linear time. */

/** All known messages. If a program contains another client, it comes before that client. */
export const FAMILIES: readonly MessageFamily[] = [
  VSCODE,
  JETBRAINS,
  GIT,
  DOCKER,
  KUBECTL,
  TERRAFORM,
  SERVERLESS,
  CDK,
  POWERSHELL,
  BOTOCORE,
  JAVASCRIPT,
  GO,
  JAVA,
  GO_V1,
  RUST,
  DOTNET,
  SERVICES,
  LATCHKEY,
];

interface Recognition {
  /** undefined: a message of an AWS service, printed by an unknown client. */
  readonly client: ClientId | undefined;
  readonly message: Message;
}

/** The names are read even if no message is recognised. */
export interface Reading {
  readonly recognition: Recognition | undefined;
  readonly names: Names;
}

/** A vague message is ignored within this distance of another message. In characters of squeezed text. */
const NEAR = 3_000;
/** The characters around a message that belong to it, such as a stack trace or the program's output. */
const AROUND = 6_000;

export function readPastedText(text: string): Reading {
  const pasted = prepareText(text);
  const match = chooseMatch(findMatches(pasted));
  const around = cutAround(pasted, match);
  if (match === undefined) return { recognition: undefined, names: readNames(around, {}) };
  const { family, row, slots } = match;
  const client = findClient(pasted, match) ?? family.client;
  return {
    recognition: { client, message: row.message },
    names: readNames(around, readSlots(slots)),
  };
}

interface Row {
  readonly message: Message;
  readonly pattern: Pattern;
}

interface Match extends Place {
  readonly family: MessageFamily;
  readonly row: Row;
}

interface CompiledFamily {
  readonly family: MessageFamily;
  readonly rows: readonly Row[];
  readonly marks: ReadonlyArray<{ readonly client: ClientId; readonly pattern: Pattern }>;
}

let compiled: readonly CompiledFamily[] | undefined;

/** Compiles the patterns once per run. */
function listFamilies(): readonly CompiledFamily[] {
  compiled ??= FAMILIES.map((family) => ({
    family,
    rows: family.messages.map((message) => ({ message, pattern: compilePattern(message.pattern) })),
    marks: (family.marks ?? []).flatMap(([client, ...patterns]) =>
      patterns.map((pattern) => ({ client, pattern: compilePattern(pattern) })),
    ),
  }));
  return compiled;
}

/** Returns the last place of each message. */
function findMatches(pasted: PastedText): Match[] {
  return listFamilies().flatMap(({ family, rows }) =>
    rows.flatMap((row) => {
      const place = findLast(pasted, row.pattern);
      return place === undefined ? [] : [{ family, row, ...place }];
    }),
  );
}

/** Returns the last match; of overlapping matches, the one with the most fixed text. */
function chooseMatch(matches: readonly Match[]): Match | undefined {
  const findEnd = (list: readonly Match[]): Match | undefined =>
    list.toSorted((a, b) => b.end - a.end || b.row.pattern.weight - a.row.pattern.weight)[0];
  const telling = findEnd(matches.filter(({ row }) => row.message.isVague !== true));
  const vague = findEnd(matches.filter(({ row }) => row.message.isVague === true));
  const isSuperseded = telling && vague && vague.start - telling.end > NEAR;
  const found = telling === undefined || isSuperseded === true ? vague : telling;
  if (found === undefined) return undefined;
  const isOfThatKind = ({ row }: Match): boolean =>
    row.message.isVague === found.row.message.isVague;
  return matches
    .filter((match) => isOfThatKind(match) && match.start < found.end && match.end > found.start)
    .toSorted((a, b) => b.row.pattern.weight - a.row.pattern.weight)[0];
}

/** Returns the text around the match; without a match, the end of the text. */
function cutAround({ clean, places }: PastedText, match: Match | undefined): string {
  if (match === undefined) return clean.slice(-AROUND);
  const [start = 0, end = clean.length] = [places[match.start], places[match.end]];
  return clean.slice(Math.max(0, start - AROUND), end + AROUND);
}

/** Returns the program that printed the message, from the marks around it. */
function findClient(pasted: PastedText, { start, end }: Match): ClientId | undefined {
  const from = Math.max(0, start - AROUND);
  const around = {
    clean: pasted.clean,
    squeezed: pasted.squeezed.slice(from, end + AROUND),
    places: pasted.places.subarray(from, end + AROUND),
  };
  return listFamilies()
    .flatMap(({ marks }) => marks)
    .find(({ pattern }) => findLast(around, pattern) !== undefined)?.client;
}
