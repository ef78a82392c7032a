/** Where a real client of these versions does something else than the model, which goes by what most people have. */
interface Deviation {
  readonly client: string;
  readonly why: string;
  /** Whether an outcome, of the row with this id, is of this kind. */
  matches(outcome: string, id: string): boolean;
}

const DEVIATIONS: readonly Deviation[] = [
  {
    client: "aws-cli",
    why: "2.9.19 can't use an sso-session behind a source_profile; mended in later versions",
    matches: (outcome) => outcome.includes("get_frozen_token"),
  },
  {
    client: "aws-cli",
    why: "2.9.19 does not know `aws login`",
    matches: (_, id) => /\blogin\b/.test(id),
  },
  {
    client: "dotnet",
    why: "the program is built without AWSSDK.Signin, which `aws login` needs",
    matches: (outcome) => outcome.includes("AWSSDK.Signin could not be found"),
  },
];

/** Why this outcome may differ from the model's. */
export function findDeviation(client: string, id: string, outcome: string): string | undefined {
  return DEVIATIONS.find((one) => one.client === client && one.matches(outcome, id))?.why;
}
