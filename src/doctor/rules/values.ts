import { findSection } from "../../aws-config/document.ts";
import { judgeRegion } from "../../model/start-url.ts";
import { describeCure, describeFault, KEY_VALUES } from "../../model/values.ts";
import { findHiddenCharacter, findOddCharacter } from "../../text/odd-character.ts";
import { hit, hitLine, type Hits } from "../hit.ts";
import { formatHeader, type ObservedFile, type ObservedSection } from "../observations.ts";
import { eachProfile, eachSection, fail, notice, warn, type Rule } from "../rule.ts";
import { isSet } from "./environment.ts";

/** Rules for values with characters that clients read differently, and for invalid values. */

export const VALUE_RULES: readonly Rule[] = [
  fail("value-quoted", {
    looksFor: 'a value in quotes (`region = "us-east-1"`)',
    readers:
      "the AWS CLI, JavaScript, Rust and .NET read the quotes as part of the value; Go and Java remove them",
    judge: eachSection((section) =>
      section.entries.map(
        ({ key, value }) =>
          isClientKey(key) &&
          /quotes/.test(findOddCharacter(value) ?? "") &&
          section.hit(key, `has ${key} in quotes`, "Remove the quotes."),
      ),
    ),
  }),
  fail("value-characters", {
    looksFor:
      "a carriage return, an invisible character, a byte order mark or an unusual blank in a line of the config or the credentials file",
    readers: "some clients read it as part of the name or the value, some remove it",
    judge: ({ config, credentials }) => [config, credentials].map(judgeLines),
  }),
  fail("value-invalid", {
    looksFor: "an invalid `region`, `endpoint_url` or `role_arn`",
    readers: "clients or the service refuse the profile",
    judge: eachSection((section) =>
      ["region", "endpoint_url", "role_arn"].map((key) => judgeValue(section, key)),
    ),
  }),
  warn("output-invalid", {
    looksFor: "an `output` that the AWS CLI does not support (`jsn`)",
    readers: "the AWS CLI refuses every command that prints output",
    judge: eachSection((section) => judgeValue(section, "output")),
  }),
  warn("services-missing", {
    looksFor: "a `services` without a matching `[services …]` section",
    readers: "the AWS CLI refuses the profile; the SDKs use AWS's endpoints",
    judge: eachProfile((profile, { config }) => {
      const name = profile.value("services");
      return (
        name !== undefined &&
        findSection(config.document, "services", name) === undefined &&
        profile.hit(
          "services",
          `has the services ${JSON.stringify(name)}, which do not exist`,
          "Add the section, or remove the line.",
        )
      );
    }),
  }),
  notice("endpoint-in-services", {
    looksFor: "an `endpoint_url` inside a `[services …]` section",
    readers:
      "the AWS CLI from 2.13 and the SDKs send requests there instead of to AWS; latchkey does not",
    judge: ({ config }) =>
      config.document.sections
        .filter(({ type }) => type === "services")
        .map((section) => {
          const entry = section.entries.find(
            ({ key, value }) => key === "endpoint_url" || /^\s*endpoint_url\s*[=:]/m.test(value),
          );
          const what = `${formatHeader(section)} has an endpoint_url`;
          const hint = "For latchkey, set AWS_ENDPOINT_URL_….";
          return entry !== undefined && hitLine(config, entry.line, what, hint);
        }),
  }),
  fail("variable-region", {
    looksFor: "an `AWS_REGION` or `AWS_DEFAULT_REGION` that is invalid or misspelt",
    readers:
      "every client that reads the variable fails, or connects to a host that does not exist",
    judge: ({ env }) =>
      ["AWS_REGION", "AWS_DEFAULT_REGION"].map((variable) => {
        const region = env[variable];
        if (!isSet(region) || findOddCharacter(region) !== undefined) return undefined;
        const judged = judgeRegion(region);
        const isWrong = judged.kind === "slip" || describeFault("region", region) !== undefined;
        const hint = judged.kind === "slip" ? `Did you mean ${judged.meant}?` : `unset ${variable}`;
        return isWrong && hit(`${variable} is ${JSON.stringify(region)}`, variable, hint);
      }),
  }),
];

/** Whether clients use the key's value unchanged. Other values may need their quotes. */
function isClientKey(key: string): boolean {
  return key in KEY_VALUES || QUOTELESS.has(key);
}

const QUOTELESS = new Set([
  "sso_session",
  "source_profile",
  "credential_source",
  "services",
  "mfa_serial",
  "external_id",
  "ca_bundle",
  "web_identity_token_file",
  "aws_access_key_id",
]);

function judgeValue(section: ObservedSection, key: string): Hits {
  const value = section.value(key);
  const kind = KEY_VALUES[key];
  if (value === undefined || kind === undefined || isOtherRules(value)) return undefined;
  const fault = describeFault(kind, value);
  const article = /^[aeio]/.test(key) ? "an" : "a";
  return (
    fault !== undefined &&
    section.hit(key, `has ${article} ${key} that ${fault}`, describeCure(kind, value))
  );
}

/** Whether another rule reports the value: odd characters, comments after a value, templates. */
function isOtherRules(value: string): boolean {
  return findOddCharacter(value) !== undefined || /\s[#;]|\{\{/.test(value);
}

/** Finds lines with a hidden character. Line ends, comments, and a byte order mark are left to other rules. */
function judgeLines(file: ObservedFile): Hits {
  return file.document.lines.map((line, index) => {
    const text = (index === 0 ? line.replace(/^\ufeff/, "") : line).replace(/\r?\n?$/, "");
    if (/^\s*[#;]|^\s*sso_account_name\b/.test(text)) return undefined;
    const odd = findHiddenCharacter(text.trim());
    return odd !== undefined && hitLine(file, index + 1, `a line has ${odd}`, "Retype the line.");
  });
}
