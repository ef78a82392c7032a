import type { Context } from "../context.ts";
import { parseConfig, type ConfigDocument } from "../aws-config/document.ts";
import { readConfigDocument } from "../aws-config/file.ts";
import { isTemplateLine } from "../aws-config/foreign-format.ts";
import { isExpectedFailure } from "../errors.ts";
import { findForeignOwner } from "../fs/owner.ts";
import type { configFilePath } from "../fs/paths.ts";
import { statIfPresent } from "../fs/read.ts";
import type { ObservedFile } from "./observations.ts";

/** A config or credentials file, or why it can't be read. @param variable may name another one. */
export function observeFile(
  variable: string,
  locate: typeof configFilePath,
  { home, env }: Context,
): ObservedFile {
  // As it is written, where it is no path of this system's.
  let path = env[variable] ?? "";
  try {
    path = locate(home, env);
    const exists = statIfPresent(path) !== undefined;
    const document = readConfigDocument(path);
    return { path, exists, document, ...refuseTemplate(path, document) };
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    // No permission, or no file: the rule knows what to look at.
    const isTold = thrown.code === "CONFIG_INVALID" || findForeignOwner(path) !== undefined;
    const cure = isTold ? thrown.hint : undefined;
    return { path, exists: true, document: NOTHING, refusal: thrown.message, cure };
  }
}

const NOTHING = parseConfig(new Uint8Array());

/** A template whose statements are lines of their own, which no AWS client can parse: one thing is wrong with it. */
function refuseTemplate(
  path: string,
  document: ConfigDocument,
): Pick<ObservedFile, "refusal" | "cure"> & Partial<Pick<ObservedFile, "document">> {
  const { problems, lines } = document;
  const statement = problems.find(({ line }) => isTemplateLine(lines[line - 1] ?? ""));
  if (statement === undefined) return { refusal: undefined };
  return {
    refusal: `${path} is a template, which is not applied (line ${statement.line}).`,
    cure: "Apply it (with chezmoi: chezmoi apply), and change its source.",
    document: NOTHING,
  };
}
