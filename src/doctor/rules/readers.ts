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

/** Rules for places in the config that AWS clients read differently. */

export const READER_RULES: readonly Rule[] = [
  warn("header-unread", {
    looksFor:
      "a section header that only some clients recognise, or none (a name with blanks or a !, `[ profile a ]`, `[Profile a]`, `[sso_session s]`, `[profile.a]`)",
    readers: "the named clients ignore the section",
    judge: eachDifference(
      "section",
      "Write the header as [profile NAME] or [sso-session NAME]. NAME may have letters, digits and _ . @ + % : / -.",
    ),
  }),
  notice("empty-value", {
    looksFor: "a key without a value (except `cli_pager =`)",
    readers: "JavaScript ignores the key; the other clients read an empty value",
    judge: eachDifference("empty-value", "Give it a value, or remove the line."),
  }),
  warn("key-case", {
    looksFor: "a key with upper case",
    readers: "JavaScript and Java do not find it; the other clients do",
    judge: eachDifference("key-case", "Write the key in lower case."),
  }),
  warn("inline-comment", {
    looksFor: "a # or ; after a blank in a value",
    readers:
      "the AWS CLI and .NET read it as part of the value; JavaScript, Go, Java and Rust read a comment",
    judge: eachDifference("comment", "Put the comment on a separate line."),
  }),
  warn("continued-value", {
    looksFor: "a value that continues on an indented line, or has an indented comment below it",
    readers:
      "the AWS CLI, Java and Rust join the lines; the others drop the second line or read it as a key; Java and Rust also join a comment",
    judge: eachDifference(
      "continuation",
      "Write the value on one line, and comments at the left edge.",
    ),
  }),
  warn("key-unread", {
    looksFor: "a key that only some clients read (`key: value`)",
    readers: "the AWS CLI and Go read it; JavaScript does not; Java, Rust and .NET refuse the file",
    judge: eachDifference("key", "Write it as key = value, at the left edge."),
  }),
  warn("value-differs", {
    looksFor: "any other value that clients read differently",
    readers: "the named clients read another value",
    judge: eachDifference(
      "value",
      "Write it as key = value, at the left edge, in plain characters.",
    ),
  }),
  fail("refused-by-javascript", {
    looksFor: "a section named `__proto__`",
    readers: "JavaScript refuses the whole file; the other clients read it",
    judge: eachDifference(
      "file-refused",
      "Give the section another name.",
      isRefusedBy("javascript"),
    ),
  }),
  warn("refused-by-some", {
    looksFor:
      "a line because of which some clients refuse the whole file (an indented first key, a comment after a header)",
    readers: "the AWS CLI reads it; Java and Rust, or .NET, refuse the whole file",
    judge: eachDifference(
      "file-refused",
      "Write headers, keys and comments at the left edge, each on a separate line.",
      (difference) => !isRefusedBy("javascript")(difference),
    ),
  }),
  warn("default-twice", {
    looksFor: "both `[default]` and `[profile default]`",
    readers:
      "the AWS CLI uses the later one; JavaScript, Go, Java and Rust always use [profile default], .NET always [default]; the AWS CLI writes to [default]",
    judge: eachDoubleSpelling(
      "Join the two into [default] in an editor.",
      ({ type, name }) => name === "default" && type === "profile",
    ),
  }),
  warn("header-spelt-twice", {
    looksFor: 'a name in two spellings (`[profile x]` and `[profile "x"]`)',
    readers:
      "the AWS CLI uses only the later one; JavaScript joins the two; the others read only one of them",
    judge: eachDoubleSpelling(
      "Join the two sections in an editor.",
      ({ name }) => name !== "default",
    ),
  }),
  warn("default-lends", {
    looksFor: "a section `[DEFAULT]` in upper case",
    readers: "the AWS CLI adds its keys to every section; the SDKs ignore it",
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
      "in this file, only Go v1 reads it as a profile; in the credentials file, every client would",
    judge: ({ config }) =>
      config.document.sections
        .filter(isUnprefixed)
        .map(({ name, line }) =>
          hitLine(
            config,
            line,
            `[${name}] has a profile's keys`,
            `Write the header as [profile ${name}].`,
          ),
        ),
  }),
];

/** Returns a judge that reports the differences of one kind, with one hit per line. */
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
        // A value that a shell would run is not shown.
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

/** Compared once per document, since nine rules use the result. */
const known = new WeakMap<ConfigDocument, readonly ReaderDifference[]>();

function selectDifferences({ config: { document } }: Observations): readonly ReaderDifference[] {
  const differences =
    known.get(document) ?? compareReaders(document).filter(isUnexplained(document));
  known.set(document, differences);
  return differences;
}

/** Excludes what other rules report (damaged lines, duplicate names, keys of [DEFAULT], headers), and `cli_pager =`. */
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
    // If some clients read the key in another section or in a value, the header or the value is reported instead.
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
    // Go v1 refuses the whole file because of the quotes; the rule process-quotes reports them.
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

/** Returns the section of each key's line, as the AWS CLI reads it. */
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

/** Returns a judge that reports names with several spellings, with one hit per name. */
function eachDoubleSpelling(hint: string, isMeant: (section: ConfigSection) => boolean): Judge {
  return ({ config: { path, document } }) => {
    const sections = document.sections.filter(
      (section) => isMeant(section) && isSpeltTwice(document, section),
    );
    const once = new Map(sections.map((section) => [formatHeader(section), section]));
    return [...once].map(([header, section]) => {
      const lines = findSpelt(document, section).map(({ line }) => line);
      return hit(`${header} has two spellings`, `${path}, lines ${lines.join(" and ")}`, hint);
    });
  };
}

function isSpeltTwice(document: ConfigDocument, section: ConfigSection): boolean {
  return new Set(findSpelt(document, section).map(({ place }) => place.header)).size > 1;
}

/** Returns all sections with the same name, in any spelling. */
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
