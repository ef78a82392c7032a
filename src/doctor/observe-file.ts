import type { Context } from "../context.ts";
import { parseConfig, type ConfigDocument } from "../aws-config/document.ts";
import { readConfigDocument } from "../aws-config/file.ts";
import { isTemplateLine } from "../aws-config/foreign-format.ts";
import { isExpectedFailure } from "../errors.ts";
import { findForeignOwner } from "../fs/owner.ts";
import type { configFilePath } from "../fs/paths.ts";
import { statIfPresent } from "../fs/read.ts";
import type { ObservedFile } from "./observations.ts";

/**
 * Reads a config or credentials file, or why it can't be read.
 * @param variable the variable that may contain another path.
 */
export function observeFile(
  variable: string,
  locate: typeof configFilePath,
  { home, env }: Context,
): ObservedFile {
  // The variable's text is used if it is not a valid path on this system.
  let path = env[variable] ?? "";
  try {
    path = locate(home, env);
    const exists = statIfPresent(path) !== undefined;
    const document = readConfigDocument(path);
    return { path, exists, document, ...refuseTemplate(path, document) };
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    // For other errors, such as missing permission, the rule has its own hint.
    const isTold = thrown.code === "CONFIG_INVALID" || findForeignOwner(path) !== undefined;
    const cure = isTold ? thrown.hint : undefined;
    return { path, exists: true, document: NOTHING, refusal: thrown.message, cure };
  }
}

const NOTHING = parseConfig(new Uint8Array());

/**
 * Treats a template with statement lines, which no AWS client can parse, as unreadable, so that there is only one
 * finding.
 */
function refuseTemplate(
  path: string,
  document: ConfigDocument,
): Pick<ObservedFile, "refusal" | "cure"> & Partial<Pick<ObservedFile, "document">> {
  const { problems, lines } = document;
  const statement = problems.find(({ line }) => isTemplateLine(lines[line - 1] ?? ""));
  if (statement === undefined) return { refusal: undefined };
  return {
    refusal: `${path} is a template that has not been applied (line ${statement.line}).`,
    cure: "Apply the template (with chezmoi: chezmoi apply). Make changes in its source.",
    document: NOTHING,
  };
}
