import {
  array,
  boolean as booleanSchema,
  custom,
  exactOptional,
  integer as wholeNumber,
  lazy,
  maxValue,
  minValue,
  nullable as nullableSchema,
  number as numberSchema,
  picklist,
  pipe,
  record,
  safeParse,
  strictObject,
  string as stringSchema,
  unknown,
  type BaseIssue,
  type GenericSchema,
  type InferOutput,
} from "valibot";

/** Narrowing of what arrives as `unknown`, by schemas whose messages name the field. */
export type Schema<T> = GenericSchema<unknown, T>;
type Schemas = Readonly<Record<string, Schema<unknown>>>;
type Fields<R extends Schemas, O extends Schemas> = { [K in keyof R]: InferOutput<R[K]> } & {
  [K in keyof O]?: InferOutput<O[K]>;
};

interface InputError extends Error {
  readonly badInput: true;
}

export function inputError(message: string): InputError {
  return Object.assign(new Error(message), { badInput: true as const });
}

export function isInputError(error: unknown): error is InputError {
  return error instanceof Error && "badInput" in error;
}

export function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

/** JSON or undefined: never throws, so that a broken body is one more case and not an accident. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** @throws BadInput that names the field, below `place`. Of several faults a field that there is not, which may be a misspelt one. */
export function parseInput<T>(schema: Schema<T>, input: unknown, place: string): T {
  const { success, output, issues } = safeParse(schema, input);
  if (success) return output;
  const issue = issues.find(isUnknownField) ?? issues[0];
  const path = isAboutField(issue) ? issue.path?.slice(0, -1) : issue.path;
  throw inputError(`${place}${(path ?? []).map(formatStep).join("")} ${issue.message}`);
}

function isUnknownField({ type, expected }: BaseIssue<unknown>): boolean {
  return type === "strict_object" && expected === "never";
}

/** Its path ends in the field and not in the object. */
function isAboutField({ type }: BaseIssue<unknown>): boolean {
  return type === "strict_object";
}

function formatStep({ type, key }: { readonly type: string; readonly key: unknown }): string {
  return type === "array" ? `[${String(key)}]` : `.${String(key)}`;
}

export const string = stringSchema("must be a string");
export const boolean = booleanSchema("must be true or false");
export const anything = unknown();

export function number(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  const message = `must be a number from ${minimum} to ${maximum}`;
  return pipe(numberSchema(message), minValue(minimum, message), maxValue(maximum, message));
}

export function integer(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  return pipe(number(minimum, maximum), wholeNumber("must be a whole number"));
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Schema<T> {
  return picklist(allowed, `must be one of: ${allowed.join(", ")}`);
}

export function orNull<T>(schema: Schema<T>): Schema<T | null> {
  return nullableSchema(schema);
}

export function either<A, B>(
  first: Schema<A>,
  second: Schema<B>,
  isFirst: (input: unknown) => boolean,
): Schema<A | B> {
  return lazy<Schema<A | B>>((input) => (isFirst(input) ? first : second));
}

export function listOf<T>(schema: Schema<T>): Schema<T[]> {
  return array(schema, "must be a list");
}

/** To the library an array is an object, too. */
const anyObject = custom<Record<string, unknown>>(isRecord, "must be an object");

export function recordOf<T>(schema: Schema<T>): Schema<Record<string, T>> {
  return pipe(anyObject, record(stringSchema(), schema));
}

/** An object with these fields and no others: a misspelt field is an error, not a silence. */
export function object<R extends Schemas, O extends Schemas>(
  required: R,
  optional: O,
): Schema<Fields<R, O>> {
  const known = [...Object.keys(required), ...Object.keys(optional)].join(", ");
  const fields = {
    ...Object.fromEntries(
      Object.entries(optional).map(([key, schema]) => [key, exactOptional(schema)]),
    ),
    ...required,
  };
  const schema = strictObject(fields, (issue) => {
    const field = String(issue.path?.at(-1)?.key);
    return isUnknownField(issue)
      ? `has no field ${field}; it has: ${known || "none"}`
      : `needs the field ${field}`;
  });
  // The library does not see from a list of entries which of them are there.
  return pipe(anyObject, schema) as unknown as Schema<Fields<R, O>>;
}
