import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { alignColumns, formatLines } from "../text/terminal.ts";
import { profileWordsArg, roleFlags, toRoleFlags } from "../cli/flags.ts";
import { formatFlags } from "../cli/format-flags.ts";
import { chooseByWords } from "../choice/words.ts";
import {
  checkFormatFlags,
  formatInstantOrNull,
  type AwsOutput,
  type FormatFlags,
} from "../cli/output.ts";
import { formatClient } from "../clients/family.ts";
import {
  whoami,
  whoamiByClient,
  whoamiOffline,
  type ClientIdentity,
  type Identity,
} from "../credentials/identity/whoami.ts";
import { identityText } from "../credentials/identity/whoami-text.ts";
import type { RoleFlags } from "../profiles/select.ts";
import type { FoundCredentials } from "../credentials/identity/find.ts";
import type { SessionStatus } from "../sign-in/status.ts";

export type WhoamiJson = ReturnType<typeof toJson>;
export type WhoamiClientsJson = ReturnType<typeof toClientJson>[];

export default class Whoami extends LatchkeyCommand<WhoamiJson | WhoamiClientsJson> {
  static override summary = "Show your AWS identity and where its credentials come from";
  static override description = prose(`
    A profile that you name comes first. Without one, the order is that of most AWS
    clients: keys in the environment, AWS_PROFILE, the profile default. Clients
    that use other credentials are named on stderr. With --offline, values that
    only AWS knows are left out.
  `);
  static override aliases = ["sts:get-caller-identity"];
  static override examples = examples(
    "okta",
    "okta --json",
    "payments-prod/ViewOnlyAccess",
    ["From local files, without requests", "okta --offline"],
    ["What each AWS client would use", "okta --clients"],
  );
  static override args = { profile: profileWordsArg };
  static override flags = {
    ...roleFlags,
    region: Flags.string({
      description: "region of the STS endpoint",
      helpValue: "REGION",
      exclusive: ["offline"],
    }),
    offline: Flags.boolean({ description: "use local files only; make no requests" }),
    clients: Flags.boolean({
      description: "list what each AWS client would use, from local files",
      exclusive: ["region"],
    }),
    ...formatFlags,
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Whoami);
    checkFormatFlags(flags);
    const role = await chooseByWords(this.context, args.profile ?? [], toRoleFlags(flags));
    const request = { role, region: flags.region };
    if (flags.clients) return this.printClients(flags, role);
    const identity = await (flags.offline
      ? whoamiOffline(this.context, request)
      : whoami(this.context, request));
    for (const remark of identity.found.remarks)
      this.context.terminal.say(`latchkey: notice: ${remark}`);
    await this.printFormatted(
      flags,
      toJson(identity),
      () =>
        identityText(identity, flags.offline, {
          now: this.context.now(),
          paint: this.context.terminal.stdout.paint,
        }),
      toAwsOutput(identity),
    );
    return EXIT.OK;
  }

  private async printClients(flags: FormatFlags, role: RoleFlags): Promise<ExitCode> {
    const clients = whoamiByClient(this.context, role);
    await this.printFormatted(flags, clients.map(toClientJson), () => clientsText(clients));
    return EXIT.OK;
  }
}

/** null for unknown or missing values. */
function toClientJson({ client, outcome, source, words, accountId, roleName }: ClientIdentity) {
  return {
    client,
    outcome,
    accountId: accountId ?? null,
    roleName: roleName ?? null,
    source: source ?? null,
    words,
  };
}

function clientsText(clients: readonly ClientIdentity[]): string {
  const what = { identity: "", refused: "refuses", none: "finds none" };
  const rows = clients.map(({ client, outcome, accountId = "", roleName = "", words }) => [
    formatClient(client),
    outcome === "identity" ? accountId : what[outcome],
    roleName,
    words,
  ]);
  return formatLines(alignColumns(rows));
}

/** Returns the output of the AWS CLI for GetCallerIdentity of STS. */
function toAwsOutput({ userId, accountId, arn }: Identity): AwsOutput {
  const value = { UserId: userId ?? null, Account: accountId ?? null, Arn: arn ?? null };
  return { value };
}

/** null for unknown values, and for values that these credentials do not have. */
function toJson(identity: Identity) {
  const { found } = identity;
  const session: Partial<SessionStatus> = identity.session ?? {};
  return {
    accountId: identity.accountId ?? null,
    accountName: identity.accountName ?? null,
    arn: identity.arn ?? null,
    userId: identity.userId ?? null,
    roleName: identity.roleName ?? null,
    userName: identity.userName ?? null,
    profile: nameProfile(found),
    source: found.source,
    region: found.region ?? null,
    session: session.label ?? null,
    credentialsExpireAt: formatInstantOrNull(identity.credentialsExpireAt),
    sessionExpiresAt: formatInstantOrNull(session.expiresAt),
    notices: found.remarks,
  };
}

/** Returns the profile's name; null also for a role without a profile. */
function nameProfile({ profile }: FoundCredentials): string | null {
  return profile === undefined || profile.form === "role" ? null : profile.name;
}
