import fc from "fast-check";
import { isExpectedFailure, type ErrorCode } from "../../src/errors.ts";
import { ensure } from "./target.ts";

/** What comes from outside: any bytes, any text, any JSON, and what is right but for a part. */

/** What readers, shells and terminals take for more than a letter. */
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

/** A text with some of it replaced, doubled or cut off. */
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

/** A JSON value of any shape. */
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

/** Also with the names that objects have from their prototype, as JSON.parse makes them: the object's own. */
function arbitraryRecord(member: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const key = fc.oneof(
    arbitraryText(4),
    fc.constantFrom("__proto__", "constructor", "toString", "length", "Resources", "id"),
  );
  return fc
    .array(fc.tuple(key, member), { maxLength: 4 })
    .map((entries): unknown => Object.fromEntries(entries));
}

/** An object whose members are right, gone or anything; now and then anything in its place. */
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

/** So deep that whoever walks it by calling itself runs out of stack; JSON.parse does not. */
const DEEP = "[".repeat(20_000) + "]".repeat(20_000);

/** The text of a JSON value, now and then damaged, or with more in it than anybody walks. */
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

/** The value of the work; undefined where it fails as users may meet it, with one of these codes if any are named. */
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
