import type { Context } from "../../context.ts";
import { findSection } from "../../aws-config/document.ts";
import { sessionLabel } from "../../model/sso-session.ts";
import { findAccountName } from "../../access/known.ts";
import { CLIENTS, type Client } from "../../clients/family.ts";
import { findRole, type Outcome } from "../../clients/identity.ts";
import { resolveIdentity } from "../../profiles/identity.ts";
import { requireProfile } from "../../profiles/known.ts";
import { findCredentials, readFiles, type FoundCredentials } from "./find.ts";
import { outcomeText, sourceText, toSourceWord, type SourceWord } from "./source.ts";
import { callWithCredentials, createProfileConnection } from "../profile.ts";
import { rememberCaller } from "../role-chain.ts";
import { checkRegionFlag, type RoleFlags } from "../../profiles/select.ts";
import { usageError } from "../../errors.ts";
import { sessionStatus, type SessionStatus } from "../../sign-in/status.ts";

/** The caller's identity, from AWS or from local files. */
export interface Identity {
  readonly accountId: string | undefined;
  readonly accountName: string | undefined;
  readonly arn: string | undefined;
  readonly userId: string | undefined;
  readonly roleName: string | undefined;
  readonly userName: string | undefined;
  /** Undefined if no expiry is known. */
  readonly credentialsExpireAt: Date | undefined;
  readonly found: FoundCredentials;
  /** The state of the SSO session behind the credentials; undefined if they need none. */
  readonly session: SessionStatus | undefined;
}

interface WhoamiRequest {
  /** Empty means to use the environment. */
  readonly role: RoleFlags;
  /** The region whose STS is asked. */
  readonly region?: string | undefined;
}

/**
 * Asks STS with the credentials that AWS clients would use.
 * @throws LatchkeyError SIGN_IN_REQUIRED, ACCESS_DENIED, CONFIG_INVALID, UNREACHABLE, BAD_RESPONSE, USAGE
 */
export async function whoami(context: Context, request: WhoamiRequest) {
  const region =
    request.region === undefined ? undefined : checkRegionFlag("--region", request.region);
  const found = await findCredentials(context, request.role);
  const { fetchCallerIdentity } = await import("../../aws/sts.ts");
  const connection = createProfileConnection(context, "STS", found.profile, region ?? found.region);
  const { caller, accessKeyId, credentialsExpireAt } = await callWithCredentials(
    found,
    async (credentials) => ({
      caller: await fetchCallerIdentity(connection, credentials, found.cure),
      accessKeyId: credentials.accessKeyId,
      credentialsExpireAt: credentials.expiration,
    }),
  );
  if (found.ownRole !== undefined)
    await rememberCaller(context, found.ownRole, { arn: caller.arn, accessKeyId });
  return {
    ...caller,
    ...parseAssumedRole(caller.arn),
    ...(await describeOrigin(context, found, caller.accountId)),
    credentialsExpireAt,
  } satisfies Identity;
}

/** Returns the identity from local files and the environment only: makes no requests and refreshes nothing. */
export async function whoamiOffline(context: Context, request: WhoamiRequest): Promise<Identity> {
  const found = await findCredentials(context, request.role);
  const { accountId, roleName } = found.role;
  return {
    accountId,
    roleName,
    arn: undefined,
    userId: undefined,
    userName: undefined,
    ...(await describeOrigin(context, found, accountId)),
    credentialsExpireAt: await found.findExpiry(),
  };
}

/** What one AWS client uses. */
export interface ClientIdentity {
  readonly client: Client;
  readonly outcome: Outcome["kind"];
  readonly source: SourceWord | undefined;
  /** The source, or the reason why there is none. */
  readonly words: string;
  readonly accountId: string | undefined;
  readonly roleName: string | undefined;
}

/**
 * Returns what each AWS client uses, from local files and the environment only. @throws LatchkeyError CONFIG_INVALID,
 * USAGE
 */
export function whoamiByClient(
  context: Context,
  { profile, accountId }: RoleFlags,
): ClientIdentity[] {
  if (accountId !== undefined)
    throw usageError(
      "--clients shows how AWS clients use a profile, but that role has no profile.",
      "Name a profile.",
    );
  const files = readFiles(context);
  const { outcomes } = resolveIdentity(context, profile);
  const isUnknown =
    profile !== undefined && findSection(files.config.document, "profile", profile) === undefined;
  if (isUnknown && Object.values(outcomes).every(({ kind }) => kind !== "identity"))
    requireProfile(context, files.config, profile);
  return CLIENTS.map((client) => {
    const outcome = outcomes[client];
    const source = outcome.kind === "identity" ? outcome.source : undefined;
    const words = source === undefined ? outcomeText(outcome, files) : sourceText(source, files);
    return {
      client,
      outcome: outcome.kind,
      source: source && toSourceWord(source),
      words,
      ...findRole(source),
    };
  });
}

async function describeOrigin(
  context: Context,
  found: FoundCredentials,
  accountId: string | undefined,
): Promise<Pick<Identity, "accountName" | "found" | "session">> {
  const { session } = found;
  return {
    accountName:
      accountId && findAccountName(context.home, session && sessionLabel(session), accountId),
    found,
    session: session && (await sessionStatus(context, session, false)),
  };
}

/**
 * Parses `…:assumed-role/AWSReservedSSO_ViewOnlyAccess_1a2b3c4d5e6f7a8b/USER` to permission set and user, and
 * `…:user/NAME` to the user.
 */
function parseAssumedRole(arn: string): Pick<Identity, "roleName" | "userName"> {
  const [, role, session] = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  const [, permissionSet] = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(role ?? "") ?? [];
  const [, user] = /^arn:[^:]+:iam::\d+:user\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return { roleName: permissionSet ?? role, userName: session ?? user };
}
