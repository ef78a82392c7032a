import { expect, test } from "vitest";
import { listRefusals, type CheckoutState } from "../../scripts/release/refusals.ts";

const REPOSITORY = { owner: "somebody", name: "key", url: "https://github.com/somebody/key" };
const READY: CheckoutState = {
  changes: [],
  branch: "main",
  remotes: ["git@github.com:somebody/key.git"],
  tags: ["v0.1.0"],
  notes: "- A.",
};

test.each<readonly [Partial<CheckoutState>, readonly string[]]>([
  [{}, []],
  [{ changes: [" M a.ts", "?? b.ts"] }, ["There are changes without a commit:  M a.ts, ?? b.ts"]],
  [{ branch: "next" }, ["A release is made on main, and this is next"]],
  [{ branch: "" }, ["A release is made on main, and this is no branch"]],
  [{ remotes: [] }, ["git has no remote named origin"]],
  [{ tags: ["v0.2.0"] }, ["The tag v0.2.0 is there already"]],
  [{ notes: "" }, ["CHANGELOG.md has nothing under Unreleased"]],
  [
    { remotes: ["https://github.com/somebody/key", "https://github.com/else/key"] },
    [
      "git's remote origin is https://github.com/else/key, and package.json names github:somebody/key",
    ],
  ],
  [
    { branch: "next", notes: "" },
    ["A release is made on main, and this is next", "CHANGELOG.md has nothing under Unreleased"],
  ],
])("the state %j refuses a release because of %j", (state, reasons) => {
  expect(listRefusals({ ...READY, ...state }, "0.2.0", REPOSITORY)).toEqual(reasons);
});

test.each([
  "https://github.com/somebody/key",
  "https://github.com/somebody/key.git",
  "https://github.com/Somebody/Key/",
  "git@github.com:somebody/key.git",
  "ssh://git@github.com/somebody/key.git",
])("%s is the repository", (url) => {
  expect(listRefusals({ ...READY, remotes: [url] }, "0.2.0", REPOSITORY)).toEqual([]);
});

test.each([
  "https://github.com/somebody/key2",
  "https://github.com/somebody/keys.git",
  "https://github.com.example/somebody/key",
  "https://example.com/github.com/somebody/key",
  "git@github.com:nobody/somebody/key",
  "http://github.com/somebody/key",
  "/srv/git/somebody/key",
])("%s is another repository", (url) => {
  expect(listRefusals({ ...READY, remotes: [url] }, "0.2.0", REPOSITORY)).toHaveLength(1);
});
