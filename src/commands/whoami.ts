import { Args, Flags } from "@oclif/core";
import { LatchkeyCommand } from "../command.ts";
import { formatInstant } from "../domain/instant.ts";
import { clockTime, duration, harmless } from "../domain/terminal-text.ts";
import { profileFlag } from "../flags.ts";
import { whoami, type Identity } from "../workflows/whoami.ts";

export default class Whoami extends LatchkeyCommand {
  static override summary = "Ask AWS who you are";
  static override aliases = ["sts:get-caller-identity"];
  static override examples = ["<%= config.bin %> <%= command.id %>", "<%= config.bin %> <%= command.id %> okta --json"];
  static override args = { profile: Args.string({ description: "profile of the AWS config (else --profile, else AWS_PROFILE)" }) };
  static override flags = { profile: profileFlag, region: Flags.string({ description: "region whose STS is asked", helpValue: "REGION" }) };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Whoami);
    const identity = await whoami(this.context, { profile: args.profile ?? flags.profile, region: flags.region });
    this.print(flags.json, jsonOf(identity), () => textOf(identity, this.context.now()));
  }
}

const SOURCE_WORDS: Readonly<Record<Identity["source"], string>> = {
  "sso-session": "through its SSO session",
  legacy: "through its own start URL",
  "credential-process": "through latchkey",
  other: "as the AWS SDK resolves it",
};

function textOf(identity: Identity, now: Date): string {
  const { accountId, accountName, arn, roleName, userName, userId, session, sessionExpiresAt, credentialsExpireAt, profile, source } = identity;
  const life = credentialsExpireAt === undefined ? "without an end" : `until ${clockTime(credentialsExpireAt, now)} (${duration((credentialsExpireAt.getTime() - now.getTime()) / 1000)} left)`;
  const token = sessionExpiresAt === undefined ? "no token on this machine" : sessionExpiresAt > now ? `signed in, token until ${clockTime(sessionExpiresAt, now)}` : `token expired at ${clockTime(sessionExpiresAt, now)}`;
  const lines = [
    userName ?? userId,
    `  account       ${accountId}${accountName === undefined ? "" : `  ${accountName}`}`,
    ...(roleName === undefined ? [] : [`  role          ${roleName}`]),
    ...(session === undefined ? [] : [`  session       ${session}, ${token}`]),
    `  credentials   ${life}, from the profile "${profile}" (${SOURCE_WORDS[source]})`,
    `  arn           ${arn}`,
  ];
  return lines.map((line) => `${harmless(line)}\n`).join("");
}

function jsonOf(identity: Identity) {
  const { accountName = null, roleName = null, userName = null, session = null, sessionExpiresAt } = identity;
  const { accountId, arn, userId, profile, source, credentialsExpireAt } = identity;
  return {
    accountId,
    accountName,
    arn,
    userId,
    roleName,
    userName,
    profile,
    source,
    session,
    credentialsExpireAt: credentialsExpireAt === undefined ? null : formatInstant(credentialsExpireAt),
    sessionExpiresAt: sessionExpiresAt === undefined ? null : formatInstant(sessionExpiresAt),
  };
}
