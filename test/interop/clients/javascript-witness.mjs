// Shows with the AWS SDK for JavaScript the identity of a profile, and how a config is read.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromIni } from "@aws-sdk/credential-providers";
import { loadSharedConfigFiles } from "@smithy/core/config";

const [verb, argument] = process.argv.slice(2);
if (verb === "identity") {
  const client = new STSClient({
    region: "us-east-1",
    credentials: fromIni({ profile: argument }),
  });
  console.log((await client.send(new GetCallerIdentityCommand({}))).Arn);
} else {
  const { configFile } = await loadSharedConfigFiles({
    configFilepath: argument,
    filepath: "/nonexistent",
    ignoreCache: true,
  });
  const profiles = Object.entries(configFile).filter(
    ([name]) => !/^(sso-session|services)\./.test(name),
  );
  console.log(JSON.stringify(Object.fromEntries(profiles)));
}
