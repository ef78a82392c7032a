import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unifiedDiff } from "../../src/aws-config/text-diff.ts";
import { parseTemplate } from "../../src/model/name-template.ts";
import type { HeldRole } from "../../src/configure/filter.ts";
import { MANAGED_KEY, markOf } from "../../src/sync/managed-profiles.ts";
import { planSync, syncEdits, type SyncPlan } from "../../src/sync/plan.ts";
import { wantedNames } from "../../src/sync/names.ts";
import { LatchkeyError } from "../../src/errors.ts";
import { documents } from "../aws-config/generator.ts";
import {
  type ConfigDocument,
  editConfig,
  type EditResult,
  isPortableName,
  joinedEdits,
  parseConfig,
  profileNames,
  removeProfiles,
  renameProfiles,
  sectionsNamed,
  verifyEdit,
} from "../support/config-editor.ts";
import {
  readManagedMemory,
  printManagedMemory,
  type ManagedMemory,
} from "../../src/aws-config/memory.ts";

const SEED = Number(process.env["FC_SEED"] ?? 20_261_124);

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

const wishes = fc.record<Wish>({ held: orgs, template: templates, regions });

/** The same steps as the workflow's, on texts alone. undefined where the file can't be edited, and is refused for it. */
function synced(
  document: ConfigDocument,
  { held, template, regions: all }: Wish,
  memory: ManagedMemory,
  how = { prune: false, rename: false },
): { plan: SyncPlan; edited: EditResult } | undefined {
  const naming = {
    template: template === undefined ? undefined : parseTemplate(template),
    session: "corp",
    regions: all,
  };
  const wanted = wantedNames(held, () => true, naming).map((name) => ({
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
  const plan = planSync(document, {
    session: "corp",
    wanted,
    held,
    memory,
    credentials: new Set(),
    ...how,
    force: false,
  });
  try {
    const removed = removeProfiles(
      document,
      plan.remove.map(({ name }) => name),
      false,
      "config",
    );
    const renamed = renameProfiles(
      removed.document,
      new Map(
        plan.change.filter(({ from, name }) => from !== name).map(({ from, name }) => [from, name]),
      ),
      false,
      "config",
    );
    const edited = editConfig(renamed.document, syncEdits(plan, false), "config");
    return { plan, edited: joinedEdits([removed, renamed, edited], edited.document) };
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(LatchkeyError);
    expect(thrown).toMatchObject({ code: "CONFIG_INVALID" });
    return undefined;
  }
}

describe("any organisation, any file", () => {
  test("a sync is proven, makes portable names, touches no other section, and the second one adds and changes nothing", () => {
    let made = 0;
    fc.assert(
      fc.property(documents(), wishes, ({ bytes }, wish) => {
        const before = parseConfig(bytes);
        const first = synced(before, wish, new Map());
        if (first === undefined) return;
        made += first.plan.add.length;
        verifyEdit(before, first.edited.document, first.edited.changes, first.edited.removed);
        for (const { name } of first.plan.add)
          expect(isPortableName(name) && name !== "default").toBe(true);
        const names = wantedNames(wish.held, () => true, {
          template: undefined,
          session: "corp",
          regions: wish.regions,
        }).length;
        expect(first.plan.add.length + first.plan.collisions.length).toBe(names);
        const after = parseConfig(first.edited.document.bytes);
        expect(
          profileNames(after)
            .filter((name) => !profileNames(before).includes(name))
            .toSorted(),
        ).toEqual(first.plan.add.map(({ name }) => name).toSorted());
        for (const name of profileNames(before))
          expect(
            sectionsNamed(after, "profile", name).map(({ entries }) =>
              entries.map(({ key, value }) => [key, value]),
            ),
          ).toEqual(
            sectionsNamed(before, "profile", name).map(({ entries }) =>
              entries.map(({ key, value }) => [key, value]),
            ),
          );
        const second = synced(
          after,
          wish,
          readManagedMemory(JSON.parse(JSON.stringify(printManagedMemory(first.plan.memory)))),
          { prune: true, rename: true },
        );
        expect([second?.plan.add, second?.plan.change, second?.plan.remove]).toEqual([[], [], []]);
        expect(second?.edited.document).toBe(after);
      }),
      { numRuns: 1500, seed: SEED },
    );
    expect(made).toBeGreaterThan(1000);
  });

  test("with another organisation, another template and other regions later, only marked profiles change or go, and nothing is said that is not done", () => {
    const kinds = { change: 0, remove: 0, rename: 0 };
    fc.assert(
      fc.property(documents(), wishes, wishes, fc.boolean(), ({ bytes }, wish, later, rename) => {
        const first = synced(parseConfig(bytes), wish, new Map());
        if (first === undefined) return;
        const before = first.edited.document;
        const second = synced(before, later, first.plan.memory, { prune: true, rename });
        if (second === undefined) return;
        verifyEdit(before, second.edited.document, second.edited.changes, second.edited.removed);
        const marked = new Set(
          before.sections.filter((section) => markOf(section) === "corp").map(({ name }) => name),
        );
        for (const { name } of second.plan.remove) expect(marked).toContain(name);
        for (const { from } of second.plan.change) expect(marked).toContain(from);
        kinds.change += second.plan.change.length;
        kinds.remove += second.plan.remove.length;
        kinds.rename += second.plan.change.filter(({ from, name }) => from !== name).length;
        const third = synced(second.edited.document, later, second.plan.memory, {
          prune: true,
          rename: false,
        });
        expect([third?.plan.change, third?.plan.remove]).toEqual([[], []]);
      }),
      { numRuns: 1500, seed: SEED },
    );
    expect(Math.min(kinds.change, kinds.remove, kinds.rename)).toBeGreaterThan(100);
  });
});

describe("many removals at once", () => {
  test("leave what one after the other leaves", () => {
    fc.assert(
      fc.property(documents(), fc.array(fc.nat(20), { maxLength: 4 }), ({ bytes }, picks) => {
        const before = parseConfig(bytes);
        const all = profileNames(before);
        const names = [
          ...new Set(picks.flatMap((pick) => all[pick % Math.max(all.length, 1)] ?? [])),
        ];
        const outcome = (act: () => ConfigDocument): string => {
          try {
            return act().text;
          } catch (thrown) {
            return (thrown as LatchkeyError).code;
          }
        };
        const together = outcome(() => {
          const edited = removeProfiles(before, names, false, "config");
          verifyEdit(before, edited.document, edited.changes, edited.removed);
          return edited.document;
        });
        // From the end upwards: a blank line at the end goes with the section that it came with.
        const order = names.toSorted(
          (a, b) =>
            (sectionsNamed(before, "profile", b).at(-1)?.line ?? 0) -
            (sectionsNamed(before, "profile", a).at(-1)?.line ?? 0),
        );
        const oneByOne = outcome(() =>
          order.reduce(
            (document, name) => removeProfiles(document, [name], false, "config").document,
            before,
          ),
        );
        if (together !== "CONFIG_INVALID" && oneByOne !== "CONFIG_INVALID")
          expect(together).toBe(oneByOne);
      }),
      { numRuns: 3000, seed: SEED },
    );
  });
});

describe("work in proportion to the file", () => {
  const many = (count: number): ConfigDocument =>
    parseConfig(
      Buffer.from(
        Array.from(
          { length: count },
          (_, index) => `[profile p${index}]\nregion = eu-west-1\nnote = ${"x".repeat(400)}\n`,
        ).join(""),
      ),
    );
  const org = (count: number): HeldRole[] =>
    Array.from({ length: count }, (_, index) => ({
      account: {
        accountId: String(index).padStart(12, "0"),
        accountName: `account ${index}`,
        emailAddress: undefined,
      },
      roleName: "ViewOnlyAccess",
    }));
  const round = (size: number): number => {
    const before = many(size * 5);
    const started = performance.now();
    const wish = { held: org(size), template: undefined, regions: ["eu-west-1"] };
    const first = synced(before, wish, new Map());
    const gone = synced(first!.edited.document, { ...wish, held: org(1) }, first!.plan.memory, {
      prune: true,
      rename: false,
    });
    for (const [from, { edited }] of [
      [before, first!],
      [first!.edited.document, gone!],
    ] as const)
      verifyEdit(from, edited.document, edited.changes, edited.removed);
    expect([first!.plan.add.length, gone!.plan.remove.length]).toEqual([size, size - 1]);
    unifiedDiff(before.text, gone!.edited.document.text, "config");
    return performance.now() - started;
  };

  test("4,000 profiles in and out of a file of 10 MB take no longer than their number says", () => {
    round(500);
    const [small, large] = [Math.min(round(1000), round(1000)), Math.min(round(4000), round(4000))];
    console.log(`1,000 profiles: ${small.toFixed(0)} ms; 4,000 in 10 MB: ${large.toFixed(0)} ms`);
    expect(large / small).toBeLessThan(10);
  });
});
