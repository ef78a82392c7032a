import { describe, expect, test } from "vitest";
import { isLinkFollowed, isOwnerKept, judgeOwnership, type LinkTrust } from "../../src/fs/owner.ts";

const [ROOT, JANE, MALLORY] = [0, 1000, 1001];

/** Who runs the program; who owns the link, its directory, and what it leads to; the trust; what is right. */
const LINKS: ReadonlyArray<
  readonly [user: number, link: number, directory: number, target: number, LinkTrust, boolean]
> = [
  // A config of a dotfiles manager, the whole of ~/.aws, a home below a link of the system's.
  [JANE, JANE, JANE, JANE, "own", true],
  [JANE, JANE, JANE, ROOT, "own", true],
  [JANE, ROOT, ROOT, JANE, "own", true],
  // Another user's link, in a directory that others can write to.
  [JANE, MALLORY, JANE, JANE, "own", false],
  [JANE, MALLORY, JANE, MALLORY, "own", false],
  [JANE, MALLORY, MALLORY, MALLORY, "own", false],
  // Root in Jane's home: her links lead to her places alone.
  [ROOT, JANE, JANE, JANE, "own", true],
  [ROOT, JANE, JANE, ROOT, "own", false],
  [ROOT, JANE, JANE, MALLORY, "own", false],
  [ROOT, ROOT, JANE, ROOT, "own", true],
  // Secrets: what the link leads to is of whoever owns the directory that it lies in.
  [JANE, JANE, JANE, JANE, "secret", true],
  [JANE, ROOT, JANE, JANE, "secret", true],
  [JANE, JANE, JANE, MALLORY, "secret", false],
  [JANE, JANE, JANE, ROOT, "secret", false],
  [JANE, MALLORY, JANE, JANE, "secret", false],
  [JANE, MALLORY, MALLORY, MALLORY, "secret", false],
  [ROOT, ROOT, ROOT, ROOT, "secret", true],
  [ROOT, ROOT, ROOT, JANE, "secret", false],
  [ROOT, JANE, JANE, JANE, "secret", true],
  [ROOT, JANE, JANE, ROOT, "secret", false],
  [ROOT, JANE, JANE, MALLORY, "secret", false],
  // Our own folders have none.
  [JANE, JANE, JANE, JANE, "none", false],
  [ROOT, ROOT, ROOT, ROOT, "none", false],
];

describe("a link", () => {
  test.each(LINKS)(
    "for user %i, of user %i, in a directory of %i, to a place of %i, with trust %s: followed is %s",
    (...[user, link, directory, target, trust, followed]) => {
      expect(isLinkFollowed(trust, { user, link, directory, target })).toBe(followed);
    },
  );
});

describe("the owner of a new version", () => {
  test.each([
    // One's own file, and a disk that has one owner for all.
    [JANE, JANE, JANE, JANE, true],
    [JANE, MALLORY, MALLORY, MALLORY, true],
    // Another user's file would become this one's.
    [JANE, MALLORY, JANE, MALLORY, false],
    [JANE, ROOT, JANE, ROOT, false],
    // Root keeps the owner; what root had made belongs to the owner of the directory.
    [ROOT, JANE, JANE, JANE, true],
    [ROOT, ROOT, JANE, JANE, true],
    // It could not be given back, and a secret that somebody else has put there.
    [ROOT, JANE, ROOT, JANE, false],
    [ROOT, MALLORY, MALLORY, JANE, false],
    // Windows.
    [undefined, 0, 0, 0, true],
  ])(
    "for user %s: %i before, %i after, %i allowed: %s",
    (...[user, before, after, allowed, kept]) => {
      expect(isOwnerKept({ user, before, after, allowed })).toBe(kept);
    },
  );
});

describe("what a file says", () => {
  test.each([
    [JANE, 0o600, "own"],
    [JANE, 0o644, "own"],
    [JANE, 0o100620, "exposed"],
    [JANE, 0o602, "exposed"],
    [JANE, 0o666, "exposed"],
    [MALLORY, 0o600, "foreign"],
    [ROOT, 0o600, "foreign"],
  ] as const)("of user %i with mode %o is %s", (uid, mode, judged) => {
    expect(judgeOwnership({ uid, mode }, new Set([JANE]))).toBe(judged);
    expect(judgeOwnership({ uid, mode }, undefined)).toBe("own");
  });
});
