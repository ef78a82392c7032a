import { NO_DIRECTORY, openDirectorySources } from "../directory-source.ts";
import { GROUP_PUSH_DOCS } from "../places.ts";
import { fail, ok, skip, type Step } from "../step.ts";

const HOW_TO_PUSH = [
  "Okta doesn't support the same group for app assignment and Group Push. Create a second group with the same people, and push that one.",
  "Check that the user is active in Okta and assigned to the app.",
];

/** Step 8: whether the user is in the group. */
export const memberStep: Step = {
  id: "member",
  needs: ["user", "group"],
  async judge(state) {
    const { user, group } = state;
    if (user === undefined) return skip("no user to look for");
    if (group === undefined) return skip("no group to look in");
    const [directory] = await openDirectorySources(state);
    if (directory === undefined) return skip(NO_DIRECTORY);

    const { userName } = user;
    const { displayName } = group;
    const evidence = { source: directory.source };
    if (await directory.isMember(user.id, group.id))
      return ok(`${userName} is in ${displayName}`, evidence);
    const details = { evidence, docs: GROUP_PUSH_DOCS };
    return fail("FED-NOT-MEMBER", `${userName} is not in ${displayName}`, HOW_TO_PUSH, details);
  },
};
