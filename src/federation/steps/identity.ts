import { whoami } from "../../credentials/identity/whoami.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { TROUBLESHOOTING_DOCS } from "../places.ts";
import { fail, ok, skip, warn, type Step, type Verdict } from "../step.ts";

/** Step 12: the identity that AWS reports for the login profile. */
export const identityStep: Step = {
  id: "identity",
  needs: ["portal"],
  async judge({ context, options, user }) {
    const { account, loginProfile, permissionSet } = options;
    if (loginProfile === undefined) return skip("no --login-profile given");
    if (account === undefined || permissionSet === undefined)
      return skip("no --account or no --permission-set given");

    const identity = await whoami(context, { role: { profile: loginProfile } });
    return identityVerdict(identity.arn, {
      accountId: account === identity.accountName ? identity.accountId : account,
      permissionSet,
      userName: user?.userName ?? options.user,
      source: identity.found.words,
    });
  },
};

/** Permission set names may contain `_`, so the hex suffix comes after the last `_`. */
const RESERVED =
  /^arn:(aws[\w-]*):sts::(\d{12}):assumed-role\/AWSReservedSSO_(.+)_([0-9a-f]{16})\/(.+)$/;

interface ExpectedIdentity {
  readonly accountId: string;
  readonly permissionSet: string;
  readonly userName: string | undefined;
  /** The source of the credentials, as text for people. */
  readonly source: string;
}

export function identityVerdict(
  arn: string,
  { accountId, permissionSet, userName, source }: ExpectedIdentity,
): Verdict {
  const details = { evidence: { arn }, docs: TROUBLESHOOTING_DOCS };
  const match = RESERVED.exec(arn);
  if (match === null)
    return fail(
      "FED-IDENTITY-OTHER",
      `${arn} comes from ${source}, not from Identity Center`,
      "Name an SSO profile with --login-profile. Check that AWS_ACCESS_KEY_ID is not set, and that the profile has no other credential source.",
      details,
    );
  const [, , account = "", role = "", , session = ""] = match;
  if (account !== accountId || role !== permissionSet)
    return fail(
      "FED-IDENTITY-ROLE",
      `these credentials are ${role} in ${account}, not ${permissionSet} in ${accountId}`,
      `Write a profile of that role: latchkey configure --account-id ${accountId} --role-name ${quoteShellWord(permissionSet)}`,
      details,
    );
  if (userName !== undefined && session !== userName)
    return warn(
      "FED-IDENTITY-USER",
      `${arn} is the session of ${session}, not of ${userName}`,
      ["Somebody else is signed in: latchkey logout", "Then, as the right person: latchkey login"],
      details,
    );
  return ok(arn, details.evidence);
}
