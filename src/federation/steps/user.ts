import { closestMatches } from "../../text/terminal.ts";
import type { DirectoryUser } from "../aws/identity-center.ts";
import { NO_DIRECTORY, openDirectorySources, type DirectorySource } from "../directory-source.ts";
import { formatNear } from "../find.ts";
import { AWS_IDENTITY_SOURCE, OKTA_APP, TROUBLESHOOTING_DOCS } from "../places.ts";
import { fail, ok, skip, warn, type CheckState, type Step, type Verdict } from "../step.ts";
import { findRecentReason } from "../why.ts";

const docs = TROUBLESHOOTING_DOCS;

/** Step 6: the user, in every directory that can be read. */
export const userStep: Step = {
  id: "user",
  needsOneOf: ["instance", "scim-reach"],
  async judge(state) {
    const { user: wanted } = state.options;
    if (wanted === undefined) return skip("no --user given");
    const [directory, second] = await openDirectorySources(state);
    if (directory === undefined) return skip(NO_DIRECTORY);

    const found = await findUserInAnyCase(directory, wanted);
    if (found.kind === "missing") return explainMissing(state, wanted, found.near, directory);
    const verdict = userVerdict(found.user, wanted, directory);
    if (verdict.status !== "fail") state.user = found.user;
    if (verdict.status !== "ok" || second === undefined) return verdict;
    return compareWithSecond(found.user, second, verdict);
  },
};

type UserSearch =
  | { readonly kind: "found"; readonly user: DirectoryUser }
  | { readonly kind: "missing"; readonly near: readonly string[] };

/** Returns the user even if the case of the stored name differs. If no user is found, returns similar names. */
async function findUserInAnyCase(directory: DirectorySource, wanted: string): Promise<UserSearch> {
  const exact = await directory.findUser(wanted);
  if (exact !== undefined) return { kind: "found", user: exact };
  const names = await directory.listUserNames();
  const sameLetters = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  const user = sameLetters === undefined ? undefined : await directory.findUser(sameLetters);
  return user === undefined
    ? { kind: "missing", near: closestMatches(wanted, names) }
    : { kind: "found", user };
}

async function explainMissing(
  state: CheckState,
  wanted: string,
  near: readonly string[],
  { source }: DirectorySource,
): Promise<Verdict> {
  const trail = await findRecentReason(state, "scim", ({ eventName }) =>
    eventName.endsWith("User"),
  );
  return fail(
    "FED-USER-MISSING",
    `user "${wanted}" is not in IAM Identity Center${formatNear(near)}`,
    [
      ...(trail === undefined ? [] : [`CloudTrail: ${trail}`]),
      `${OKTA_APP} › Assignments: assign the app to the user, or to a group that holds the user`,
      `${OKTA_APP} › Provisioning › To App: Create Users on; fill first name, last name and display name`,
      "Okta admin › Dashboard › Tasks: retry the failed tasks",
    ],
    { evidence: { source, near, trail }, docs },
  );
}

const REASSIGN = `${OKTA_APP} › Assignments: assign the user again, or reactivate the user in Okta`;
const SAME_CASE =
  "The NameID that Okta sends must be identical to the stored userName. Make the two equal in Okta, and push again.";
const FILL_NAMES =
  "AWS refuses a push if one of these names is empty. Fill them in the Okta profile.";

function userVerdict(user: DirectoryUser, wanted: string, { source }: DirectorySource): Verdict {
  const { id, userName, isActive, missingNames } = user;
  const evidence = { userId: id, userName, source };
  const details = { evidence, docs };
  const label = `${userName}  ${id}`;
  const storedAs = `the user is stored as "${userName}", not as "${wanted}"`;
  if (!isActive)
    return fail("FED-USER-DISABLED", `user "${userName}" is disabled`, REASSIGN, details);
  if (userName !== wanted) return warn("FED-USER-CASE", storedAs, SAME_CASE, details);
  if (missingNames.length === 0) return ok(label, evidence);
  return warn(
    "FED-USER-NAMES",
    `${label}, without ${missingNames.join(", ")}`,
    FILL_NAMES,
    details,
  );
}

/** @param verdict the first directory's verdict, which is ok. */
async function compareWithSecond(
  { id, userName }: DirectoryUser,
  scim: DirectorySource,
  verdict: Verdict,
): Promise<Verdict> {
  const other = await scim.findUser(userName);
  if (other?.id === id) return verdict;
  const difference =
    other === undefined
      ? "does not have this user"
      : `has a different user with that name (${other.id})`;
  return warn(
    "FED-WITNESSES-DIFFER",
    `${verdict.summary}; SCIM ${difference}`,
    `The SCIM endpoint belongs to another Identity Center: compare it with ${AWS_IDENTITY_SOURCE} › Provisioning`,
    { evidence: verdict.evidence },
  );
}
