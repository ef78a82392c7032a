import type { ObservedFile } from "../observations.ts";
import { hit, type Hits } from "../hit.ts";
import { fail, warn, type Judge, type Rule } from "../rule.ts";
import { isKnownProfile, suggestNearest } from "./roles.ts";

/** Variables that go before the profile, or that clients read differently. Values of secret ones are never repeated. */

export const ENVIRONMENT_RULES: readonly Rule[] = [
  warn("env-keys", {
    looksFor: "`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` in the environment",
    readers:
      "the AWS CLI, boto3 and Go take them before every profile but one given by --profile, JavaScript only where AWS_PROFILE is not set",
    judge: ({ env }) =>
      isSet(env["AWS_ACCESS_KEY_ID"]) &&
      isSet(env["AWS_SECRET_ACCESS_KEY"]) &&
      hit(
        "the environment holds credentials",
        "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
        "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
      ),
  }),
  fail("env-keys-partial", {
    looksFor: "one of `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` without the other",
    readers:
      "the AWS CLI and boto3 refuse every command over a key without its secret, the SDKs pass it over",
    judge: ({ env }) => {
      const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
      const there = names.find((name) => isSet(env[name]));
      const missing = names.find((name) => !isSet(env[name]));
      if (there === undefined || missing === undefined) return undefined;
      return hit(`${there} is set and ${missing} is not`, there, `unset ${there}`);
    },
  }),
  fail("env-profile-missing", {
    looksFor:
      "an `AWS_PROFILE` or `AWS_DEFAULT_PROFILE` that neither the config nor the credentials file has",
    readers: "every client that reads the variable fails",
    judge: (seen) =>
      seen.config.refusal === undefined &&
      ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map((variable) => {
        const name = seen.env[variable];
        if (!isSet(name) || name === "default" || isKnownProfile(seen, name)) return undefined;
        const known = seen.profiles.map((profile) => profile.name);
        return hit(
          `${variable} names the profile "${name}", which does not exist`,
          variable,
          suggestNearest(name, known, `unset ${variable}`),
        );
      }),
  }),
  warn("env-profile-twice", {
    looksFor: "`AWS_PROFILE` and `AWS_DEFAULT_PROFILE` with different values",
    readers:
      "the AWS CLI v2 and Go take AWS_PROFILE, boto3 and the AWS CLI v1 AWS_DEFAULT_PROFILE, JavaScript reads AWS_PROFILE alone",
    judge: eachDisagreement("AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
  }),
  warn("env-default-profile", {
    looksFor: "`AWS_DEFAULT_PROFILE` without `AWS_PROFILE`",
    readers: "the AWS CLI, boto3 and Go use it, JavaScript takes the profile default",
    judge: ({ env }) => {
      const name = env["AWS_DEFAULT_PROFILE"];
      if (!isSet(name) || name === "default" || isSet(env["AWS_PROFILE"])) return undefined;
      return hit(
        "only AWS_DEFAULT_PROFILE is set",
        "AWS_DEFAULT_PROFILE",
        "Set AWS_PROFILE instead.",
      );
    },
  }),
  warn("env-region-twice", {
    looksFor: "`AWS_REGION` and `AWS_DEFAULT_REGION` with different values",
    readers:
      "the AWS CLI v2, JavaScript and Go take AWS_REGION, boto3 and the AWS CLI v1 AWS_DEFAULT_REGION",
    judge: eachDisagreement("AWS_REGION", "AWS_DEFAULT_REGION"),
  }),
  warn("env-file-missing", {
    looksFor: "an `AWS_CONFIG_FILE` or `AWS_SHARED_CREDENTIALS_FILE` that is not there",
    readers: "every client goes on as if that file were empty",
    judge: eachFileVariable(
      (variable, { path, exists, refusal }) =>
        !exists &&
        refusal === undefined &&
        hit(
          `${variable} names a file that is not there`,
          `${variable}: ${path}`,
          `unset ${variable}`,
        ),
    ),
  }),
  warn("env-file-relative", {
    looksFor: "an `AWS_CONFIG_FILE` or `AWS_SHARED_CREDENTIALS_FILE` that is not an absolute path",
    readers:
      "every client looks for it in the directory where it is run, whoever wrote the file there",
    judge: eachFileVariable(
      (variable, { path }) =>
        !/^([/\\]|[A-Za-z]:)/.test(path) &&
        hit(
          `${variable} is a relative path`,
          `${variable}: ${path}`,
          `Set ${variable} to an absolute path.`,
        ),
    ),
  }),
];

export function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}

function eachDisagreement(first: string, second: string): Judge {
  return ({ env }) => {
    const [one, other] = [env[first], env[second]];
    if (!isSet(one) || !isSet(other) || one === other) return undefined;
    const evidence = `${first}=${one}, ${second}=${other}`;
    return hit(`${first} and ${second} differ`, evidence, `unset ${second}`);
  };
}

function eachFileVariable(judge: (variable: string, file: ObservedFile) => Hits): Judge {
  return ({ env, config, credentials }) => [
    isSet(env["AWS_CONFIG_FILE"]) && judge("AWS_CONFIG_FILE", config),
    isSet(env["AWS_SHARED_CREDENTIALS_FILE"]) && judge("AWS_SHARED_CREDENTIALS_FILE", credentials),
  ];
}
