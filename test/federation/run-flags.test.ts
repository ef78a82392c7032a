import { expect, test } from "vitest";
import { addRunFlags } from "../../src/federation/administrator.ts";

test.each([
  [
    "latchkey federation assign --group g",
    "latchkey federation assign --group g --profile 'my admin' --region eu-west-1",
  ],
  [
    "See the reason in CloudTrail: latchkey federation why scim",
    "See the reason in CloudTrail: latchkey federation why scim --profile 'my admin' --region eu-west-1",
  ],
  [
    "latchkey federation check --region us-east-1",
    "latchkey federation check --region us-east-1 --profile 'my admin'",
  ],
  ["The minimum: latchkey federation policy", "The minimum: latchkey federation policy"],
  ["If it is another person: latchkey logout", "If it is another person: latchkey logout"],
  ["Assign it in Okta.", "Assign it in Okta."],
])("%s: has this run's flags appended if its command asks AWS", (hint, expected) => {
  expect(addRunFlags(hint, { profile: "my admin", region: "eu-west-1" })).toBe(expected);
  expect(addRunFlags(hint, {})).toBe(hint);
});
