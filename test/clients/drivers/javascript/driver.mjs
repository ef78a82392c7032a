// The AWS SDK for JavaScript v3: `driver.mjs [PROFILE]` prints the credentials of a client's default chain as one line of JSON.
// `--sts` calls GetCallerIdentity like any program: Node prints the error.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

if (process.argv[2] === "--sts") {
  const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  console.log(Arn);
  process.exit();
}

const [profile] = process.argv.slice(2);
const client = new STSClient(profile === undefined ? {} : { profile });
// The SDK refuses a region that can't be part of a host name; its message still shows that the region was read.
const region = await client.config
  .region()
  .catch(({ message }) => /region="(.*)" is not/s.exec(message)?.[1] ?? null);
try {
  const { accessKeyId, sessionToken, accountId } = await client.config.credentials();
  console.log(JSON.stringify({ accessKeyId, sessionToken, accountId, region }));
} catch (error) {
  console.log(JSON.stringify({ error: `${error.name}: ${error.message}` }));
}
