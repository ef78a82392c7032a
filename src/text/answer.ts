import { LatchkeyError } from "../errors.ts";
import { toInstant } from "./instant.ts";
import { isRecord, readText, readVisibleAscii, type PlainRecord } from "./json.ts";

/**
 * Reading of what a service answers: nothing of it is trusted. An error names the operation and the member that is wrong,
 * and never its value. A member is a path of names: `roleCredentials.expiration`.
 */

/** An answer, and the operation that gave it. */
export interface Answer {
  readonly operation: string;
  readonly body: unknown;
}

/** The value of a member, whatever it is; undefined where there is none. */
export function readMember({ body }: Answer, member: string): unknown {
  return member
    .split(".")
    .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), body);
}

/** An identifier or a secret: visible ASCII. @throws LatchkeyError BAD_RESPONSE */
export function requireText(answer: Answer, member: string, maxLength?: number): string {
  const text = readVisibleAscii(readMember(answer, member), maxLength);
  if (text === undefined) throw memberError(answer, member);
  return text;
}

/**
 * An instant that a service gives as a number.
 * @param toMilliseconds what that number is in milliseconds since 1970.
 * @throws LatchkeyError BAD_RESPONSE
 */
export function requireInstant(
  answer: Answer,
  member: string,
  toMilliseconds: (value: number) => number,
): Date {
  const value = readMember(answer, member);
  const instant = typeof value === "number" ? toInstant(toMilliseconds(value)) : undefined;
  if (instant === undefined) throw memberError(answer, member);
  return instant;
}

/** The items of a list that are what they should be, and how many of it are not. */
export interface Narrowed<Item> {
  readonly items: readonly Item[];
  readonly leftOut: number;
}

/**
 * A list whose items are narrowed each by itself.
 * @param narrow undefined for what is none.
 * @throws LatchkeyError BAD_RESPONSE where there is no list, or something in it and nothing of it usable: a list that is
 * left out is no empty one.
 */
export function narrowList<Item>(
  answer: Answer,
  member: string,
  narrow: (item: PlainRecord) => Item | undefined,
): Narrowed<Item> {
  const all = readItems(answer, member);
  const items = all.flatMap((item) => (isRecord(item) ? (narrow(item) ?? []) : []));
  if (items.length === 0 && all.length > 0) throw memberError(answer, member);
  return { items, leftOut: all.length - items.length };
}

/** The records of a list. @throws LatchkeyError BAD_RESPONSE where there is no list: one that is left out is no empty one. */
export function readList(answer: Answer, member: string): PlainRecord[] {
  return readItems(answer, member).filter(isRecord);
}

/** The same of texts. */
export function readTexts(answer: Answer, member: string): string[] {
  return readItems(answer, member).flatMap((item) => readText(item) ?? []);
}

function readItems(answer: Answer, member: string): unknown[] {
  const list = readMember(answer, member);
  if (!Array.isArray(list)) throw memberError(answer, member);
  return list;
}

/**
 * The token of the next page; undefined on the last.
 * @throws LatchkeyError BAD_RESPONSE for what is none: a list that ends there would be taken for all of it.
 */
export function readPageToken(answer: Answer, member: string): string | undefined {
  const token = readMember(answer, member);
  if (token === undefined || token === null || token === "") return undefined;
  return requireText(answer, member);
}

export function memberError({ operation }: Answer, member: string): LatchkeyError {
  return new LatchkeyError(
    "BAD_RESPONSE",
    `The answer of ${operation} has no usable "${member}".`,
    { hint: "Try again; if it stays so, report it with --debug." },
  );
}
