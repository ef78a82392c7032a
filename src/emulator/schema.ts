import * as v from "valibot";
import { isRecord } from "./parse.ts";

/** Schemas that check unknown input; their messages name the field. */
export type Schema<T> = v.GenericSchema<unknown, T>;
export type { InferOutput } from "valibot";
export { exactOptional as optional, nullable as orNull, unknown as anything } from "valibot";

type InputError = Error & { readonly badInput: true };

export function inputError(message: string): InputError {
  return Object.assign(new Error(message), { badInput: true as const });
}

export function isInputError(error: unknown): error is InputError {
  return error instanceof Error && "badInput" in error;
}

/**
 * Returns the checked input.
 * @throws InputError with the path of the wrong field, which begins with `place`. An unknown field is reported first,
 *   because it may be misspelt.
 */
export function parseInput<T>(schema: Schema<T>, input: unknown, place: string): T {
  const { success, output, issues } = v.safeParse(schema, input);
  if (success) return output;
  const issue = issues.find(isUnknownField) ?? issues[0];
  // For these issues, the path ends with the field; the message needs the object.
  const path = issue.type === "strict_object" ? issue.path?.slice(0, -1) : issue.path;
  throw inputError(`${place}${(path ?? []).map(formatStep).join("")} ${issue.message}`);
}

function isUnknownField({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === "strict_object" && expected === "never";
}

function formatStep({ type, key }: { readonly type: string; readonly key: unknown }): string {
  return type === "array" ? `[${String(key)}]` : `.${String(key)}`;
}

export const string = v.string("must be a string");
export const boolean = v.boolean("must be true or false");

export function number(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  const message = `must be a number from ${minimum} to ${maximum}`;
  return v.pipe(v.number(message), v.minValue(minimum, message), v.maxValue(maximum, message));
}

export function integer(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  return v.pipe(number(minimum, maximum), v.integer("must be a whole number"));
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Schema<T> {
  return v.picklist(allowed, `must be one of: ${allowed.join(", ")}`);
}

export function either<A, B>(
  first: Schema<A>,
  second: Schema<B>,
  isFirst: (input: unknown) => boolean,
): Schema<A | B> {
  return v.lazy<Schema<A | B>>((input) => (isFirst(input) ? first : second));
}

export function listOf<T>(schema: Schema<T>): Schema<T[]> {
  return v.array(schema, "must be a list");
}

/** Excludes arrays, which valibot also accepts as objects. */
const anyObject = v.custom<Record<string, unknown>>(isRecord, "must be an object");

export function recordOf<T>(schema: Schema<T>): Schema<Record<string, T>> {
  return v.pipe(anyObject, v.record(v.string(), schema));
}

type Fields = Readonly<Record<string, v.GenericSchema>>;

/** An object with exactly these fields. An unknown field, which may be misspelt, is an error. */
export function object<F extends Fields>(
  fields: F,
): Schema<v.InferOutput<v.StrictObjectSchema<F, undefined>>> {
  const known = Object.keys(fields).join(", ") || "none";
  const schema = v.strictObject(fields as Fields, (issue) => {
    const field = String(issue.path?.at(-1)?.key);
    return isUnknownField(issue)
      ? `has no field ${field}; it has: ${known}`
      : `needs the field ${field}`;
  });
  return v.pipe(anyObject, schema) as unknown as ReturnType<typeof object<F>>;
}

/** An object with any of these fields. */
export function patch<F extends Fields>(
  fields: F,
): Schema<{ [K in keyof F]?: v.InferOutput<F[K]> }> {
  const optional = Object.entries(fields).map(([key, schema]) => [key, v.exactOptional(schema)]);
  // TypeScript can't infer the keys of Object.fromEntries.
  return object(Object.fromEntries(optional) as Fields) as unknown as ReturnType<typeof patch<F>>;
}
