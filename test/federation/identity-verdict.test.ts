import { describe, expect, test } from "vitest";
import { identityVerdict } from "../../src/federation/steps/identity.ts";

const EXPECTED = {
  accountId: "100000000001",
  permissionSet: "ViewOnlyAccess",
  userName: "okta.user@example.com",
  source: "the profile okta",
};

interface Caller {
  readonly partition?: string;
  readonly account?: string;
  readonly role?: string;
  readonly session?: string;
}

function arnOf(caller: Caller): string {
  const { partition = "aws", account = EXPECTED.accountId } = caller;
  const { role = "AWSReservedSSO_ViewOnlyAccess_0123456789abcdef", session = EXPECTED.userName } =
    caller;
  return `arn:${partition}:sts::${account}:assumed-role/${role}/${session}`;
}

describe("the verdict on an ARN", () => {
  test.each<[string, Caller]>([
    ["the role in the account", {}],
    ["the same role in GovCloud", { partition: "aws-us-gov" }],
    [
      "the same role with another suffix",
      { role: "AWSReservedSSO_ViewOnlyAccess_fedcba9876543210" },
    ],
  ])("%s is ok", (_, caller) => {
    expect(identityVerdict(arnOf(caller), EXPECTED)).toMatchObject({ status: "ok" });
  });

  test.each<[string, Caller, string]>([
    ["the role in another account", { account: "100000000002" }, "FED-IDENTITY-ROLE"],
    [
      "another role in the account",
      { role: "AWSReservedSSO_AdministratorAccess_0123456789abcdef" },
      "FED-IDENTITY-ROLE",
    ],
    [
      "a role whose name begins with the permission set's",
      { role: "AWSReservedSSO_ViewOnlyAccess_2_0123456789abcdef" },
      "FED-IDENTITY-ROLE",
    ],
    [
      "a role that Identity Center did not create",
      { role: "ViewOnlyAccess" },
      "FED-IDENTITY-OTHER",
    ],
    [
      "a role with Identity Center's prefix but no suffix",
      { role: "AWSReservedSSO_ViewOnlyAccess" },
      "FED-IDENTITY-OTHER",
    ],
  ])("%s is wrong, and the evidence has the ARN", (_, caller, code) => {
    const arn = arnOf(caller);
    const verdict = identityVerdict(arn, EXPECTED);
    expect(verdict).toMatchObject({ status: "fail", code, evidence: { arn } });
  });

  test("the summary for a role in another account names both accounts", () => {
    const { summary } = identityVerdict(arnOf({ account: "100000000002" }), EXPECTED);
    expect(summary).toBe(
      "these credentials are ViewOnlyAccess in 100000000002, not ViewOnlyAccess in 100000000001",
    );
  });

  test("the role of another user is a warning if a user was named", () => {
    const arn = arnOf({ session: "somebody@example.com" });
    expect(identityVerdict(arn, EXPECTED)).toMatchObject({
      status: "warn",
      code: "FED-IDENTITY-USER",
    });
    expect(identityVerdict(arn, { ...EXPECTED, userName: undefined }).status).toBe("ok");
  });
});
