import { isClientRegion, isRegion, judgeRegion } from "../../model/start-url.ts";
import { findMisspeltKeysOf } from "../misspelt-keys.ts";
import { eachSection, warn, type Rule } from "../rule.ts";

/** Misspelt keys and regions: every reader passes them over in silence, or asks a host that is not there. */

export const KEY_RULES: readonly Rule[] = [
  warn("key-misspelt", {
    looksFor: "a misspelt key (`sso_registration_scope`, `so_start_url`)",
    readers: "every client passes it over in silence",
    isFixable: true,
    judge: eachSection((section) =>
      findMisspeltKeysOf(section).map(({ wrong, right, value, isSafe }) =>
        section.hit(
          wrong,
          `has the key ${wrong}, which should be ${right}`,
          isSafe
            ? "latchkey doctor --fix"
            : `Write ${right} in its place, if that is what it means.`,
          isSafe
            ? [{ type: section.type, name: section.name, set: [[right, value]], remove: [wrong] }]
            : undefined,
        ),
      ),
    ),
  }),
  warn("region-misspelt", {
    looksFor: "a region that is nearly the name of one (`use-east-1`, `eu-west1`)",
    readers: "every client asks a host that does not exist",
    judge: eachSection((section) =>
      ["region", "sso_region"].map((key) => {
        const region = section.value(key);
        // Other stores have regions of their own; an sso_region without a region's form is an error by another rule.
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
