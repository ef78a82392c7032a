import type { State } from "../state.ts";

/** What the administrator's services share: their input, their refusals, their pages. */

export type Input = Readonly<Record<string, unknown>>;
export type AdminOperation = (state: State, input: Input) => unknown;

/** A refusal of the service: thrown by an operation, and what it answers then. */
interface Refusal extends Error {
  readonly refusal: string;
}

export function refusal(type: string, message: string): Refusal {
  return Object.assign(new Error(message), { refusal: type });
}

export function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== "string" || value === "")
    throw refusal("ValidationException", `${name} is missing`);
  return value;
}

/** One page of `items` under `name`; more than the service's most is refused, as the service refuses it. */
export function page<T>(
  state: State,
  input: Input,
  name: string,
  items: readonly T[],
  most = 100,
): Record<string, unknown> {
  const wanted = input["MaxResults"] ?? Math.min(most, state.settings.paging.pageSize);
  if (typeof wanted !== "number" || wanted < 1 || wanted > most)
    throw refusal("ValidationException", `MaxResults must be from 1 to ${most}`);
  const token = input["NextToken"];
  const start = typeof token === "string" ? Number(Buffer.from(token, "base64url").toString()) : 0;
  if (!Number.isInteger(start)) throw refusal("ValidationException", "NextToken is not valid");
  // An empty page with a token is legal, and real: the first answer may be one.
  const isEmptyPage = state.settings.paging.emptyPages && token === undefined;
  const size = isEmptyPage ? 0 : Math.min(wanted, state.settings.paging.pageSize);
  const end = start + size;
  const next =
    isEmptyPage || end < items.length
      ? { NextToken: Buffer.from(String(end)).toString("base64url") }
      : {};
  return { [name]: items.slice(start, end), ...next };
}
