import {
  compareReaders,
  type DifferenceKind,
  type ReaderDifference,
} from "../../clients/compare.ts";
import {
  findSections,
  type ConfigDocument,
  type ConfigEntry,
  type ConfigSection,
} from "../../aws-config/document.ts";
import { headerText } from "../../aws-config/header.ts";
import { formatHeader, type Observations } from "../observations.ts";
import { hit, hitLine, locateLine } from "../hit.ts";
import { splitShellWords } from "../../text/shell-words.ts";
import { viewsText } from "../../profiles/text.ts";
import { fail, notice, warn, type Judge, type Rule } from "../rule.ts";

/** Where AWS clients read one config differently. */

export const READER_RULES: readonly Rule[] = [
  warn("header-unread", {
    looksFor:
      "a section header that only some clients read, or none (a name with blanks or a !, `[ profile a ]`, `[Profile a]`, `[sso_session s]`, `[profile.a]`)",
    readers: "the clients that it names do not see the section",
    judge: eachDifference(
      "section",
      "Write the header as [profile NAME] or [sso-session NAME], the name of letters, digits and _ . @ + % : / - alone.",
    ),
  }),
  notice("empty-value", {
    looksFor: "a key without a value (`cli_pager =` apart, which is meant so)",
    readers: "JavaScript reads nothing, the other clients an empty value",
    judge: eachDifference("empty-value", "Give it a value, or remove the line."),
  }),
  warn("key-case", {
    looksFor: "a key with upper case",
    readers: "JavaScript and Java do not find it, the other clients do",
    judge: eachDifference("key-case", "Write the key in lower case."),
  }),
  warn("inline-comment", {
    looksFor: "a # or ; after a blank in a value",
    readers:
      "the AWS CLI and .NET take it for part of the value, JavaScript, Go, Java and Rust for a comment",
    judge: eachDifference("comment", "Put the comment on a line of its own."),
  }),
  warn("continued-value", {
    looksFor: "a value that goes on in an indented line, or with an indented comment below it",
    readers:
      "the AWS CLI, Java and Rust join the lines, the others drop the second or take it for a key; Java and Rust join a comment, too",
    judge: eachDifference(
      "continuation",
      "Write the value on one line, and comments at the left edge.",
    ),
  }),
  warn("key-unread", {
    looksFor: "a key that only some clients see (`key: value`)",
    readers: "the AWS CLI and Go read it, JavaScript does not; Java, Rust and .NET refuse the file",
    judge: eachDifference("key", "Write it as key = value, at the left edge."),
  }),
  warn("value-differs", {
    looksFor: "any other value that clients read differently",
    readers: "the clients that it names read another value",
    judge: eachDifference(
      "value",
      "Write it as key = value, at the left edge, in plain characters.",
    ),
  }),
  fail("refused-by-javascript", {
    looksFor: "a section named `__proto__`",
    readers: "JavaScript gives up the whole file, the other clients read it",
    judge: eachDifference(
      "file-refused",
      "Give the section another name.",
      isRefusedBy("javascript"),
    ),
  }),
  warn("refused-by-some", {
    looksFor:
      "a line over which some clients refuse the whole file: an indented first key, a comment behind a header",
    readers: "the AWS CLI reads it; Java and Rust, or .NET, refuse the whole file",
    judge: eachDifference(
      "file-refused",
      "Write headers, keys and comments at the left edge, each on a line of its own.",
      (difference) => !isRefusedBy("javascript")(difference),
    ),
  }),
  warn("default-twice", {
    looksFor: "both `[default]` and `[profile default]`",
    readers:
      "the AWS CLI takes the later of the two, JavaScript, Go, Java and Rust always [profile default], .NET always [default]; the AWS CLI writes into [default]",
    judge: eachDoubleSpelling(
      "Join the two into [default] in an editor.",
      ({ type, name }) => name === "default" && type === "profile",
    ),
  }),
  warn("header-spelt-twice", {
    looksFor: 'a name that two headers spell differently (`[profile x]` and `[profile "x"]`)',
    readers:
      "the AWS CLI takes the later alone, JavaScript joins the two, the others see but one of them",
    judge: eachDoubleSpelling(
      "Join the two sections in an editor.",
      ({ name }) => name !== "default",
    ),
  }),
  warn("default-lends", {
    looksFor: "a section `[DEFAULT]` in upper case",
    readers: "the AWS CLI adds its keys to every section, the SDKs ignore it",
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
      "no AWS client but Go v1 takes it for a profile in this file; in the credentials file it would be one",
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
function eachDifference(
  kind: DifferenceKind,
  hint: string,
  isMeant: (difference: ReaderDifference) => boolean = () => true,
): Judge {
  return (seen) => {
    const lines = new Set<number>();
    return selectDifferences(seen)
      .filter((difference) => difference.kind === kind && isMeant(difference))
      .filter(({ line }) => !lines.has(line) && lines.add(line))
      .map((difference) => ({
        what: difference.why ?? describePlace(difference),
        // A value that a shell would run is not repeated.
        readers: viewsText(difference.views, !difference.key?.includes("process")),
        evidence: locateLine(seen.config.path, difference.line),
        hint,
      }));
  };
}

function describePlace({ section, key }: ReaderDifference): string {
  return key === undefined ? `[${section}]` : `[${section}] ${key}`;
}

function isRefusedBy(family: "javascript"): (difference: ReaderDifference) => boolean {
  return ({ views }) =>
    views.some(({ sees, families }) => sees.kind === "refuses-file" && families.includes(family));
}

/** Compared once for each document: nine rules ask. */
const known = new WeakMap<ConfigDocument, readonly ReaderDifference[]>();

function selectDifferences({ config: { document } }: Observations): readonly ReaderDifference[] {
  const differences =
    known.get(document) ?? compareReaders(document).filter(isUnexplained(document));
  known.set(document, differences);
  return differences;
}

/** Not what another rule says (damaged lines, names that stand twice, keys of [DEFAULT], headers), nor `cli_pager =`. */
function isUnexplained(document: ConfigDocument): (difference: ReaderDifference) => boolean {
  const doubled = listLines(document.problems.filter(({ kind }) => kind.startsWith("duplicate-")));
  const told = document.sections.filter(
    (section) =>
      isSpeltTwice(document, section) ||
      [section, ...section.entries].some(({ line }) => doubled.has(line)),
  );
  const twice = new Set(told.map((section) => headerText(section)));
  const explained = listExplainedLines(document, told);
  const owners = listOwners(document);
  return ({ section, key, kind, line }) => {
    if (twice.has(section) || explained.has(line)) return false;
    // A key that some find in another section, or in a value: the header or the value is told.
    if (key !== undefined && owners.get(line) !== section) return false;
    return kind !== "empty-value" || key !== "cli_pager";
  };
}

function listExplainedLines(
  { problems, sections }: ConfigDocument,
  told: readonly ConfigSection[],
): ReadonlySet<number> {
  const damaged = listLines(problems);
  const isDamaged = ({ line, lastLine }: ConfigEntry): boolean => {
    let at = line;
    while (at <= lastLine && !damaged.has(at)) at += 1;
    return at <= lastLine;
  };
  const entries = sections.flatMap((section) => section.entries);
  const explained = [
    ...problems,
    ...told,
    ...sections.filter(isLending).flatMap((section) => section.entries),
    // Over its quotes Go v1 gives up the whole file; they are told as what they are.
    ...entries.filter((entry) => isDamaged(entry) || hasOpenQuote(entry)),
  ];
  return listLines(explained);
}

function hasOpenQuote({ key, value }: ConfigEntry): boolean {
  return key === "credential_process" && splitShellWords(value) === undefined;
}

function listLines(places: ReadonlyArray<{ readonly line: number }>): Set<number> {
  return new Set(places.map(({ line }) => line));
}

/** The section of each key, as the AWS CLI reads it. */
function listOwners({ sections }: ConfigDocument): ReadonlyMap<number, string> {
  return new Map(
    sections.flatMap((section) =>
      section.entries.map(({ line }) => [line, headerText(section)] as const),
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
