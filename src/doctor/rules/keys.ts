import { isClientRegion, isRegion, judgeRegion } from "../../model/start-url.ts";
import { findMisspeltKeysOf } from "../misspelt-keys.ts";
import { eachSection, warn, type Rule } from "../rule.ts";

/** Rules for misspelt keys, which every client silently ignores, and misspelt regions, whose hosts do not exist. */

export const KEY_RULES: readonly Rule[] = [
  warn("key-misspelt", {
    looksFor: "a misspelt key (`sso_registration_scope`, `so_start_url`)",
    readers: "every client silently ignores it",
    isFixable: true,
    judge: eachSection((section) =>
      findMisspeltKeysOf(section).map(({ wrong, right, value, isSafe }) =>
        section.hit(
          wrong,
          `has the key ${wrong}, which should be ${right}`,
          isSafe ? "latchkey doctor --fix" : `Write ${right} instead, if that is the intended key.`,
          isSafe
            ? [{ type: section.type, name: section.name, set: [[right, value]], remove: [wrong] }]
            : undefined,
        ),
      ),
    ),
  }),
  warn("region-misspelt", {
    looksFor: "a misspelt region (`use-east-1`, `eu-west1`)",
    readers: "every client connects to a host that does not exist",
    judge: eachSection((section) =>
      ["region", "sso_region"].map((key) => {
        const region = section.value(key);
        // Other services at an endpoint_url have their own regions. Another rule reports an sso_region in a wrong form.
        if (region === undefined || section.hasAny("endpoint_url")) return undefined;
        if (key === "sso_region" ? !isRegion(region) : !isClientRegion(region)) return undefined;
        const judged = judgeRegion(region);
        if (judged.kind !== "slip") return undefined;
        return section.hit(
          key,
          `has the ${key} ${JSON.stringify(region)}`,
          `Did you mean ${judged.meant}?`,
        );
      }),
    ),
  }),
];
