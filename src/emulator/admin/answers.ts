import { refusal } from "../service-errors.ts";
import type { State } from "../state/state.ts";

/** Input parsing and paging for the administrator services. */

export type Input = Readonly<Record<string, unknown>>;
/** Member names of the answer are in camel case here; they are capitalized when sent. */
export type AdminOperation = (state: State, input: Input) => unknown;

export function notFound(message: string): Error {
  return refusal("ResourceNotFoundException", message);
}

export function requireText(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== "string" || value === "")
    throw refusal("ValidationException", `${name} is missing`);
  return value;
}

/** Returns one page of the only member of `listing`. Refuses a MaxResults over `most`, as the service does. */
export function buildPage(
  state: State,
  input: Input,
  listing: Readonly<Record<string, readonly unknown[]>>,
  most = 100,
): Record<string, unknown> {
  const { pageSize, emptyPages } = state.settings.paging;
  const [name = "", items = []] = Object.entries(listing)[0] ?? [];
  const size = Math.min(readMaxResults(input, most), pageSize);
  const token = input["NextToken"];
  const start = readOffset(token);
  // The service may send an empty page with a token, even as the first answer.
  const isEmptyPage = emptyPages && token === undefined;
  const end = isEmptyPage ? start : start + size;
  const hasMore = isEmptyPage || end < items.length;
  return {
    [name]: items.slice(start, end),
    nextToken: hasMore ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}

function readMaxResults(input: Input, most: number): number {
  const wanted = input["MaxResults"] ?? most;
  if (typeof wanted !== "number" || wanted < 1 || wanted > most)
    throw refusal("ValidationException", `MaxResults must be from 1 to ${most}`);
  return wanted;
}

function readOffset(token: unknown): number {
  const offset = typeof token === "string" ? Number(Buffer.from(token, "base64url").toString()) : 0;
  if (!Number.isInteger(offset)) throw refusal("ValidationException", "NextToken is not valid");
  return offset;
}
