import type { Context } from "../context.ts";
import {
  isAccessPortal,
  isStartUrl,
  trimPortalUrl,
  findRegionInStartUrl,
} from "../model/start-url.ts";
import { sessionEdit, findSession } from "../profiles/change/edits.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { LatchkeyError } from "../errors.ts";
import { applyConfirmed } from "../profiles/change/change.ts";
import { createConnection } from "../aws/connection.ts";
import type { HttpAnswer } from "../aws/http.ts";
import { sendPlain, type Connection } from "../aws/send.ts";
import { notice } from "../terminal/notice.ts";
import { readConfig } from "../profiles/select.ts";

/**
 * The access portal of a start URL. Most start URLs are the address of a portal. A company's own address redirects to a
 * portal; latchkey follows one redirect, as the AWS CLI does (2.36.7, sso/resolve.py). The name of the token file is
 * still derived from the start URL in the config.
 */
export interface Portal {
  /** If the portal's address contains a region, the session has that region. */
  readonly session: SsoSession;
  /** The URL that is sent to the service. */
  readonly portalUrl: string;
}

const RESOLVE_MILLISECONDS = 10_000;

export async function findPortal(context: Context, session: SsoSession): Promise<Portal> {
  const { startUrl } = session;
  if (isAccessPortal(startUrl)) {
    warnOfOtherRegion(context, session, findRegionInStartUrl(startUrl));
    return { session, portalUrl: startUrl };
  }
  const target = await resolveStartUrl(
    createConnection(context, "SSO_OIDC", session, context.monotonic() + RESOLVE_MILLISECONDS),
    startUrl,
  );
  if (!isStartUrl(target) || !isAccessPortal(target)) {
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `The start URL ${startUrl} is not an AWS access portal and does not redirect to one (${parseHost(target)}).`,
      {
        hint: "Ask the administrator of your IAM Identity Center for the AWS access portal URL: it looks like https://my-company.awsapps.com/start",
      },
    );
  }
  return {
    session: { ...session, region: findRegionInStartUrl(target) ?? session.region },
    portalUrl: trimPortalUrl(target),
  };
}

function parseHost(url: string): string {
  return URL.parse(url)?.host ?? "an invalid address";
}

function warnOfOtherRegion(context: Context, session: SsoSession, named: string | undefined): void {
  if (named === undefined || named === session.region) return;
  const cure =
    session.name === undefined
      ? ""
      : `: latchkey configure session --sso-session ${quoteShellWord(session.name)} --sso-region ${named} --force`;
  notice(
    context,
    `the start URL of ${sessionLabel(session)} names the region ${named}, but sso_region is ${session.region}. If the sign-in fails, this is the reason${cure}`,
  );
}

/**
 * If the redirect led to another region than configured, writes that region to the session's section, as the AWS CLI
 * does. Otherwise no client would find the service that issued the token. A legacy profile is not changed: a notice
 * asks the user to change it.
 */
export async function writeRegion(
  context: Context,
  configured: SsoSession,
  { session }: Portal,
): Promise<void> {
  if (session.region === configured.region) return;
  const label = sessionLabel(configured);
  const source = readConfig(context);
  const known = findSession(source, { form: "sso-session", ssoSession: configured.name });
  if (known === undefined || known.region !== configured.region) {
    notice(
      context,
      `the portal of ${label} is in ${session.region}, not in ${configured.region}: set sso_region = ${session.region} next to its start URL.`,
    );
    return;
  }
  await applyConfirmed(
    context,
    source,
    [sessionEdit({ ...known, region: session.region, registrationScopes: undefined })],
    {
      yes: true,
      force: true,
      show: (_changes, file) =>
        notice(
          context,
          `sso_region of ${label} becomes ${session.region} in ${file} (was ${configured.region}): its start URL redirects there.`,
        ),
    },
  );
}

/**
 * Returns the absolute URL to which `startUrl` redirects. Follows one redirect; if there is none, returns `startUrl`.
 * Sends HEAD, and GET if the server does not support HEAD. Sends nothing secret.
 * @throws LatchkeyError UNREACHABLE; BAD_RESPONSE if the response is neither a page nor a redirect
 */
async function resolveStartUrl(connection: Connection, startUrl: string): Promise<string> {
  const url = new URL(startUrl);
  const headers = { "User-Agent": "latchkey", Accept: "*/*" };
  const ask = (method: "HEAD" | "GET"): Promise<HttpAnswer> =>
    sendPlain(
      connection,
      { host: url.host, method, url, headers, expects: "anything" },
      (answer) => answer,
    );
  const toHead = await ask("HEAD");
  const isHeadKnown = toHead.status !== 405 && toHead.status !== 501;
  const answer = isHeadKnown ? toHead : await ask("GET");
  const { status } = answer;
  const { location } = answer.headers;
  if (status >= 200 && status < 300) return startUrl;
  const isRedirect = [301, 302, 303, 307, 308].includes(status) && location !== undefined;
  const target = isRedirect ? URL.parse(location, startUrl) : null;
  if (target !== null) return target.href;
  throw new LatchkeyError(
    "BAD_RESPONSE",
    `The start URL ${startUrl} does not lead to an access portal (HTTP ${status}).`,
    {
      hint: "Open it in a browser, and use the address of the AWS access portal that appears.",
    },
  );
}
