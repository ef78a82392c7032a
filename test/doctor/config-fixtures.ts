import { BASE, PROFILE, SESSION, type Fixture } from "./bench.ts";

/** The config as text, and as its two readers see it. */

function more(text: string): { readonly config: string } {
  return { config: BASE + text };
}

/** Added to the profile. */
function within(text: string): { readonly config: string } {
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
    bad: more("[profile b\n"),
    near: more("[profile b]\nregion = eu-west-1\n"),
  },
  { id: "line-without-key", bad: within("stray\n"), near: within("# stray\n") },
  {
    id: "nested-line-without-key",
    bad: within("s3 =\n  addressing_style\n"),
    near: within("s3 =\n  addressing_style = path\n"),
  },
  {
    id: "duplicate-section",
    bad: more("[profile okta]\noutput = json\n"),
    near: more("[profile okta2]\noutput = json\n"),
  },
  { id: "duplicate-key", bad: within("region = eu-west-2\n"), near: within("output = json\n") },
  {
    id: "config-template",
    bad: within("output = {{ .output }}\n"),
    near: within("output = { json }\n"),
  },
  {
    id: "header-unread",
    bad: more('[profile "my prof"]\nregion = eu-west-1\n'),
    near: more('[profile "myprof"]\nregion = eu-west-1\n'),
  },
  { id: "empty-value", bad: within("output =\n"), near: within("cli_pager =\n") },
  {
    id: "key-case",
    bad: more("[profile b]\nRegion = eu-west-1\n"),
    near: more("[profile B]\nregion = eu-west-1\n"),
  },
  {
    id: "inline-comment",
    bad: within("output = json # why\n"),
    near: within("output = json#why\n"),
  },
  {
    id: "continued-value",
    bad: more("[profile b]\ncredential_process = /bin/cat\n  --flag=1\n"),
    near: more("[profile b]\ncredential_process = /bin/cat --flag=1\n"),
  },
  { id: "key-unread", bad: within("output: json\n"), near: within("output = a:b\n") },
  { id: "value-differs", bad: within("output = json\ufeff\n"), near: within("output = json  \n") },
  {
    id: "refused-by-javascript",
    bad: more("[__proto__]\ncolor = blue\n"),
    near: more("[proto]\ncolor = blue\n"),
  },
  {
    id: "default-twice",
    bad: more("[default]\nregion = eu-west-1\n[profile default]\nregion = eu-west-1\n"),
    near: more("[default]\nregion = eu-west-1\n"),
  },
  {
    id: "header-spelt-twice",
    bad: more('[profile b]\nregion = eu-west-1\n[profile "b"]\noutput = json\n'),
    near: more('[profile b]\nregion = eu-west-1\n[profile "c"]\noutput = json\n'),
  },
  {
    id: "default-lends",
    bad: more("[DEFAULT]\noutput = json\n"),
    near: more("[default]\noutput = json\n"),
  },
  {
    id: "unprefixed-section",
    bad: more("[work]\nregion = eu-west-1\n"),
    near: more("[work]\ncolor = blue\n"),
  },
  {
    id: "key-misspelt",
    bad: { config: BASE.replace("scopes =", "scope =") },
    near: within("sso_account_name = payments prod\n"),
  },
  {
    id: "region-misspelt",
    bad: more("[profile b]\nregion = use-east-1\n"),
    near: more("[profile b]\nregion = fr-par\n[profile c]\nregion = eu-west-9\n"),
  },
];
