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
type CredentialsSource =
  "environment" | "profile" | "credentials-file" | "credential-process" | "chained-role";

export interface Origin {
  readonly source: CredentialsSource;
  /** The same in words, with the place. */
  readonly words: string;
  /** What is written there as well, and who goes by it. */
  readonly remarks: readonly string[];
}

const KEY = "aws_access_key_id";

/** What both files say of a profile. */
interface WrittenProfile {
  readonly config: ConfigSource;
  readonly name: string;
  readonly form: ProfileForm;
  /** In the config. */
  readonly section: ConfigSection | undefined;
  /** In the credentials file. */
  readonly keys: ConfigSection | undefined;
  /** File and line of the keys there; undefined where it has none. */
  readonly keysAt: string | undefined;
}

/** @param credentials the credentials file, whose sections are bare names. */
export function findOrigin(
  config: ConfigSource,
  credentials: ConfigSource,
  name: string,
  form: ProfileForm,
): Origin {
  const keys = findCredentialsSection(credentials.document, name);
  const written: WrittenProfile = {
    config,
    name,
    form,
    section: findSection(config.document, "profile", name),
    keys,
    keysAt: keys && locateKey(credentials, keys, KEY),
  };
  const { source, words, remark } =
    [findSso, findChainedRole, findKeys, findProcess]
      .map((find) => find(written))
      .find((found) => found !== undefined) ?? SDK_ORIGIN;
  return {
    source,
    words: `the profile "${name}"${words}`,
    remarks: remark === undefined ? [] : [remark],
  };
}

/** An origin of a profile's, whose name goes before the words. */
interface ProfileOrigin {
  readonly source: CredentialsSource;
  readonly words: string;
  readonly remark?: string | undefined;
}

const SDK_ORIGIN: ProfileOrigin = { source: "profile", words: ", as AWS SDKs resolve it" };

function findSso({ name, form, keysAt }: WrittenProfile): ProfileOrigin | undefined {
  if (form !== "sso-session" && form !== "legacy") return undefined;
  return {
    source: "profile",
    words: form === "legacy" ? ", by its own start URL" : ", by its SSO session",
    remark:
      keysAt &&
      `the credentials file also has keys for "${name}" (${keysAt}): the AWS CLI and latchkey take SSO, the SDKs for JavaScript and Go take the keys`,
  };
}

function findChainedRole({
  config,
  name,
  section,
  keys,
  keysAt,
}: WrittenProfile): ProfileOrigin | undefined {
  const role = section && resolveChainedRole(config, name);
  const arn = role?.roleArn ?? findInEither("role_arn", keys, section);
  const base =
    findInEither("source_profile", keys, section) ??
    findInEither("credential_source", keys, section);
  if (arn === undefined || base === undefined) return undefined;

  const isUnused = keysAt !== undefined && base !== name;
  return {
    source: "chained-role",
    words: `, a role assumed with the credentials of "${base}"`,
    remark: isUnused ? `its own keys (${keysAt}) are not used: a role goes before them` : undefined,
  };
}

function findKeys(written: WrittenProfile): ProfileOrigin | undefined {
  const { config, section, keysAt } = written;
  if (keysAt !== undefined)
    return {
      source: "credentials-file",
      words: ` of the credentials file (${keysAt})`,
      remark: findOverridden(written),
    };
  const place = section && locateKey(config, section, KEY);
  return place === undefined
    ? undefined
    : { source: "profile", words: `, from keys in the config (${place})` };
}

function findProcess({ form, section, keys }: WrittenProfile): ProfileOrigin | undefined {
  const source = "credential-process";
  if (form === source)
    return { source, words: " through latchkey, which its credential_process runs" };
  return findInEither("credential_process", keys, section) === undefined
    ? undefined
    : { source, words: ", from the program that its credential_process runs" };
}

/** Keys of the credentials file go before keys and programs of the config, in every client. */
function findOverridden({ config, name, section }: WrittenProfile): string | undefined {
  if (section === undefined) return undefined;
  const key = ["credential_process", KEY].find((each) => findValue(section, each) !== undefined);
  if (key === undefined) return undefined;
  const own =
    key === "credential_process"
      ? " (latchkey exec and export still go by a credential_process of latchkey's)"
      : "";
  return `the credentials file beats the config: ${key} of [${headerText({ type: "profile", name })}] (${locateKey(config, section, key) ?? config.file}) is not used by AWS clients${own}`;
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
    .map((section) => section && findValue(section, key))
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
