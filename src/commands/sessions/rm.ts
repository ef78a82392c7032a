import { Args, Flags } from "@oclif/core";
import type { ConfigChange } from "../../aws-config/edit.ts";
import { examples, LatchkeyCommand } from "../../cli/command.ts";
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
  static override description =
    "Takes the exact name. Where profiles stand on the session they are named, and it needs --force, which leaves them. The plan is shown first; without a terminal it needs --yes. `latchkey profiles undo` puts it back. The sign-in stays: `latchkey logout` ends it.";
  static override examples = examples(
    ["Profiles that stand on it are named", "corp --yes # exit 2 while there are any"],
    "corp --force --yes",
  );
  static override args = {
    name: Args.string({ description: "exact name of an SSO session", required: true }),
  };
  static override flags = {
    yes: Flags.boolean({ char: "y", description: "make the change without asking" }),
    force: Flags.boolean({
      description: "also where profiles stand on it, or where another tool owns the section",
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
