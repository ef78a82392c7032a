/**
 * Commands of the AWS CLI, granted, aws-vault, aws-sso-cli, aws-sso-util, saml2aws, leapp and awsume, and what they
 * mean in latchkey. This is only a table: it runs nothing, and contains the words of commands instead of their modules.
 */
export type Synonym = RunSynonym | NamedSynonym;

/** A command of another tool that runs exactly like a command of latchkey. */
interface RunSynonym {
  readonly kind: "run";
  /** The words of latchkey's command, and its arguments. */
  readonly words: readonly string[];
}

/** A command of another tool without an exact equivalent: latchkey shows a hint and asks the user. */
export interface NamedSynonym {
  readonly kind: "name";
  readonly hint: string;
  /** The words that latchkey offers to run for a user at a terminal; undefined if more information is needed first. */
  readonly words: readonly string[] | undefined;
}

const RUNS: Readonly<Record<string, string>> = {
  ls: "profiles",
  list: "profiles",
  "list-profiles": "profiles",
  switch: "use",
  select: "use",
  open: "console",
  web: "console",
  "console launch": "console",
  init: "shell-init",
  hook: "shell-init",
  activate: "shell-init",
  setup: "configure",
  "configure profile": "configure",
  "setup profiles": "profiles sync",
  "setup completions": "completion",
  sync: "profiles sync",
  "sso populate": "profiles sync",
  "configure populate": "profiles sync",
  undo: "profiles undo",
  rm: "profiles rm",
  remove: "profiles rm",
  delete: "profiles rm",
  "profiles remove": "profiles rm",
  "profiles delete": "profiles rm",
  rename: "profiles rename",
  mv: "profiles rename",
  "profiles mv": "profiles rename",
  session: "sessions",
  "list-sessions": "sessions",
  "sessions remove": "sessions rm",
  "sessions delete": "sessions rm",
  refresh: "login",
  renew: "login",
  signin: "login",
  "sign-in": "login",
  signout: "logout",
  "sign-out": "logout",
  run: "exec",
  "run-as": "exec",
  shell: "exec",
  env: "export --format env",
  eval: "export --format env",
  script: "export --format env",
  "export-credentials": "export",
  process: "credential-process",
  "list-accounts": "accounts",
  "list-roles": "roles",
  "list-account-roles": "roles",
  who: "whoami",
  id: "whoami",
  "session current": "whoami",
  "session start": "use",
  "integration login": "login",
  "integration sync": "profiles sync",
  diagnose: "doctor",
  "self-update": "update",
  selfupdate: "update",
  outdated: "update --check",
  completions: "completion",
  autocomplete: "completion",
  "settings list": "settings",
  "settings show": "settings",
  "settings get": "settings",
  "settings set": "settings",
  "settings unset": "settings --unset",
};

const KEEP = "Role credentials renew themselves, and no long-term key is kept.";

/** Each hint, followed by `|` and the words that latchkey offers to run. */
const NAMES: Readonly<Record<string, string>> = {
  rotate: `${KEEP} Renew the sign-in: latchkey login|login`,
  clear: "Sign out and delete cached credentials: latchkey logout|logout",
  flush: "Sign out and delete cached credentials: latchkey logout|logout",
  cache:
    "Show the last listing: latchkey accounts --cached. Sign out and delete cached credentials: latchkey logout",
  config: "latchkey's own settings: latchkey settings. The AWS config: latchkey configure",
  "config set": "latchkey settings KEY VALUE",
  "config get": "latchkey settings KEY",
  "configure list": "Who you are, and by which credentials: latchkey whoami|whoami",
  "configure get": "Profiles with their values: latchkey profiles|profiles",
  "configure set": "latchkey configure --profile NAME, with a flag for each value",
  add: "latchkey configure|configure",
  new: "latchkey configure|configure",
  check: "latchkey doctor|doctor",
  test: "latchkey doctor|doctor",
  time: "How long each sign-in lasts: latchkey status|status",
  token: "latchkey status|status",
  tokens: "latchkey status|status",
  info: "latchkey whoami, latchkey status|status",
  tags: "latchkey accounts, latchkey roles|roles",
  creds: "latchkey export|export",
  credentials: "latchkey export|export",
  "sso get-role-credentials": "latchkey export NAME",
  "sts assume-role": "latchkey export NAME --format sts",
  "sts get-session-token": "latchkey export NAME --format sts",
  "ecs run": "latchkey exec NAME --server -- COMMAND",
  "ecs server": "latchkey exec NAME --server -- COMMAND",
  server: "latchkey exec NAME --server -- COMMAND",
  serve: "latchkey exec NAME --server -- COMMAND",
  generate:
    "See it without writing: latchkey profiles sync --dry-run --diff|profiles sync --dry-run --diff",
  "sso generate":
    "See it without writing: latchkey profiles sync --dry-run --diff|profiles sync --dry-run --diff",
  browser: "latchkey settings browser COMMAND",
  registry: "A team file: latchkey profiles sync --from FILE",
  uninstall: "Sign out first: latchkey logout --all. Then remove the program as you installed it.",
};

/** Names of AWS services that users type as a command. */
const SERVICES =
  /^(s3|s3api|ec2|iam|lambda|ecr|ecs|eks|ssm|rds|kms|sqs|sns|logs|dynamodb|cloudformation|cloudwatch|route53|secretsmanager|organizations)$/;
/** Programs that people run with AWS credentials. */
const PROGRAMS =
  /^(aws|terraform|tofu|terragrunt|cdk|sam|pulumi|kubectl|helm|docker|eksctl|packer)$/;

/** Returns the synonym that matches the most words at the start, and its number of words; undefined if none matches. */
export function findSynonym(
  words: readonly string[],
): { readonly synonym: Synonym; readonly length: number } | undefined {
  for (let length = Math.min(2, words.length); length > 0; length -= 1) {
    const synonym = readSynonym(words.slice(0, length).join(" "));
    if (synonym !== undefined) return { synonym, length };
  }
  return undefined;
}

/** Returns every word and pair of words in the table. */
export function listSynonyms(): string[] {
  return [...Object.keys(RUNS), ...Object.keys(NAMES)];
}

function readSynonym(typed: string): Synonym | undefined {
  const run = Object.hasOwn(RUNS, typed) ? RUNS[typed] : undefined;
  if (run !== undefined) return { kind: "run", words: run.split(" ") };
  const program = SERVICES.test(typed) ? `aws ${typed}` : PROGRAMS.exec(typed)?.[0];
  if (program !== undefined)
    return { kind: "name", hint: `latchkey exec NAME -- ${program} …`, words: undefined };
  const named = Object.hasOwn(NAMES, typed) ? NAMES[typed] : undefined;
  if (named === undefined) return undefined;
  const [hint = "", offered] = named.split("|");
  return { kind: "name", hint, words: offered?.split(" ") };
}
