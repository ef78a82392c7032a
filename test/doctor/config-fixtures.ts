import { THERE, BASE, PROFILE, SESSION, type Fixture } from "./machine.ts";

/** Fixtures for the config as text, and for differences between clients. */

function addText(text: string): { readonly config: string } {
  return { config: BASE + text };
}

/** The base config with lines added to the profile. */
function addToProfile(text: string): { readonly config: string } {
  return { config: PROFILE + text + SESSION };
}

export const CONFIG_FIXTURES: readonly Fixture[] = [
  { id: "config-unreadable", bad: { directories: [".aws/config"] }, near: { config: "" } },
  {
    id: "byte-order-mark",
    bad: { config: `\ufeff${BASE}` },
    near: { config: `# \ufeff\n${BASE}` },
  },
  {
    id: "not-utf-8",
    bad: { config: Buffer.from(`# caf\xe9\n${BASE}`, "latin1") },
    near: { config: `# café\n${BASE}` },
  },
  { id: "nul-byte", bad: { config: `# \0\n${BASE}` }, near: { config: `# \\0\n${BASE}` } },
  {
    id: "key-before-section",
    bad: { config: `region = eu-west-1\n${BASE}` },
    near: { config: `# region = eu-west-1\n${BASE}` },
  },
  {
    id: "header-unterminated",
    bad: addText("[profile b\n"),
    near: addText("[profile b]\nregion = eu-west-1\n"),
  },
  { id: "line-without-key", bad: addToProfile("stray\n"), near: addToProfile("# stray\n") },
  {
    id: "nested-line-without-key",
    bad: addToProfile("s3 =\n  addressing_style\n"),
    near: addToProfile("s3 =\n  addressing_style = path\n"),
  },
  {
    id: "duplicate-section",
    bad: addText("[profile okta]\noutput = json\n"),
    near: addText("[profile okta2]\noutput = json\n"),
  },
  {
    id: "duplicate-key",
    bad: addToProfile("region = eu-west-2\n"),
    near: addToProfile("output = json\n"),
  },
  {
    id: "config-template",
    bad: addToProfile("output = {{ .output }}\n"),
    near: addToProfile("cli_pager = { less }\n"),
  },
  {
    id: "header-unread",
    bad: addText('[profile "my prof"]\nregion = eu-west-1\n'),
    near: addText("[profile myprof]\nregion = eu-west-1\n"),
  },
  { id: "empty-value", bad: addToProfile("output =\n"), near: addToProfile("cli_pager =\n") },
  {
    id: "key-case",
    bad: addText("[profile b]\nRegion = eu-west-1\n"),
    near: addText("[profile B]\nregion = eu-west-1\n"),
  },
  {
    id: "inline-comment",
    bad: addToProfile("output = json # why\n"),
    near: addToProfile("cli_pager = less#why\n"),
  },
  {
    id: "continued-value",
    notOnWindows: "where botocore splits no line at its end, the program is another",
    bad: addText(`[profile b]\ncredential_process = ${THERE}\n  --flag=1\n`),
    near: addText(`[profile b]\ncredential_process = ${THERE} --flag=1\n`),
  },
  {
    id: "key-unread",
    bad: addToProfile("output: json\n"),
    near: addToProfile("cli_pager = a:b\n"),
  },
  {
    id: "value-differs",
    bad: addToProfile("output = json\ufeff\n"),
    near: addToProfile("output = json  \n"),
  },
  {
    id: "refused-by-javascript",
    bad: addText("[__proto__]\ncolor = blue\n"),
    near: addText("[proto]\ncolor = blue\n"),
  },
  {
    id: "refused-by-some",
    bad: addText("[profile b]\n  region = eu-west-1\n"),
    near: addText("[profile b]\n\nregion = eu-west-1\n"),
  },
  {
    id: "default-twice",
    bad: addText("[default]\nregion = eu-west-1\n[profile default]\nregion = eu-west-1\n"),
    near: addText("[default]\nregion = eu-west-1\n"),
  },
  {
    id: "header-spelt-twice",
    bad: addText('[profile b]\nregion = eu-west-1\n[profile "b"]\noutput = json\n'),
    near: addText("[profile b]\nregion = eu-west-1\n[profile c]\noutput = json\n"),
  },
  {
    id: "default-lends",
    bad: addText("[DEFAULT]\noutput = json\n"),
    near: addText("[default]\noutput = json\n"),
  },
  {
    id: "unprefixed-section",
    bad: addText("[work]\nregion = eu-west-1\n"),
    near: addText("[work]\ncolor = blue\n"),
  },
  {
    id: "key-misspelt",
    bad: { config: BASE.replace("scopes =", "scope =") },
    near: addToProfile("sso_account_name = payments prod\n"),
  },
  {
    id: "region-misspelt",
    bad: addText("[profile b]\nregion = use-east-1\n"),
    near: addText("[profile b]\nregion = fr-par\n[profile c]\nregion = eu-west-9\n"),
  },
  {
    id: "value-quoted",
    bad: { config: BASE.replace("= eu-west-1", '= "eu-west-1"') },
    near: addToProfile("sso_account_name = 'prod'\n"),
  },
  {
    id: "value-characters",
    bad: { config: BASE.replace("eu-west-1", "eu-\u200bwest-1") },
    near: addToProfile("# \u200b\n"),
  },
  {
    id: "value-invalid",
    bad: { config: BASE.replace("eu-west-1", "eu west 1") },
    near: { config: BASE.replace("eu-west-1", "fr-par") },
  },
  {
    id: "output-invalid",
    bad: addToProfile("output = jsn\n"),
    near: addToProfile("output = yaml-stream\n"),
  },
  {
    id: "services-missing",
    bad: addToProfile("services = here\n"),
    near: { config: `${PROFILE}services = here\n${SESSION}[services here]\ns3 =\n  a = b\n` },
  },
  {
    id: "endpoint-in-services",
    bad: addText("[services here]\ns3 =\n  endpoint_url = https://s3.example.com\n"),
    near: addText("[services here]\ns3 =\n  max_attempts = 3\n"),
  },
  {
    id: "variable-region",
    bad: { config: BASE, env: () => ({ AWS_REGION: "eu-wset-1" }) },
    near: { config: BASE, env: () => ({ AWS_REGION: "eu-west-1" }) },
  },
];
