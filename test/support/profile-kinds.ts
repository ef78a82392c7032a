import { PROGRAM, SESSION_CONFIG, createSignedInHome, type Home } from "./home.ts";
import { CAT } from "./commands.ts";

const DEPLOYER = "arn:aws:iam::100000000009:role/team/Deployer";

const FOREIGN = `${SESSION_CONFIG}[profile chain]
role_arn = ${DEPLOYER}
source_profile = okta
role_session_name = me
region = eu-west-1
[profile longer]
role_arn = arn:aws:iam::100000000008:role/Auditor
source_profile = chain
[profile process]
credential_process = ${CAT} KEYS
region = eu-west-1
[profile loop]
role_arn = ${DEPLOYER}
source_profile = pool
[profile pool]
role_arn = ${DEPLOYER}
source_profile = loop
[profile mfa]
role_arn = ${DEPLOYER}
source_profile = okta
mfa_serial = arn:aws:iam::100000000001:mfa/me
`;

/** Makes a home with `okta` and with profiles that AWS SDKs resolve: chained roles, a process, keys, a circle. */
export async function createForeignHome(): Promise<Home> {
  const home = await createSignedInHome();
  const keys = home.write(
    "keys.json",
    (await home.run(["credential-process", "--profile", "okta"])).stdout,
  );
  home.write(".aws/config", FOREIGN.replace("KEYS", keys));
  home.write(
    ".aws/credentials",
    "[static]\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\n",
  );
  return home;
}

export const ACCOUNT = "100000000001";
const OWN_PROCESS = `credential_process = ${PROGRAM.map((word) => `"${word}"`).join(" ")} credential-process --sso-session corp --account-id ${ACCOUNT} --role-name ViewOnlyAccess\n`;

/**
 * Makes a home with every kind of profile besides `okta`. `KEYS` belong to another role, so that results show their owner.
 */
export async function createHomeOfAllKinds(): Promise<{
  home: Home;
  keys: Record<string, string>;
}> {
  const home = await createSignedInHome();
  const other = JSON.parse(
    (
      await home.run([
        "credential-process",
        "--sso-session",
        "corp",
        "--account-id",
        "100000000002",
        "--role-name",
        "ViewOnlyAccess",
      ])
    ).stdout,
  ) as Record<string, string>;
  const keys = {
    aws_access_key_id: other["AccessKeyId"] ?? "",
    aws_secret_access_key: other["SecretAccessKey"] ?? "",
    aws_session_token: other["SessionToken"] ?? "",
  };
  const lines = Object.entries(keys)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join("");
  const printed = home.write("keys.json", JSON.stringify(other));
  home.write(
    ".aws/config",
    `${SESSION_CONFIG}[profile own]\n${OWN_PROCESS}[profile foreign]\ncredential_process = ${CAT} ${printed}\n[profile chain]\nrole_arn = arn:aws:iam::100000000009:role/team/Deployer\nsource_profile = okta\nrole_session_name = me\n[profile static]\nregion = eu-west-3\n[profile inline]\n${lines}[profile both]\n${OWN_PROCESS}`,
  );
  home.write(".aws/credentials", `[static]\n${lines}[both]\n${lines}`);
  return { home, keys };
}

export const toEnvironment = (keys: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(keys).map(([key, value]) => [key.toUpperCase(), value]));
