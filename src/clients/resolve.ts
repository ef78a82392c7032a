import type { Environment } from "../context.ts";
import { resolveAsAwsCli, resolveAsBoto3 } from "./chains/aws-cli.ts";
import { resolveAsDotnet } from "./chains/dotnet.ts";
import { resolveAsGo } from "./chains/go.ts";
import { resolveAsJava } from "./chains/java.ts";
import { resolveAsJavascript } from "./chains/javascript.ts";
import { resolveAsRust } from "./chains/rust.ts";
import { CLIENTS, type Client } from "./family.ts";
import { findSource, toIdentityKey, type Outcome } from "./identity.ts";
import { findProfile, type Setting } from "./profile.ts";
import { readAs } from "./readers.ts";
import type { Family, Keys } from "./reading.ts";

/** Finds the credentials that AWS clients use, from files and variables only. */

/** The outcome of each client. */
export type Outcomes = Readonly<Record<Client, Outcome>>;

export interface Whereabouts {
  /** The text of the file. */
  readonly config: string;
  readonly credentials: string;
  readonly env: Environment;
  /** The profile that is given to the client; undefined: the environment selects it. */
  readonly profile: string | undefined;
}

const CHAINS: Readonly<Record<Client, (setting: Setting) => Outcome>> = {
  "aws-cli": resolveAsAwsCli,
  boto3: resolveAsBoto3,
  javascript: resolveAsJavascript,
  "go-v2": (setting) => resolveAsGo(setting, 2),
  "go-v1": (setting) => resolveAsGo(setting, 1),
  terraform: (setting) => resolveAsGo(setting, 2),
  java: resolveAsJava,
  rust: resolveAsRust,
  dotnet: resolveAsDotnet,
};

export function resolveClients({ env, profile, ...files }: Whereabouts): Outcomes {
  return createResolver(files)(env, profile);
}

/** Returns a resolver for many profiles, which reads the files once. */
export function createResolver(
  files: Pick<Whereabouts, "config" | "credentials">,
): (env: Environment, profile: string | undefined) => Outcomes {
  const read = createReader(files);
  return (env, profile) => {
    const outcomes = CLIENTS.map(
      (client) => [client, CHAINS[client]({ ...read(client), env, named: profile })] as const,
    );
    return Object.fromEntries(outcomes) as Record<Client, Outcome>;
  };
}

/** Clients with the same file reader share its result. */
function findFamily(client: Client): Family {
  if (client === "boto3") return "aws-cli";
  return client === "terraform" ? "go-v2" : client;
}

function createReader({
  config,
  credentials,
}: Pick<Whereabouts, "config" | "credentials">): (
  client: Client,
) => Pick<Setting, "config" | "credentials"> {
  const known = new Map<Family, Pick<Setting, "config" | "credentials">>();
  return (client) => {
    const family = findFamily(client);
    const read = known.get(family) ?? {
      config: readAs(family, "config", config),
      credentials: readAs(family, "credentials", credentials),
    };
    known.set(family, read);
    return read;
  };
}

/** The outcome of most clients, and the clients with another outcome. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly differing: readonly Client[];
}

/** Returns the outcome of most clients; in a tie, the AWS CLI's. boto3 is not counted, since it works like the AWS CLI. */
export function findMajority(outcomes: Outcomes): Verdict {
  const voters = CLIENTS.filter((client) => client !== "boto3");
  const groups = [...Map.groupBy(voters, (client) => toGroup(outcomes[client])).values()];
  const most = Math.max(...groups.map((group) => group.length));
  const largest = groups.filter((group) => group.length === most);
  const ofAwsCli = groups.find((group) => group.includes("aws-cli"));
  const chosen = (largest.length === 1 ? largest[0] : ofAwsCli) ?? voters;
  // A client that uses the source is preferred to one that can't ask for the MFA code.
  const [first = "aws-cli"] = chosen.toSorted((a, b) => rank(outcomes[a]) - rank(outcomes[b]));
  const group = toGroup(outcomes[first]);
  return {
    outcome: outcomes[first],
    differing: CLIENTS.filter((client) => toGroup(outcomes[client]) !== group),
  };
}

function rank({ kind }: Outcome): number {
  return kind === "identity" ? 0 : 1;
}

/** A client that can't ask for the MFA code is in the group of those that can. */
function toGroup(outcome: Outcome): string {
  const source = findSource(outcome);
  return source === undefined ? "" : toIdentityKey(source);
}

/** Returns the profile's keys of both files, as read by the first client that finds this value in the key. */
export function findKeys(
  files: Whereabouts,
  profile: string,
  [key, value]: readonly [key: string, value: string],
): Keys {
  const read = createReader(files);
  for (const client of CLIENTS) {
    const keys = findProfile(read(client), profile)?.keys;
    if (keys?.get(key) === value) return keys;
  }
  return new Map();
}
