import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import {
  profileArg,
  readGivenTwice,
  regionFlag,
  roleFlags,
  textFlag,
  toRoleFlags,
  toWords,
} from "../cli/flags.ts";
import { chooseByWords } from "../choice/words.ts";
import { consoleLink, openConsole } from "../console/link.ts";

export interface ConsoleJson {
  readonly url: string;
}

export default class Console extends LatchkeyCommand<ConsoleJson> {
  static override summary = "Open the AWS console as a role";
  static override description = prose(`
    Anyone with the link can sign in for 15 minutes. --shortcut opens the access
    portal's own link instead: it contains no credentials, and the browser must be
    signed in to the portal.
  `);
  static override examples = examples(
    "okta",
    "okta s3",
    "payments-prod/ViewOnlyAccess --print",
    "okta --service logs --region eu-central-1",
    "okta --print",
  );
  static override args = {
    profile: profileArg,
    service: Args.string({ description: "page to open, as --service" }),
  };
  static override flags = {
    ...roleFlags,
    service: textFlag("NAME", "console page to open, by the name of the service", "s"),
    region: regionFlag,
    duration: textFlag("TIME", "length of the console session, 15m to 12h", "d"),
    shortcut: Flags.boolean({
      description: "open the access portal's own link, without credentials",
    }),
    print: Flags.boolean({
      description: "print the link instead of opening it (as --json does)",
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Console);
    const service = readGivenTwice("--service", args.service, flags.service);
    const role = await chooseByWords(this.context, toWords(args.profile), toRoleFlags(flags));
    const link = await consoleLink(this.context, { ...flags, role, service });
    if (flags.json || flags.print) this.print(flags.json, { url: link.url }, () => `${link.url}\n`);
    else await openConsole(this.context, link);
    return EXIT.OK;
  }
}
