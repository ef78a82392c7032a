/** What explain does not tell of a client's words yet, and why. */
interface Gap {
  readonly situations: readonly string[];
  /** All without. */
  readonly clients?: readonly string[];
  readonly why: string;
}

const GAPS: readonly Gap[] = [
  {
    situations: [
      "session-without-start-url",
      "session-without-region",
      "legacy-without-region",
      "config-line-without-equals",
    ],
    why: "explain ends with the config's own error (exit 7) before it has judged",
  },
  {
    situations: ["profile-misspelt", "profile-without-config"],
    clients: ["go-v1"],
    why: "once the profile is there, the words are those of no credentials, and it is still said to be so",
  },
  {
    situations: ["profile-without-role", "session-and-legacy-differ", "config-unreadable"],
    clients: ["javascript", "rust"],
    why: "a profile with sso_session passes for a client that is too old, before the config is looked at",
  },
  {
    situations: ["role-without-source"],
    clients: ["javascript", "go-v2", "go-v1", "terraform", "rust", "dotnet"],
    why: "the words are those of no credentials, or of another config: the cure is not seen",
  },
  {
    situations: ["refresh-refused", "refresh-by-a-forgotten-client"],
    clients: ["rust"],
    why: "Rust goes on with the old token, and passes on the portal's refusal alone",
  },
  {
    situations: ["scope-missing"],
    why: "the portal refuses in the words of a session that ended; the session's scopes are not looked at",
  },
  {
    situations: ["session-region-wrong"],
    clients: ["aws-cli", "aws-cli-v1", "boto3"],
    why: "their words are those of a token that ended; it is said to be missing, as the token is another Region's",
  },
  {
    situations: [
      "process-gone",
      "process-not-executable",
      "process-fails",
      "process-prints-words",
      "process-prints-nothing",
      "process-of-another-version",
      "process-without-secret",
      "process-prints-ended-keys",
    ],
    clients: ["javascript"],
    why: "JavaScript's chain says only that it has no credentials, and the process is not looked at",
  },
  {
    situations: ["clock-slow", "clock-fast"],
    why: "with static keys no service is asked for its clock; latchkey's own words name the cause",
  },
  {
    situations: ["permission-missing"],
    why: "what a role may do is not tried, not even where it is GetCallerIdentity that is refused",
  },
  {
    situations: ["sts-throttles"],
    why: "the portal is asked, and not STS, which throttles",
  },
  {
    situations: [
      "proxy-refuses-keys",
      "certificate-unknown-keys",
      "nobody-listens-keys",
      "no-network-keys",
    ],
    why: "a profile of static keys has no session that could be asked, and STS is not asked instead",
  },
  {
    situations: ["nothing-at-all", "metadata-silent"],
    why: "a default profile that nobody named is said to be missing",
  },
  {
    situations: ["profile-empty"],
    clients: ["dotnet"],
    why: "it says that the profile can't be used, and not that nothing is in it",
  },
];

/** The reason, where this is not told; undefined: it has to be. */
export function findGap(situation: string, client: string): string | undefined {
  return GAPS.find(
    ({ situations, clients }) =>
      situations.includes(situation) && (clients === undefined || clients.includes(client)),
  )?.why;
}
