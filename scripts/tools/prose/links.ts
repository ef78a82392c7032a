import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import GithubSlugger from "github-slugger";
import { dropCode } from "./read.ts";

/** A relative link to one of GitHub's own pages. Such a page is not a file of the checkout. */
const ON_GITHUB = /^\.\.\/\.\.\/(?:security|issues|releases)\b/;

/** A path of a file in the checkout, between backticks. */
const NAMED_FILE = /`((?:src|test|docs|scripts|bin|\.ci|\.github)\/[\w./-]*\w)`/g;

/** Returns a sentence for each link in a page that refers to nothing, and for each path of a file that does not exist. */
export function findDeadLinks(root: string, page: string): string[] {
  const lines = dropCode(readFileSync(join(root, page), "utf8").split("\n"));
  return lines.flatMap((line, index) => {
    const links = [...line.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
    const files = [...line.matchAll(NAMED_FILE)].map(([, file = ""]) => file);
    const dead = [
      ...links.filter((target) => !isThere(root, page, target)),
      ...files.filter((file) => !existsSync(join(root, file))),
    ];
    return dead.map((target) => `${page}:${index + 1}: ${target} does not exist.`);
  });
}

function isThere(root: string, page: string, target: string): boolean {
  if (/^(?:https?|mailto):/.test(target) || ON_GITHUB.test(target)) return true;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || listAnchors(root, file).has(anchor);
}

const known = new Map<string, ReadonlySet<string>>();

/** Returns the anchors that GitHub creates for a page's headings. */
function listAnchors(root: string, page: string): ReadonlySet<string> {
  const path = join(root, page);
  const anchors = known.get(path) ?? readAnchors(path);
  known.set(path, anchors);
  return anchors;
}

function readAnchors(path: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const headings = dropCode(readFileSync(path, "utf8").split("\n"))
    .map((line) => /^#{1,6} (.*)$/.exec(line)?.[1])
    .filter((heading) => heading !== undefined);
  // If a heading contains a link, only the text of the link is part of the anchor.
  return new Set(
    headings.map((text) => slugger.slug(text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"))),
  );
}
