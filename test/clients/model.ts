import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeBytes } from "../../src/aws-config/text.ts";
import { CLIENTS, type Client } from "../../src/clients/family.ts";
import { parseRoleArn, type Outcome, type Source } from "../../src/clients/identity.ts";
import { readAs } from "../../src/clients/readers.ts";
import { resolveClients } from "../../src/clients/resolve.ts";
import { escapeRegion } from "./measure.ts";
import type { Network } from "./network.ts";
import { keyId, type Row } from "./row.ts";

/** Returns the model's outcome of a row for each client, in the form of measured outcomes; a refusal is `refuses`. */
export function predict(network: Network, row: Row): Record<Client, string> {
  const { path, env, remove } = network.prepare(row);
  const read = (name: string): string => {
    const file = join(path, ".aws", name);
    return existsSync(file) ? decodeBytes(readFileSync(file)) : "";
  };
  const files = { config: read("config"), credentials: read("credentials") };
  remove();
  const outcomes = resolveClients({ ...files, env, profile: row.profile });
  const describe = (client: Client): string => {
    const outcome: Outcome = outcomes[client];
    if (outcome.kind !== "identity") return "refuses";
    const identity = describeSource(network, env, outcome.source);
    if (identity.endsWith("refuses")) return "refuses";
    const token = client === "dotnet" ? "" : describeToken(env, outcome.source);
    return identity + token + (row.asksRegion ? ` in ${findRegion(client, files, env)}` : "");
  };
  return Object.fromEntries(CLIENTS.map((client) => [client, describe(client)])) as Record<
    Client,
    string
  >;
}

function describeSource(network: Network, env: Environment, source: Source): string {
  switch (source.kind) {
    case "sso":
      // If the client kept quotes or a comment in the value, the portal does not have the role.
      return SSO_ROLE.test(`${source.accountId} ${source.roleName}`)
        ? `${source.accountId} ${source.roleName}`
        : "refuses";
    case "keys":
      return network.describeKeys(source.accessKeyId);
    case "environment":
      return network.describeKeys(env[source.variables[0] ?? ""] ?? "");
    case "role":
      return `${nameRole(source.roleArn)} by ${describeSource(network, env, source.source)}`;
    case "web-identity":
      return `${nameRole(source.roleArn)} by token`;
    case "metadata":
      return "refuses";
    default:
      return network.describeKeys(keyId(GIVEN[source.kind]));
  }
}

const GIVEN = { process: "PROCESS", endpoint: "CONTAINER", login: "LOGIN" };
/** The roles of the emulated portal. */
const SSO_ROLE = /^10000000000[123] (ViewOnlyAccess|AdministratorAccess)$/;

type Environment = Readonly<Record<string, string>>;

function nameRole(arn: string): string {
  const { accountId = "", roleName = "" } = parseRoleArn(arn);
  return `${accountId} ${roleName}`;
}

function describeToken(env: Environment, source: Source): string {
  const variable = source.kind === "environment" ? source.variables[2] : undefined;
  return variable === undefined ? "" : ` token ${env[variable]}`;
}

/** Returns the profile's region as this client reads it. */
function findRegion(
  client: Client,
  files: Readonly<Record<"config" | "credentials", string>>,
  env: Environment,
): string {
  const family = client === "boto3" ? "aws-cli" : client;
  const values = (["config", "credentials"] as const).map((kind) =>
    readAs(family, kind, files[kind])
      .profiles.get(env["AWS_PROFILE"] ?? "default")
      ?.get("region"),
  );
  const region = values.find((value) => value !== undefined && value !== "");
  return escapeRegion(client === "dotnet" ? region?.toLowerCase() : region);
}
