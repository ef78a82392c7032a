import { keys, SESSION, SSO, START_URL, type Row } from "./row.ts";

/**
 * Rows about how a file is read. Each row asks for one profile of an odd file. Most profiles have static keys, which show
 * the section that was read, and a region. A row whose id ends in `, its neighbour` asks for a plain profile after the odd
 * part of the same file, which shows whether the whole file is refused. rows.ts describes the outcomes.
 */
const REGION = "region = eu-west-1\n";
const ODD = keys("ODD") + REGION;
const NEIGHBOUR = `[profile good]\n${keys("GOOD")}region = eu-west-2\n`;

/** Two rows: for the odd text (profile `a` or the given one), and for its neighbour. */
function odd(id: string, text: string | Buffer, profile = "a", rest: Partial<Row> = {}): Row[] {
  const behind = Buffer.from(NEIGHBOUR);
  const config = typeof text === "string" ? text + NEIGHBOUR : Buffer.concat([text, behind]);
  const row = { config, asksRegion: true, ...rest } as const;
  return [
    { id, env: { AWS_PROFILE: profile }, ...row },
    { id: `${id}, its neighbour`, env: { AWS_PROFILE: "good" }, ...row },
  ];
}
const one = (...row: Parameters<typeof odd>): Row[] => odd(...row).slice(0, 1);
const header = (line: string, profile = "a"): Row[] => odd(line, `${line}\n${ODD}`, profile);
const section = (id: string, lines: string): Row[] => odd(id, `[profile a]\n${lines}`);
/** A row with keys that all clients read, then one odd line for the region. */
const region = (line: string): Row[] => one(line, `[profile a]\n${keys("ODD")}${line}\n`);
const session = (line: string): Row[] =>
  one(line, `[profile a]\n${SSO}${REGION}${SESSION.replace("[sso-session corp]", line)}`);
const sso = (id: string, from: string, to: string): Row[] =>
  one(id, `[profile a]\n${SSO.replace(from, to)}${REGION}${SESSION}`);
const credentials = (line: string, profile = "a"): Row[] =>
  one(`${line} in credentials`, "", profile, { credentials: `${line}\n${keys("ODD")}` });

const HEADERS: readonly Row[][] = [
  header("[profile a]"),
  header("[ profile a ]"),
  header("[profile a ]"),
  header("[ profile a]"),
  header("[profile   a]"),
  header("[profile\ta]"),
  header("[Profile a]"),
  header("[PROFILE a]"),
  header("[a]"),
  header(" [profile a]"),
  header("\t[profile a]"),
  header('[profile "a"]'),
  header("[profile 'a']"),
  header('[profile "dev team"]', "dev team"),
  header("[profile 'dev team']", "dev team"),
  header("[profile dev team]", "dev team"),
  header("[profile dev\\ team]", "dev team"),
  header("[profile a!b]", "a!b"),
  header("[profile a@b.c/d+e:f%g-h_i]", "a@b.c/d+e:f%g-h_i"),
  header("[profile a$b]", "a$b"),
  header("[profile é]", "é"),
  header("[profile a] # mine"),
  header("[profile a] ; mine"),
  header("[profile a]# mine"),
  header("[profile a] mine"),
  header("[profile a"),
  header("[profile a # mine"),
  header("[[profile a]]"),
  header("[profile a]]"),
  header("[profilea]"),
  header("[profile]", "profile"),
  header("[profile ]", "profile"),
  header("[]"),
  header("[other a]"),
  header("[profile A]"),
  one(
    "[default] before [profile default]",
    `[default]\n${keys("BARE")}[profile default]\n${ODD}`,
    "default",
  ),
  one(
    "[profile default] before [default]",
    `[profile default]\n${keys("PREFIXED")}${REGION}[default]\n${keys("BARE")}`,
    "default",
  ),
  header("[ default ]", "default"),
  header("[Default]", "default"),
  odd("[DEFAULT] lends its keys", `[DEFAULT]\n${keys("LENT")}[profile a]\n${REGION}`),
  credentials("[a]"),
  credentials("[profile a]"),
  credentials("[ a ]"),
  credentials("[a] # mine"),
  credentials('["a"]'),
  credentials('["dev team"]', "dev team"),
  credentials("[dev team]", "dev team"),
  credentials("[a!b]", "a!b"),
];

const SESSIONS: readonly Row[][] = [
  session("[sso-session corp]"),
  session('[sso-session "corp"]'),
  session("[sso-session 'corp']"),
  session("[sso-session  corp ]"),
  session("[ sso-session corp ]"),
  session("[sso-session\tcorp]"),
  session("[sso_session corp]"),
  session("[SSO-Session corp]"),
  session("[sso-session corp] # mine"),
  session("[corp]"),
  sso("sso_session quoted", "= corp", '= "corp"'),
  sso("sso_session with a comment", "= corp", "= corp # mine"),
  sso("sso_session with a colon", "sso_session = corp", "sso_session: corp"),
  sso("sso_account_id quoted", "= 100000000002", '= "100000000002"'),
  sso("sso_account_id with a comment", "= 100000000002", "= 100000000002 # prod"),
  sso("sso_account_id with a semicolon", "= 100000000002", "= 100000000002 ; prod"),
  sso("sso_role_name quoted", "= AdministratorAccess", '= "AdministratorAccess"'),
  sso("sso_role_name in single quotes", "= AdministratorAccess", "= 'AdministratorAccess'"),
  sso("sso_role_name with a comment", "= AdministratorAccess", "= AdministratorAccess # x"),
  sso("sso keys in capitals", "sso_session", "SSO_SESSION"),
  one("sso-session in credentials", `[profile a]\n${SSO}${REGION}`, "a", {
    credentials: SESSION,
  }),
  one(
    "sso-session twice",
    `[profile a]\n${SSO}${REGION}${SESSION}[sso-session corp]\nsso_region = us-east-1\n`,
  ),
  one(
    "sso_start_url quoted",
    `[profile a]\n${SSO}${REGION}${SESSION.replace(START_URL, `"${START_URL}"`)}`,
  ),
  one(
    "sso_start_url with a slash",
    `[profile a]\n${SSO}${REGION}${SESSION.replace(START_URL, `${START_URL}/`)}`,
  ),
];

const [ID_LINE = "", SECRET_LINE = ""] = keys("ODD").split("\n");
const LINES: readonly Row[][] = [
  section("first key indented", `  ${ID_LINE}\n${SECRET_LINE}\n${REGION}`),
  section("all keys indented", ODD.replace(/^/gm, "  ").trimEnd() + "\n"),
  section("all keys indented by tabs", ODD.replace(/^/gm, "\t").trimEnd() + "\n"),
  section("a later key indented", `${ID_LINE}\n  ${SECRET_LINE}\n${REGION}`),
  section("the last key indented", `${keys("ODD")}  ${REGION}`),
  section("a comment, then an indented key", `# mine\n  ${ID_LINE}\n${SECRET_LINE}\n${REGION}`),
  section("no blanks round =", ODD.replaceAll(" = ", "=")),
  section("tabs round =", ODD.replaceAll(" = ", "\t=\t")),
  section("colons", ODD.replaceAll(" = ", ": ")),
  section("colons without blanks", ODD.replaceAll(" = ", ":")),
  section("a line without =", `${keys("ODD")}mine\n${REGION}`),
  section("a line without = indented", `${keys("ODD")}  mine\n${REGION}`),
  section("a line without key", `${keys("ODD")}= mine\n${REGION}`),
  section("a key twice", `${keys("ODD")}region = us-west-2\n${REGION}`),
  section("a key twice, in another case", `${keys("ODD")}Region = us-west-2\n${REGION}`),
  odd("a section twice, parted", `[profile a]\n${keys("ODD")}[profile a]\n${REGION}`),
  odd(
    "a section twice, whole",
    `[profile a]\n${keys("FIRST")}region = us-west-2\n[profile a]\n${ODD}`,
  ),
  section(
    "keys in capitals",
    `${keys("ODD").replace(/^aws_\w+/gm, (key) => key.toUpperCase())}${REGION}`,
  ),
  section("region in capitals", `${keys("ODD")}REGION = eu-west-1\n`),
  section("an indented comment", `${keys("ODD")}  # mine\n${REGION}`),
  section(
    "a nested block",
    `s3 =\n  max_concurrent_requests = 20\n  addressing_style = path\n${ODD}`,
  ),
  section("a nested block with the key's own name", `s3 =\n  region = us-west-2\n${ODD}`),
  section("a nested block with a line without =", `s3 =\n  max_concurrent_requests\n${ODD}`),
  section(
    "a nested block with an empty line",
    `s3 =\n  max_concurrent_requests = 20\n\n  addressing_style = path\n${ODD}`,
  ),
  section(
    "a nested block with a value before it",
    `s3 = x\n  max_concurrent_requests = 20\n${ODD}`,
  ),
  section("an empty key's value", `cli_pager =\n${ODD}`),
  section("a blank in a key", `my key = x\n${ODD}`),
  section("a percent sign", `cli_pager = %(x)s\n${ODD}`),
  odd("a key before any section", `${REGION}[profile a]\n${ODD}`),
  odd("text before any section", `mine\n[profile a]\n${ODD}`),
  odd("a line without = in another section", `[profile x]\nmine\n[profile a]\n${ODD}`),
  odd("a line without = in an unknown section", `[plugins]\nmine\n[profile a]\n${ODD}`),
  odd("an indented key in an unknown section", `[plugins]\n  cli = x\n[profile a]\n${ODD}`),
  odd("an unknown section's key twice", `[plugins]\ncli = x\ncli = y\n[profile a]\n${ODD}`),
  odd("a merge conflict", `<<<<<<< HEAD\n[profile a]\n${ODD}=======\n>>>>>>> theirs\n`),
];

const REGIONS: readonly Row[][] = [
  "region = eu-west-1 # mine",
  "region = eu-west-1 ; mine",
  "region = eu-west-1#mine",
  "region = eu-west-1;mine",
  "region = eu-west-1\t# mine",
  'region = "eu-west-1"',
  "region = 'eu-west-1'",
  'region = "eu-west-1',
  "region =",
  'region = ""',
  "region",
  "region = eu_west_1",
  "region = EU-WEST-1",
  "region = eu west 1",
  "region =\n  eu-west-1",
  "region = eu-west-1\n  mine",
  "region = eu-west-1\n  output = json",
  "region = eu-west-1 ",
  "region = eu-west-1\u00a0",
  "region =\u00a0eu-west-1",
  "region = eu-west-1\u200b",
  "region = \u200beu-west-1",
  "region\u00a0= eu-west-1",
  "\u00a0region = eu-west-1",
  "\ufeffregion = eu-west-1",
  "region = eu-west-1\u0085",
  "region = eu-west-1\u000b",
  "region = eu-west-1\u000c",
  "region = eu-west-1\0",
]
  .map((line) => region(line)[0])
  .map((row) => (row === undefined ? [] : [{ ...row, id: JSON.stringify(row.id).slice(1, -1) }]));

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");
const PLAIN = `[profile a]\n${ODD}`;
const bytes = (...parts: readonly (string | number)[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.of(part))),
  );
const BYTES: readonly Row[][] = [
  odd("a BOM before the header", `\ufeff${PLAIN}`),
  odd("a BOM before a comment", `\ufeff# mine\n${PLAIN}`),
  odd("a BOM before the second header", `[profile x]\n${keys("X")}\ufeff${PLAIN}`),
  one("CRLF", PLAIN.replaceAll("\n", "\r\n")),
  one("a carriage return alone for line ends", PLAIN.replaceAll("\n", "\r")),
  odd("a carriage return inside a comment", `# one\rtwo\n${PLAIN}`),
  odd("a carriage return inside a value", `[profile a]\noutput = js\ron\n${ODD}`),
  one("no newline at the end", "", "a", { config: PLAIN.trimEnd() }),
  one("UTF-16", "", "a", { config: utf16(PLAIN) }),
  odd("é in a comment", `# é\n${PLAIN}`),
  odd("é of Latin-1 in a comment", bytes("# ", 0xe9, `\n${PLAIN}`)),
  odd("é of Latin-1 in a value", bytes(`[profile x]\noutput = `, 0xe9, `\n${PLAIN}`)),
  odd("NUL in a comment", `# \0\n${PLAIN}`),
  odd("NUL in a line of its own", `\0\n${PLAIN}`),
  odd("U+2028 in a comment", `# one\u2028two\n${PLAIN}`),
  odd("U+0085 in a comment", `# one\u0085two\n${PLAIN}`),
  odd("a form feed in a line of its own", `\u000c\n${PLAIN}`),
  odd("a form feed in a comment", `# one\u000ctwo\n${PLAIN}`),
  odd("NBSP in a line of its own", `\u00a0\n${PLAIN}`),
  odd("a zero-width space before the header", `\u200b${PLAIN}`),
  odd("a slash comment", `// mine\n${PLAIN}`),
  one("an empty file", "", "a", { config: "" }),
];

/** A row about which file is read: the usual one has the keys USUAL, the one in `work` has ELSEWHERE. */
const place = (name: "AWS_CONFIG_FILE" | "AWS_SHARED_CREDENTIALS_FILE", value: string): Row => {
  const file = name === "AWS_CONFIG_FILE" ? "config" : "credentials";
  const head = file === "config" ? "[profile a]\n" : "[a]\n";
  return {
    id: `${name}='${value}'`,
    [file]: head + keys("USUAL") + REGION,
    files: { work: head + keys("ELSEWHERE") + "region = us-west-2\n" },
    env: { AWS_PROFILE: "a", [name]: value },
    asksRegion: true,
  };
};
const PLACES = [
  "{home}/work",
  "~/work",
  "$HOME/work",
  "${HOME}/work",
  "",
  '"{home}/work"',
  "{home}/nowhere",
  "{home}/.aws",
  " {home}/work",
  "/dev/null",
];
const FILES: readonly Row[] = [
  ...PLACES.map((path) => place("AWS_CONFIG_FILE", path)),
  ...PLACES.map((path) => place("AWS_SHARED_CREDENTIALS_FILE", path)),
];

export const READER_ROWS: readonly Row[] = [
  ...[HEADERS, SESSIONS, LINES, REGIONS, BYTES].flatMap((rows) => rows.flat()),
  ...FILES,
];
