import type { Context } from "../context.ts";
import type { CredentialsSource } from "./source.ts";
import { sessionCacheKey, sessionLabel } from "../model/sso-session.ts";
import { findAccountName } from "../access/known.ts";
import { createConnection } from "../aws/connection.ts";
import { findCredentials, type FoundCredentials } from "./find.ts";
import { checkRegionFlag } from "../profiles/select.ts";
import { sessionStatus, type SessionState } from "../sign-in/status.ts";

/** Who this is, as far as this machine knows. */
export interface KnownIdentity {
  readonly accountId: string | undefined;
  readonly accountName: string | undefined;
  readonly arn: string | undefined;
  readonly userId: string | undefined;
  readonly roleName: string | undefined;
  readonly userName: string | undefined;
  /** undefined where the credentials are none of a profile's. */
  readonly profile: string | undefined;
  readonly source: CredentialsSource;
  readonly sourceWords: string;
  /** What else is set or written, that other clients go by or that has no say. */
  readonly remarks: readonly string[];
  readonly region: string | undefined;
  readonly session: string | undefined;
  readonly sessionState: SessionState | undefined;
  readonly sessionRenewsItself: boolean;
  readonly sessionExpiresAt: Date | undefined;
  /** undefined: never, as far as this machine knows. */
  readonly credentialsExpireAt: Date | undefined;
}

/** Who AWS says this is. */
interface Identity extends KnownIdentity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

interface WhoamiRequest {
  readonly profile?: string | undefined;
  /** Whose STS is asked. */
  readonly region?: string | undefined;
}

const DEFAULT_STS_REGION = "us-east-1";

/**
 * Asks STS with the credentials that AWS clients would use.
 * @throws LatchkeyError SIGN_IN_REQUIRED, ACCESS_DENIED, CONFIG_INVALID, UNREACHABLE, BAD_RESPONSE, USAGE
 */
export async function whoami(context: Context, request: WhoamiRequest): Promise<Identity> {
  const region =
    request.region === undefined ? undefined : checkRegionFlag("--region", request.region);
  const found = await findCredentials(context, request.profile);
  const credentials = await found.fetch();
  const { fetchCallerIdentity } = await import("../aws/sts.ts");
  const caBundle = found.profile?.session?.caBundle ?? found.profile?.caBundle;
  const { accountId, arn, userId } = await fetchCallerIdentity(
    createConnection(context, "STS", {
      region: region ?? found.region ?? DEFAULT_STS_REGION,
      caBundle,
    }),
    credentials,
    found.cure,
  );
  return {
    ...(await buildIdentity(context, found, accountId)),
    accountId,
    arn,
    userId,
    ...parseAssumedRole(arn),
    credentialsExpireAt: credentials.expiration,
  };
}

/** The same from the files and the environment alone: nobody is asked, nothing is renewed. */
export async function whoamiOffline(
  context: Context,
  request: WhoamiRequest,
): Promise<KnownIdentity> {
  const found = await findCredentials(context, request.profile);
  return {
    ...(await buildIdentity(context, found, found.role.accountId)),
    arn: undefined,
    userId: undefined,
    userName: undefined,
    roleName: found.role.roleName,
    credentialsExpireAt: await found.findExpiry(),
  };
}

async function buildIdentity(
  context: Context,
  { profile, source, words, remarks, region, session }: FoundCredentials,
  accountId: string | undefined,
) {
  const status = session === undefined ? undefined : await sessionStatus(context, session, false);
  return {
    accountId,
    accountName:
      accountId === undefined
        ? undefined
        : findAccountName(
            context.home,
            session === undefined ? undefined : sessionCacheKey(session),
            accountId,
          ),
    profile: profile?.name,
    source,
    sourceWords: words,
    remarks,
    region,
    session: session === undefined ? undefined : sessionLabel(session),
    sessionState: status?.state,
    sessionRenewsItself: status?.refreshable === true,
    sessionExpiresAt: status?.expiresAt,
  };
}

/** `…:assumed-role/AWSReservedSSO_ViewOnlyAccess_1a2b3c4d5e6f7a8b/USER` → the permission set and the user; `…:user/NAME` → the user. */
function parseAssumedRole(arn: string): {
  roleName: string | undefined;
  userName: string | undefined;
} {
  const match = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  const roleName = match?.[1];
  const userName = match?.[2] ?? /^arn:[^:]+:iam::\d+:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  return {
    roleName:
      roleName === undefined
        ? undefined
        : (/^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(roleName)?.[1] ?? roleName),
    userName,
  };
}
