import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Debian's AWS CLI (2.9.19) has no endpoint variables, so these endpoint rules point it to the emulator. */
export function pointAwsCliAt(emulatorUrl: string, home: string): Record<string, string> {
  return {
    AWS_DATA_PATH: writeEndpointRules(emulatorUrl, join(home, "aws-data")),
    AWS_PAGER: "",
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

const PARAMETERS = {
  Region: describeParameter("AWS::Region", false),
  UseDualStack: describeParameter("AWS::UseDualStack", true),
  UseFIPS: describeParameter("AWS::UseFIPS", true),
  Endpoint: describeParameter("SDK::Endpoint", false),
};

const SIGNED_FOR_STS = {
  authSchemes: [{ name: "sigv4", signingName: "sts", signingRegion: "us-east-1" }],
};

function describeParameter(builtIn: string, isFlag: boolean): object {
  return {
    builtIn,
    required: isFlag,
    documentation: "-",
    type: isFlag ? "Boolean" : "String",
    ...(isFlag ? { default: false } : {}),
  };
}

function writeEndpointRules(url: string, folder: string): string {
  if (existsSync(folder)) return folder;
  const createRules = (properties: object, more: object): object => ({
    version: "1.0",
    parameters: { ...PARAMETERS, ...more },
    rules: [{ conditions: [], type: "endpoint", endpoint: { url, properties, headers: {} } }],
  });
  const services = {
    "sso-oidc/2019-06-10": createRules({}, {}),
    "sso/2019-06-10": createRules({}, {}),
    "sts/2011-06-15": createRules(SIGNED_FOR_STS, {
      UseGlobalEndpoint: describeParameter("AWS::STS::UseGlobalEndpoint", true),
    }),
  };
  for (const [service, rules] of Object.entries(services)) {
    mkdirSync(join(folder, service), { recursive: true });
    writeFileSync(join(folder, service, "endpoint-rule-set-1.json"), JSON.stringify(rules));
  }
  return folder;
}
