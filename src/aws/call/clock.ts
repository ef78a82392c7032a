import { LatchkeyError } from "../../errors.ts";
import { duration } from "../../text/terminal.ts";
import { describeFailure, isCredentialsRefusal } from "../failure.ts";

/** This machine's clock beside the services', which every answer tells by its `Date`. */

/** AWS refuses signatures that are off by more. */
const SIGNATURE_SECONDS = 5 * 60;

/** What to do about a clock that is wrong. */
export const CLOCK_CURE = "Let the system set its clock from the network (NTP).";

/** Whoever has the clock of this machine: a connection, a Context. */
interface Timekeeper {
  readonly now: () => Date;
}

/** By our own clock: one that is read through the same function is the same. */
const serverClocks = new WeakMap<Timekeeper["now"], number>();

export function noteServerClock(
  { now }: Timekeeper,
  headers: Readonly<Record<string, string>>,
): void {
  const date = Date.parse(headers["date"] ?? "");
  if (Number.isFinite(date)) serverClocks.set(now, (date - now().getTime()) / 1000);
}

/** Seconds by which the service that answered last is ahead of us; undefined before any answer. */
export function serverClockAheadSeconds({ now }: Timekeeper): number | undefined {
  return serverClocks.get(now);
}

/** Whether AWS would refuse what this machine signs. */
export function isClockWrong(aheadSeconds: number): boolean {
  return Math.abs(aheadSeconds) > SIGNATURE_SECONDS;
}

/** `2 h behind the service's`, of this machine's clock. A `Date` has no fractions, and an answer takes its time: no seconds beside minutes. */
export function clockOffText(aheadSeconds: number): string {
  const off = Math.abs(aheadSeconds);
  const seconds = off < 60 ? off : Math.round(off / 60) * 60;
  return `${duration(seconds)} ${aheadSeconds > 0 ? "behind" : "ahead of"} the service's`;
}

/** What is wrong with the clock of this machine, by the last answer; undefined where nothing is. */
export function findClockFault(timekeeper: Timekeeper): string | undefined {
  const aheadSeconds = serverClockAheadSeconds(timekeeper) ?? 0;
  return isClockWrong(aheadSeconds)
    ? `the clock of this machine is ${clockOffText(aheadSeconds)}`
    : undefined;
}

interface Refusal {
  /** A whole sentence. */
  readonly message: string;
  /** Where the clock is right. */
  readonly hint: string;
  readonly cause?: unknown;
}

/** A refusal of credentials: a clock that is wrong is the reason that comes before all others. */
export function refusalError(timekeeper: Timekeeper, { message, hint, cause }: Refusal) {
  const fault = isOfTime(cause) ? findClockFault(timekeeper) : undefined;
  return fault === undefined
    ? new LatchkeyError("ACCESS_DENIED", message, { hint, cause })
    : new LatchkeyError("ACCESS_DENIED", `${message.replace(/\.$/, "")}: ${fault}.`, {
        hint: CLOCK_CURE,
        cause,
      });
}

/** Whether a clock can be the reason: what is said of the credentials or their signature, or nothing that says more. */
function isOfTime(cause: unknown): boolean {
  return (
    cause === undefined ||
    isCredentialsRefusal(cause) ||
    SIGNATURE.test(describeFailure(cause).type)
  );
}

const SIGNATURE = /^(SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed|InvalidSignature)/;
