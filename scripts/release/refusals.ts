import type { Repository } from "../package/repository.ts";

/** What a checkout is like before a release of it. */
export interface CheckoutState {
  /** Lines of git's short status. */
  readonly changes: readonly string[];
  /** Empty where no branch is checked out. */
  readonly branch: string;
  /** Every URL that git fetches from or pushes to by the name origin. */
  readonly remotes: readonly string[];
  readonly tags: readonly string[];
  /** What stands under *Unreleased*. */
  readonly notes: string;
}

export const BRANCH = "main";
export const REMOTE = "origin";

export function nameTag(version: string): string {
  return `v${version}`;
}

/** Why there can be no release of the version; empty where there can. */
export function listRefusals(
  state: CheckoutState,
  version: string,
  repository: Repository,
): string[] {
  const { changes, branch, remotes, tags, notes } = state;
  const address = `${repository.owner}/${repository.name}`;
  const foreign = remotes.filter((url) => readAddress(url) !== address.toLowerCase());
  const tag = nameTag(version);
  return [
    ...(changes.length === 0 ? [] : [`There are changes without a commit: ${changes.join(", ")}`]),
    ...(branch === BRANCH
      ? []
      : [`A release is made on ${BRANCH}, and this is ${branch || "no branch"}`]),
    ...(remotes.length === 0 ? [`git has no remote named ${REMOTE}`] : []),
    ...foreign.map(
      (url) => `git's remote ${REMOTE} is ${url}, and package.json names github:${address}`,
    ),
    ...(tags.includes(tag) ? [`The tag ${tag} is there already`] : []),
    ...(notes === "" ? ["CHANGELOG.md has nothing under Unreleased"] : []),
  ];
}

/** The ways to write a repository on GitHub as git's remote: over HTTPS, over SSH, and over SSH in scp's words. */
const REMOTE_FORM =
  /^(?:https:\/\/github\.com\/|ssh:\/\/git@github\.com\/|git@github\.com:)([\w-]+\/[\w.-]+?)(?:\.git)?\/?$/i;

/** `owner/name` in lower case, as GitHub compares them; undefined where the URL is none of GitHub's. */
function readAddress(url: string): string | undefined {
  return REMOTE_FORM.exec(url)?.[1]?.toLowerCase();
}
