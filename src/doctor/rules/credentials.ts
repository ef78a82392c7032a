import { findSection, type ConfigSection } from "../../aws-config/document.ts";
import { findValue } from "../../profiles/profile.ts";
import type { Observations, ObservedFile, Rule } from "../rule.ts";
import { findEntry, formatHeader, locateKey, listProfiles } from "../places.ts";

/** The credentials file: what its keys do to profiles of the same name. */

export const CREDENTIALS_RULES: readonly Rule[] = [
  {
    id: "credentials-unreadable",
    level: "fail",
    subject: "credentials",
    looksFor: "a credentials file that can't be read: no permission, or not a file",
    readers: "the AWS CLI ends with an error, the SDKs do without it",
    judge: ({ credentials }) =>
      credentials.refusal === undefined
        ? []
        : [
            {
              what: credentials.refusal.replace(/\.$/, ""),
              evidence: credentials.path,
              hint: `Look at its owner and mode: ls -l ${credentials.path}`,
            },
          ],
  },
  {
    id: "credentials-refused",
    level: "fail",
    subject: "credentials",
    looksFor: "a credentials file that the AWS CLI can't parse",
    readers: "the AWS CLI refuses every command, JavaScript reads what it can",
    judge: ({ credentials }) => {
      const [first] = credentials.document.problems
        .filter(({ kind }) => kind !== "nul-byte")
        .toSorted((a, b) => a.line - b.line);
      return first === undefined
        ? []
        : [
            {
              what: "the credentials file is damaged",
              evidence: `${credentials.path}, line ${first.line}`,
              hint: `Mend line ${first.line} in an editor.`,
            },
          ];
    },
  },
  {
    id: "credentials-override",
    level: "warn",
    subject: "credentials",
    looksFor: "static keys for a profile that has SSO or a `credential_process`",
    readers:
      "the AWS CLI takes SSO before them and a process after them, JavaScript and Go take the keys",
    judge: (seen) =>
      listProfiles(seen)
        .filter(
          (section) =>
            ["sso_session", "sso_start_url", "credential_process"].some(
              (key) => findValue(section, key) !== undefined,
            ) && hasKeys(seen, section.name),
        )
        .map((section) => ({
          what: `${formatHeader(section)} also has static keys`,
          evidence: locateKeys(seen, section),
          readers:
            findValue(section, "credential_process") !== undefined &&
            findValue(section, "sso_role_name") === undefined
              ? "every client takes the keys, and none runs the process"
              : "the AWS CLI takes SSO, JavaScript and Go take the keys",
          hint: "Remove aws_access_key_id, aws_secret_access_key and aws_session_token of that profile.",
        })),
  },
  {
    id: "credentials-prefix",
    level: "warn",
    subject: "credentials",
    looksFor: "a section `[profile NAME]` in the credentials file",
    readers: "no client takes it for NAME: sections of that file are bare names",
    judge: ({ credentials }) =>
      credentials.document.sections
        .filter(({ place }) => /^\s*profile\s/.test(place.header))
        .map((section) => ({
          what: `[${section.place.header}] stands in the credentials file`,
          evidence: `${credentials.path}, line ${section.line}`,
          hint: `Write [${section.name}] there.`,
        })),
  },
];

/** Profiles of the credentials file by their bare names. */
export function listCredentialsProfiles({
  credentials,
}: Observations): ReadonlyMap<string, ConfigSection> {
  return new Map(credentials.document.sections.map((section) => [toBareName(section), section]));
}

function toBareName({ type, name, place }: ConfigSection): string {
  if (name === "default") return "default";
  return type === "other" ? name.trim() : place.header.trim();
}

/** Whether static keys stand under this name, in either file. */
export function hasKeys(seen: Observations, profile: string): boolean {
  const section = findSection(seen.config.document, "profile", profile);
  return [listCredentialsProfiles(seen).get(profile), section].some(
    (found) => found !== undefined && findEntry(found, "aws_access_key_id") !== undefined,
  );
}

function locateKeys(seen: Observations, section: ConfigSection): string {
  const own = listCredentialsProfiles(seen).get(section.name);
  const [file, holder]: [ObservedFile, ConfigSection] =
    own === undefined ? [seen.config, section] : [seen.credentials, own];
  return locateKey(file, holder, "aws_access_key_id");
}
