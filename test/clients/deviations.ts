/** A case in which the installed version of a client differs from the model, and the reason. */
interface Deviation {
  readonly clients: readonly string[];
  readonly why: string;
  /** Whether the outcome of the row with this id is this case. */
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
    why: "it asks for an MFA code, which no one enters here",
    matches: isOneOf("role with mfa"),
  },
  {
    clients: ["dotnet"],
    why: "the program is built without AWSSDK.Signin, which `aws login` needs",
    matches: isOneOf("login", "role from login"),
  },
  {
    clients: ["dotnet"],
    why: "it refuses a profile whose region can't be part of a host name; the doctor reports the value",
    matches: (outcome, id) => id.startsWith("region = ") && outcome.startsWith("refuses"),
  },
  {
    clients: ["dotnet"],
    why: "it is the only client that reads UTF-16",
    matches: isOneOf("UTF-16"),
  },
  {
    clients: ["go-v2", "go-v1", "terraform", "dotnet"],
    why: "it reads an sso-session in the credentials file, to which no program writes one",
    matches: isOneOf("sso-session in credentials"),
  },
  {
    clients: ["go-v2", "go-v1", "terraform", "java"],
    why: "it strips other control characters and Unicode blanks from the end of a value",
    matches: (_, id) =>
      /^region = eu-west-1(\u00a0|\u0085|\\u000b|\\f|\\u0000|\\t# mine)$/.test(id),
  },
  {
    clients: ["go-v1"],
    why: "it reads a section without a name, and a BOM before a comment, differently",
    matches: (_, id) => /^(\[\]|a BOM before a comment)(, its neighbour)?$/.test(id),
  },
];

/** Returns the reason for which this outcome may differ from the model's. */
export function findDeviation(client: string, id: string, outcome: string): string | undefined {
  return DEVIATIONS.find((one) => one.clients.includes(client) && one.matches(outcome, id))?.why;
}
