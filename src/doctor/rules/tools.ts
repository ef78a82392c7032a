import { listSessionNames } from "../../aws-config/document.ts";
import type { Observations, ObservedTool, Rule } from "../rule.ts";

/** Versions of the tools on PATH that can't use what the config says. */

export const TOOL_RULES: readonly Rule[] = [
  {
    id: "aws-cli-1",
    level: "notice",
    subject: "tools",
    looksFor: "an AWS CLI v1 beside SSO sessions",
    readers: "the AWS CLI v1 uses a session's token but can't sign in, latchkey can",
    judge: (seen) =>
      findOutdated(seen, "aws", ([major]) => major < 2, "sign in with latchkey login"),
  },
  {
    id: "aws-cli-old",
    level: "warn",
    subject: "tools",
    looksFor: "an AWS CLI v2 before 2.9 beside SSO sessions",
    readers: "that AWS CLI does not know sso_session and refuses these profiles, the SDKs use them",
    judge: (seen) =>
      findOutdated(
        seen,
        "aws",
        ([major, minor]) => major === 2 && minor < 9,
        "Install a newer AWS CLI.",
      ),
  },
  {
    id: "terraform-old",
    level: "warn",
    subject: "tools",
    looksFor: "a Terraform before 1.6 beside SSO sessions",
    readers: "its S3 backend does not know sso_session, its AWS provider and the AWS CLI do",
    judge: (seen) =>
      findOutdated(
        seen,
        "terraform",
        ([major, minor]) => major < 1 || (major === 1 && minor < 6),
        "Install a newer Terraform.",
      ),
  },
];

function findOutdated(
  { tools, config }: Observations,
  name: ObservedTool["name"],
  isOld: (version: ObservedTool["version"]) => boolean,
  hint: string,
) {
  if (listSessionNames(config.document).length === 0) return [];
  return tools
    .filter((tool) => tool.name === name && isOld(tool.version))
    .map(({ version }) => ({
      what: `${name} is of version ${version.join(".")}`,
      evidence: `${name} on PATH`,
      hint,
    }));
}

/** `aws-cli/2.9.19 Python/…`, `Terraform v1.5.7`: the first two numbers, or undefined where there are none. */
export function parseVersion(output: string): ObservedTool["version"] | undefined {
  const [, major, minor] = /(?:^|[/ v])(\d{1,4})\.(\d{1,6})/.exec(output) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}
