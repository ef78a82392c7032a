import { findSection, type ConfigDocument, type ConfigSection } from "../aws-config/document.ts";
import { headerText } from "../aws-config/header.ts";
import { findValue, type ConfigSource, type ProfileForm } from "../profiles/profile.ts";
import { resolveChainedRole } from "./role-chain.ts";

/**
 * Where a profile's credentials come from: which of all that is written about it, in the config and in the credentials
 * file, AWS clients go by. What beats it is said.
 * Source: botocore 1.43 `create_credential_resolver`; credential-provider-ini of the SDK for JavaScript.
 */

/** The words of `source` in `whoami --json`: docs/shell.md explains each. */
export type CredentialsSource =
  "environment" | "profile" | "credentials-file" | "credential-process" | "chained-role";

export interface Origin {
  readonly source: CredentialsSource;
  /** The same in words, with the place. */
  readonly words: string;
  /** What is written there as well, and who goes by it. */
  readonly remarks: readonly string[];
}

const KEY = "aws_access_key_id";

/** @param credentials the credentials file, whose sections are bare names. */
export function findOrigin(
  config: ConfigSource,
  credentials: ConfigSource,
  name: string,
  form: ProfileForm,
): Origin {
  const section = findSection(config.document, "profile", name);
  const keys = findCredentialsSection(credentials.document, name);
  const keysAt = keys === undefined ? undefined : locateKey(credentials, keys, KEY);
  if (form === "sso-session" || form === "legacy") return describeSso(name, form, keysAt);

  const written = { config, name, section, keys, keysAt };
  return (
    findChainedRole(written) ??
    findKeys(written) ??
    findProcess(written, form) ?? {
      source: "profile",
      words: `the profile "${name}", as AWS SDKs resolve it`,
      remarks: [],
    }
  );
}

/** What both files say of a profile. */
interface WrittenProfile {
  readonly config: ConfigSource;
  readonly name: string;
  /** In the config. */
  readonly section: ConfigSection | undefined;
  /** In the credentials file. */
  readonly keys: ConfigSection | undefined;
  /** File and line of the keys there; undefined where it has none. */
  readonly keysAt: string | undefined;
}

function describeSso(
  name: string,
  form: "sso-session" | "legacy",
  keysAt: string | undefined,
): Origin {
  const remark = `the credentials file also has keys for "${name}" (${keysAt}): the AWS CLI and latchkey take SSO, the SDKs for JavaScript and Go take the keys`;
  return {
    source: "profile",
    words: `the profile "${name}", by ${form === "legacy" ? "its own start URL" : "its SSO session"}`,
    remarks: keysAt === undefined ? [] : [remark],
  };
}

function findChainedRole({
  config,
  name,
  section,
  keys,
  keysAt,
}: WrittenProfile): Origin | undefined {
  const role = section === undefined ? undefined : resolveChainedRole(config, name);
  const arn = role?.roleArn ?? findInEither("role_arn", keys, section);
  const base =
    findInEither("source_profile", keys, section) ??
    findInEither("credential_source", keys, section);
  if (arn === undefined || base === undefined) return undefined;

  const isUnused = keysAt !== undefined && base !== name;
  return {
    source: "chained-role",
    words: `the profile "${name}", a role assumed with the credentials of "${base}"`,
    remarks: isUnused ? [`its own keys (${keysAt}) are not used: a role goes before them`] : [],
  };
}

function findKeys({ config, name, section, keysAt }: WrittenProfile): Origin | undefined {
  if (keysAt !== undefined)
    return {
      source: "credentials-file",
      words: `the profile "${name}" of the credentials file (${keysAt})`,
      remarks: listOverridden(section, name, config),
    };
  const place = section === undefined ? undefined : locateKey(config, section, KEY);
  if (place === undefined) return undefined;
  return {
    source: "profile",
    words: `the profile "${name}", from keys in the config (${place})`,
    remarks: [],
  };
}

function findProcess(
  { name, section, keys }: WrittenProfile,
  form: ProfileForm,
): Origin | undefined {
  if (form === "credential-process")
    return {
      source: "credential-process",
      words: `the profile "${name}" through latchkey, which its credential_process runs`,
      remarks: [],
    };
  if (findInEither("credential_process", keys, section) === undefined) return undefined;
  return {
    source: "credential-process",
    words: `the profile "${name}", from the program that its credential_process runs`,
    remarks: [],
  };
}

/** Keys of the credentials file go before keys and programs of the config, in every client. */
function listOverridden(
  section: ConfigSection | undefined,
  name: string,
  config: ConfigSource,
): string[] {
  if (section === undefined) return [];
  const key = ["credential_process", KEY].find((each) => findValue(section, each) !== undefined);
  if (key === undefined) return [];
  const own =
    key === "credential_process"
      ? " (latchkey exec and export still go by a credential_process of latchkey's)"
      : "";
  return [
    `the credentials file beats the config: ${key} of [${headerText({ type: "profile", name })}] (${locateKey(config, section, key) ?? config.file}) is not used by AWS clients${own}`,
  ];
}

function findCredentialsSection(document: ConfigDocument, name: string): ConfigSection | undefined {
  return document.sections.findLast(
    (section) => (section.name === "default" ? "default" : section.place.header.trim()) === name,
  );
}

/** SDKs merge both files key by key, and the credentials file wins. */
function findInEither(
  key: string,
  ...sections: ReadonlyArray<ConfigSection | undefined>
): string | undefined {
  return sections
    .map((section) => (section === undefined ? undefined : findValue(section, key)))
    .find((value) => value !== undefined);
}

function locateKey(
  { file }: ConfigSource,
  section: ConfigSection,
  key: string,
): string | undefined {
  const line = section.entries.find((entry) => entry.key === key && entry.value !== "")?.line;
  return line === undefined ? undefined : `${file}, line ${line}`;
}

/** The account and role that an assumed role's ARN names, or a role's own: all that is known of it without asking. */
export function parseRoleArn(
  arn: string,
): { readonly accountId: string; readonly roleName: string } | undefined {
  const [, accountId, roleName] =
    /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  return accountId === undefined || roleName === undefined ? undefined : { accountId, roleName };
}
