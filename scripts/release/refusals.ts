import type { Repository } from "../package/repository.ts";

/** The state of a checkout before a release. */
export interface CheckoutState {
  /** Lines of git's short status. */
  readonly changes: readonly string[];
  /** Empty if no branch is checked out. */
  readonly branch: string;
  /** Every URL from which git fetches for the remote origin, or to which it pushes. */
  readonly remotes: readonly string[];
  readonly tags: readonly string[];
  /** The text below the heading *Unreleased* of the changelog. */
  readonly notes: string;
}

export const BRANCH = "main";
export const REMOTE = "origin";

export function nameTag(version: string): string {
  return `v${version}`;
}

/** Returns the reasons why the version can't be released; empty if it can. */
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

/** The forms of a GitHub repository as git's remote: an HTTPS URL, an SSH URL, and scp's syntax. */
const REMOTE_FORM =
  /^(?:https:\/\/github\.com\/|ssh:\/\/git@github\.com\/|git@github\.com:)([\w-]+\/[\w.-]+?)(?:\.git)?\/?$/i;

/** Returns `owner/name` in lower case, because GitHub ignores case; undefined if the URL is not a GitHub URL. */
function readAddress(url: string): string | undefined {
  return REMOTE_FORM.exec(url)?.[1]?.toLowerCase();
}
