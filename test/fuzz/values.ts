import fc from "fast-check";
import { isExpectedFailure, type ErrorCode } from "../../src/errors.ts";
import { ensure } from "./target.ts";

/** Random values from outside: any bytes, text or JSON, and values that are right except for a part. */

/** Texts with a special meaning for readers, shells and terminals. */
const ODD_PIECES: readonly string[] = [
  ...Array.from(
    "\0\t\n\r\v\f\u001b\u007f\u0085\u009b\u00a0\u200b\u200e\u2028\u202e\u2066\ufeff\u{e0041}\u{1f511}é",
  ),
  ...Array.from("\"'`$\\!#;%&|<>()[]{}*?~=:,@/+-_ "),
  "\ud800",
  "\udc80",
  "\r\n",
  "..",
  "${",
  "__proto__",
  "constructor",
  "-",
  "=cmd",
  "\u001b]52;c;eA==\u0007",
];

export function arbitraryText(maxLength = 40): fc.Arbitrary<string> {
  const word = fc.constantFrom("a", "Z", "0", "b1", "us-east-1", "https://", "profile");
  const unit = fc.oneof(
    word,
    fc.constantFrom(...ODD_PIECES),
    fc.string({ unit: "binary", maxLength: 3 }),
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(unit, { maxLength }).map((pieces) => pieces.join("")) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength }) },
    { weight: 1, arbitrary: fc.string({ maxLength }) },
  );
}

export function arbitraryBytes(maxLength = 200): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    fc.uint8Array({ maxLength }),
    arbitraryText(maxLength).map((text) => Buffer.from(text, "utf8")),
    arbitraryText(maxLength).map((text) => Buffer.from(text, "latin1")),
  );
}

/** Returns a text with parts replaced, doubled or cut off. */
export function damage(text: string, pieces: readonly string[] = []): fc.Arbitrary<string> {
  const put = fc.oneof(arbitraryText(6), fc.constantFrom(...pieces, ...ODD_PIECES));
  const slip = fc.tuple(fc.nat(text.length), fc.nat(30), put, fc.integer({ min: 1, max: 3 }));
  return fc
    .array(slip, { maxLength: 4 })
    .map((slips) =>
      slips.reduce(
        (whole, [at, length, piece, times]) =>
          whole.slice(0, at) + piece.repeat(times) + whole.slice(at + length),
        text,
      ),
    );
}

/** Returns a JSON value of any form. */
export function arbitraryJson(): fc.Arbitrary<unknown> {
  const scalar = fc.oneof(
    arbitraryText(8),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(null, true, false, "", 0, -1, 1e308, Number.MAX_SAFE_INTEGER),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: "json" },
      scalar,
      fc.array(tie("value"), { maxLength: 4 }),
      arbitraryRecord(tie("value")),
    ),
  }));
  return value;
}

/** Names of prototype members are included, as own members, as in objects from JSON.parse. */
function arbitraryRecord(member: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const key = fc.oneof(
    arbitraryText(4),
    fc.constantFrom("__proto__", "constructor", "toString", "length", "Resources", "id"),
  );
  return fc
    .array(fc.tuple(key, member), { maxLength: 4 })
    .map((entries): unknown => Object.fromEntries(entries));
}

/** Returns an object whose members are right, missing or random. Sometimes it is another random value. */
export function arbitraryShape(
  members: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<unknown> {
  const loose = Object.fromEntries(
    Object.entries(members).map(([name, right]) => [
      name,
      fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: arbitraryJson() }),
    ]),
  );
  const record = fc.record(loose, { requiredKeys: [] });
  const whole = fc.record(members);
  return fc.oneof(
    { weight: 3, arbitrary: whole },
    { weight: 8, arbitrary: record },
    { weight: 1, arbitrary: arbitraryJson() },
  );
}

/** So deep that a recursive function runs out of stack; JSON.parse does not. */
const DEEP = "[".repeat(20_000) + "]".repeat(20_000);

/** Returns the text of a JSON value, which is sometimes damaged or extremely deep. */
export function arbitraryJsonText(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const text = value.map((each) => JSON.stringify(each));
  return fc.oneof(
    { weight: 12, arbitrary: text },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, fc.nat(200), arbitraryText(3))
        .map(([whole, at, piece]) => whole.slice(0, at) + piece + whole.slice(at + 1)),
    },
    {
      weight: 1,
      arbitrary: text.map((whole) =>
        /^\{.+\}$/s.test(whole) ? `${whole.slice(0, -1)},"deep":${DEEP}}` : DEEP,
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(text, fc.nat(400)).map(([whole, end]) => whole.slice(0, end)),
    },
  );
}

/** Returns the value of the work; undefined if it fails with a proper error for users (with one of these codes, if given). */
export async function expectValueOrFailure<Value>(
  work: () => Value | Promise<Value>,
  codes: readonly ErrorCode[] = [],
): Promise<Value | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    ensure(codes.length === 0 || codes.includes(thrown.code), `${thrown.code}: ${thrown.message}`);
    return undefined;
  }
}
