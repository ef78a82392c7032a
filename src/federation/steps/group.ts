import { closestMatches } from "../../text/terminal.ts";
import type { DirectoryGroup } from "../aws/identity-center.ts";
import { NO_DIRECTORY, openDirectorySources, type DirectorySource } from "../directory-source.ts";
import { formatNear } from "../find.ts";
import { GROUP_PUSH_DOCS, OKTA_APP } from "../places.ts";
import { block, fail, ok, skip, type CheckState, type Step, type Verdict } from "../step.ts";
import { findRecentReason } from "../why.ts";

const docs = GROUP_PUSH_DOCS;

/** Step 7: the group. */
export const groupStep: Step = {
  id: "group",
  needsOneOf: ["instance", "scim-reach"],
  learnsFrom: ["user"],
  async judge(state) {
    const { options } = state;
    if (options.group === undefined) return skip("no --group given");
    const [directory] = await openDirectorySources(state);
    if (directory === undefined) return skip(NO_DIRECTORY);

    const group = await directory.findGroup(options.group);
    if (group === undefined) return explainMissing(state, options.group, directory);
    const verdict = groupVerdict(group, directory, options.provisioning === "scim");
    if (verdict.status !== "fail") state.group = group;
    return verdict;
  },
};

async function explainMissing(
  state: CheckState,
  wanted: string,
  directory: DirectorySource,
): Promise<Verdict> {
  // The user's verdict already gives the reason why SCIM pushes do not arrive.
  if (state.checks.get("user")?.status === "fail") return block("user");

  const near = closestMatches(wanted, await directory.listGroupNames());
  const trail = await findRecentReason(
    state,
    "scim",
    ({ eventName, errorMessage }) =>
      eventName === "CreateGroup" && /duplicate groupdisplayname/i.test(errorMessage ?? ""),
  );
  const evidence = { source: directory.source, near, userId: state.user?.id, trail };
  if (trail !== undefined)
    return fail(
      "FED-GROUP-DUPLICATE-NAME",
      `group "${wanted}" could not be pushed: ${trail}${formatNear(near)}`,
      `${OKTA_APP} › Push Groups: link the push to the existing group instead of creating one, or rename one of the two`,
      { evidence, docs },
    );
  const who = state.user === undefined ? "" : "user present but ";
  return fail(
    "FED-GROUP-NOT-PUSHED",
    `${who}group "${wanted}" missing${formatNear(near)}: configure Push Groups`,
    [
      `${OKTA_APP} › Push Groups › Find groups by name › push "${wanted}" immediately`,
      "Assigning the app to the group provisions its users only. Use a separate group for pushing.",
    ],
    { evidence, docs },
  );
}

/** @param wantsProvisioned whether groups should come from the identity provider. */
function groupVerdict(
  { id, displayName, isProvisioned }: DirectoryGroup,
  { source }: DirectorySource,
  wantsProvisioned: boolean,
): Verdict {
  const evidence = { groupId: id, provisioned: isProvisioned ?? null, source };
  if (wantsProvisioned && isProvisioned === false)
    return fail(
      "FED-GROUP-NOT-PROVISIONED",
      `group "${displayName}" was created by hand (or by Control Tower), not by SCIM`,
      [
        `${OKTA_APP} › Push Groups: link the push to the existing group. Or delete the group in AWS, push it, then assign it again`,
        "If groups are created by hand on purpose: --provisioning manual",
      ],
      { evidence, docs },
    );
  return ok(`${displayName}  ${id}`, evidence);
}
