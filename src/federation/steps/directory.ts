import type { DirectoryGroup, DirectoryUser } from "../aws/identity-center.ts";
import { toBlockedVerdict, TROUBLESHOOTING_DOCS, type Verdict } from "../report.ts";
import { closestMatches } from "../../text/terminal.ts";
import type { CheckState } from "../check-state.ts";
import { skip } from "./setup.ts";
import { findRecentReason } from "../why.ts";
import { createScimSource, createStoreSource, type DirectorySource } from "../directory-source.ts";

/** Steps 6 to 8: the user, the group, and the one in the other, by whoever can tell. */

const APP = "Okta admin › Applications › AWS IAM Identity Center";
const DOCS_PUSH =
  "https://help.okta.com/oie/en-us/content/topics/users-groups-profiles/usgp-group-push-troubleshoot.htm";

export async function userStep(facts: CheckState): Promise<Verdict> {
  const { options, context } = facts;
  await openDirectorySources(facts);
  const { witness, second } = facts;
  if (options.user === undefined) return skip("no --user given");
  if (witness === undefined) return skip("no AWS credentials and no SCIM token to ask with");
  const found = await findUserWithAnyCase(witness, options.user);
  if ("near" in found) {
    const words =
      options.why && facts.admin !== undefined
        ? await findRecentReason(context, facts.admin, "scim", ({ name }) => name.endsWith("User"))
        : undefined;
    return noUserVerdict(options.user, found.near, witness.source, words);
  }
  const verdict = userVerdict(options.user, found, witness.source);
  if (verdict.status !== "fail") facts.user = found;
  if (verdict.status !== "ok" || second === undefined) return verdict;
  const other = await second.findUser(found.userName);
  if (other?.id === found.id) return verdict;
  return {
    ...verdict,
    status: "warn",
    code: "FED-WITNESSES-DIFFER",
    summary: `${verdict.summary}; SCIM ${other === undefined ? "does not have this user" : `has another one of that name (${other.id})`}`,
    hint: [
      "The SCIM endpoint belongs to another Identity Center: compare it with AWS › IAM Identity Center › Settings › Identity source › Provisioning",
    ],
  };
}

async function openDirectorySources(facts: CheckState): Promise<void> {
  const { admin, instance, scim } = facts;
  const witnesses = [
    ...(admin === undefined || instance === undefined
      ? []
      : [await createStoreSource(admin, instance)]),
    ...(scim === undefined ? [] : [await createScimSource(scim)]),
  ];
  const [first, second] = witnesses;
  if (first !== undefined) facts.witness = first;
  if (second !== undefined) facts.second = second;
}

/** The user, also where the stored name differs by case; else the names that are nearest. */
async function findUserWithAnyCase(
  witness: DirectorySource,
  wanted: string,
): Promise<DirectoryUser | { readonly near: readonly string[] }> {
  const exact = await witness.findUser(wanted);
  if (exact !== undefined) return exact;
  const names = await witness.listUserNames();
  const sameLetters = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  const found = sameLetters === undefined ? undefined : await witness.findUser(sameLetters);
  return found ?? { near: closestMatches(wanted, names) };
}

/** @param userFailed whether step 6 has told already why nothing arrives. */
export async function groupStep(facts: CheckState, userFailed: boolean): Promise<Verdict> {
  const { options, witness, context } = facts;
  if (options.group === undefined) return skip("no --group given");
  if (witness === undefined) return skip("no AWS credentials and no SCIM token to ask with");
  const group = await witness.findGroup(options.group);
  if (group === undefined) {
    if (userFailed) return toBlockedVerdict("user");
    const near = closestMatches(options.group, await witness.listGroupNames());
    const duplicate =
      options.why && facts.admin !== undefined
        ? await findRecentReason(
            context,
            facts.admin,
            "scim",
            ({ name, errorMessage = "" }) =>
              name === "CreateGroup" && /duplicate groupdisplayname/i.test(errorMessage),
          )
        : undefined;
    const { user } = facts;
    const { source } = witness;
    return noGroupVerdict(options.group, { user, near, source, duplicate });
  }
  const verdict = groupVerdict(group, witness.source, options.provisioning === "scim");
  if (verdict.status !== "fail") facts.group = group;
  return verdict;
}

export async function memberStep({ witness, user, group }: CheckState): Promise<Verdict> {
  if (user === undefined) return skip("no user to look for");
  if (group === undefined) return skip("no group to look in");
  if (witness === undefined) return skip("no AWS credentials and no SCIM token to ask with");
  return memberVerdict(
    await witness.isMember(user.id, group.id),
    user.userName,
    group.displayName,
    witness.source,
  );
}

/** @param near names that are nearly the wanted one. @param words CloudTrail's reason for a failed push, if it was asked. */
function noUserVerdict(
  wanted: string,
  near: readonly string[],
  source: string,
  words: string | undefined,
): Verdict {
  return {
    status: "fail",
    code: "FED-USER-MISSING",
    summary: `user "${wanted}" is not in IAM Identity Center${near.length > 0 ? ` (near: ${near.join(", ")})` : ""}`,
    evidence: { source, near, ...(words === undefined ? {} : { trail: words }) },
    hint: [
      ...(words === undefined ? [] : [`CloudTrail: ${words}`]),
      `${APP} › Assignments: assign the app to the user, or to a group that holds the user`,
      `${APP} › Provisioning › To App: Create Users on; first name, last name and display name filled`,
      "Okta admin › Dashboard › Tasks: retry what failed",
    ],
    docs: TROUBLESHOOTING_DOCS,
  };
}

function userVerdict(wanted: string, user: DirectoryUser, source: string): Verdict {
  const evidence = { userId: user.id, userName: user.userName, source };
  if (!user.isActive) {
    return {
      status: "fail",
      code: "FED-USER-DISABLED",
      summary: `user "${user.userName}" is disabled`,
      evidence,
      hint: [`${APP} › Assignments: assign the user again, or reactivate the user in Okta`],
      docs: TROUBLESHOOTING_DOCS,
    };
  }
  if (user.userName !== wanted) {
    return {
      status: "warn",
      code: "FED-USER-CASE",
      summary: `the user is stored as "${user.userName}", not as "${wanted}"`,
      evidence,
      hint: [
        "The NameID that Okta sends must equal the stored userName byte by byte: make the two the same in Okta, and push again.",
      ],
      docs: TROUBLESHOOTING_DOCS,
    };
  }
  if (user.missingNames.length > 0) {
    return {
      status: "warn",
      code: "FED-USER-NAMES",
      summary: `${user.userName}  ${user.id}, without ${user.missingNames.join(", ")}`,
      evidence,
      hint: ["AWS refuses a push with one of these empty: fill them in Okta's profile."],
      docs: TROUBLESHOOTING_DOCS,
    };
  }
  return { status: "ok", summary: `${user.userName}  ${user.id}`, evidence };
}

interface MissingGroup {
  readonly user: DirectoryUser | undefined;
  /** Names that are nearly the wanted one. */
  readonly near: readonly string[];
  readonly source: string;
  /** CloudTrail's words, where a push failed because the name is taken. */
  readonly duplicate: string | undefined;
}

function noGroupVerdict(wanted: string, { user, near, source, duplicate }: MissingGroup): Verdict {
  const evidence = {
    source,
    near,
    ...(user === undefined ? {} : { userId: user.id }),
    ...(duplicate === undefined ? {} : { trail: duplicate }),
  };
  const nearby = near.length > 0 ? ` (near: ${near.join(", ")})` : "";
  if (duplicate !== undefined) {
    return {
      status: "fail",
      code: "FED-GROUP-DUPLICATE-NAME",
      summary: `group "${wanted}" could not be pushed: ${duplicate}${nearby}`,
      evidence,
      hint: [
        `${APP} › Push Groups: link the push to the existing group instead of creating one, or rename one of the two`,
      ],
      docs: DOCS_PUSH,
    };
  }
  const who = user === undefined ? "" : "user present but ";
  return {
    status: "fail",
    code: "FED-GROUP-NOT-PUSHED",
    summary: `${who}group "${wanted}" missing${nearby}: configure Push Groups`,
    evidence,
    hint: [
      `${APP} › Push Groups › Find groups by name › push "${wanted}" immediately`,
      "Assigning the app to the group provisions its users only. Use a separate group for pushing.",
    ],
    docs: DOCS_PUSH,
  };
}

/** @param wantsProvisioned whether groups should come from the identity provider. */
function groupVerdict(group: DirectoryGroup, source: string, wantsProvisioned: boolean): Verdict {
  const evidence = { groupId: group.id, provisioned: group.isProvisioned ?? null, source };
  if (wantsProvisioned && group.isProvisioned === false) {
    return {
      status: "fail",
      code: "FED-GROUP-NOT-PROVISIONED",
      summary: `group "${group.displayName}" was made by hand (or by Control Tower), not by SCIM`,
      evidence,
      hint: [
        `${APP} › Push Groups: link the push to the existing group, or delete it in AWS before pushing and assign again after`,
        "If groups are made by hand on purpose: --provisioning manual",
      ],
      docs: DOCS_PUSH,
    };
  }
  return { status: "ok", summary: `${group.displayName}  ${group.id}`, evidence };
}

function memberVerdict(
  isMember: boolean,
  userName: string,
  groupName: string,
  source: string,
): Verdict {
  if (isMember)
    return { status: "ok", summary: `${userName} is in ${groupName}`, evidence: { source } };
  return {
    status: "fail",
    code: "FED-NOT-MEMBER",
    summary: `${userName} is not in ${groupName}`,
    evidence: { source },
    hint: [
      "Okta doesn't support the same group for app assignment and Group Push: push a second group that holds the same people, then push again.",
      "Check that the user is active in Okta and assigned to the app.",
    ],
    docs: DOCS_PUSH,
  };
}
