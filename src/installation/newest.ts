import { createConnection } from "../aws/connection.ts";
import type { HttpAnswer } from "../aws/http.ts";
import { sendPlain } from "../aws/send.ts";
import type { Context } from "../context.ts";
import { LatchkeyError, type ErrorCode } from "../errors.ts";
import type { Newest } from "./update.ts";

const GITHUB = "https://github.com";
const MOST_MILLISECONDS = 10_000;

/** The page of the newest release. @param repository as package.json names it: `github:OWNER/NAME` */
export function locateNewest(repository: string, origin = GITHUB): string {
  return `${origin}/${repository.replace(/^github:/, "")}/releases/latest`;
}

/**
 * Asks the repository which release is the newest: the page leads to that release's own, whose address has the version.
 * Nothing of the page is read, and nothing is sent but the question.
 * @throws LatchkeyError UNDETERMINED where there is no release yet; UNREACHABLE, THROTTLED or BAD_RESPONSE
 */
export async function findNewest(
  context: Context,
  repository: string,
  version: string,
): Promise<Newest> {
  const deadline = context.monotonic() + MOST_MILLISECONDS;
  // The region is AWS's: no part of the address here.
  const connection = createConnection(context, "RELEASES", { region: "us-east-1" }, deadline);
  const url = new URL(locateNewest(repository, connection.endpoint?.replace(/\/+$/, "")));
  const headers = { "User-Agent": "latchkey", Accept: "*/*" };
  const newest = await sendPlain(
    connection,
    { host: url.host, method: "GET", url, headers, expects: "anything" },
    (answer) => readNewest(answer, url),
  );
  return { version: newest, isNewer: isNewer(newest, version) };
}

/** The version of the release that the page leads to. @throws LatchkeyError as above */
function readNewest(answer: HttpAnswer, asked: URL): string {
  const outcome = decideNewest(answer, asked);
  if (outcome.kind === "release") return outcome.version;
  const { code, says, hint } = FAILURES[outcome.kind];
  throw new LatchkeyError(code, `${asked.host} ${says} (HTTP ${answer.status}).`, {
    hint: hint ?? `Look there in a while: ${asked.href}`,
  });
}

type Outcome =
  | { readonly kind: "release"; readonly version: string }
  | { readonly kind: "none" | "throttled" | "trouble" | "foreign" };

const RELEASE = /^\/[^/]+\/[^/]+\/releases\/tag\/v?(\d{1,5}\.\d{1,5}\.\d{1,5})$/;

/** What the page's answer means: a redirect on the same host, or nothing that is believed. */
export function decideNewest(
  { status, headers }: Pick<HttpAnswer, "status" | "headers">,
  asked: URL,
): Outcome {
  if (status === 404) return { kind: "none" };
  if (status === 403 || status === 429) return { kind: "throttled" };
  if (status >= 500) return { kind: "trouble" };
  const target = URL.parse(headers["location"] ?? "", asked.href);
  if (status < 300 || target?.origin !== asked.origin) return { kind: "foreign" };
  // Without a release it leads to the list of them.
  if (target.pathname.endsWith("/releases")) return { kind: "none" };
  const version = RELEASE.exec(target.pathname)?.[1];
  return version === undefined ? { kind: "foreign" } : { kind: "release", version };
}

interface Failure {
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint?: string;
}

const FAILURES: Readonly<Record<Exclude<Outcome["kind"], "release">, Failure>> = {
  none: { code: "UNDETERMINED", says: "has no release of latchkey yet" },
  throttled: { code: "THROTTLED", says: "turns requests away for now" },
  trouble: { code: "UNREACHABLE", says: "is in trouble" },
  foreign: {
    code: "BAD_RESPONSE",
    says: "did not say which release is the newest",
    hint: "A captive portal or a proxy may be in between; try again.",
  },
};

/** Both as MAJOR.MINOR.PATCH; what stands behind a hyphen came out before the release of that number. */
export function isNewer(version: string, than: string): boolean {
  const [wanted, own] = [readNumbers(version), readNumbers(than)];
  const at = wanted.findIndex((number, index) => number !== own[index]);
  if (at === -1) return than.includes("-") && !version.includes("-");
  return (wanted[at] ?? 0) > (own[at] ?? 0);
}

function readNumbers(version: string): number[] {
  return version
    .replace(/[-+].*$/, "")
    .split(".")
    .map(Number);
}
