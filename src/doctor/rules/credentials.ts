import { findSection } from "../../aws-config/document.ts";
import { findEntry, locateKey, type Observations, type ObservedSection } from "../observations.ts";
import { hitLine, hitRefusal } from "../hit.ts";
import { eachProfile, fail, warn, type Rule } from "../rule.ts";

/** The credentials file: what its keys do to profiles of the same name. */

export const CREDENTIALS_RULES: readonly Rule[] = [
  fail("credentials-unreadable", {
    looksFor:
      "a credentials file that can't be read: no permission, not a file, encrypted, UTF-16, or a template not applied",
    readers: "the AWS CLI ends with an error, the SDKs do without it",
    judge: ({ credentials: { refusal, cure, path } }) =>
      refusal !== undefined &&
      hitRefusal(refusal, path, cure ?? `Look at its owner and mode: ls -l ${path}`),
  }),
  fail("credentials-refused", {
    looksFor: "a credentials file that the AWS CLI can't parse",
    readers: "the AWS CLI refuses every command, JavaScript reads what it can",
    judge: ({ credentials }) => {
      const [first] = credentials.document.problems
        .filter(({ kind }) => kind !== "nul-byte")
        .map(({ line }) => line)
        .toSorted((a, b) => a - b);
      if (first === undefined) return undefined;
      const hint = `Mend line ${first} in an editor.`;
      return hitLine(credentials, first, "the credentials file is damaged", hint);
    },
  }),
  warn("credentials-override", {
    looksFor: "static keys for a profile that has SSO or a `credential_process`",
    readers:
      "the AWS CLI takes SSO before them and a process after them, JavaScript and Go take the keys",
    judge: eachProfile((profile, seen) => {
      const hasOther = profile.hasAny("sso_session", "sso_start_url", "credential_process");
      if (!hasOther || !hasKeys(seen, profile.name)) return undefined;
      const isProcess = profile.hasAny("credential_process") && !profile.hasAny("sso_role_name");
      return {
        what: `${profile.header} also has static keys`,
        evidence: locateKeys(seen, profile),
        readers: isProcess
          ? "every client takes the keys, and none runs the process"
          : "the AWS CLI takes SSO, JavaScript and Go take the keys",
        hint: "Remove aws_access_key_id, aws_secret_access_key and aws_session_token of that profile.",
      };
    }),
  }),
  warn("credentials-prefix", {
    looksFor: "a section `[profile NAME]` in the credentials file",
    readers: "no client takes it for NAME: sections of that file are bare names",
    judge: ({ credentials }) =>
      credentials.document.sections
        .filter(({ place }) => /^\s*profile\s/.test(place.header))
        .map(({ place: { header }, line, name }) =>
          hitLine(
            credentials,
            line,
            `[${header}] stands in the credentials file`,
            `Write [${name}] there.`,
          ),
        ),
  }),
];

/** Whether static keys stand under this name, in either file. */
export function hasKeys(seen: Observations, profile: string): boolean {
  const section = findSection(seen.config.document, "profile", profile);
  return [seen.credentialsProfiles.get(profile), section].some(
    (found) => found !== undefined && findEntry(found, "aws_access_key_id") !== undefined,
  );
}

function locateKeys(
  { credentials, credentialsProfiles }: Observations,
  profile: ObservedSection,
): string {
  const own = credentialsProfiles.get(profile.name);
  return own === undefined
    ? profile.locate("aws_access_key_id")
    : locateKey(credentials.path, own, "aws_access_key_id");
}
