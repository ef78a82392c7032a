// A script as a developer writes it with the AWS SDK for JavaScript: credentials of a profile through IAM Identity Center.
import { fromSSO } from "@aws-sdk/credential-providers";

const { accessKeyId, secretAccessKey, sessionToken, expiration } = await fromSSO({
  profile: process.argv[2],
})();
console.log(
  JSON.stringify({
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration,
  }),
);
