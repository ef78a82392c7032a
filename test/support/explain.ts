import { expect } from "vitest";
import type { ExplainJson } from "../../src/commands/explain.ts";
import { parseOutput, type Home } from "./home.ts";

/** The profile that is selected when an error is explained. */
export const inOkta = { env: { AWS_PROFILE: "okta" } };

export async function explainJson(home: Home, text: string, argv: readonly string[] = []) {
  const result = await home.run(["explain", "--json", ...argv, text], inOkta);
  expect(result.stderr).toBe("");
  return { exitCode: result.exitCode, ...parseOutput<ExplainJson>(result) };
}

/** Errors as the AWS CLI prints them. */
export const NO_TOKEN = "Error loading SSO Token: Token for corp does not exist";
export const NO_REFRESH =
  "Error when retrieving token from sso: Token has expired and refresh failed";
export const NO_ACCESS =
  "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access";
export const ENDED =
  "An error occurred (UnauthorizedException) when calling the GetRoleCredentials operation: Session token not found or invalid";
