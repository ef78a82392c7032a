import type { DirectoryUser } from "../aws/identity-center.ts";
import { blockedVerdict, type Verdict } from "../report.ts";
import {
  groupVerdict,
  memberVerdict,
  missingGroupVerdict,
  missingUserVerdict,
  userVerdict,
} from "./verdicts.ts";
import { nearest } from "../../text/terminal.ts";
import type { Facts } from "../check-state.ts";
import { skipped } from "./setup.ts";
import { recentReason } from "../why.ts";
import { scimWitness, storeWitness, type Witness } from "../directory-source.ts";

/** Steps 6 to 8: the user, the group, and the one in the other, by whoever can tell. */

export async function userStep(facts: Facts): Promise<Verdict> {
  const { options, context } = facts;
  await callWitnesses(facts);
  const { witness, second } = facts;
  if (options.user === undefined) return skipped("no --user given");
  if (witness === undefined) return skipped("no AWS credentials and no SCIM token to ask with");
  const found = await userWithAnyCase(witness, options.user);
  if ("near" in found) {
    const words =
      options.why && facts.admin !== undefined
        ? await recentReason(context, facts.admin, "scim", ({ name }) => name.endsWith("User"))
        : undefined;
    return missingUserVerdict(options.user, found.near, witness.source, words);
  }
  const verdict = userVerdict(options.user, found, witness.source);
  if (verdict.status !== "fail") facts.user = found;
  if (verdict.status !== "ok" || second === undefined) return verdict;
  const other = await second.user(found.userName);
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

async function callWitnesses(facts: Facts): Promise<void> {
  const { admin, instance, scim } = facts;
  const witnesses = [
    ...(admin === undefined || instance === undefined ? [] : [await storeWitness(admin, instance)]),
    ...(scim === undefined ? [] : [await scimWitness(scim)]),
  ];
  const [first, second] = witnesses;
  if (first !== undefined) facts.witness = first;
  if (second !== undefined) facts.second = second;
}

/** The user, also where the stored name differs by case; else the names that are nearest. */
async function userWithAnyCase(
  witness: Witness,
  wanted: string,
): Promise<DirectoryUser | { readonly near: readonly string[] }> {
  const exact = await witness.user(wanted);
  if (exact !== undefined) return exact;
  const names = await witness.userNames();
  const sameLetters = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  const found = sameLetters === undefined ? undefined : await witness.user(sameLetters);
  return found ?? { near: nearest(wanted, names) };
}

/** @param userFailed whether step 6 has told already why nothing arrives. */
export async function groupStep(facts: Facts, userFailed: boolean): Promise<Verdict> {
  const { options, witness, context } = facts;
  if (options.group === undefined) return skipped("no --group given");
  if (witness === undefined) return skipped("no AWS credentials and no SCIM token to ask with");
  const group = await witness.group(options.group);
  if (group === undefined) {
    if (userFailed) return blockedVerdict("user");
    const near = nearest(options.group, await witness.groupNames());
    const duplicate =
      options.why && facts.admin !== undefined
        ? await recentReason(
            context,
            facts.admin,
            "scim",
            ({ name, errorMessage = "" }) =>
              name === "CreateGroup" && /duplicate groupdisplayname/i.test(errorMessage),
          )
        : undefined;
    return missingGroupVerdict(options.group, facts.user, near, witness.source, duplicate);
  }
  const verdict = groupVerdict(group, witness.source, options.provisioning === "scim");
  if (verdict.status !== "fail") facts.group = group;
  return verdict;
}

export async function memberStep({ witness, user, group }: Facts): Promise<Verdict> {
  if (user === undefined) return skipped("no user to look for");
  if (group === undefined) return skipped("no group to look in");
  if (witness === undefined) return skipped("no AWS credentials and no SCIM token to ask with");
  return memberVerdict(
    await witness.isMember(user.id, group.id),
    user.userName,
    group.displayName,
    witness.source,
  );
}
