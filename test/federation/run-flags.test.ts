import { expect, test } from "vitest";
import { addRunFlags } from "../../src/federation/administrator.ts";

test.each([
  [
    "latchkey federation assign --group g",
    "latchkey federation assign --group g --profile 'my admin' --region eu-west-1",
  ],
  [
    "CloudTrail has the reason: latchkey federation why scim",
    "CloudTrail has the reason: latchkey federation why scim --profile 'my admin' --region eu-west-1",
  ],
  [
    "latchkey federation check --region us-east-1",
    "latchkey federation check --region us-east-1 --profile 'my admin'",
  ],
  ["The least: latchkey federation policy", "The least: latchkey federation policy"],
  ["If so: latchkey logout", "If so: latchkey logout"],
  ["Assign it in Okta.", "Assign it in Okta."],
])("%s: carries the run's own flags where its command asks AWS", (hint, expected) => {
  expect(addRunFlags(hint, { profile: "my admin", region: "eu-west-1" })).toBe(expected);
  expect(addRunFlags(hint, {})).toBe(hint);
});
