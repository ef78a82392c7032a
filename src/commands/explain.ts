import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../cli/command.ts";
import { profileFlag } from "../cli/flags.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { explain, readError, type Explanation } from "../explain/explain.ts";
import { explanationText } from "../explain/text.ts";

export type ExplainJson = ReturnType<typeof toJson>;

export default class Explain extends LatchkeyCommand<ExplainJson> {
  static override summary = "Explain an error of any AWS client, and how to cure it";
  static override description =
    "Takes the error as words, from stdin, or pasted at a prompt. It says what the message means, checks whether that is so on this machine now (a token that has run out is refreshed, and a credential_process is run, as AWS clients do), and names one cure. The text is neither kept nor sent anywhere. Exits with 3 if the message is not known. All messages: docs/errors.md.";
  static override examples = examples(
    '"Error loading SSO Token: Token for corp does not exist"',
    ["The output of another command", "< terraform.log"],
    ["Without asking AWS", '--offline "The config profile (okta) could not be found"'],
  );
  static override strict = false;
  static override args = {
    text: Args.string({ description: "the error (else from stdin, else pasted)", multiple: true }),
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
