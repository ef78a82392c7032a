import { expect } from "vitest";
import type { CheckOptions } from "../../src/federation/step.ts";
import type { Home } from "../support/home.ts";
import { createFederatedHome } from "../support/federation.ts";
import { statusesExcept, runCheck, toStatuses } from "../support/federation-check.ts";

export interface Failure {
  readonly what: string;
  readonly directory?: Parameters<typeof createFederatedHome>[0];
  readonly options?: Parameters<typeof createFederatedHome>[1];
  readonly toOptions?: (home: Home) => Partial<CheckOptions>;
  readonly token?: string;
  readonly step: string;
  readonly code: string;
  readonly hint: RegExp;
  readonly skips: readonly string[];
}

/** Makes the home, runs the checklist, and expects this failure and what it lets be skipped, all else ok. */
export async function expectFailure(failure: Failure): Promise<void> {
  const { directory, options, toOptions, token, step, code, hint, skips } = failure;
  const home = await createFederatedHome(directory, options);
  const checks = await runCheck(home, toOptions?.(home), token);
  expect(toStatuses(checks)).toEqual(
    statusesExcept({ [step]: "fail", ...Object.fromEntries(skips.map((id) => [id, "skip"])) }),
  );
  const failed = checks.find(({ id }) => id === step);
  expect(failed?.code).toBe(code);
  expect(failed?.hint?.join("\n")).toMatch(hint);
}
