import { expect } from "vitest";
import type { CheckOptions } from "../../src/federation/step.ts";
import type { EmulatedHome } from "../support/emulated-home.ts";
import { createFederatedEmulation } from "../support/federation.ts";
import { statusesExcept, runCheck, toStatuses } from "../support/federation-check.ts";

export interface Failure {
  readonly what: string;
  readonly directory?: Parameters<typeof createFederatedEmulation>[0];
  readonly options?: Parameters<typeof createFederatedEmulation>[1];
  readonly toOptions?: (home: EmulatedHome) => Partial<CheckOptions>;
  readonly token?: string;
  readonly step: string;
  readonly code: string;
  readonly hint: RegExp;
  readonly skips: readonly string[];
}

/** Runs the checklist in a new home; expects this failure and its skipped steps, and all other steps ok. */
export async function expectFailure(failure: Failure): Promise<void> {
  const { directory, options, toOptions, token, step, code, hint, skips } = failure;
  const home = await createFederatedEmulation(directory, options);
  const checks = await runCheck(home, toOptions?.(home), token);
  expect(toStatuses(checks)).toEqual(
    statusesExcept({ [step]: "fail", ...Object.fromEntries(skips.map((id) => [id, "skip"])) }),
  );
  const failed = checks.find(({ id }) => id === step);
  expect(failed?.code).toBe(code);
  expect(failed?.hint?.join("\n")).toMatch(hint);
}
