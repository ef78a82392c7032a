import { LatchkeyError } from "../../errors.ts";
import { duration } from "../../text/terminal.ts";
import { describeFailure, isCredentialsRefusal } from "./failure.ts";

/** Compares this machine's clock with the `Date` header of the services' answers. */

/** AWS refuses signatures that are off by more than this. */
const SIGNATURE_SECONDS = 5 * 60;

/** Hint for a clock that is wrong. */
export const CLOCK_CURE = "Let the system set its clock from the network (NTP).";

/** Anything with this machine's clock: a connection or a Context. */
interface Timekeeper {
  readonly now: () => Date;
}

/**
 * The seconds by which a service's clock is ahead. The key is the clock function, so that connections and Contexts that
 * use the same function share an entry.
 */
const serverClocks = new WeakMap<Timekeeper["now"], number>();

export function noteServerClock(
  { now }: Timekeeper,
  headers: Readonly<Record<string, string>>,
): void {
  const date = Date.parse(headers["date"] ?? "");
  if (Number.isFinite(date)) serverClocks.set(now, (date - now().getTime()) / 1000);
}

/**
 * Returns the seconds by which the service that answered last is ahead of this machine. Undefined before the first
 * answer.
 */
export function serverClockAheadSeconds({ now }: Timekeeper): number | undefined {
  return serverClocks.get(now);
}

/** Returns whether AWS would refuse a signature made with this clock. */
export function isClockWrong(aheadSeconds: number): boolean {
  return Math.abs(aheadSeconds) > SIGNATURE_SECONDS;
}

/**
 * Describes how far this machine's clock is off: `2 h behind the service's`. From one minute on it rounds to minutes,
 * since a `Date` header has no fractions and the answer took time.
 */
export function clockOffText(aheadSeconds: number): string {
  const off = Math.abs(aheadSeconds);
  const seconds = off < 60 ? off : Math.round(off / 60) * 60;
  return `${duration(seconds)} ${aheadSeconds > 0 ? "behind" : "ahead of"} the service's`;
}

/** Returns what is wrong with this machine's clock, judged by the last answer. Undefined if it is right. */
export function findClockFault(timekeeper: Timekeeper): string | undefined {
  const aheadSeconds = serverClockAheadSeconds(timekeeper) ?? 0;
  return isClockWrong(aheadSeconds)
    ? `the clock of this machine is ${clockOffText(aheadSeconds)}`
    : undefined;
}

interface Refusal {
  /** A full sentence. */
  readonly message: string;
  /** Used if the clock is right. */
  readonly hint: string;
  readonly cause?: unknown;
}

/** Returns the error for refused credentials: ACCESS_DENIED. A wrong clock is named as the reason before any other. */
export function refusalError(timekeeper: Timekeeper, { message, hint, cause }: Refusal) {
  const fault = isOfTime(cause) ? findClockFault(timekeeper) : undefined;
  return fault === undefined
    ? new LatchkeyError("ACCESS_DENIED", message, { hint, cause })
    : new LatchkeyError("ACCESS_DENIED", `${message.replace(/\.$/, "")}: ${fault}.`, {
        hint: CLOCK_CURE,
        cause,
      });
}

/**
 * Returns whether a wrong clock can be the reason: the refusal is about the credentials or their signature, or gives no
 * reason.
 */
function isOfTime(cause: unknown): boolean {
  return (
    cause === undefined ||
    isCredentialsRefusal(cause) ||
    SIGNATURE.test(describeFailure(cause).type)
  );
}

const SIGNATURE = /^(SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed|InvalidSignature)/;
