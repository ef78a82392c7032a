/** Narrowing of what arrives as `unknown`: each parser returns the value or throws a BadInput naming the place. */
export type Parser<T> = (input: unknown, place: string) => T;
type Output<P> = P extends Parser<infer T> ? T : never;
type Parsers = Readonly<Record<string, Parser<unknown>>>;
type Fields<R extends Parsers, O extends Parsers> = { [K in keyof R]: Output<R[K]> } & {
  [K in keyof O]?: Output<O[K]>;
};

interface BadInput extends Error {
  readonly badInput: true;
}

export function badInput(message: string): BadInput {
  return Object.assign(new Error(message), { badInput: true as const });
}

export function isBadInput(error: unknown): error is BadInput {
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

export const string: Parser<string> = (input, place) => {
  if (typeof input !== "string") throw badInput(`${place} must be a string`);
  return input;
};

export const boolean: Parser<boolean> = (input, place) => {
  if (typeof input !== "boolean") throw badInput(`${place} must be true or false`);
  return input;
};

export const anything: Parser<unknown> = (input) => input;

export function number(minimum: number, maximum = Number.MAX_SAFE_INTEGER): Parser<number> {
  return (input, place) => {
    if (
      typeof input !== "number" ||
      !Number.isFinite(input) ||
      input < minimum ||
      input > maximum
    ) {
      throw badInput(`${place} must be a number from ${minimum} to ${maximum}`);
    }
    return input;
  };
}

export function integer(minimum: number, maximum = Number.MAX_SAFE_INTEGER): Parser<number> {
  const inRange = number(minimum, maximum);
  return (input, place) => {
    const value = inRange(input, place);
    if (!Number.isInteger(value)) throw badInput(`${place} must be a whole number`);
    return value;
  };
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Parser<T> {
  return (input, place) => {
    const found = allowed.find((value) => value === input);
    if (found === undefined) throw badInput(`${place} must be one of: ${allowed.join(", ")}`);
    return found;
  };
}

export function nullable<T>(parse: Parser<T>): Parser<T | null> {
  return (input, place) => (input === null ? null : parse(input, place));
}

export function either<A, B>(
  first: Parser<A>,
  second: Parser<B>,
  isFirst: (input: unknown) => boolean,
): Parser<A | B> {
  return (input, place) => (isFirst(input) ? first(input, place) : second(input, place));
}

export function listOf<T>(parse: Parser<T>): Parser<T[]> {
  return (input, place) => {
    if (!Array.isArray(input)) throw badInput(`${place} must be a list`);
    return input.map((item: unknown, position) => parse(item, `${place}[${position}]`));
  };
}

export function recordOf<T>(parse: Parser<T>): Parser<Record<string, T>> {
  return (input, place) => {
    if (!isRecord(input)) throw badInput(`${place} must be an object`);
    return Object.fromEntries(
      Object.entries(input).map(([key, value]) => [key, parse(value, `${place}.${key}`)]),
    );
  };
}

/** An object with these fields and no others: a misspelt field is an error, not a silence. */
export function object<R extends Parsers, O extends Parsers>(
  required: R,
  optional: O,
): Parser<Fields<R, O>> {
  return (input, place) => {
    if (!isRecord(input)) throw badInput(`${place} must be an object`);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(input)) {
      if (!Object.hasOwn(required, key) && !Object.hasOwn(optional, key)) {
        const known = [...Object.keys(required), ...Object.keys(optional)].join(", ");
        throw badInput(`${place} has no field ${key}; it has: ${known || "none"}`);
      }
    }
    for (const [key, parse] of Object.entries({ ...optional, ...required })) {
      const value = input[key];
      if (value === undefined && !Object.hasOwn(required, key)) continue;
      if (value === undefined) throw badInput(`${place} needs the field ${key}`);
      result[key] = parse(value, `${place}.${key}`);
    }
    return result as Fields<R, O>;
  };
}
