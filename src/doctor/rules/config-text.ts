import type { ProblemKind } from "../../aws-config/document.ts";
import { isTemplateLine } from "../../aws-config/foreign-format.ts";
import { hitLine, hitRefusal, locateLine } from "../hit.ts";
import { fail, notice, warn, type Judge, type Rule } from "../rule.ts";

/** Rules for the config as text: problems that make the AWS CLI, and often other clients, reject the whole file. */

const REFUSED = "the AWS CLI, Java, Rust and .NET refuse the whole file";

export const CONFIG_TEXT_RULES: readonly Rule[] = [
  fail("config-unreadable", {
    looksFor:
      "a config that can't be read (no permission, not a file, encrypted, UTF-16, or a template that has not been applied)",
    readers: "no AWS client can read it",
    judge: ({ config: { refusal, cure, path } }) =>
      refusal !== undefined &&
      hitRefusal(refusal, path, cure ?? `Check its owner and mode: ls -l ${path}`),
  }),
  fail("byte-order-mark", {
    looksFor: "a byte order mark at the start of the config",
    readers:
      "the AWS CLI, Java and Rust refuse the whole file; Go loses its first section; JavaScript and .NET read it",
    judge: eachProblem("byte-order-mark", "Save the file as UTF-8 without a byte order mark."),
  }),
  fail("not-utf-8", {
    looksFor: "a byte in the config that is not UTF-8",
    readers: "the AWS CLI refuses the whole file; Rust reads it as empty; the others read it",
    judge: eachProblem("not-utf-8", "Save the file as UTF-8."),
  }),
  warn("nul-byte", {
    looksFor: "a NUL byte in the config",
    readers: "AWS clients read the file; editors and latchkey do not change it",
    judge: eachProblem("nul-byte", "Remove that byte in an editor."),
  }),
  fail("key-before-section", {
    looksFor: "a line before the first section of the config",
    readers:
      "the AWS CLI, Java and Rust refuse the whole file; JavaScript, Go and .NET skip the line",
    judge: eachProblem(
      "key-before-section",
      "Move the line under a section's header, or remove it.",
    ),
  }),
  fail("header-unterminated", {
    looksFor: "a section header without its ]",
    readers: `${REFUSED}; JavaScript and Go skip the line and add the keys below it to the section above`,
    judge: eachProblem("unterminated-header", "Add the ]."),
  }),
  fail("line-without-key", {
    looksFor: "a line without =",
    readers: `${REFUSED}; JavaScript and Go skip the line`,
    judge: eachProblem("no-delimiter", "Write it as key = value, put a # before it, or remove it."),
  }),
  fail("nested-line-without-key", {
    looksFor: "an indented line without = under a key without a value",
    readers: `${REFUSED}; JavaScript and Go skip the line`,
    judge: eachProblem("nested-no-delimiter", "Write it as key = value, or remove it."),
  }),
  fail("duplicate-section", {
    looksFor: "two sections with the same header",
    readers:
      "the AWS CLI refuses the whole file; JavaScript, Go, Java and Rust join the two; .NET uses the first",
    judge: eachProblem(
      "duplicate-section",
      "Join the two sections in an editor.",
      (header) => `[${header}] occurs twice`,
    ),
  }),
  fail("duplicate-key", {
    looksFor: "a key that occurs twice in its section",
    readers:
      "the AWS CLI refuses the whole file; .NET ignores the section; JavaScript, Go, Java and Rust use the last one",
    judge: eachProblem(
      "duplicate-key",
      "Remove all but one in an editor.",
      (key) => `${key} occurs twice in its section`,
    ),
  }),
  notice("config-template", {
    looksFor: "a config that is a template ({{ … }}, {% … %}, <% … %>)",
    readers:
      "AWS clients read the template's marks as text; changes by any client are lost when the template is applied",
    judge: ({ config }) => {
      const index = config.document.lines.findIndex(isTemplateLine);
      if (index === -1) return undefined;
      return hitLine(
        config,
        index + 1,
        "the config is a template",
        "Change the template's source instead.",
      );
    },
  }),
];

/**
 * @param describe describes a header or key that occurs twice. Other texts could contain a value, so they are not shown.
 */
function eachProblem(kind: ProblemKind, hint: string, describe?: (what: string) => string): Judge {
  return ({ config: { path, document } }) =>
    document.problems
      .filter((problem) => problem.kind === kind)
      .map(({ line, what }) => ({
        ...(describe !== undefined && { what: describe(what) }),
        evidence: locateLine(path, line),
        hint,
      }));
}
