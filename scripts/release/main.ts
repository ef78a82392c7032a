// Makes a release of this checkout: sets the version, updates the changelog, commits, and tags. Pushes nothing.
import { CHECKOUT } from "../../test/support/checkout.ts";
import { readOptions, refuse } from "../options.ts";
import { readRelease } from "../package/repository.ts";
import { BRANCH, nameTag, REMOTE } from "./refusals.ts";
import { makeRelease, prepareRelease } from "./release.ts";
import { decideVersion } from "./version.ts";

const { values, words } = readOptions({
  help: `
Usage: npm run release -- VERSION|major|minor|patch [--dry-run]

Makes a release of this checkout: sets the version, turns the changelog's section
Unreleased into the section of that version, commits both, and tags the commit. It
pushes nothing, but prints the command to push (docs/releasing.md).

  --dry-run   change nothing; print what would change
  -h, --help  print this help`,
  options: { "dry-run": { type: "boolean" } },
  words: 1,
});

const [wanted] = words;
if (wanted === undefined) refuse("Which version? One such as 1.2.3, or major, minor or patch.");
release(wanted, values["dry-run"] === true);

function release(asked: string, isDryRun: boolean): void {
  const present = readRelease();
  const to = decideOrRefuse(present.version, asked);
  const step = { from: present.version, to, day: new Date().toISOString().slice(0, 10) };
  const outcome = prepareRelease(CHECKOUT, present, step);
  if (outcome.kind === "refused") {
    for (const reason of outcome.reasons) console.error(`latchkey: ${reason}.`);
    process.exitCode = 1;
    return;
  }
  const push = `git push --atomic ${REMOTE} ${BRANCH} ${nameTag(to)}`;
  console.log(`latchkey ${to}: ${[...outcome.files.keys()].join(", ")}`);
  if (isDryRun) {
    console.log(
      `Nothing was changed. Without --dry-run these files are written, committed and tagged.`,
    );
    return;
  }
  try {
    makeRelease(CHECKOUT, outcome.files, step);
  } catch {
    console.error("latchkey: git did not make the commit and the tag. Nothing was changed.");
    process.exitCode = 1;
    return;
  }
  console.log(`Committed, and tagged ${nameTag(to)}. To publish it: ${push}`);
}

function decideOrRefuse(present: string, asked: string): string {
  try {
    return decideVersion(present, asked);
  } catch (thrown) {
    refuse(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
