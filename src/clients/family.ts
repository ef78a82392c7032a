import type { Family } from "./reading.ts";

/** AWS clients with their own order of credential sources. */
export type Client = Family | "boto3";

/** boto3 uses the same library as the AWS CLI and differs only in one variable. */
export const CLIENTS = [
  "aws-cli",
  "boto3",
  "javascript",
  "go-v2",
  "go-v1",
  "terraform",
  "java",
  "rust",
  "dotnet",
] as const satisfies readonly Client[];

/** Names for people. */
const NAMES: Readonly<Record<Client, string>> = {
  "aws-cli": "AWS CLI",
  boto3: "boto3",
  javascript: "JavaScript",
  "go-v2": "Go v2",
  "go-v1": "Go v1",
  terraform: "Terraform",
  java: "Java",
  rust: "Rust",
  dotnet: ".NET",
};

export function formatClient(client: Client): string {
  return NAMES[client];
}

/** Returns a list such as `AWS CLI, Java and Rust`. */
export function listClients(clients: readonly Client[]): string {
  const names = clients.map(formatClient);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}
