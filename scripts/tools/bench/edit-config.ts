// The config editor alone: reads the config that is named, changes one key of a profile, adds another, and proves it.
import { readFileSync } from "node:fs";
import { parseConfig } from "../../../src/aws-config/document.ts";
import { editConfig } from "../../../src/aws-config/edit.ts";
import { verifyEdit } from "../../../src/aws-config/verify.ts";

const [, , file = "", profile = ""] = process.argv;
const before = parseConfig(readFileSync(file));
const edits = [profile, "fresh"].map((name) => ({
  type: "profile" as const,
  name,
  set: [["region", "mx-central-1"]] as const,
}));
const { document, changes, removed } = editConfig(before, edits, file);
verifyEdit(before, document, changes, removed);
console.log(`${changes.length} of ${before.sections.length} sections changed`);
