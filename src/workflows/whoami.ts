import type { Context } from "../context.ts";
import type { ProfileForm } from "../domain/profile.ts";
import { sessionCacheKey, sessionLabel } from "../domain/sso-session.ts";
import { knownAccountName } from "../files/access-listing.ts";
import { connectionTo } from "./connection.ts";
import { credentialsOf } from "./profile-credentials.ts";
import { selectProfile } from "./selection.ts";
import { storedToken } from "./storage.ts";

/** Who AWS says this is: asked of STS with the credentials that the profile yields. */
export interface Identity {
  readonly accountId: string;
  readonly accountName: string | undefined;
  readonly arn: string;
  readonly userId: string;
  readonly roleName: string | undefined;
  readonly userName: string | undefined;
  readonly profile: string;
  readonly source: ProfileForm;
  readonly session: string | undefined;
  /** undefined: never, as far as this machine knows. */
  readonly credentialsExpireAt: Date | undefined;
  readonly sessionExpiresAt: Date | undefined;
}

const DEFAULT_STS_REGION = "us-east-1";

export async function whoami(context: Context, flags: { readonly profile?: string | undefined; readonly region?: string | undefined }): Promise<Identity> {
  const profile = await selectProfile(context, flags);
  const credentials = await credentialsOf(context, profile);
  const { callerIdentity } = await import("../network/sts.ts");
  const region = flags.region ?? context.env["AWS_REGION"] ?? context.env["AWS_DEFAULT_REGION"] ?? profile.region ?? DEFAULT_STS_REGION;
  const { accountId, arn, userId } = await callerIdentity(connectionTo(context, "STS", { region, caBundle: profile.session?.caBundle ?? profile.caBundle }), credentials);
  const { session } = profile;
  const token = session === undefined ? undefined : await storedToken(context, session);
  return {
    accountId,
    accountName: session === undefined ? undefined : knownAccountName(context.home, sessionCacheKey(session), accountId),
    arn,
    userId,
    ...assumedRole(arn),
    profile: profile.name,
    source: profile.form,
    session: session === undefined ? undefined : sessionLabel(session),
    credentialsExpireAt: credentials.expiration,
    sessionExpiresAt: token?.expiresAt,
  };
}

/** `…:assumed-role/AWSReservedSSO_ViewOnlyAccess_1a2b3c4d5e6f7a8b/USER` → the permission set and the user. */
function assumedRole(arn: string): { roleName: string | undefined; userName: string | undefined } {
  const match = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  const roleName = match?.[1];
  return { roleName: roleName === undefined ? undefined : (/^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(roleName)?.[1] ?? roleName), userName: match?.[2] };
}
