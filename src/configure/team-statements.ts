import { LatchkeyError } from "../errors.ts";
import { isPortableName } from "../aws-config/header.ts";
import { isRegion, isStartUrl } from "../model/start-url.ts";
import { type WritableForm } from "../profiles/change/edits.ts";
import { parseScopes } from "../model/sso-session.ts";
import { parseRoleFilter } from "./filter.ts";
import { HARMLESS_KEYS } from "./extra-keys.ts";
import { SETTINGS } from "../settings/settings.ts";

/**
 * A team file has the answers that are the same for all colleagues, and is kept in a repository. Because another person
 * wrote it, it can set the session and profile names, but never a program, a credential or an endpoint.
 */
export type TeamFile = Readonly<ReturnType<typeof parseTeamStatements>>;

/** A line of the file that gives a key a value. */
export interface TeamStatement {
  readonly section: string;
  readonly key: string;
  readonly line: number;
  /** As the `ini` package parses it. */
  readonly value: string;
}

interface KeyRule {
  readonly isValid: (value: string) => boolean;
  readonly form: string;
  readonly isList?: boolean;
}

const KEYS: Readonly<Record<string, Readonly<Record<string, KeyRule>>>> = {
  session: {
    name: { isValid: isPortableName, form: "letters, digits and _ . @ + % : / - only" },
    start_url: {
      isValid: isStartUrl,
      form: "an https URL, such as https://my-company.awsapps.com/start",
    },
    region: { isValid: isRegion, form: "a region such as us-east-1" },
    registration_scopes: {
      isValid: (value) => parseScopes(value) !== undefined,
      form: "scopes separated by commas, such as sso:account:access",
    },
  },
  profiles: {
    template: SETTINGS.template,
    form: { isValid: isForm, form: "sso-session, legacy or credential-process" },
    region: { ...SETTINGS["default-region"], isList: true },
    output: SETTINGS["default-output"],
    filter: { isValid: isPattern, form: "a pattern such as account:payments-*", isList: true },
    exclude: { isValid: isPattern, form: "a pattern such as role:Billing", isList: true },
  },
};

const TEAM_SECTIONS: readonly string[] = [...Object.keys(KEYS), "set"];

/**
 * Returns the checked answers.
 * @throws LatchkeyError CONFIG_INVALID with the line of a statement that is unknown, repeated or of the wrong form.
 */
export function parseTeamStatements(statements: readonly TeamStatement[], file: string) {
  const values = new Map<string, string[]>();
  for (const statement of statements) {
    const { section, key, value, line } = statement;
    const toError = lineErrors(file, line);
    const rule = requireRule(statement, toError);
    if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029[\]]/.test(value))
      throw toError(
        `the value of ${key} has a line break, a control character or a bracket in it.`,
        "Remove it from the value.",
      );
    if (value === "" || !rule.isValid(value))
      throw toError(`${key} is not ${rule.form}.`, "Fix that line.");
    const before = values.get(`${section}.${key}`);
    if (before !== undefined && rule.isList !== true)
      throw toError(`${key} is set twice.`, "Remove one of them.");
    values.set(`${section}.${key}`, [...(before ?? []), value]);
  }
  const listValues = (name: string): string[] => values.get(name) ?? [];
  const findValue = (name: string): string | undefined => listValues(name)[0];
  const form = findValue("profiles.form");
  return {
    session: findValue("session.name"),
    startUrl: findValue("session.start_url"),
    ssoRegion: findValue("session.region"),
    registrationScopes: findValue("session.registration_scopes"),
    template: findValue("profiles.template"),
    form: form !== undefined && isForm(form) ? form : undefined,
    regions: listValues("profiles.region"),
    output: findValue("profiles.output"),
    filters: listValues("profiles.filter"),
    excludes: listValues("profiles.exclude"),
    /** `key=value`, the form that `--set` takes. */
    extras: statements
      .filter(({ section }) => section === "set")
      .map(({ key, value }) => `${key}=${value}`),
  };
}

function requireRule({ section, key }: TeamStatement, toError: ToLineError): KeyRule {
  if (section === "set") {
    if (HARMLESS_KEYS.includes(key))
      return { isValid: (value) => /^[\w.+-]{1,64}$/.test(value), form: "a word" };
    throw toError(
      `a team file can't set ${JSON.stringify(key)}.`,
      `It may set: ${HARMLESS_KEYS.join(", ")}`,
    );
  }
  const keys = Object.hasOwn(KEYS, section) ? (KEYS[section] ?? {}) : undefined;
  if (keys === undefined)
    throw toError(
      section === ""
        ? "a key is before the first section."
        : `there is no section ${JSON.stringify(section)}.`,
      `There are: ${TEAM_SECTIONS.map((name) => `[${name}]`).join(", ")}`,
    );
  const rule = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (rule === undefined)
    throw toError(
      `there is no key ${JSON.stringify(key)} in [${section}].`,
      `There are: ${Object.keys(keys).join(", ")}`,
    );
  return rule;
}

export type ToLineError = (what: string, hint: string) => LatchkeyError;

export function lineErrors(file: string, line: number): ToLineError {
  return (what, hint) =>
    new LatchkeyError("CONFIG_INVALID", `${file}, line ${line}: ${what}`, { hint });
}

function isForm(value: string): value is WritableForm {
  return value === "sso-session" || value === "legacy" || value === "credential-process";
}

function isPattern(value: string): boolean {
  try {
    parseRoleFilter([value], []);
    return true;
  } catch {
    return false;
  }
}
