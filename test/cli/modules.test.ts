import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { createOktaMetadata, TOKEN, USER } from "../support/federation.ts";
import { createFederatedHome } from "../support/federation-run.ts";
import {
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  testOnNodeOnly,
  SESSION_CONFIG,
  createSignedInHome,
  type Home,
} from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";

const test = testOnNodeOnly(
  "what is loaded is seen by a hook of Node; both programs are bundled from the same imports",
);

interface LoadedModules {
  /** Packages of which a module was loaded, from the bundle or from node_modules. */
  readonly packages: readonly string[];
  /** Modules of src/ that were loaded. */
  readonly own: readonly string[];
}

/** Chunk of the bundle → the modules in it, as the build has noted them. */
const readBundledModules = (): Record<string, string[]> =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../dist/chunks.json"), "utf8")) as Record<
    string,
    string[]
  >;

/** What a run of the program has loaded when it ends: the chunks of the bundle, and what dist/chunks.json says is in them. */
async function listLoaded(
  home: Home,
  argv: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<LoadedModules> {
  const spy = home.write(
    "spy.cjs",
    `
    const loaded = [];
    require("node:module").registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    process.on("exit", () => require("node:fs").writeFileSync(process.env.SPY, loaded.join("\\n")));
  `,
  );
  const { exitCode, stderr } = await home.run(argv, {
    env: { ...more, NODE_OPTIONS: `--require ${spy}`, SPY: join(home.path, "loaded") },
  });
  expect(exitCode, stderr).toBe(0);
  const chunks = readBundledModules();
  const modules = home
    .read("loaded")
    .split("\n")
    .flatMap((url) => chunks[/dist\/bundle\/[^/]+$/.exec(url)?.[0] ?? ""] ?? [url]);
  const packages = modules
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((name) => name !== undefined);
  return {
    packages: [...new Set(packages)].toSorted(),
    own: [...new Set(modules.filter((path) => path.startsWith("src/")))].toSorted(),
  };
}

/** The AWS clients and the other packages that this program itself asks for. */
async function listPackages(
  home: Home,
  argv: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const { packages } = await listLoaded(home, argv, more);
  return packages.filter((name) =>
    /^@aws-sdk\/(client|credential-providers)|^@oclif\/core$|^@inquirer\/prompts$|^(conf|open|ini|fast-xml-parser)$/.test(
      name,
    ),
  );
}

const ROLE = ["credential-process", ...OKTA_ROLE];

describe("what a run loads", () => {
  test("credential-process loads no package hot nor cold, and the token client only for a refresh", async () => {
    const home = await createSignedInHome();
    expect(await listPackages(home, ROLE)).toEqual([]);
    expect(await listPackages(home, ROLE)).toEqual([]);
    expireTokenFile(home, CORP_TOKEN);
    expect(
      await listPackages(home, [
        "credential-process",
        "--sso-session",
        "corp",
        "--account-id",
        "100000000002",
        "--role-name",
        "ViewOnlyAccess",
      ]),
    ).toEqual(["@aws-sdk/client-sso-oidc"]);
  });

  test("configure loads nothing but oclif, also where it reads the settings; to write one loads their library", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    const role = [
      "--sso-session",
      "corp",
      "--account-id",
      "100000000002",
      "--role-name",
      "ViewOnlyAccess",
      "--yes",
    ];
    expect(await listPackages(home, ["configure", "--profile", "fresh", ...role])).toEqual([
      "@oclif/core",
    ]);
    expect(await listPackages(home, ["settings", "default-region", "eu-west-1"])).toEqual([
      "@oclif/core",
      "conf",
    ]);
  });

  test("each federation command loads the administrator's clients that it calls, and no other", async () => {
    const home = await createFederatedHome();
    const env = {
      ...home.emulator.administratorEnv,
      AWS_REGION: "us-east-1",
      LATCHKEY_SCIM_TOKEN: TOKEN,
    };
    const listLoadedOf = async (...argv: string[]) =>
      (await listPackages(home, ["federation", ...argv], env))
        .filter((name) => name !== "@oclif/core")
        .map((name) => name.replace("@aws-sdk/client-", ""));
    expect(await listLoadedOf("policy")).toEqual([]);
    expect(await listLoadedOf("metadata", home.write("okta.xml", createOktaMetadata()))).toEqual([
      "fast-xml-parser",
    ]);
    expect(await listLoadedOf("scim", "--endpoint", home.emulator.scimEndpoint)).toEqual([]);
    expect(await listLoadedOf("why", "login")).toEqual(["cloudtrail"]);
    expect(await listLoadedOf("check", "--user", USER)).toEqual(["identitystore", "sso-admin"]);
  });

  test("whoami loads STS, accounts the portal's client; status, help, and exec and export of cached credentials none", async () => {
    const home = await createSignedInHome();
    expect(await listPackages(home, ["whoami", "okta"])).toEqual([
      "@aws-sdk/client-sts",
      "@oclif/core",
    ]);
    expect(await listPackages(home, ["export", "okta"])).toEqual(["@oclif/core"]);
    expect(await listPackages(home, ["exec", "okta", "--", "true"])).toEqual(["@oclif/core"]);
    expect(await listPackages(home, ["shell-init", "bash"])).toEqual(["@oclif/core"]);
    expect(await listPackages(home, ["accounts"])).toEqual(["@aws-sdk/client-sso", "@oclif/core"]);
    expect(await listPackages(home, ["status"])).toEqual(["@oclif/core"]);
    expect(await listPackages(await createHome(), ["login", "--help"])).toEqual(["@oclif/core"]);
  });

  test("--help, whoami and accounts load the packages that are listed here, and few modules of their own", async () => {
    const home = await createSignedInHome();
    const help = await listLoaded(home, ["--help"]);
    // Role credentials at hand: without, it would need the portal, too.
    await home.run(["whoami", "okta"]);
    const whoami = await listLoaded(home, ["whoami", "okta"]);
    const accounts = await listLoaded(home, ["accounts"]);
    expect(help.packages).toEqual([...OCLIF, ...TEXT].toSorted());
    expect(help.own.length).toBeLessThanOrEqual(MOST_OF_HELP);
    expect(countByLayer(help)).toEqual({ commands: 0, features: 0, aws: 0, emulator: 0 });
    const listBeyond = ({ packages }: LoadedModules): string[] =>
      packages.filter((name) => ![...OCLIF, ...TEXT].includes(name));
    expect(listBeyond(accounts)).toEqual(["@aws-sdk/client-sso", ...CLIENT]);
    expect(listBeyond(whoami)).toEqual(["@aws-sdk/client-sts", ...CLIENT, ...STS].toSorted());
    for (const run of [accounts, whoami])
      expect(countByLayer(run)).toMatchObject({ commands: 1, emulator: 0 });
    // One service each; whatever else of aws/ is there is how any of them is called.
    const listClients = ({ own }: LoadedModules): string[] =>
      own.filter((path) => /^src\/aws\/(oidc|portal|sts|sdk-credentials)\.ts$/.test(path));
    expect(listClients(accounts)).toEqual(["src/aws/portal.ts"]);
    expect(listClients(whoami)).toEqual(["src/aws/sts.ts"]);
  });

  test("the layers are where this test looks for them", async () => {
    const own = Object.values(readBundledModules()).flat();
    for (const [layer, count] of Object.entries(countByLayer({ packages: [], own })))
      expect(count, layer).toBeGreaterThan(0);
  });
});

/** @oclif/core and what it is bundled with. */
const OCLIF = [
  "@oclif/core",
  "ansi-regex",
  "ansi-styles",
  "ansis",
  "clean-stack",
  "color-convert",
  "color-name",
  "ejs",
  "emoji-regex",
  "escape-string-regexp",
  "has-flag",
  "indent-string",
  "is-fullwidth-code-point",
  "string-width",
  "strip-ansi",
  "supports-color",
  "widest-line",
  "wordwrap",
  "wrap-ansi",
];

/** Widths of texts and nearest names: 8 kB, in one chunk with what every command starts with. */
const TEXT = ["fast-string-truncated-width", "fast-string-width", "fastest-levenshtein"];

/** Modules of src/ that `--help` may load. Each is read and compiled before the first line appears. */
const MOST_OF_HELP = 24;

/** Where the layers are: all that a move of files changes here. */
const LAYERS = {
  commands: /^src\/commands\//,
  features:
    /^src\/(settings|aws-config|token|access|profiles|sign-in|credentials|configure|sync|shell|console|doctor|federation|demo)\//,
  aws: /^src\/(aws|federation\/aws)\//,
  emulator: /^src\/emulator\//,
};

/** How many modules of each layer a run has loaded. */
function countByLayer({ own }: LoadedModules): Record<string, number> {
  const layers = Object.entries(LAYERS);
  return Object.fromEntries(
    layers.map(([layer, path]) => [layer, own.filter((module) => path.test(module)).length]),
  );
}

/** What every AWS client stands on, one chunk; the XML that some of them read is text in it. */
const CLIENT = [
  "@aws-sdk/core",
  "@aws-sdk/xml-builder",
  "@aws/lambda-invoke-store",
  "@smithy/core",
  "@smithy/node-http-handler",
  "@smithy/signature-v4",
  "@smithy/types",
];

/** STS answers in XML, and its client names the SDK's own chain of credentials in its defaults, though it is given some. */
const STS = [
  "@aws-sdk/credential-provider-env",
  "@aws-sdk/credential-provider-node",
  "@aws-sdk/signature-v4-multi-region",
];
