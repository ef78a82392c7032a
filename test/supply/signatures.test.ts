import { expect, test } from "vitest";
import { judgeSignatures } from "../../scripts/tools/supply/signatures.ts";

const skip = (why: string) => ({
  kind: "skipped",
  reason: `they could not be fetched (${why})`,
});
const A = { name: "a", version: "1.0.0" };

test.each([
  [0, '{"invalid":[],"missing":[]}', { kind: "judged", faults: [] }],
  [
    1,
    JSON.stringify({ invalid: [A], missing: [] }),
    { kind: "judged", faults: ["a 1.0.0 is not what was signed"] },
  ],
  [
    1,
    JSON.stringify({ invalid: [], missing: [A] }),
    { kind: "judged", faults: ["a 1.0.0 has no signature"] },
  ],
  [1, '{"error":{"code":"ENOTFOUND"}}', skip("ENOTFOUND")],
  [1, "", skip("no answer")],
  [null, "", skip("it took too long")],
  [0, "null", skip("no answer")],
])("npm ended with %j and %s", (status, stdout, judged) => {
  expect(judgeSignatures(status, stdout)).toEqual(judged);
});
