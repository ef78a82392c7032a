/** Where a real client, of the version that is set up, does something else than the model says, and why that may be. */
interface Deviation {
  readonly clients: readonly string[];
  readonly why: string;
  /** Whether an outcome, of the row with this id, is of this kind. */
  readonly matches: (outcome: string, id: string) => boolean;
}

const isOneOf =
  (...ids: readonly string[]) =>
  (_: string, id: string): boolean =>
    ids.includes(id);

const DEVIATIONS: readonly Deviation[] = [
  {
    clients: ["aws-cli"],
    why: "2.9.19 can't use an sso-session behind a source_profile; later versions can",
    matches: (outcome) => outcome.includes("get_frozen_token"),
  },
  {
    clients: ["aws-cli"],
    why: "2.9.19 is older than `aws login`",
    matches: (_, id) => /\blogin\b/.test(id),
  },
  {
    clients: ["aws-cli", "boto3"],
    why: "it asks for a code, which nobody types here",
    matches: isOneOf("role with mfa"),
  },
  {
    clients: ["dotnet"],
    why: "the program is built without AWSSDK.Signin, which `aws login` needs",
    matches: isOneOf("login", "role from login"),
  },
  {
    clients: ["dotnet"],
    why: "it refuses a profile whose region is no part of a host name; doctor says so of the value",
    matches: (outcome, id) => id.startsWith("region = ") && outcome.startsWith("refuses"),
  },
  {
    clients: ["dotnet"],
    why: "it reads UTF-16, which nothing else does",
    matches: isOneOf("UTF-16"),
  },
  {
    clients: ["go-v2", "go-v1", "terraform", "dotnet"],
    why: "it finds an sso-session in the credentials file, where nothing writes one",
    matches: isOneOf("sso-session in credentials"),
  },
  {
    clients: ["go-v2", "go-v1", "terraform", "java"],
    why: "which control characters and blanks of Unicode it strips from the end of a value",
    matches: (_, id) =>
      /^region = eu-west-1(\u00a0|\u0085|\\u000b|\\f|\\u0000|\\t# mine)$/.test(id),
  },
  {
    clients: ["go-v1"],
    why: "what it takes a section without a name, and a BOM before a comment, for",
    matches: (_, id) => /^(\[\]|a BOM before a comment)(, its neighbour)?$/.test(id),
  },
];

/** Why this outcome may differ from the model's. */
export function findDeviation(client: string, id: string, outcome: string): string | undefined {
  return DEVIATIONS.find((one) => one.clients.includes(client) && one.matches(outcome, id))?.why;
}
