import { Args, Flags } from "@oclif/core";
import type { ConfigChange } from "../../aws-config/edit.ts";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { maskChanges } from "../../profiles/text.ts";
import { removeSession } from "../../profiles/change/reshape.ts";
import { sessionFlagsText } from "../../model/sso-session.ts";
import { findSignIn } from "../../sign-in/status.ts";

export interface RemovedSessionJson {
  readonly removed: readonly string[];
  readonly configFile: string;
  /** Profiles that used it and remain. */
  readonly profiles: readonly string[];
  readonly changes: readonly ConfigChange[];
}

export default class SessionsRm extends LatchkeyCommand<RemovedSessionJson> {
  static override summary = "Remove an SSO session from the AWS config";
  static override description = prose(`
    Takes the exact name. If profiles use the session, it names them and needs
    --force; the profiles stay. Shows the plan first; without a terminal it needs --yes.
    \`latchkey profiles undo\` restores the session. The sign-in stays:
    \`latchkey logout\` ends it.
  `);
  static override examples = examples(
    ["Names the profiles that use it", "corp --yes # exit 2 while there are any"],
    "corp --force --yes",
  );
  static override args = {
    name: Args.string({ description: "exact name of an SSO session", required: true }),
  };
  static override flags = {
    yes: Flags.boolean({ char: "y", description: "remove without asking" }),
    force: Flags.boolean({
      description: "also if profiles use it, or another tool owns the section",
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(SessionsRm);
    const { terminal } = this.context;
    const signedIn = await findSignIn(this.context, args.name);
    const { configFile, changes, profiles } = await removeSession(this.context, args.name, {
      ...flags,
      show: (lines) => terminal.say(lines, "plan"),
    });
    this.report(
      flags.json,
      { removed: [args.name], configFile, profiles, changes: maskChanges(changes) },
      () => [
        `Removed the SSO session ${args.name}. latchkey profiles undo puts it back.`,
        ...(signedIn === undefined
          ? []
          : [
              `You are still signed in there: latchkey logout ${sessionFlagsText({ ...signedIn, name: undefined })}`,
            ]),
      ],
    );
    return EXIT.OK;
  }
}
