import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { profileFlag } from "../cli/flags.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { explain, readError, type Explanation } from "../explain/explain.ts";
import { explanationText } from "../explain/text.ts";

export type ExplainJson = ReturnType<typeof toJson>;

export default class Explain extends LatchkeyCommand<ExplainJson> {
  static override summary = "Explain an AWS client's error and how to fix it";
  static override description = prose(`
    Give the error as words or on stdin, or paste it at the prompt. It prints what
    the message means, checks whether that is true on this machine now, and names
    one fix. To check, it refreshes an expired token and runs a credential_process,
    as AWS clients do. The text is neither stored nor sent anywhere. Exits with 3
    if the message is not known. All messages are listed in docs/errors.md.
  `);
  static override examples = examples(
    '"Error loading SSO Token: Token for corp does not exist"',
    ["The output of another command", "< terraform.log"],
    ["Without requests to AWS", '--offline "The config profile (okta) could not be found"'],
  );
  static override strict = false;
  static override args = {
    text: Args.string({
      description: "the error (else read from stdin, else pasted)",
      multiple: true,
    }),
  };
  static override flags = {
    profile: profileFlag,
    offline: Flags.boolean({ description: "use local files only; make no requests" }),
  };

  async run(): Promise<ExitCode> {
    const { argv, flags } = await this.parse(Explain);
    const text = await readError(this.context, argv as string[]);
    const { offline, profile } = flags;
    const explanation = await explain(this.context, text, { offline, profile });
    this.print(flags.json, toJson(explanation), () => explanationText(explanation));
    return explanation.cause === undefined ? EXIT.UNDETERMINED : EXIT.OK;
  }
}

function toJson({ client, cause, names, here, checked, findings, cure }: Explanation) {
  return {
    client: client ?? null,
    cause: cause ?? null,
    names,
    here,
    checked: checked ?? null,
    findings,
    cure,
  };
}
