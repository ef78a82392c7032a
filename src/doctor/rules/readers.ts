import {
  compareReaders,
  type DifferenceKind,
  type ReaderDifference,
} from "../../aws-config/readers.ts";
import {
  findSections,
  type ConfigDocument,
  type ConfigSection,
} from "../../aws-config/document.ts";
import type { Level, Observations, Rule } from "../rule.ts";
import { formatHeader } from "../places.ts";

/** Where the AWS CLI and the SDK for JavaScript read one config differently. */

interface DifferenceRule {
  readonly kind: DifferenceKind;
  readonly id: string;
  readonly level: Level;
  readonly looksFor: string;
  readonly readers: string;
  readonly hint: string;
}

const DIFFERENCES: readonly DifferenceRule[] = [
  {
    kind: "section",
    id: "header-unread",
    level: "warn",
    looksFor:
      "a section header that only one reader understands (a name with blanks, `[profile.a]`, `[profiles a]`)",
    readers: "the AWS CLI or JavaScript does not see the section",
    hint: "Write the header as [profile NAME] or [sso-session NAME], without blanks in the name.",
  },
  {
    kind: "empty-value",
    id: "empty-value",
    level: "notice",
    looksFor: "a key without a value (`cli_pager =` apart, which is meant so)",
    readers: "the AWS CLI reads an empty value, JavaScript nothing",
    hint: "Give it a value, or remove the line.",
  },
  {
    kind: "key-case",
    id: "key-case",
    level: "warn",
    looksFor: "a key with upper case",
    readers: "the AWS CLI reads it in lower case, JavaScript does not find it",
    hint: "Write the key in lower case.",
  },
  {
    kind: "comment",
    id: "inline-comment",
    level: "warn",
    looksFor: "a # or ; after a blank in a value",
    readers: "the AWS CLI takes it for part of the value, JavaScript for a comment",
    hint: "Put the comment on a line of its own.",
  },
  {
    kind: "continuation",
    id: "continued-value",
    level: "warn",
    looksFor: "a value that goes on in an indented line",
    readers: "the AWS CLI joins the lines, JavaScript drops the second or takes it for a key",
    hint: "Write the value on one line.",
  },
  {
    kind: "key",
    id: "key-unread",
    level: "warn",
    looksFor: "a key that only one reader sees (`key: value`)",
    readers: "the AWS CLI reads it, JavaScript does not, or the other way about",
    hint: "Write it as key = value, at the left edge.",
  },
  {
    kind: "value",
    id: "value-differs",
    level: "warn",
    looksFor: "any other value that the two read differently",
    readers: "the AWS CLI and JavaScript read another value",
    hint: "Write it as key = value, at the left edge, in plain characters.",
  },
];

export const READER_RULES: readonly Rule[] = [
  ...DIFFERENCES.map(toRule),
  {
    id: "refused-by-javascript",
    level: "fail",
    subject: "config",
    looksFor: "a section named `__proto__`",
    readers: "JavaScript gives up the whole file, the AWS CLI reads it",
    judge: ({ config }) =>
      compareReaders(config.document)
        .filter(({ kind, javascript }) => kind === "file-refused" && javascript === null)
        .map(({ line }) => ({
          what: "a section is named __proto__",
          evidence: `${config.path}, line ${line}`,
          hint: "Give the section another name.",
        })),
  },
  {
    id: "default-twice",
    level: "warn",
    subject: "config",
    looksFor: "both `[default]` and `[profile default]`",
    readers:
      "the AWS CLI takes the later of the two, JavaScript and Go always [profile default]; the AWS CLI writes into [default]",
    judge: (seen) =>
      findSpellings(
        seen,
        (section) => section.name === "default" && section.type === "profile",
        "Join the two into [default] in an editor.",
      ),
  },
  {
    id: "header-spelt-twice",
    level: "warn",
    subject: "config",
    looksFor: 'a name that two headers spell differently (`[profile x]` and `[profile "x"]`)',
    readers: "the AWS CLI takes the later alone, JavaScript joins the two",
    judge: (seen) =>
      findSpellings(
        seen,
        (section) => section.name !== "default",
        "Join the two sections in an editor.",
      ),
  },
  {
    id: "default-lends",
    level: "warn",
    subject: "config",
    looksFor: "a section `[DEFAULT]` in upper case",
    readers: "the AWS CLI adds its keys to every section, JavaScript ignores it",
    judge: ({ config }) =>
      config.document.sections.filter(isLending).map(({ line }) => ({
        what: "[DEFAULT] has keys",
        evidence: `${config.path}, line ${line}`,
        hint: "Write [default], or remove the section.",
      })),
  },
  {
    id: "unprefixed-section",
    level: "warn",
    subject: "config",
    looksFor: "a section `[NAME]` with a profile's keys but without the word profile",
    readers:
      "no AWS client takes it for a profile in this file; in the credentials file it would be one",
    judge: ({ config }) =>
      config.document.sections.filter(isUnprefixed).map((section) => ({
        what: `${formatHeader(section)} holds a profile's keys`,
        evidence: `${config.path}, line ${section.line}`,
        hint: `Write the header as [profile ${section.name}].`,
      })),
  },
];

function toRule({ kind, id, level, looksFor, readers, hint }: DifferenceRule): Rule {
  return {
    id,
    level,
    subject: "config",
    looksFor,
    readers,
    judge: (seen) => {
      const lines = new Set<number>();
      return selectDifferences(seen)
        .filter(
          (difference) =>
            difference.kind === kind && !lines.has(difference.line) && lines.add(difference.line),
        )
        .map((difference) => ({
          what: describeDifference(difference),
          readers: describeReadings(difference),
          evidence: `${seen.config.path}, line ${difference.line}`,
          hint,
        }));
    },
  };
}

function describeDifference({ section, key }: ReaderDifference): string {
  return key === undefined ? `[${section}]` : `[${section}] ${key}`;
}

/** A value that is secret, or that a shell would run, is not repeated. */
function describeReadings({ key, awsCli, javascript }: ReaderDifference): string {
  const describeReading = (value: string | null): string => {
    if (value === null) return "nothing";
    if (key === undefined) return "it";
    return key.includes("process") ? "it, in its own way" : JSON.stringify(value);
  };
  return `the AWS CLI sees ${describeReading(awsCli)}, JavaScript sees ${describeReading(javascript)}`;
}

/** Made once for each document: seven rules ask. */
const known = new WeakMap<ConfigDocument, readonly ReaderDifference[]>();

/** Without what another rule says: damaged lines, names that stand twice, keys that [DEFAULT] lends, the lines of a continued value, `cli_pager =`. */
function selectDifferences({ config: { document } }: Observations): readonly ReaderDifference[] {
  const before = known.get(document);
  if (before !== undefined) return before;
  const [lent, continued] = [listInheritedLines(document), listContinuedLines(document)];
  const damaged = new Set(document.problems.map(({ line }) => line));
  const twice = new Set(
    document.sections
      .filter((section) => isSpeltTwice(document, section))
      .map((section) => formatHeader(section).slice(1, -1)),
  );
  const differences = compareReaders(document).filter(({ section, key, kind, line }) => {
    if (section === "" || twice.has(section) || lent.has(line) || damaged.has(line)) return false;
    return (
      !(kind === "key" && continued.has(line)) && !(kind === "empty-value" && key === "cli_pager")
    );
  });
  known.set(document, differences);
  return differences;
}

function listInheritedLines({ sections }: ConfigDocument): ReadonlySet<number> {
  return new Set(
    sections.filter(isLending).flatMap(({ entries }) => entries.map(({ line }) => line)),
  );
}

function listContinuedLines({ sections }: ConfigDocument): ReadonlySet<number> {
  const entries = sections
    .flatMap((section) => section.entries)
    .filter(({ value }) => value.includes("\n"));
  return new Set(
    entries.flatMap(({ line, value }) =>
      Array.from({ length: value.split("\n").length - 1 }, (_, index) => line + 1 + index),
    ),
  );
}

function isLending({ place, entries }: ConfigSection): boolean {
  return place.header === "DEFAULT" && entries.length > 0;
}

function isSpeltTwice(document: ConfigDocument, { type, name }: ConfigSection): boolean {
  return (
    type !== "other" &&
    new Set(findSections(document, type, name).map(({ place }) => place.header)).size > 1
  );
}

function findSpellings(
  { config }: Observations,
  isMeant: (section: ConfigSection) => boolean,
  hint: string,
) {
  const once = new Map(
    config.document.sections
      .filter((section) => isSpeltTwice(config.document, section) && isMeant(section))
      .map((section) => [formatHeader(section), section]),
  );
  return [...once].map(([header, { type, name }]) => {
    const lines =
      type === "other" ? [] : findSections(config.document, type, name).map(({ line }) => line);
    return {
      what: `${header} is spelt in two ways`,
      evidence: `${config.path}, lines ${lines.join(" and ")}`,
      hint,
    };
  });
}

const PROFILE_KEYS = new Set([
  "region",
  "sso_session",
  "sso_start_url",
  "sso_account_id",
  "role_arn",
  "source_profile",
  "credential_process",
  "aws_access_key_id",
]);
const OTHER_SECTIONS = new Set(["DEFAULT", "preview", "plugins"]);

function isUnprefixed({ type, name, entries }: ConfigSection): boolean {
  return (
    type === "other" &&
    /^[\w@+%:/-]+$/.test(name) &&
    !OTHER_SECTIONS.has(name) &&
    entries.some(({ key }) => PROFILE_KEYS.has(key))
  );
}
