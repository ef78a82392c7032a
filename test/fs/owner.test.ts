import { describe, expect, test } from "vitest";
import { isLinkFollowed, isOwnerKept, judgeOwnership, type LinkTrust } from "../../src/fs/owner.ts";

const [ROOT, JANE, MALLORY] = [0, 1000, 1001];

/** The user; the owners of the link, its directory and its target; the trust; whether the link is followed. */
const LINKS: ReadonlyArray<
  readonly [user: number, link: number, directory: number, target: number, LinkTrust, boolean]
> = [
  // A config of a dotfiles manager, a link for the whole of ~/.aws, a home below a link of the system.
  [JANE, JANE, JANE, JANE, "own", true],
  [JANE, JANE, JANE, ROOT, "own", true],
  [JANE, ROOT, ROOT, JANE, "own", true],
  // Another user's link, in a directory that others can write to.
  [JANE, MALLORY, JANE, JANE, "own", false],
  [JANE, MALLORY, JANE, MALLORY, "own", false],
  [JANE, MALLORY, MALLORY, MALLORY, "own", false],
  // Root in Jane's home follows her links only to her own files.
  [ROOT, JANE, JANE, JANE, "own", true],
  [ROOT, JANE, JANE, ROOT, "own", false],
  [ROOT, JANE, JANE, MALLORY, "own", false],
  [ROOT, ROOT, JANE, ROOT, "own", true],
  // For secrets the target must belong to the owner of the link's directory.
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
  // latchkey's own directories must contain no links.
  [JANE, JANE, JANE, JANE, "none", false],
  [ROOT, ROOT, ROOT, ROOT, "none", false],
];

describe("a link", () => {
  test.each(LINKS)(
    "for user %i, owned by %i, in a directory of %i, to a target of %i, with trust %s, is followed: %s",
    (...[user, link, directory, target, trust, followed]) => {
      expect(isLinkFollowed(trust, { user, link, directory, target })).toBe(followed);
    },
  );
});

describe("the owner of a new version", () => {
  test.each([
    // The user's own file, and a disk where one user owns all files.
    [JANE, JANE, JANE, JANE, true],
    [JANE, MALLORY, MALLORY, MALLORY, true],
    // Another user's file would become this one's.
    [JANE, MALLORY, JANE, MALLORY, false],
    [JANE, ROOT, JANE, ROOT, false],
    // Root keeps the owner. A file that root created belongs to the owner of the directory.
    [ROOT, JANE, JANE, JANE, true],
    [ROOT, ROOT, JANE, JANE, true],
    // A file that can't be given back, and a secret of another user.
    [ROOT, JANE, ROOT, JANE, false],
    [ROOT, MALLORY, MALLORY, JANE, false],
    // Windows.
    [undefined, 0, 0, 0, true],
  ])(
    "for user %s, with %i before, %i after and %i allowed, is kept: %s",
    (...[user, before, after, allowed, kept]) => {
      expect(isOwnerKept({ user, before, after, allowed })).toBe(kept);
    },
  );
});

describe("a file", () => {
  test.each([
    [JANE, 0o600, "own"],
    [JANE, 0o644, "own"],
    [JANE, 0o100620, "exposed"],
    [JANE, 0o602, "exposed"],
    [JANE, 0o666, "exposed"],
    [MALLORY, 0o600, "foreign"],
    [ROOT, 0o600, "foreign"],
  ] as const)("of user %i with mode %o is judged as %s", (uid, mode, judged) => {
    expect(judgeOwnership({ uid, mode }, new Set([JANE]))).toBe(judged);
    expect(judgeOwnership({ uid, mode }, undefined)).toBe("own");
  });
});
