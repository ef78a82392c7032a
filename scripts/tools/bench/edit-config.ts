// Measures the config editor alone. It reads a config, changes a key of one profile, adds another profile, and verifies
// the result. Prints the duration and the process's peak memory.
import { readFileSync } from "node:fs";
import { parseConfig } from "../../../src/aws-config/document.ts";
import { editConfig } from "../../../src/aws-config/edit.ts";
import { verifyEdit } from "../../../src/aws-config/verify.ts";

const [, , file = "", profile = ""] = process.argv;
const edits = [profile, "fresh"].map((name) => ({
  type: "profile" as const,
  name,
  set: [["region", "mx-central-1"]] as const,
}));

const started = performance.now();
const before = parseConfig(readFileSync(file));
const { document, changes, removed } = editConfig(before, edits, file);
verifyEdit(before, document, changes, removed);
const milliseconds = performance.now() - started;

if (changes.length !== 2) throw new Error(`${changes.length} changes, not 2`);
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ milliseconds, peakMegabytes, sections: before.sections.length }));
