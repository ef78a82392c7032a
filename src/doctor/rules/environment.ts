import { closestMatches } from "../../text/terminal.ts";
import type { Observations, Rule, RuleHit } from "../rule.ts";
import { isSet, listProfiles } from "../places.ts";
import { isKnownProfile } from "./roles.ts";

/** Variables that go before the profile, or that clients read differently. Values of secret ones are never repeated. */

export const ENVIRONMENT_RULES: readonly Rule[] = [
  {
    id: "env-keys",
    level: "warn",
    subject: "environment",
    looksFor: "`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` in the environment",
    readers:
      "the AWS CLI, boto3 and Go take them before every profile but one given by --profile, JavaScript only where AWS_PROFILE is not set",
    judge: ({ env }) =>
      isSet(env["AWS_ACCESS_KEY_ID"]) && isSet(env["AWS_SECRET_ACCESS_KEY"])
        ? [
            {
              what: "the environment holds credentials",
              evidence: "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
              hint: "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
            },
          ]
        : [],
  },
  {
    id: "env-keys-partial",
    level: "fail",
    subject: "environment",
    looksFor: "one of `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` without the other",
    readers:
      "the AWS CLI and boto3 refuse every command over a key without its secret, the SDKs pass it over",
    judge: ({ env }) => {
      const [id, secret] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) =>
        isSet(env[name]),
      );
      if (id === secret) return [];
      const [there, missing] =
        id === true
          ? ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
          : ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"];
      return [
        { what: `${there} is set and ${missing} is not`, evidence: there, hint: `unset ${there}` },
      ];
    },
  },
  {
    id: "env-profile-missing",
    level: "fail",
    subject: "environment",
    looksFor:
      "an `AWS_PROFILE` or `AWS_DEFAULT_PROFILE` that neither the config nor the credentials file has",
    readers: "every client that reads the variable fails",
    judge: (seen) =>
      ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].flatMap((variable) => {
        const name = seen.env[variable];
        if (
          !isSet(name) ||
          name === "default" ||
          seen.config.refusal !== undefined ||
          isKnownProfile(seen, name)
        )
          return [];
        const close = closestMatches(
          name,
          listProfiles(seen).map((section) => section.name),
        );
        return [
          {
            what: `${variable} names the profile "${name}", which does not exist`,
            evidence: variable,
            hint: close.length === 0 ? `unset ${variable}` : `The nearest: ${close.join(", ")}`,
          },
        ];
      }),
  },
  {
    id: "env-profile-twice",
    level: "warn",
    subject: "environment",
    looksFor: "`AWS_PROFILE` and `AWS_DEFAULT_PROFILE` with different values",
    readers:
      "the AWS CLI v2 and Go take AWS_PROFILE, boto3 and the AWS CLI v1 AWS_DEFAULT_PROFILE, JavaScript reads AWS_PROFILE alone",
    judge: ({ env }) => findDifference(env, "AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
  },
  {
    id: "env-default-profile",
    level: "warn",
    subject: "environment",
    looksFor: "`AWS_DEFAULT_PROFILE` without `AWS_PROFILE`",
    readers: "the AWS CLI, boto3 and Go use it, JavaScript takes the profile default",
    judge: ({ env }) =>
      isSet(env["AWS_DEFAULT_PROFILE"]) &&
      !isSet(env["AWS_PROFILE"]) &&
      env["AWS_DEFAULT_PROFILE"] !== "default"
        ? [
            {
              what: "only AWS_DEFAULT_PROFILE is set",
              evidence: "AWS_DEFAULT_PROFILE",
              hint: "Set AWS_PROFILE instead.",
            },
          ]
        : [],
  },
  {
    id: "env-region-twice",
    level: "warn",
    subject: "environment",
    looksFor: "`AWS_REGION` and `AWS_DEFAULT_REGION` with different values",
    readers:
      "the AWS CLI v2, JavaScript and Go take AWS_REGION, boto3 and the AWS CLI v1 AWS_DEFAULT_REGION",
    judge: ({ env }) => findDifference(env, "AWS_REGION", "AWS_DEFAULT_REGION"),
  },
  {
    id: "env-file-missing",
    level: "warn",
    subject: "environment",
    looksFor: "an `AWS_CONFIG_FILE` or `AWS_SHARED_CREDENTIALS_FILE` that is not there",
    readers: "every client goes on as if that file were empty",
    judge: (seen) =>
      listFileVariables(seen)
        .filter(({ file }) => !file.exists && file.refusal === undefined)
        .map(({ variable, file }) => ({
          what: `${variable} names a file that is not there`,
          evidence: `${variable}: ${file.path}`,
          hint: `unset ${variable}`,
        })),
  },
  {
    id: "env-file-relative",
    level: "warn",
    subject: "environment",
    looksFor: "an `AWS_CONFIG_FILE` or `AWS_SHARED_CREDENTIALS_FILE` that is not an absolute path",
    readers:
      "every client looks for it in the directory where it is run, whoever wrote the file there",
    judge: (seen) =>
      listFileVariables(seen)
        .filter(({ file }) => !/^([/\\]|[A-Za-z]:)/.test(file.path))
        .map(({ variable, file }) => ({
          what: `${variable} is a relative path`,
          evidence: `${variable}: ${file.path}`,
          hint: `Set ${variable} to an absolute path.`,
        })),
  },
];

function findDifference(env: Observations["env"], first: string, second: string): RuleHit[] {
  const [one, other] = [env[first], env[second]];
  return isSet(one) && isSet(other) && one !== other
    ? [
        {
          what: `${first} and ${second} differ`,
          evidence: `${first}=${one}, ${second}=${other}`,
          hint: `unset ${second}`,
        },
      ]
    : [];
}

function listFileVariables({ env, config, credentials }: Observations) {
  const files = [
    { variable: "AWS_CONFIG_FILE", file: config },
    { variable: "AWS_SHARED_CREDENTIALS_FILE", file: credentials },
  ];
  return files.filter(({ variable }) => isSet(env[variable]));
}
