/**
 * Lists all variables that contain an identity, for all AWS clients and for tools like latchkey. All code that finds,
 * removes or mentions such variables uses this list.
 * Sources: botocore 1.43 credentials.py; config/env_config.go of the SDK for Go v2 (v1 reads the same names);
 * credential-provider-env of the SDK for JavaScript v3; EnvironmentVariableCredentialsProvider of Java v1 and v2;
 * EnvironmentVariablesAWSCredentials of .NET 4.1; aws-config's environment/credentials.rs of Rust;
 * credential_provider_chain.rb of Ruby; `new EnvironmentCredentials('AMAZON')` in the default chain of JavaScript v2.
 */

/** The groups of clients that read different variables. */
export type VariableReader =
  | "aws-cli"
  | "javascript"
  | "go"
  | "java"
  | "rust"
  | "dotnet"
  | "javascript-v2"
  | "java-v1"
  | "ruby";

/** The names of the groups in messages, with better-known tools in brackets. */
const READER_NAMES: Readonly<Record<VariableReader, string>> = {
  "aws-cli": "the AWS CLI and boto3",
  javascript: "JavaScript v3",
  go: "Go (Terraform, kubectl, rclone)",
  java: "Java v2",
  rust: "Rust",
  dotnet: ".NET",
  "javascript-v2": "JavaScript v2 (Serverless 3)",
  "java-v1": "Java v1",
  ruby: "Ruby",
};
const ALL = Object.keys(READER_NAMES) as VariableReader[];

/** The kind of a variable. All except the last three are part of credentials. */
type VariableKind =
  | "key-id"
  | "secret"
  | "token"
  /** The expiration or the account of keys. */
  | "companion"
  | "web-identity"
  | "endpoint"
  /** The path of a file that contains keys. */
  | "key-file"
  /** A token that one service accepts instead of keys. */
  | "bearer-token"
  | "profile"
  | "region"
  /** Describes the identity that a tool has set. Clients ignore it, but shell prompts show it. */
  | "mark";

interface IdentityVariable {
  readonly name: string;
  readonly kind: VariableKind;
  /** Empty for marks, which no client reads. */
  readonly readers: readonly VariableReader[];
  /**
   * Other programs use this variable for their own purposes. So it counts only together with an access key id, and
   * latchkey never removes it.
   */
  readonly isGeneric?: true;
}

function row(
  name: string,
  kind: VariableKind,
  readers: readonly VariableReader[] = ALL,
): IdentityVariable {
  return { name, kind, readers };
}

function marks(...names: readonly string[]): IdentityVariable[] {
  return names.map((name) => row(name, "mark", []));
}

/** If a client reads several variables of a kind, it uses the first one that is set. */
export const IDENTITY_VARIABLES: readonly IdentityVariable[] = [
  row("AWS_ACCESS_KEY_ID", "key-id"),
  row("AMAZON_ACCESS_KEY_ID", "key-id", ["javascript-v2", "ruby"]),
  row("AWS_ACCESS_KEY", "key-id", ["go", "java-v1", "ruby"]),
  row("AWS_SECRET_ACCESS_KEY", "secret"),
  row("AMAZON_SECRET_ACCESS_KEY", "secret", ["javascript-v2", "ruby"]),
  row("AWS_SECRET_KEY", "secret", ["go", "java-v1", "ruby", "dotnet"]),
  { ...row("SECRET_ACCESS_KEY", "secret", ["rust"]), isGeneric: true },
  row("AWS_SECURITY_TOKEN", "token", ["aws-cli"]),
  row("AWS_SESSION_TOKEN", "token"),
  row("AMAZON_SESSION_TOKEN", "token", ["javascript-v2", "ruby"]),
  row("AWS_CREDENTIAL_EXPIRATION", "companion", ["aws-cli", "javascript"]),
  row("AWS_ACCOUNT_ID", "companion", ["aws-cli", "javascript", "go", "java", "rust", "dotnet"]),
  row("AWS_CREDENTIAL_SCOPE", "companion", ["javascript"]),
  row("AWS_WEB_IDENTITY_TOKEN_FILE", "web-identity"),
  row("AWS_ROLE_ARN", "web-identity"),
  row("AWS_ROLE_SESSION_NAME", "web-identity"),
  row("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "endpoint"),
  row("AWS_CONTAINER_CREDENTIALS_FULL_URI", "endpoint"),
  row("AWS_CONTAINER_AUTHORIZATION_TOKEN", "endpoint"),
  row("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "endpoint"),
  row("AWS_CREDENTIAL_FILE", "key-file", ["aws-cli"]),
  row("AWS_BEARER_TOKEN_BEDROCK", "bearer-token"),
  row("AWS_PROFILE", "profile"),
  row("AWS_DEFAULT_PROFILE", "profile", ["aws-cli", "go"]),
  row("AWS_REGION", "region"),
  row("AWS_DEFAULT_REGION", "region", ["aws-cli", "go", "rust", "javascript-v2", "ruby"]),
  row("AMAZON_REGION", "region", ["javascript-v2", "ruby"]),
  // aws-vault
  ...marks("AWS_VAULT", "AWS_SESSION_EXPIRATION"),
  // aws-sso-cli
  ...marks(
    "AWS_SSO",
    "AWS_SSO_PROFILE",
    "AWS_SSO_ACCOUNT_ID",
    "AWS_SSO_ROLE_NAME",
    "AWS_SSO_ROLE_ARN",
    "AWS_SSO_SESSION_EXPIRATION",
    "AWS_SSO_DEFAULT_REGION",
  ),
  // granted
  ...marks(
    "GRANTED_SSO",
    "GRANTED_SSO_START_URL",
    "GRANTED_SSO_ROLE_NAME",
    "GRANTED_SSO_REGION",
    "GRANTED_SSO_ACCOUNT_ID",
  ),
  // awsume
  ...marks("AWSUME_PROFILE", "AWSUME_EXPIRATION", "AWSUME_COMMAND"),
  // awsu
  ...marks("AWSU_PROFILE", "AWSU_EXPIRES"),
  // aws-okta
  ...marks(
    "AWS_OKTA_PROFILE",
    "AWS_OKTA_ASSUMED_ROLE",
    "AWS_OKTA_ASSUMED_ROLE_ARN",
    "AWS_OKTA_SESSION_EXPIRATION",
  ),
];

const GENERIC: ReadonlySet<string> = new Set(
  IDENTITY_VARIABLES.filter(({ isGeneric }) => isGeneric).map(({ name }) => name),
);

/**
 * Returns the variables of these kinds that the client reads, in its order. If no client is given, returns the
 * variables of all.
 */
export function listVariables(kinds: readonly VariableKind[], reader?: VariableReader): string[] {
  return IDENTITY_VARIABLES.filter(
    ({ kind, readers }) =>
      kinds.includes(kind) && (reader === undefined || readers.includes(reader)),
  ).map(({ name }) => name);
}

/** Returns those of the variables that latchkey may remove: all except generic ones. */
export function listRemovable(names: readonly string[]): string[] {
  return names.filter((name) => !GENERIC.has(name));
}

/** Returns a text such as `Java v1, Ruby and .NET`. */
export function listReaderNames(readers: readonly VariableReader[]): string {
  const names = readers.map((reader) => READER_NAMES[reader]);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}

type Variables = Readonly<Record<string, string | undefined>>;

const USUAL = {
  "key-id": "AWS_ACCESS_KEY_ID",
  secret: "AWS_SECRET_ACCESS_KEY",
  token: "AWS_SESSION_TOKEN",
} as const;

/**
 * Returns the names of the variables whose keys this client uses: access key id, secret and, if set, session token.
 * Returns undefined if the id or the secret is missing.
 */
export function findKeyVariables(env: Variables, reader: VariableReader): string[] | undefined {
  const [id, secret, token] = (["key-id", "secret", "token"] as const).map((kind) => {
    const names = listVariables([kind], reader);
    const first = names.find((name) => (env[name] ?? "") !== "");
    // If the usual variable has the same value, return the usual variable.
    return first !== undefined && env[USUAL[kind]] === env[first] ? USUAL[kind] : first;
  });
  if (id === undefined || secret === undefined) return undefined;
  return token === undefined ? [id, secret] : [id, secret, token];
}

/** Keys that only some clients use. */
export interface OtherKeys {
  readonly variables: readonly string[];
  readonly readers: readonly VariableReader[];
}

/**
 * Lists clients that find other keys in the environment than most clients do. The variables that JavaScript reads are
 * read by all clients.
 */
export function listOtherKeys(env: Variables): OtherKeys[] {
  const toValues = (names: readonly string[] | undefined): string =>
    JSON.stringify(names?.map((name) => env[name]));
  const usual = toValues(findKeyVariables(env, "javascript"));
  const found = new Map<string, { variables: string[]; readers: VariableReader[] }>();
  for (const reader of ALL) {
    const variables = findKeyVariables(env, reader);
    if (variables === undefined || toValues(variables) === usual) continue;
    const group = found.get(variables.join()) ?? { variables, readers: [] };
    group.readers.push(reader);
    found.set(variables.join(), group);
  }
  return [...found.values()];
}
