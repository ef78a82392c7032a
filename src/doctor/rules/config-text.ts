import type { ProblemKind } from "../../aws-config/document.ts";
import type { Level, Observations, Rule } from "../rule.ts";

/** The config as text: what lets the AWS CLI refuse the whole file. */

interface ProblemRule {
  readonly kind: ProblemKind;
  readonly id: string;
  readonly level?: Level;
  readonly looksFor: string;
  readonly readers: string;
  readonly hint: string;
}

const REFUSED = "the AWS CLI refuses the whole file";

const PROBLEMS: readonly ProblemRule[] = [
  {
    kind: "byte-order-mark",
    id: "byte-order-mark",
    looksFor: "a byte order mark at the start of the config",
    readers: `${REFUSED}, JavaScript reads it`,
    hint: "Save the file as UTF-8 without a byte order mark.",
  },
  {
    kind: "not-utf-8",
    id: "not-utf-8",
    looksFor: "a byte of the config that is not UTF-8",
    readers: `${REFUSED}, JavaScript reads it`,
    hint: "Save the file as UTF-8.",
  },
  {
    kind: "nul-byte",
    id: "nul-byte",
    level: "warn",
    looksFor: "a NUL byte in the config",
    readers: "the AWS CLI and JavaScript read it, editors and latchkey do not change such a file",
    hint: "Remove that byte in an editor.",
  },
  {
    kind: "key-before-section",
    id: "key-before-section",
    looksFor: "a line before the first section of the config",
    readers: `${REFUSED}, JavaScript skips the line`,
    hint: "Move the line under a section's header, or remove it.",
  },
  {
    kind: "unterminated-header",
    id: "header-unterminated",
    looksFor: "a section header without its ]",
    readers: `${REFUSED}, JavaScript skips the line and takes the keys below for the section above`,
    hint: "Add the ].",
  },
  {
    kind: "no-delimiter",
    id: "line-without-key",
    looksFor: "a line without =",
    readers: `${REFUSED}, JavaScript skips the line`,
    hint: "Write it as key = value, put a # before it, or remove it.",
  },
  {
    kind: "nested-no-delimiter",
    id: "nested-line-without-key",
    looksFor: "an indented line without = under a key without a value",
    readers: `${REFUSED}, JavaScript skips the line`,
    hint: "Write it as key = value, or remove it.",
  },
  {
    kind: "duplicate-section",
    id: "duplicate-section",
    looksFor: "a section that stands twice under the same header",
    readers: `${REFUSED}, JavaScript joins the two`,
    hint: "Join the two sections in an editor.",
  },
  {
    kind: "duplicate-key",
    id: "duplicate-key",
    looksFor: "a key that stands twice in its section",
    readers: `${REFUSED}, JavaScript takes the last`,
    hint: "Remove all but one in an editor.",
  },
];

export const CONFIG_TEXT_RULES: readonly Rule[] = [
  {
    id: "config-unreadable",
    level: "fail",
    subject: "config",
    looksFor: "a config that can't be read: no permission, or not a file",
    readers: "no AWS client can read it",
    judge: ({ config }) =>
      config.refusal === undefined
        ? []
        : [
            {
              what: config.refusal.replace(/\.$/, ""),
              evidence: config.path,
              hint: `Look at its owner and mode: ls -l ${config.path}`,
            },
          ],
  },
  ...PROBLEMS.map(toRule),
  {
    id: "config-template",
    level: "notice",
    subject: "config",
    looksFor: "a config that is a template ({{ … }})",
    readers:
      "AWS clients take {{ … }} for text, and what any of them writes there is lost when the template is applied",
    judge: ({ config }) => {
      const line = config.document.lines.findIndex((text) => /\{\{.*\}\}/.test(text)) + 1;
      return line === 0
        ? []
        : [
            {
              what: "the config is a template",
              evidence: `${config.path}, line ${line}`,
              hint: "Change the template's source instead.",
            },
          ];
    },
  },
];

function toRule({ kind, id, level = "fail", looksFor, readers, hint }: ProblemRule): Rule {
  return {
    id,
    level,
    subject: "config",
    looksFor,
    readers,
    judge: ({ config }: Observations) =>
      config.document.problems
        .filter((problem) => problem.kind === kind)
        .map(({ line, what }) => ({
          what: describeProblem(kind, looksFor, what),
          evidence: `${config.path}, line ${line}`,
          hint,
        })),
  };
}

/** The header or key that stands twice is named; anything else could hold a value. */
function describeProblem(kind: ProblemKind, looksFor: string, what: string): string {
  if (kind === "duplicate-section") return `[${what}] stands twice`;
  return kind === "duplicate-key" ? `${what} stands twice in its section` : looksFor;
}
