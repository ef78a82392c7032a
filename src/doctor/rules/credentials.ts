import { findSection } from "../../aws-config/document.ts";
import { CLIENTS } from "../../clients/family.ts";
import { findRole, findSource, parseOwnProcess } from "../../clients/identity.ts";
import { createResolver } from "../../clients/resolve.ts";
import { describeDiffering } from "../../credentials/identity/source.ts";
import { findEntry, locateKey, type Observations, type ObservedSection } from "../observations.ts";
import { hitLine, hitRefusal, type Hits } from "../hit.ts";
import { eachProfile, fail, warn, type Rule } from "../rule.ts";

/** Rules for the credentials file, and for its keys that affect profiles of the same name. */

export const CREDENTIALS_RULES: readonly Rule[] = [
  fail("credentials-unreadable", {
    looksFor:
      "a credentials file that can't be read (no permission, not a file, encrypted, UTF-16, or a template that has not been applied)",
    readers: "the AWS CLI ends with an error; the SDKs ignore the file",
    judge: ({ credentials: { refusal, cure, path } }) =>
      refusal !== undefined &&
      hitRefusal(refusal, path, cure ?? `Check its owner and mode: ls -l ${path}`),
  }),
  fail("credentials-refused", {
    looksFor: "a credentials file that the AWS CLI can't parse",
    readers: "the AWS CLI refuses every command; JavaScript reads the valid lines",
    judge: ({ credentials }) => {
      const [first] = credentials.document.problems
        .filter(({ kind }) => kind !== "nul-byte")
        .map(({ line }) => line)
        .toSorted((a, b) => a - b);
      if (first === undefined) return undefined;
      const hint = `Fix line ${first} in an editor.`;
      return hitLine(credentials, first, "the credentials file is damaged", hint);
    },
  }),
  fail("identity-mixed", {
    looksFor:
      "a profile with `role_arn` and SSO keys, or with `role_arn` and latchkey's `credential_process`",
    readers:
      "most clients assume the role; Java and .NET use the SSO role; Go refuses a `credential_process` there",
    judge: judgeMixture,
  }),
  warn("credentials-override", {
    looksFor: "static keys for a profile that has SSO or a `credential_process`",
    readers:
      "with SSO, JavaScript and Go use the keys, the others SSO; with a process, .NET refuses the profile, and the others differ",
    judge: eachProfile((profile, seen) => {
      const hasOther = profile.hasAny("sso_session", "sso_start_url", "credential_process");
      if (!hasOther || !hasKeys(seen, profile.name)) return undefined;
      const isProcess = profile.hasAny("credential_process") && !profile.hasAny("sso_role_name");
      const isInCredentials = seen.credentialsProfiles.has(profile.name);
      return {
        what: `${profile.header} also has static keys`,
        evidence: locateKeys(seen, profile),
        readers: isProcess
          ? `Java${isInCredentials ? " and Rust" : ", Rust and the AWS CLI"} run the process; .NET refuses the profile; the others use the keys`
          : "JavaScript and Go use the keys, the others SSO",
        hint: "Remove aws_access_key_id, aws_secret_access_key and aws_session_token of that profile.",
      };
    }),
  }),
  warn("credentials-prefix", {
    looksFor: "a section `[profile NAME]` in the credentials file",
    readers:
      "no client reads it as the profile NAME, since section headers in that file are only names",
    judge: ({ credentials }) =>
      credentials.document.sections
        .filter(({ place }) => /^\s*profile\s/.test(place.header))
        .map(({ place: { header }, line, name }) =>
          hitLine(
            credentials,
            line,
            `[${header}] is in the credentials file`,
            `Write the header as [${name}].`,
          ),
        ),
  }),
];

/** Finds profiles with a role_arn for which some clients use another identity than the profile's SSO role. */
function judgeMixture(seen: Observations): Hits {
  const mixed = seen.profiles.filter(
    (profile) => profile.hasAny("role_arn") && profile.hasAny(...ROLE_SOURCES),
  );
  const meant = mixed.flatMap((profile) => {
    const role = findMeantRole(profile);
    return role === undefined ? [] : [{ profile, role }];
  });
  if (meant.length === 0) return undefined;
  const files = {
    config: { file: seen.config.path, document: seen.config.document },
    credentials: { file: seen.credentials.path, document: seen.credentials.document },
  };
  const resolve = createResolver({
    config: files.config.document.text,
    credentials: files.credentials.document.text,
  });
  return meant.map(({ profile, role }) => {
    const outcomes = resolve(seen.env, profile.name);
    const others = CLIENTS.filter((client) => {
      const found = findRole(findSource(outcomes[client]));
      return found.accountId !== role.accountId || found.roleName !== role.roleName;
    });
    if (others.length === 0) return undefined;
    const kind = profile.hasAny(...SSO) ? "SSO keys" : "credential_process";
    return {
      what: `${profile.header} has role_arn and ${kind}`,
      evidence: profile.locate("role_arn"),
      readers: `${describeDiffering(others, outcomes, files).join("; ")}; the others use ${role.accountId} ${role.roleName}`,
      hint: `Keep one: remove role_arn and its related keys, or the ${kind}.`,
    };
  });
}

const ROLE_SOURCES = ["source_profile", "credential_source", "web_identity_token_file"];
const SSO = ["sso_account_id", "sso_role_name"];

function findMeantRole(
  profile: ObservedSection,
): { readonly accountId: string; readonly roleName: string } | undefined {
  const [accountId, roleName] = SSO.map((key) => profile.value(key));
  if (accountId !== undefined && roleName !== undefined) return { accountId, roleName };
  return parseOwnProcess(profile.value("credential_process"));
}

/** Whether either file has static keys for this profile. */
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
