import fc from "fast-check";
import { expect } from "vitest";
import { parseTemplate } from "../../src/model/name-template.ts";
import type { HeldRole } from "../../src/configure/filter.ts";
import type { ManagedMemory } from "../../src/profiles/change/memory.ts";
import { MANAGED_KEY } from "../../src/sync/managed-profiles.ts";
import { planSync, syncEdits, type SyncPlan } from "../../src/sync/plan.ts";
import { planNames } from "../../src/sync/names.ts";
import { LatchkeyError } from "../../src/errors.ts";
import {
  type ConfigDocument,
  editConfig,
  type EditResult,
  joinEdits,
  removeProfiles,
  renameProfiles,
} from "../support/config-editor.ts";

const word = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "payments",
      "Payments ",
      "alpha",
      "default",
      "x]\n[default]\na=b",
      "\u{1F600}",
      "",
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
);
const account = fc.record({
  accountId: fc.integer({ min: 0, max: 12 }).map((id) => String(id).padStart(12, "0")),
  accountName: fc.option(word, { nil: undefined }),
  emailAddress: fc.option(word, { nil: undefined }),
});
const role = fc.constantFrom("ViewOnlyAccess", "Billing", "a+b=c,d@e");
const orgs = fc.uniqueArray(fc.record<HeldRole>({ account, roleName: role }), {
  maxLength: 8,
  selector: ({ account: { accountId }, roleName }) => `${accountId}/${roleName}`,
});
const templates = fc.constantFrom(
  undefined,
  "{account.slug}-{role|lower}",
  "{account.name}",
  "{role}",
  "{account.id}/{region}",
  "{email|slug}",
);
const regions = fc.constantFrom<string[]>(["eu-west-1"], ["eu-west-1", "us-east-1"]);

interface Wish {
  readonly held: readonly HeldRole[];
  readonly template: string | undefined;
  readonly regions: readonly string[];
}

export const wishes = fc.record<Wish>({ held: orgs, template: templates, regions });

/** Runs the steps of a sync on texts. Returns undefined if the file can't be edited and is refused. */
export function simulateSync(
  document: ConfigDocument,
  wish: Wish,
  memory: ManagedMemory,
  how = { prune: false, rename: false },
): { plan: SyncPlan; edited: EditResult } | undefined {
  const plan = planSync(document, {
    isWhole: true,
    session: "corp",
    wanted: wantProfiles(wish),
    held: wish.held,
    memory,
    credentials: new Set(),
    ...how,
    force: false,
  });
  try {
    return { plan, edited: applyPlan(document, plan) };
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(LatchkeyError);
    expect(thrown).toMatchObject({ code: "CONFIG_INVALID" });
    return undefined;
  }
}

function wantProfiles({
  held,
  template,
  regions: all,
}: Wish): Parameters<typeof planSync>[1]["wanted"] {
  const naming = {
    template: template === undefined ? undefined : parseTemplate(template),
    session: "corp",
    regions: all,
  };
  return planNames(held, () => true, naming).map((name) => ({
    ...name,
    keys: {
      set: [
        ["sso_session", "corp"],
        ["sso_account_id", name.account.accountId],
        ["sso_role_name", name.roleName],
        ["region", name.region ?? ""],
        [MANAGED_KEY, "corp"],
      ] as const,
      remove: ["credential_process"],
    },
  }));
}

function applyPlan(document: ConfigDocument, plan: SyncPlan): EditResult {
  const gone = plan.remove.map(({ name }) => name);
  const removed = removeProfiles(document, gone, false, "config");
  const moves = plan.change.filter(({ from, name }) => from !== name);
  const names = new Map(moves.map(({ from, name }) => [from, name]));
  const renamed = renameProfiles(removed.document, names, false, "config");
  const edited = editConfig(renamed.document, syncEdits(plan, false), "config");
  return joinEdits([removed, renamed, edited], edited.document);
}
