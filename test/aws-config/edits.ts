import { parse, print } from "./botocore.ts";
import {
  editConfig,
  type SectionEdit,
  verifyEdit,
  removeProfiles,
} from "../support/config-editor.ts";

type Change = Partial<SectionEdit>;

/** The text after one edit of the profile p, or of another; proven. */
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

/** The text without a profile; proven. */
export function removeProfileFrom(text: string, name = "p"): string {
  const before = parse(text);
  const { document, changes, removed } = removeProfiles(before, [name], false, "config");
  verifyEdit(before, document, changes, removed);
  return print(document);
}

/** Sets the region of the profile p. */
export const region: Change = { set: [["region", "r"]] };
