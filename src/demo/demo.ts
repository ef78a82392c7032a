import type { Context } from "../context.ts";
import { dropAutomationMarks } from "../model/login-method.ts";
import { isRecord, parseJson, readText } from "../text/json.ts";
import { LatchkeyError, EXIT_CODES, type ErrorCode } from "../errors.ts";
import { createTemporaryHome, removeTemporaryHome } from "../fs/temporary.ts";
import { runChild, type ChildResult } from "../terminal/child.ts";

/**
 * Runs the main steps as a user would type them: this program as child processes, in a temporary home, against an
 * emulated Identity Center. The real home is neither read nor written.
 */
interface DemoService {
  readonly startUrl: string;
  readonly region: string;
  /** Variables that make AWS clients use the emulator. */
  readonly env: Readonly<Record<string, string>>;
  /** Invalidates every access token, as if it had expired. */
  expireAccessTokens(): void;
  /** Removes the role assignment, as an administrator would. */
  unassign(accountId: string, roleName: string): void;
  /** ARN of the last caller whose signature the emulated STS verified. */
  findVerifiedCaller(): string | undefined;
}

interface DemoOptions {
  /** End with a refusal: the role is removed before the last step. */
  readonly refused: boolean;
}

/** The completed steps; each ended with exit code 0. */
export interface DemoJson {
  readonly startUrl: string;
  readonly region: string;
  readonly steps: readonly DemoStep[];
  /** ARN of the caller that the emulated STS verified. */
  readonly identity: string;
}

interface DemoStep {
  readonly title: string;
  readonly command: string;
}

const ACCOUNT_ID = "100000000001";
const ROLE_NAME = "ViewOnlyAccess";

export async function runDemo(
  context: Context,
  service: DemoService,
  options: DemoOptions,
): Promise<DemoJson> {
  const home = createTemporaryHome();
  const steps: DemoStep[] = [];
  const step = createStep(context, steps, {
    ...selectHarmlessVariables(context),
    ...service.env,
    HOME: home,
    USERPROFILE: home,
  });
  const say = (text: string): void => context.terminal.say(text);
  try {
    say(
      `An emulated Identity Center runs at ${service.startUrl}; the home directory is ${home}. Your own files are not touched.`,
    );
    await step(
      "Write a profile, as `aws configure sso` would",
      `configure --profile okta --sso-session corp --start-url ${service.startUrl} --sso-region ${service.region} ${ROLE_FLAGS} --region eu-west-1 --output json --yes`,
    );
    await step("Sign in (the emulator approves in your place)", LOGIN);
    await step("What may I use?", "accounts");
    await step("And as what?", `roles ${ACCOUNT_ID}`);
    await showCredentials(step, say, "What an SDK runs: the credentials come from the portal");
    await showCredentials(step, say, "Again: now from the cache, before anything else is loaded");
    service.expireAccessTokens();
    await step(
      "AWS no longer accepts the token: it is renewed without a browser",
      "accounts --csv",
    );
    if (options.refused) await takeRoleAway(step, service);
    const identity = await showIdentity(context, step, service);
    const { startUrl, region } = service;
    return { startUrl, region, steps, identity };
  } finally {
    removeTemporaryHome(home);
  }
}

const LOGIN = "login --sso-session corp --no-browser";
const ROLE_FLAGS = `--account-id ${ACCOUNT_ID} --role-name ${ROLE_NAME}`;

/** @param line The words after the program's name, separated by single spaces. */
type Step = (title: string, line: string, show?: "quietly") => Promise<ChildResult>;

/** Prints the command line, runs it, prints its output, and fails if the command failed. */
function createStep(
  context: Context,
  done: DemoStep[],
  env: Readonly<Record<string, string>>,
): Step {
  return async (title, line, show) => {
    context.terminal.say(["", `# ${title}`, `$ latchkey ${line}`]);
    const result = await runChild([...context.program, ...line.split(" ")], env);
    if (show !== "quietly") context.terminal.write(result.stdout);
    if (result.exitCode !== 0)
      throw new LatchkeyError(
        toErrorCode(result.exitCode),
        `That step ended with exit code ${result.exitCode}.`,
        { exitCode: result.exitCode },
      );
    done.push({ title, command: `latchkey ${line}` });
    return result;
  };
}

/**
 * Prints the credentials without the secrets. Even the emulator's secrets are hidden, because users paste the output of
 * a demo.
 */
async function showCredentials(
  step: Step,
  say: (text: string) => void,
  title: string,
): Promise<void> {
  const line = `credential-process --sso-session corp ${ROLE_FLAGS}`;
  const { stdout } = await step(title, line, "quietly");
  const object = parseJson(stdout);
  if (!isRecord(object))
    throw new LatchkeyError("BUG", "credential-process did not print one JSON object.");
  say(
    `{"Version":${String(object["Version"])},"AccessKeyId":"${readText(object["AccessKeyId"]) ?? ""}","SecretAccessKey":"…","SessionToken":"…","Expiration":"${readText(object["Expiration"]) ?? ""}"}`,
  );
}

async function takeRoleAway(step: Step, service: DemoService): Promise<void> {
  service.unassign(ACCOUNT_ID, ROLE_NAME);
  await step(
    "The administrator takes the role away; a new sign-in drops what was cached",
    `${LOGIN} --force`,
  );
}

/** Compares the identity that the emulated STS verified with the one that the program printed. */
async function showIdentity(context: Context, step: Step, service: DemoService): Promise<string> {
  const { stdout } = await step("Who does AWS say I am?", "whoami --profile okta");
  const verified = service.findVerifiedCaller();
  if (verified === undefined || !stdout.includes(verified))
    throw new LatchkeyError(
      "CHECK_FAILED",
      "The identity that was printed is not the one that STS verified.",
    );
  context.terminal.write(`${verified}\n`);
  return verified;
}

function toErrorCode(exitCode: number): ErrorCode {
  const codes = Object.keys(EXIT_CODES) as ErrorCode[];
  return codes.find((code) => EXIT_CODES[code] === exitCode) ?? "CHECK_FAILED";
}

/**
 * Returns the environment without variables that would affect AWS clients or this program. Marks of automation are
 * removed, so that the demo may sign in.
 */
function selectHarmlessVariables({ env }: Context): Record<string, string> {
  const kept = Object.entries(dropAutomationMarks(env)).filter(
    ([name, value]) =>
      value !== undefined &&
      !/^(AWS_|LATCHKEY_|XDG_|APPDATA$|HTTPS?_PROXY$|https?_proxy$)/.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
