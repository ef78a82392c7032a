import { parse, print } from "./botocore.ts";
import {
  editConfig,
  type SectionEdit,
  verifyEdit,
  removeProfiles,
} from "../support/config-editor.ts";

type Change = Partial<SectionEdit>;

/** Returns the text after checked edits of the profile p, or of another one. */
export function editText(text: string, ...changes: Change[]): string {
  const before = parse(text);
  const { document, changes: made } = editConfig(
    before,
    changes.map((change) => ({ type: "profile", name: "p", set: [], ...change })),
    "config",
  );
  verifyEdit(before, document, made);
  return print(document);
}

/** Returns the text without a profile, after a check of the removal. */
export function removeProfileFrom(text: string, name = "p"): string {
  const before = parse(text);
  const { document, changes, removed } = removeProfiles(before, [name], false, "config");
  verifyEdit(before, document, changes, removed);
  return print(document);
}

/** Sets the region of the profile p. */
export const region: Change = { set: [["region", "r"]] };
