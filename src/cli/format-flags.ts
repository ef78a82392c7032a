import { Flags } from "@oclif/core";
import { usageError } from "../errors.ts";

/** How lists and `whoami` are printed. Not read from AWS_DEFAULT_OUTPUT: scripts know what they get. */
export const formatFlags = {
  output: Flags.option({
    options: ["json", "text", "table", "yaml"] as const,
    description: "format, as in the AWS CLI",
  })(),
  query: Flags.string({
    description: "print what this JMESPath expression finds in the JSON, as in the AWS CLI",
    helpValue: "EXPRESSION",
    parse: async (expression: string) => {
      const { checkQuery } = await import("./formats.ts");
      return checkQuery(expression);
    },
  }),
};

/** What commands of the AWS CLI take besides, understood where these are called by its names. */
export const awsFlags = {
  "no-cli-pager": Flags.boolean({ hidden: true, description: "there is no pager" }),
  "access-token": Flags.string({
    hidden: true,
    description: "refused: it would be seen by every program on this machine",
    parse: () => {
      throw usageError(
        "latchkey takes no access token from the command line: it uses the one of the SSO session.",
        "Leave --access-token out.",
      );
    },
  }),
};
