import type { Context } from "../../context.ts";
import { serverClockAheadSeconds } from "../../aws/call/clock.ts";
import { createSilence } from "../../aws/call/silence.ts";
import { createConnection } from "../../aws/connection.ts";
import { whoami } from "../../credentials/identity/whoami.ts";
import { hasCode, isExpectedFailure } from "../../errors.ts";
import { ignoreExpected } from "../../fs/read.ts";
import { loginCommand, sessionLabel, type SsoSession } from "../../model/sso-session.ts";
import { findSsoRoleBelow, readRoleRequest, resolveIdentity } from "../../profiles/identity.ts";
import { toUnattended } from "../../terminal/terminal.ts";
import { isPast } from "../../text/instant.ts";
import { clockTime } from "../../text/terminal.ts";
import { findGrant } from "../../token/decide.ts";
import { tokenFacts } from "../../token/facts.ts";
import { openTokenStoreIfPossible } from "../../token/open-store.ts";
import type { TokenStore } from "../../token/store.ts";
import { callWithToken, openTokenRequest } from "../../token/token.ts";
import type { CauseId } from "../causes.ts";
import type { Attempt, ProcessFacts, SessionFacts } from "./facts.ts";
import { findProcessFault } from "./process-fault.ts";
import type { Names } from "../names.ts";
import { readPastedText } from "../recognize.ts";
import type { Target } from "./target.ts";

/** Repeats a client's requests to the portal and STS with latchkey's own code. */

/** Returns a context that asks no questions and prints only a waiting line: the verdict reports the result. */
function toSilent(context: Context): Context {
  const unattended = toUnattended(context);
  return {
    ...unattended,
    silence: createSilence(context.monotonic, findPatience(context)),
    terminal: {
      ...unattended.terminal,
      showWaiting: (what) => context.terminal.showWaiting(what),
      say: () => undefined,
    },
  };
}

/** Returns how long a service may send nothing, in milliseconds: `--timeout`, else `CALL_MILLISECONDS`. */
function findPatience({ silence }: Context): number {
  return silence.limitMilliseconds ?? CALL_MILLISECONDS;
}

/** Calls the portal with the token, unless offline. An expired token is refreshed first, as every client does. */
export async function lookAtSession(
  context: Context,
  { session, missingSession }: Target,
  isOffline: boolean,
): Promise<SessionFacts | undefined> {
  if (session === undefined)
    return missingSession === undefined
      ? undefined
      : {
          label: missingSession,
          isMissing: true,
          loginCommand: "latchkey configure",
          startUrl: "",
          region: "",
          scopes: undefined,
          token: { kind: "none" },
          portal: undefined,
        };
  const silent = toSilent(context);
  const portal = isOffline ? undefined : await tryPortal(silent, session);
  return {
    label: sessionLabel(session),
    isMissing: false,
    loginCommand: loginCommand(session),
    startUrl: session.startUrl,
    region: session.region,
    scopes: session.registrationScopes,
    token: await readToken(silent, session),
    portal,
  };
}

async function readToken(context: Context, session: SsoSession): Promise<SessionFacts["token"]> {
  const store = await openTokenStoreIfPossible(context, session);
  const token = await store.read();
  if (token === undefined) return toAbsent(session, store);
  const facts = tokenFacts(context, { session });
  const now = context.now();
  const hasRefreshToken = token.refreshToken !== undefined;
  const isRenewable = findGrant(token, { ...facts, isRefused: () => false }) !== undefined;
  const isRefreshRefused = token.refreshToken !== undefined && facts.isRefused(token.refreshToken);
  const ofRefresh = isRefreshRefused ? "refresh" : undefined;
  return {
    kind: "token",
    until: clockTime(token.expiresAt, now),
    isExpired: isPast(token.expiresAt, now),
    hasRefreshToken: hasRefreshToken && (isRenewable || isRefreshRefused),
    refused: facts.isRejected(token.accessToken) ? "token" : ofRefresh,
  };
}

function toAbsent(session: SsoSession, store: TokenStore): SessionFacts["token"] {
  const state = store.readNow();
  if (state.kind !== "foreign") return { kind: store.exists() ? "unreadable" : "none" };
  const { startUrl, region } = state.portal;
  const isOfSameUrl = startUrl === session.startUrl && region !== undefined;
  return { kind: "foreign", region: region ?? "", isOfSameUrl };
}

async function tryPortal(context: Context, session: SsoSession): Promise<Attempt> {
  return attempt(async () => {
    const request = await openTokenRequest(context, session);
    const { probeToken } = await import("../../aws/portal.ts");
    const connection = createConnection(context, "SSO", session, deadline(context));
    const answer = await callWithToken(context, request, (token) => probeToken(connection, token));
    if (answer.kind === "forbidden")
      return fails(
        ["scope-missing"],
        `the portal does not allow the token of ${sessionLabel(session)} to list accounts`,
      );
    return works(`AWS accepts the token of ${sessionLabel(session)}`);
  });
}

/** Fetches the role's credentials without the cache: AWS may have issued cached ones before the assignment was removed. */
export async function tryRole(
  context: Context,
  { config, named, session }: Target,
  { account, role }: Names,
): Promise<Attempt | undefined> {
  const ofProfile = ignoreExpected(() => {
    const source = findSsoRoleBelow(resolveIdentity(context, named).source);
    return source && readRoleRequest(config, source);
  });
  const isNamed = account !== null && role !== null && session !== undefined;
  const wanted = isNamed ? { session, accountId: account, roleName: role } : ofProfile;
  if (wanted === undefined) return undefined;
  const silent = toSilent(context);
  return attempt(async () => {
    const { fetchRoleCredentials } = await import("../../aws/role-credentials.ts");
    const request = await openTokenRequest(silent, wanted.session);
    const connection = createConnection(silent, "SSO", wanted.session, deadline(silent));
    let used = "";
    const { accountId, roleName } = wanted;
    const answer = await callWithToken(silent, request, (token) => {
      used = token;
      return fetchRoleCredentials(connection, token, accountId, roleName);
    });
    if (answer.kind !== "forbidden") return works(`AWS gives the role ${roleName} in ${accountId}`);
    const { explainRefusedRole } = await import("../../credentials/refused-role.ts");
    const ref = {
      session: sessionLabel(wanted.session),
      accountId,
      roleName,
      configFile: undefined,
    };
    throw await explainRefusedRole(silent, { ...request, ref }, used);
  });
}

/**
 * Calls STS with the credentials that most clients would use.
 * * @param process the result of the profile's credential_process; if it failed, it is not run again.
 */
export async function tryIdentity(
  context: Context,
  { named }: Target,
  process: ProcessFacts | undefined,
): Promise<Attempt> {
  const fault = process && findProcessFault(process);
  if (fault !== undefined) return fails([fault.cause], fault.words);
  return attempt(async () => {
    const { arn, accountId } = await whoami(toSilent(context), { role: { profile: named } });
    return works(
      `AWS accepts the credentials: ${arn.replace(/^arn:[^:]*:[^:]*::/, "")} in ${accountId}`,
    );
  });
}

/** Returns the seconds by which the service's clock is ahead in its last response; undefined without a response. */
export function readClockAhead(context: Context): number | undefined {
  return serverClockAheadSeconds(context);
}

const CALL_MILLISECONDS = 8_000;

function deadline(context: Context): number {
  return context.monotonic() + findPatience(context);
}

const works = (words: string): Attempt => ({ kind: "works", words });
const fails = (causes: readonly CauseId[], message: string): Attempt => ({
  kind: "fails",
  causes,
  message,
  hint: undefined,
});

/** Runs an attempt. If it fails, finds the causes of latchkey's error in the table that explain uses for all messages. */
async function attempt(work: () => Promise<Attempt>): Promise<Attempt> {
  try {
    return await work();
  } catch (thrown) {
    if (!isExpectedFailure(thrown) || hasCode(thrown, "CANCELLED")) throw thrown;
    const { message, hint } = thrown;
    const causes = readPastedText(`latchkey: error: ${message}`).recognition?.message.causes ?? [];
    return { kind: "fails", causes, message: message.replace(/\.$/, ""), hint };
  }
}
