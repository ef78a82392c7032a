import { createConnection } from "../aws/connection.ts";
import type { HttpAnswer } from "../aws/http.ts";
import { sendPlain } from "../aws/send.ts";
import type { Context } from "../context.ts";
import { LatchkeyError, type ErrorCode } from "../errors.ts";
import type { Newest } from "./update.ts";

const GITHUB = "https://github.com";
const MOST_MILLISECONDS = 10_000;

/** Returns the address of the newest release's page. @param repository as in package.json: `github:OWNER/NAME` */
export function locateNewest(repository: string, origin = GITHUB): string {
  return `${origin}/${repository.replace(/^github:/, "")}/releases/latest`;
}

/**
 * Asks the repository for the version of the newest release. The page redirects to that release, whose address contains
 * the version. The body of the response is not read, and the request contains nothing about the user.
 * @throws LatchkeyError UNDETERMINED if there is no release yet; UNREACHABLE, THROTTLED or BAD_RESPONSE
 */
export async function findNewest(
  context: Context,
  repository: string,
  version: string,
): Promise<Newest> {
  const deadline = context.monotonic() + MOST_MILLISECONDS;
  // A connection needs a region, which this address does not contain.
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

/** Returns the version of the newest release. @throws LatchkeyError UNDETERMINED, THROTTLED or BAD_RESPONSE */
function readNewest(answer: HttpAnswer, asked: URL): string {
  const outcome = decideNewest(answer, asked);
  if (outcome.kind === "release") return outcome.version;
  const { code, says, hint } = FAILURES[outcome.kind];
  throw new LatchkeyError(code, `${asked.host} ${says} (HTTP ${answer.status}).`, {
    hint: hint ?? `Try again later, or open ${asked.href}`,
  });
}

type Outcome =
  | { readonly kind: "release"; readonly version: string }
  | { readonly kind: "none" | "throttled" | "trouble" | "foreign" };

const RELEASE = /^\/[^/]+\/[^/]+\/releases\/tag\/v?(\d{1,5}\.\d{1,5}\.\d{1,5})$/;

/** Decides what the response means. Only a redirect on the same host is accepted. */
export function decideNewest(
  { status, headers }: Pick<HttpAnswer, "status" | "headers">,
  asked: URL,
): Outcome {
  if (status === 404) return { kind: "none" };
  if (status === 403 || status === 429) return { kind: "throttled" };
  if (status >= 500) return { kind: "trouble" };
  const target = URL.parse(headers["location"] ?? "", asked.href);
  if (status < 300 || target?.origin !== asked.origin) return { kind: "foreign" };
  // If there is no release, the page redirects to the empty list of releases.
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
  throttled: { code: "THROTTLED", says: "refuses requests for now" },
  trouble: { code: "UNREACHABLE", says: "is in trouble" },
  foreign: {
    code: "BAD_RESPONSE",
    says: "did not name the newest release",
    hint: "A captive portal or a proxy may be in between; try again.",
  },
};

/** Returns whether a version (MAJOR.MINOR.PATCH) is newer than another one. A version with a hyphen is a prerelease. */
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
