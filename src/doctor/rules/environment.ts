import { findEnvironmentRegion, listWinningCredentials } from "../../model/aws-environment.ts";
import {
  findKeyVariables,
  listOtherKeys,
  listRemovable,
  listReaderNames,
  listVariables,
} from "../../model/identity-variables.ts";
import { findOddCharacter } from "../../text/odd-character.ts";
import type { ObservedFile } from "../observations.ts";
import { hit, type Hits } from "../hit.ts";
import { eachProfile, fail, notice, warn, type Judge, type Rule } from "../rule.ts";
import { isKnownProfile, suggestNearest } from "./roles.ts";

/**
 * Rules for variables that override the profile, or that clients read differently. Values of secret variables are never
 * shown.
 */

const FILE_VARIABLES = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] as const;
/** A profile with one of these keys has credentials. */
const CREDENTIAL_KEYS = ["sso_account_id", "credential_process", "role_arn", "aws_access_key_id"];

export const ENVIRONMENT_RULES: readonly Rule[] = [
  warn("env-keys", {
    looksFor: "`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` in the environment",
    readers:
      "they override every profile in the AWS CLI, boto3 and Go, except one given with --profile; in JavaScript only if AWS_PROFILE is not set",
    judge: ({ env }) =>
      findKeyVariables(env, "javascript") !== undefined &&
      hit(
        "the environment contains credentials",
        "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
        unsetCommand(listWinningCredentials(env)),
      ),
  }),
  warn("env-keys-other-names", {
    looksFor:
      "keys under names that only some clients read (`AWS_ACCESS_KEY` and `AWS_SECRET_KEY`, `AMAZON_ACCESS_KEY_ID` …)",
    readers: "in these clients they override every profile; all others ignore them",
    judge: ({ env }) =>
      listOtherKeys(env)
        .filter(({ variables }) => !variables.includes("AWS_SECURITY_TOKEN"))
        .map(({ variables, readers }) => ({
          ...hit(
            `the environment contains credentials for ${listReaderNames(readers)}`,
            variables.join(", "),
            unsetCommand(listRemovable(variables)),
          ),
          readers: `${listReaderNames(readers)} prefer them to every profile; all other clients ignore them`,
        })),
  }),
  warn("env-security-token", {
    looksFor: "an `AWS_SECURITY_TOKEN` that differs from `AWS_SESSION_TOKEN`",
    readers:
      "the AWS CLI and boto3 prefer it to AWS_SESSION_TOKEN, with any keys; all other clients ignore it",
    judge: ({ env }) =>
      isSet(env["AWS_SECURITY_TOKEN"]) &&
      env["AWS_SECURITY_TOKEN"] !== env["AWS_SESSION_TOKEN"] &&
      hit("AWS_SECURITY_TOKEN is set", "AWS_SECURITY_TOKEN", "unset AWS_SECURITY_TOKEN"),
  }),
  warn("env-web-identity", {
    looksFor: "a role by web identity in the environment (`AWS_WEB_IDENTITY_TOKEN_FILE`)",
    readers:
      "the AWS CLI, boto3, Go and .NET prefer it to the profile in AWS_PROFILE; JavaScript prefers the profile",
    judge: ({ env }) =>
      isSet(env["AWS_WEB_IDENTITY_TOKEN_FILE"]) &&
      isSet(env["AWS_ROLE_ARN"]) &&
      hit(
        "the environment contains a role and a web identity token for it",
        "AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN",
        "unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME",
      ),
  }),
  notice("env-bearer-token", {
    looksFor: "an `AWS_BEARER_TOKEN_BEDROCK`",
    readers: "every client uses it for Bedrock, with any profile",
    judge: ({ env }) =>
      isSet(env["AWS_BEARER_TOKEN_BEDROCK"]) &&
      hit(
        "the environment contains a key for Bedrock",
        "AWS_BEARER_TOKEN_BEDROCK",
        "unset AWS_BEARER_TOKEN_BEDROCK",
      ),
  }),
  notice("env-marks", {
    looksFor: "variables with another tool's identity (`AWS_VAULT`, `AWS_SSO_PROFILE` …)",
    readers:
      "AWS clients ignore them; prompts (starship, powerlevel10k, spaceship) show them instead of AWS_PROFILE",
    judge: ({ env }) => {
      const names = listVariables(["mark"]).filter((name) => isSet(env[name]));
      return (
        names.length > 0 &&
        hit("another tool's variables are set", names.join(", "), unsetCommand(names))
      );
    },
  }),
  fail("env-value-odd", {
    looksFor: "a variable with an invisible character, a blank at one end, or quotes",
    readers: "every client uses the value with it, and finds no such profile, region, file or key",
    judge: ({ env }) =>
      [...listVariables(["profile", "region", "key-id", "secret", "token"]), ...FILE_VARIABLES].map(
        (name) => {
          const odd = findOddCharacter(env[name] ?? "");
          if (odd === undefined) return undefined;
          return hit(`${name} has ${odd}`, name, `Set ${name} again without it.`);
        },
      ),
  }),
  fail("env-profile-empty", {
    looksFor: "an `AWS_PROFILE` or `AWS_DEFAULT_PROFILE` that is set and empty",
    readers:
      "the AWS CLI and boto3 look for a profile with an empty name and refuse every command; Java and Rust find no profile; Go, JavaScript and .NET use the profile default",
    judge: ({ env }) =>
      listVariables(["profile"]).map(
        (name) => env[name] === "" && hit(`${name} is set but empty`, name, `unset ${name}`),
      ),
  }),
  fail("env-region-empty", {
    looksFor: "an `AWS_REGION` or `AWS_DEFAULT_REGION` that is set and empty",
    readers:
      "the AWS CLI, boto3 and JavaScript use the empty region and connect to a host that does not exist; Go uses the profile's",
    judge: ({ env }) =>
      ["AWS_REGION", "AWS_DEFAULT_REGION"].map(
        (name) => env[name] === "" && hit(`${name} is set but empty`, name, `unset ${name}`),
      ),
  }),
  fail("env-keys-partial", {
    looksFor: "one of `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` without the other",
    readers:
      "the AWS CLI and boto3 refuse every command if the secret is missing; the SDKs ignore the variable",
    judge: ({ env }) => {
      const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
      const there = names.find((name) => isSet(env[name]));
      const missing = names.find((name) => !isSet(env[name]));
      if (there === undefined || missing === undefined) return undefined;
      return hit(`${there} is set, but ${missing} is not`, there, `unset ${there}`);
    },
  }),
  fail("env-profile-missing", {
    looksFor:
      "an `AWS_PROFILE` or `AWS_DEFAULT_PROFILE` that is in neither the config nor the credentials file",
    readers: "every client that reads the variable fails",
    judge: (seen) =>
      seen.config.refusal === undefined &&
      ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map((variable) => {
        const name = seen.env[variable];
        const isFound = name === "default" || isKnownProfile(seen, name ?? "");
        if (!isSet(name) || isFound || findOddCharacter(name) !== undefined) return undefined;
        const known = seen.profiles.map((profile) => profile.name);
        return hit(
          `${variable} is "${name}", a profile that does not exist`,
          variable,
          suggestNearest(name, known, `unset ${variable}`),
        );
      }),
  }),
  warn("env-profile-twice", {
    looksFor: "`AWS_PROFILE` and `AWS_DEFAULT_PROFILE` with different values",
    readers:
      "the AWS CLI v2 and Go use AWS_PROFILE; boto3 and the AWS CLI v1 use AWS_DEFAULT_PROFILE; JavaScript reads only AWS_PROFILE",
    judge: eachDisagreement("AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
  }),
  warn("env-default-profile", {
    looksFor: "`AWS_DEFAULT_PROFILE` without `AWS_PROFILE`",
    readers:
      "the AWS CLI, boto3 and Go use it; JavaScript, Java, Rust and .NET use the profile default",
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
      "the AWS CLI v2, JavaScript and Go use AWS_REGION; boto3 and the AWS CLI v1 use AWS_DEFAULT_REGION",
    judge: eachDisagreement("AWS_REGION", "AWS_DEFAULT_REGION"),
  }),
  notice("env-default-region", {
    looksFor: "`AWS_DEFAULT_REGION` without `AWS_REGION`",
    readers:
      "the AWS CLI, boto3, Go and Rust prefer it to the profile's region; JavaScript, Java and .NET do not read it",
    judge: ({ env }) =>
      isSet(env["AWS_DEFAULT_REGION"]) &&
      env["AWS_REGION"] === undefined &&
      hit("only AWS_DEFAULT_REGION is set", "AWS_DEFAULT_REGION", "Also set AWS_REGION."),
  }),
  notice("region-missing", {
    looksFor: "a profile with credentials but without a region, while no variable sets one",
    readers: 'the AWS CLI and the SDKs fail with "You must specify a region" or a similar error',
    judge: eachProfile(
      (profile, { env }) =>
        findEnvironmentRegion(env) === undefined &&
        !profile.hasAny("region") &&
        profile.hasAny(...CREDENTIAL_KEYS) &&
        profile.hit([], "has no region", "Add a line: region = …, or set AWS_REGION."),
    ),
  }),
  notice("config-for-go-1", {
    looksFor: "a tool that was built with the SDK for Go v1, without `AWS_SDK_LOAD_CONFIG`",
    readers:
      "without the variable, Go v1 and JavaScript v2 read only the credentials file, not the config",
    judge: ({ env, goTools, profiles }) =>
      goTools.length > 0 &&
      profiles.length > 0 &&
      !isSet(env["AWS_SDK_LOAD_CONFIG"]) &&
      hit(
        `${goTools.join(", ")} may be built with Go v1`,
        goTools.join(", "),
        "export AWS_SDK_LOAD_CONFIG=1",
      ),
  }),
  warn("env-file-empty", {
    looksFor: "an `AWS_CONFIG_FILE` or `AWS_SHARED_CREDENTIALS_FILE` that is set and empty",
    readers:
      "the AWS CLI and boto3 read no file; all other clients and latchkey read the default file",
    judge: ({ env }) =>
      FILE_VARIABLES.map(
        (name) => env[name] === "" && hit(`${name} is set but empty`, name, `unset ${name}`),
      ),
  }),
  warn("env-file-unexpanded", {
    looksFor:
      "an `AWS_CONFIG_FILE` or `AWS_SHARED_CREDENTIALS_FILE` with a `~` or `$` that no shell has expanded",
    readers:
      "the AWS CLI, boto3 and latchkey expand ~ and $HOME; JavaScript, Java and Rust expand only ~/; Go and .NET expand neither and look for a file with that literal name",
    judge: eachFileVariable(
      (variable, { path }, written) =>
        /^~|\$/.test(written) &&
        hit(
          `${variable} is ${written}`,
          `${variable}: ${path}`,
          `Set ${variable} to the full path: ${path}`,
        ),
    ),
  }),
  warn("env-file-missing", {
    looksFor: "an `AWS_CONFIG_FILE` or `AWS_SHARED_CREDENTIALS_FILE` that does not exist",
    readers: "every client continues as if the file were empty; .NET uses the default file",
    judge: eachFileVariable(
      (variable, { path, exists, refusal }) =>
        !exists &&
        refusal === undefined &&
        hit(
          `${variable} is a file that does not exist`,
          `${variable}: ${path}`,
          `unset ${variable}`,
        ),
    ),
  }),
  warn("env-file-relative", {
    looksFor: "an `AWS_CONFIG_FILE` or `AWS_SHARED_CREDENTIALS_FILE` that is not an absolute path",
    readers:
      "every client looks for it in its current directory, even if another user wrote the file there",
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

/** Skips values with odd characters, which another rule reports. */
function eachFileVariable(
  judge: (variable: string, file: ObservedFile, written: string) => Hits,
): Judge {
  return ({ env, config, credentials }) =>
    FILE_VARIABLES.map((name) => {
      const written = env[name];
      if (!isSet(written) || findOddCharacter(written) !== undefined) return undefined;
      return judge(name, name === "AWS_CONFIG_FILE" ? config : credentials, written);
    });
}

function unsetCommand(names: readonly string[]): string {
  return `unset ${names.join(" ")}`;
}
