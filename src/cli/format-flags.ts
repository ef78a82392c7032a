import { Flags } from "@oclif/core";
import { usageError } from "../errors.ts";

/** How lists and `whoami` are printed. AWS_DEFAULT_OUTPUT is ignored, so that scripts get the same output everywhere. */
export const formatFlags = {
  output: Flags.option({
    options: ["json", "text", "table", "yaml"] as const,
    description: "format, as in the AWS CLI",
  })(),
  query: Flags.string({
    description: "JMESPath expression for the JSON, as in the AWS CLI",
    helpValue: "EXPRESSION",
    parse: async (expression: string) => {
      const { checkQuery } = await import("./formats.ts");
      return checkQuery(expression);
    },
  }),
};

/** Flags of AWS CLI commands that are accepted when a command is called by its AWS CLI name. */
export const awsFlags = {
  "no-cli-pager": Flags.boolean({ hidden: true, description: "ignored: latchkey uses no pager" }),
  "access-token": Flags.string({
    hidden: true,
    description: "refused: every program on this machine could read it",
    parse: () => {
      throw usageError(
        "latchkey takes no access token from the command line: it uses the one of the SSO session.",
        "Leave --access-token out.",
      );
    },
  }),
};
