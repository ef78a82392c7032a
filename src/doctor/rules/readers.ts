import {
  compareReaders,
  type DifferenceKind,
  type ReaderDifference,
} from "../../clients/compare.ts";
import {
  findSections,
  type ConfigDocument,
  type ConfigSection,
} from "../../aws-config/document.ts";
import { headerText } from "../../aws-config/header.ts";
import { formatHeader, type Observations } from "../observations.ts";
import { hit, hitLine, locateLine } from "../hit.ts";
import { fail, notice, warn, type Judge, type Rule } from "../rule.ts";

/** Where the AWS CLI and the SDK for JavaScript read one config differently. */

export const READER_RULES: readonly Rule[] = [
  warn("header-unread", {
    looksFor:
      "a section header that only one reader understands (a name with blanks, `[profile.a]`, `[profiles a]`)",
    readers: "the AWS CLI or JavaScript does not see the section",
    judge: eachDifference(
      "section",
      "Write the header as [profile NAME] or [sso-session NAME], without blanks in the name.",
    ),
  }),
  notice("empty-value", {
    looksFor: "a key without a value (`cli_pager =` apart, which is meant so)",
    readers: "the AWS CLI reads an empty value, JavaScript nothing",
    judge: eachDifference("empty-value", "Give it a value, or remove the line."),
  }),
  warn("key-case", {
    looksFor: "a key with upper case",
    readers: "the AWS CLI reads it in lower case, JavaScript does not find it",
    judge: eachDifference("key-case", "Write the key in lower case."),
  }),
  warn("inline-comment", {
    looksFor: "a # or ; after a blank in a value",
    readers: "the AWS CLI takes it for part of the value, JavaScript for a comment",
    judge: eachDifference("comment", "Put the comment on a line of its own."),
  }),
  warn("continued-value", {
    looksFor: "a value that goes on in an indented line",
    readers: "the AWS CLI joins the lines, JavaScript drops the second or takes it for a key",
    judge: eachDifference("continuation", "Write the value on one line."),
  }),
  warn("key-unread", {
    looksFor: "a key that only one reader sees (`key: value`)",
    readers: "the AWS CLI reads it, JavaScript does not, or the other way about",
    judge: eachDifference("key", "Write it as key = value, at the left edge."),
  }),
  warn("value-differs", {
    looksFor: "any other value that the two read differently",
    readers: "the AWS CLI and JavaScript read another value",
    judge: eachDifference(
      "value",
      "Write it as key = value, at the left edge, in plain characters.",
    ),
  }),
  fail("refused-by-javascript", {
    looksFor: "a section named `__proto__`",
    readers: "JavaScript gives up the whole file, the AWS CLI reads it",
    judge: ({ config }) =>
      compareReaders(config.document)
        .filter(({ kind, javascript }) => kind === "file-refused" && javascript === null)
        .map(({ line }) =>
          hitLine(config, line, "a section is named __proto__", "Give the section another name."),
        ),
  }),
  warn("default-twice", {
    looksFor: "both `[default]` and `[profile default]`",
    readers:
      "the AWS CLI takes the later of the two, JavaScript and Go always [profile default]; the AWS CLI writes into [default]",
    judge: eachDoubleSpelling(
      "Join the two into [default] in an editor.",
      ({ type, name }) => name === "default" && type === "profile",
    ),
  }),
  warn("header-spelt-twice", {
    looksFor: 'a name that two headers spell differently (`[profile x]` and `[profile "x"]`)',
    readers: "the AWS CLI takes the later alone, JavaScript joins the two",
    judge: eachDoubleSpelling(
      "Join the two sections in an editor.",
      ({ name }) => name !== "default",
    ),
  }),
  warn("default-lends", {
    looksFor: "a section `[DEFAULT]` in upper case",
    readers: "the AWS CLI adds its keys to every section, JavaScript ignores it",
    judge: ({ config }) =>
      config.document.sections
        .filter(isLending)
        .map(({ line }) =>
          hitLine(config, line, "[DEFAULT] has keys", "Write [default], or remove the section."),
        ),
  }),
  warn("unprefixed-section", {
    looksFor: "a section `[NAME]` with a profile's keys but without the word profile",
    readers:
      "no AWS client takes it for a profile in this file; in the credentials file it would be one",
    judge: ({ config }) =>
      config.document.sections
        .filter(isUnprefixed)
        .map(({ name, line }) =>
          hitLine(
            config,
            line,
            `[${name}] holds a profile's keys`,
            `Write the header as [profile ${name}].`,
          ),
        ),
  }),
];

/** One hit a line. */
function eachDifference(kind: DifferenceKind, hint: string): Judge {
  return (seen) => {
    const lines = new Set<number>();
    return selectDifferences(seen)
      .filter(
        (difference) =>
          difference.kind === kind && !lines.has(difference.line) && lines.add(difference.line),
      )
      .map((difference) => ({
        what: describeDifference(difference),
        readers: describeReadings(difference),
        evidence: locateLine(seen.config.path, difference.line),
        hint,
      }));
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

/** Compared once for each document: seven rules ask. */
const known = new WeakMap<ConfigDocument, readonly ReaderDifference[]>();

function selectDifferences({ config: { document } }: Observations): readonly ReaderDifference[] {
  const differences =
    known.get(document) ?? compareReaders(document).filter(isUnexplained(document));
  known.set(document, differences);
  return differences;
}

/** Not what another rule says (damaged lines, names that stand twice, keys of [DEFAULT]), nor `cli_pager =`. */
function isUnexplained(document: ConfigDocument): (difference: ReaderDifference) => boolean {
  const explained = new Set([
    ...document.problems.map(({ line }) => line),
    ...document.sections
      .filter(isLending)
      .flatMap(({ entries }) => entries.map(({ line }) => line)),
  ]);
  const twice = new Set(
    document.sections
      .filter((section) => isSpeltTwice(document, section))
      .map((section) => headerText(section)),
  );
  const continued = listContinuedLines(document);
  return ({ section, key, kind, line }) => {
    if (section === "" || twice.has(section) || explained.has(line)) return false;
    if (kind === "key") return !continued.has(line);
    return kind !== "empty-value" || key !== "cli_pager";
  };
}

function listContinuedLines({ sections }: ConfigDocument): ReadonlySet<number> {
  const entries = sections.flatMap((section) => section.entries);
  return new Set(
    entries.flatMap(({ line, value }) =>
      value
        .split("\n")
        .slice(1)
        .map((_, index) => line + 1 + index),
    ),
  );
}

function isLending({ place, entries }: ConfigSection): boolean {
  return place.header === "DEFAULT" && entries.length > 0;
}

/** Each name once. */
function eachDoubleSpelling(hint: string, isMeant: (section: ConfigSection) => boolean): Judge {
  return ({ config: { path, document } }) => {
    const sections = document.sections.filter(
      (section) => isMeant(section) && isSpeltTwice(document, section),
    );
    const once = new Map(sections.map((section) => [formatHeader(section), section]));
    return [...once].map(([header, section]) => {
      const lines = findSpelt(document, section).map(({ line }) => line);
      return hit(`${header} is spelt in two ways`, `${path}, lines ${lines.join(" and ")}`, hint);
    });
  };
}

function isSpeltTwice(document: ConfigDocument, section: ConfigSection): boolean {
  return new Set(findSpelt(document, section).map(({ place }) => place.header)).size > 1;
}

/** All sections that mean the name of this one. */
function findSpelt(
  document: ConfigDocument,
  { type, name }: ConfigSection,
): readonly ConfigSection[] {
  return type === "other" ? [] : findSections(document, type, name);
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
