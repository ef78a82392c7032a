import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { secondsUntil } from "../text/instant.ts";
import { clockTime, duration, escapeControls } from "../text/terminal.ts";
import { profileArg, profileFlag } from "../cli/flags.ts";
import { formatInstantOrNull } from "../cli/output.ts";
import { whoami, whoamiOffline, type KnownIdentity } from "../credentials/whoami.ts";

export type WhoamiJson = ReturnType<typeof toJson>;

export default class Whoami extends LatchkeyCommand<WhoamiJson> {
  static override summary = "Ask AWS who you are, and see where the credentials come from";
  static override description =
    "A profile that you name goes first; else keys in the environment, which beat AWS_PROFILE in every AWS client; else AWS_PROFILE. What else is written about the profile, and who goes by it, is said on stderr. --offline asks nobody: what AWS alone knows stays empty.";
  static override aliases = ["sts:get-caller-identity"];
  static override examples = examples("okta", "okta --json", [
    "From what is known here, without asking anybody",
    "okta --offline",
  ]);
  static override args = { profile: profileArg };
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
    accountId !== undefined &&
      `  account       ${accountId}${accountName === undefined ? "" : `  ${accountName}`}`,
    roleName !== undefined && `  role          ${roleName}`,
    region !== undefined && `  region        ${region}`,
    sessionLine(identity, now),
    `  credentials   ${lifetimeText(identity, offline, now)}, from ${sourceWords}`,
    arn !== undefined && `  arn           ${arn}`,
  ];
  return lines
    .filter((line) => line !== false)
    .map((line) => `${escapeControls(line)}\n`)
    .join("");
}

function lifetimeText(
  { credentialsExpireAt, source }: KnownIdentity,
  offline: boolean,
  now: Date,
): string {
  if (credentialsExpireAt !== undefined)
    return `until ${clockTime(credentialsExpireAt, now)} (${duration(secondsUntil(credentialsExpireAt, now))} left)`;
  return offline && source !== "credentials-file" ? "none at hand" : "without an end that is known";
}

function sessionLine(
  { session, sessionState, sessionExpiresAt, sessionRenewsItself }: KnownIdentity,
  now: Date,
): string | false {
  if (session === undefined) return false;
  const renews = sessionRenewsItself ? " (renews itself)" : "";
  const clock = sessionExpiresAt === undefined ? "" : clockTime(sessionExpiresAt, now);
  const words = {
    usable: `signed in, token until ${clock}${renews}`,
    refreshable: `token expired at ${clock}${renews}`,
    expired: `token expired at ${clock}`,
    "signed-out": "no token on this machine",
    unreadable: "its token on this machine can't be read",
  };
  return `  session       ${session}, ${words[sessionState ?? "signed-out"]}`;
}

/** null is what is not known, or what the credentials don't have. */
function toJson(identity: KnownIdentity) {
  return {
    accountId: identity.accountId ?? null,
    accountName: identity.accountName ?? null,
    arn: identity.arn ?? null,
    userId: identity.userId ?? null,
    roleName: identity.roleName ?? null,
    userName: identity.userName ?? null,
    profile: identity.profile ?? null,
    source: identity.source,
    region: identity.region ?? null,
    session: identity.session ?? null,
    credentialsExpireAt: formatInstantOrNull(identity.credentialsExpireAt),
    sessionExpiresAt: formatInstantOrNull(identity.sessionExpiresAt),
    notices: identity.remarks,
  };
}
