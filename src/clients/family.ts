import type { Family } from "./reading.ts";

/** Clients of AWS that choose credentials in ways of their own. */
export type Client = Family | "boto3";

/** The AWS CLI first. boto3 is its library, which reads files as it does and differs in one variable. */
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

/** How people call them. */
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

/** `AWS CLI, Java and Rust`. */
export function listClients(clients: readonly Client[]): string {
  const names = clients.map(formatClient);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}
