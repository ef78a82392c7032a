import { describe, expect, test } from "vitest";
import { CAUSES, type CauseId } from "../../src/explain/causes.ts";
import { judgeCauses } from "../../src/explain/verdict/judge.ts";
import { ROWS } from "./judge-rows.ts";
import { FACTS, fails, SESSION } from "./machine-facts.ts";

describe("the verdict on a cause", () => {
  test.each(ROWS)("%s, row %#", (cause, facts, verdict, cure) => {
    const { here, checked, ...found } = judgeCauses([cause], { ...FACTS, ...facts });
    expect({ ...found, verdict: `${here}: ${checked}` }).toEqual({ cause, verdict, cure });
  });

  test("a cause that is true here is preferred to the most likely one", () => {
    const facts = { ...FACTS, session: { ...SESSION, token: { kind: "none" as const } } };
    expect(judgeCauses(["token-expired", "refresh-refused", "token-missing"], facts)).toMatchObject(
      { cause: "token-missing", here: "yes" },
    );
    expect(judgeCauses(["token-expired", "token-missing"], FACTS)).toMatchObject({
      cause: "token-expired",
      here: "no",
    });
  });

  test("of two true causes, the first in the list of causes is reported", () => {
    const facts = {
      ...FACTS,
      session: { ...SESSION, token: { kind: "none" as const } },
      profile: { ...FACTS.profile, outcome: { kind: "none" as const, why: "nothing" } },
    };
    expect(judgeCauses(["no-credentials", "token-missing"], facts)).toMatchObject({
      cause: "token-missing",
      here: "yes",
    });
  });

  test("an attempt that failed with the cause is preferred to other attempts", () => {
    const facts = {
      ...FACTS,
      session: { ...SESSION, portal: fails("unreachable") },
      identity: fails("proxy"),
    };
    expect(judgeCauses(["proxy"], facts)).toMatchObject({ here: "yes" });
    expect(judgeCauses(["unreachable"], facts)).toMatchObject({ here: "yes" });
    expect(judgeCauses(["throttled"], facts)).toMatchObject({ here: "no" });
  });

  test("each cause has a row", () => {
    const judged = new Set(ROWS.map(([cause]) => cause));
    expect(Object.keys(CAUSES).filter((cause) => !judged.has(cause as CauseId))).toEqual([
      "assume-role-refused",
    ]);
  });
});
