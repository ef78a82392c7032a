import type { Context } from "../context.ts";
import { dropAutomationMarks } from "../model/login-method.ts";
import { isRecord, parseJson, readText } from "../text/json.ts";
import { LatchkeyError, EXIT_CODES, type ErrorCode } from "../errors.ts";
import { createTemporaryHome, removeTemporaryHome } from "../fs/temporary.ts";
import { runChild, type ChildResult } from "../terminal/child.ts";

/**
 * The whole journey as a person would type it: this very program as child processes, in a temporary home, against an
 * emulated Identity Center. The real home is neither read nor written.
 */
interface DemoService {
  readonly startUrl: string;
  readonly region: string;
  /** What points AWS clients at the emulator. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes the service forget every access token, as if their time had passed. */
  expireAccessTokens(): void;
  /** Takes the role away, as an administrator would. */
  unassign(accountId: string, roleName: string): void;
  /** ARN of the last caller whose signature the emulated STS verified. */
  findVerifiedCaller(): string | undefined;
}

interface DemoOptions {
  /** Ends with a refusal: the role is taken away before the last step. */
  readonly refused: boolean;
}

/** What was done; each step ended with exit code 0. */
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
      `An emulated Identity Center answers at ${service.startUrl}; the home is ${home}. Nothing of yours is touched.`,
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
    await step("The token has died at the service: renewed silently, no browser", "accounts --csv");
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

/** @param line the words behind the program's name; none of them holds a blank. */
type Step = (title: string, line: string, show?: "quietly") => Promise<ChildResult>;

/** Prints the command line as a person would type it, runs it, shows what it printed, and ends where it failed. */
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

/** Shows the shape and never the secrets, also of an emulator: people paste what a demo prints. */
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

/** The last line is what the emulated STS verified and wrote down, compared with what the program printed. */
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

/** The caller's environment without what would steer AWS clients or this program; who runs the demo, lets it sign in. */
function selectHarmlessVariables({ env }: Context): Record<string, string> {
  const kept = Object.entries(dropAutomationMarks(env)).filter(
    ([name, value]) =>
      value !== undefined &&
      !/^(AWS_|LATCHKEY_|XDG_|APPDATA$|HTTPS?_PROXY$|https?_proxy$)/.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
