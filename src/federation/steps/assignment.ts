import { quoteShellWord } from "../../text/shell-words.ts";
import { NO_ADMINISTRATOR } from "../administrator.ts";
import type {
  Assignment,
  DirectoryGroup,
  Instance,
  OrganizationAccount,
} from "../aws/identity-center.ts";
import { findAccount } from "../find.ts";
import { TROUBLESHOOTING_DOCS } from "../places.ts";
import { fail, ok, skip, type Step, type Verdict } from "../step.ts";

/** Step 10: the assignment of the permission set to the group on the account. */
export const assignmentStep: Step = {
  id: "assignment",
  needs: ["group", "permission-set"],
  async judge(state) {
    const { options, instance, group, permissionSetArn } = state;
    const { permissionSet } = options;
    if (options.account === undefined) return skip("no --account given");
    if (instance === undefined) return skip(NO_ADMINISTRATOR);
    if (group === undefined || permissionSetArn === undefined || permissionSet === undefined)
      return skip("no group or no permission set to look for");

    const search = await findAccount(instance.admin, options.account);
    if (search.kind === "missing")
      return fail("FED-ACCOUNT-MISSING", search.error.message, search.error.hint ?? []);
    const { account } = search;
    const { listAssignments } = await import("../aws/instance.ts");
    const assignments = await listAssignments(instance, account.accountId, permissionSetArn);
    const isAssigned = assignments.some(({ principal }) => principal.id === group.id);
    const gone = isAssigned ? [] : await findGoneGroups(instance, assignments);
    return assignmentVerdict({ group, permissionSet, account, assignments, gone });
  },
};

/** Returns the ids of groups that have an assignment but are no longer in the directory. */
async function findGoneGroups(
  instance: Instance,
  assignments: readonly Assignment[],
): Promise<string[]> {
  const { describeGroup } = await import("../aws/directory.ts");
  const gone: string[] = [];
  for (const { type, id } of assignments.map(({ principal }) => principal))
    if (type === "GROUP" && (await describeGroup(instance, id)) === undefined) gone.push(id);
  return gone;
}

interface AssignmentFacts {
  readonly group: DirectoryGroup;
  readonly permissionSet: string;
  readonly account: OrganizationAccount;
  readonly assignments: readonly Assignment[];
  /** Ids of assigned groups that no longer exist. */
  readonly gone: readonly string[];
}

function assignmentVerdict(facts: AssignmentFacts): Verdict {
  const { group, permissionSet, account, assignments, gone } = facts;
  const { accountId } = account;
  const name = group.displayName;
  const principals = assignments.map(({ principal }) => principal.id);
  const evidence = { accountId, groupId: group.id, principals, gone };
  const details = { evidence, docs: TROUBLESHOOTING_DOCS };
  if (account.state === "SUSPENDED")
    return fail(
      "FED-ACCOUNT-CLOSED",
      `the account ${accountId} is closed (SUSPENDED): nobody can sign in to it`,
      "Use another account, or reopen it with AWS Support.",
      details,
    );
  if (assignments.some(({ principal }) => principal.type === "GROUP" && principal.id === group.id))
    return ok(`${permissionSet} on ${accountId} to ${name}`, evidence);

  const commandFor = (principal: string): string =>
    `latchkey federation assign ${principal} --permission-set ${quoteShellWord(permissionSet)} --account ${accountId}`;
  const command = commandFor(`--group ${quoteShellWord(name)}`);
  const [stale] = gone;
  if (stale === undefined) {
    const summary = `${permissionSet} is not assigned to ${name} on ${accountId}`;
    return fail("FED-ASSIGNMENT-MISSING", summary, command, details);
  }
  return fail(
    "FED-ASSIGNMENT-STALE",
    `assigned to the deleted group ${stale}; the current one is ${group.id}`,
    [
      "The group was deleted and created again. Remove the old assignment, then assign the new group:",
      commandFor(`--remove --group ${stale}`),
      command,
    ],
    details,
  );
}
