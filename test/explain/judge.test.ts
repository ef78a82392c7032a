import { describe, expect, test } from "vitest";
import { CAUSES, type CauseId } from "../../src/explain/causes.ts";
import { judgeCauses } from "../../src/explain/verdict/judge.ts";
import { ROWS } from "./judge-rows.ts";
import { FACTS, fails, SESSION } from "./machine-facts.ts";

describe("whether a cause is so on this machine", () => {
  test.each(ROWS)("%s, row %#", (cause, facts, verdict, cure) => {
    const { here, checked, ...found } = judgeCauses([cause], { ...FACTS, ...facts });
    expect({ ...found, verdict: `${here}: ${checked}` }).toEqual({ cause, verdict, cure });
  });

  test("of several causes, the one that is so here goes before the likeliest", () => {
    const facts = { ...FACTS, session: { ...SESSION, token: { kind: "none" as const } } };
    expect(judgeCauses(["token-expired", "refresh-refused", "token-missing"], facts)).toMatchObject(
      { cause: "token-missing", here: "yes" },
    );
    expect(judgeCauses(["token-expired", "token-missing"], FACTS)).toMatchObject({
      cause: "token-expired",
      here: "no",
    });
  });

  test("of two that are so, the one that is first in the list of causes", () => {
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

  test("of the ways to AWS that were tried, the one that failed so counts", () => {
    const facts = {
      ...FACTS,
      session: { ...SESSION, portal: fails("unreachable") },
      identity: fails("proxy"),
    };
    expect(judgeCauses(["proxy"], facts)).toMatchObject({ here: "yes" });
    expect(judgeCauses(["unreachable"], facts)).toMatchObject({ here: "yes" });
    expect(judgeCauses(["throttled"], facts)).toMatchObject({ here: "no" });
  });

  test("each cause has a row here", () => {
    const judged = new Set(ROWS.map(([cause]) => cause));
    expect(Object.keys(CAUSES).filter((cause) => !judged.has(cause as CauseId))).toEqual([
      "assume-role-refused",
    ]);
  });
});
