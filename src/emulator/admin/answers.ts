import { refusal } from "../service-errors.ts";
import type { State } from "../state/state.ts";

/** What the administrator's services share: their input and their pages. */

export type Input = Readonly<Record<string, unknown>>;
/** Its answer's members are written as the code writes names, and sent with a capital. */
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

/** One page of the listing's only member; more than the service's most is refused, as the service refuses it. */
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
  // An empty page with a token is legal, and real: the first answer may be one.
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
