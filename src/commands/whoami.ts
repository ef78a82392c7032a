import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { formatInstant } from "../text/instant.ts";
import { clockTime, duration, escapeControls } from "../text/terminal.ts";
import { profileFlag } from "../cli/flags.ts";
import type { CredentialsSource } from "../credentials/source.ts";
import { whoami, whoamiOffline, type KnownIdentity } from "../credentials/whoami.ts";

/** null is what is not known, or what the credentials don't have. */
export interface WhoamiJson {
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly arn: string | null;
  readonly userId: string | null;
  readonly roleName: string | null;
  readonly userName: string | null;
  readonly profile: string | null;
  readonly source: CredentialsSource;
  readonly region: string | null;
  readonly session: string | null;
  readonly credentialsExpireAt: string | null;
  readonly sessionExpiresAt: string | null;
  readonly notices: readonly string[];
}

export default class Whoami extends LatchkeyCommand<WhoamiJson> {
  static override summary = "Ask AWS who you are, and see where the credentials come from";
  static override description =
    "A profile that you name goes first; else keys in the environment, which beat AWS_PROFILE in every AWS client; else AWS_PROFILE. What else is written about the profile, and who goes by it, is said on stderr. --offline asks nobody: what AWS alone knows stays empty.";
  static override aliases = ["sts:get-caller-identity"];
  static override examples = examples("okta", "okta --json", [
    "From what is known here, without asking anybody",
    "okta --offline",
  ]);
  static override args = {
    profile: Args.string({
      description: "profile of the AWS config (else --profile, else AWS_PROFILE)",
    }),
  };
  static override flags = {
    profile: profileFlag,
    region: Flags.string({
      description: "region whose STS is asked",
      helpValue: "REGION",
      exclusive: ["offline"],
    }),
    offline: Flags.boolean({ description: "ask nobody, and tell what is known here" }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Whoami);
    const request = { profile: args.profile ?? flags.profile, region: flags.region };
    const identity = await (flags.offline
      ? whoamiOffline(this.context, request)
      : whoami(this.context, request));
    for (const remark of identity.remarks) this.context.terminal.say(`latchkey: notice: ${remark}`);
    this.print(flags.json, toJson(identity), () =>
      identityText(identity, flags.offline, this.context.now()),
    );
    return EXIT.OK;
  }
}

function identityText(identity: KnownIdentity, offline: boolean, now: Date): string {
  const { accountId, accountName, arn, roleName, userName, userId, region, sourceWords } = identity;
  const lines = [
    userName ?? userId ?? "As known here; AWS was not asked",
    ...(accountId === undefined
      ? []
      : [`  account       ${accountId}${accountName === undefined ? "" : `  ${accountName}`}`]),
    ...(roleName === undefined ? [] : [`  role          ${roleName}`]),
    ...(region === undefined ? [] : [`  region        ${region}`]),
    ...sessionLines(identity, now),
    `  credentials   ${lifetimeText(identity, offline, now)}, from ${sourceWords}`,
    ...(arn === undefined ? [] : [`  arn           ${arn}`]),
  ];
  return lines.map((line) => `${escapeControls(line)}\n`).join("");
}

function lifetimeText(
  { credentialsExpireAt, source }: KnownIdentity,
  offline: boolean,
  now: Date,
): string {
  if (credentialsExpireAt !== undefined)
    return `until ${clockTime(credentialsExpireAt, now)} (${duration((credentialsExpireAt.getTime() - now.getTime()) / 1000)} left)`;
  return offline && source !== "credentials-file" ? "none at hand" : "without an end that is known";
}

function sessionLines(
  { session, sessionState, sessionExpiresAt, sessionRenewsItself }: KnownIdentity,
  now: Date,
): string[] {
  if (session === undefined) return [];
  const renews = sessionRenewsItself ? " (renews itself)" : "";
  const clock = sessionExpiresAt === undefined ? "" : clockTime(sessionExpiresAt, now);
  const words = {
    usable: `signed in, token until ${clock}${renews}`,
    refreshable: `token expired at ${clock}${renews}`,
    expired: `token expired at ${clock}`,
    "signed-out": "no token on this machine",
    unreadable: "its token on this machine can't be read",
  };
  return [`  session       ${session}, ${words[sessionState ?? "signed-out"]}`];
}

function toJson(identity: KnownIdentity): WhoamiJson {
  const {
    accountId = null,
    accountName = null,
    arn = null,
    userId = null,
    roleName = null,
    userName = null,
    profile = null,
    region = null,
    session = null,
  } = identity;
  const { source, remarks, sessionExpiresAt, credentialsExpireAt } = identity;
  return {
    accountId,
    accountName,
    arn,
    userId,
    roleName,
    userName,
    profile,
    source,
    region,
    session,
    credentialsExpireAt:
      credentialsExpireAt === undefined ? null : formatInstant(credentialsExpireAt),
    sessionExpiresAt: sessionExpiresAt === undefined ? null : formatInstant(sessionExpiresAt),
    notices: remarks,
  };
}
