import { rows, vague, type MessageFamily } from "../message.ts";

/** Messages of the SDK for .NET 4, and those of 3.7 that differ. AWS Tools for PowerShell use this SDK. */
export const DOTNET: MessageFamily = {
  client: "dotnet",
  messages: [
    ...rows(
      ["profile-missing", "no-credentials"],
      "Unable to find the {profile} profile specified in the client configuration",
      "Unable to find the {profile} profile in CredentialProfileStoreChain",
      "ProfileNotFoundException: Unable to find the {profile} profile.",
      "(Unable to find the {profile} profile.)",
    ),
    ...rows(["no-credentials", "profile-missing"], "Unable to find the 'default' profile."),
    ...rows(
      ["profile-missing", "config-invalid"],
      "Source profile [{…}] was not found",
      "Error reading source profile [{…}] for profile [{profile}]",
    ),
    ...rows("session-missing", "Invalid Configuration. Failed to find sso_session [{session}]"),
    ...rows(
      ["config-invalid", "client-too-old", "no-credentials"],
      "Credential profile [{profile}] is not valid. Please ensure the profile contains a valid combination of properties",
    ),
    ...rows(
      ["config-invalid"],
      "Value cannot be null. (Parameter 'region')",
      "in file {…} does not contain a section, property or comment",
      "Error reading profile [{profile}]: the source profile definition is cyclical",
      "Error reading credential source [{…}] for profile [{profile}]",
      "Could not get credentials from source profile [{…}]",
      "Credential source [{…}] is invalid",
      "Assembly AWSSDK.{…} could not be found or loaded",
      "(Parameter 'Property cannot be empty:",
      "Parameter name: Property cannot be empty:",
      "is an assume role profile that requires an MFA. This type of profile is not allowed here",
    ),
    ...rows(
      ["token-missing", "token-expired"],
      "No valid SSO Token could be found",
      "The profile [{profile}] is an SSO profile. This type of profile is not allowed here",
    ),
    ...rows(
      ["token-expired", "token-missing", "refresh-refused"],
      "SSO Token has expired and can not be refreshed",
      // The SDK 3.7 tries to sign in, but the calling program did not set these options.
      "Options property cannot be empty: ClientName",
      "Options property cannot be empty: SsoVerificationCallback",
    ),
    ...rows(["refresh-refused", "token-expired"], "SSO Token has expired and failed to refresh"),
    ...rows(
      ["process-failed", "process-gone", "process-output"],
      "Command returned non-zero exit value {…} with the error -",
      "AWS credential process terminated with {…}",
    ),
    ...rows(
      ["process-gone", "process-failed"],
      "Command returned non-zero exit value 126 with the error -",
      "Command returned non-zero exit value 127 with the error -",
      "AWS credential process terminated with System.ComponentModel.Win32Exception",
    ),
    ...rows(
      "process-output",
      "AWS credential process terminated with System.FormatException",
      "The response back from the process credential provider returned back a malformed JSON document",
      "Missing required parameter - Version in JSON Payload",
      "ProcessAWSCredentialException: Unsupported credential version:",
    ),
    ...vague(
      ["no-credentials"],
      "Failed to resolve AWS credentials. The credential providers used to search for credentials returned the following errors",
      "Unable to get IAM security credentials from EC2 Instance Metadata Service",
      "Failed to connect to EC2 instance metadata to retrieve credentials",
      "The app.config/web.config files for the application did not contain credential information",
      "AmazonServiceException: Unable to find credentials",
    ),
    ...vague("assume-role-refused", "Error calling AssumeRole for role {…}"),
    ...rows("region-missing", "No RegionEndpoint or ServiceURL configured"),
    ...rows(
      ["credentials-expired", "process-output"],
      "The retrieved credentials have already expired",
    ),
    ...rows(
      "certificate",
      "The SSL connection could not be established, see inner exception",
      "The remote certificate is invalid because of errors in the certificate chain: {…}",
      "The remote certificate is invalid according to the validation procedure",
      "Could not create SSL/TLS secure channel",
      "Could not establish trust relationship for the SSL/TLS secure channel",
    ),
    ...rows("proxy", "The proxy tunnel request to proxy {…} failed with status code {…}"),
    ...rows(
      ["unreachable", "region-wrong", "proxy"],
      "No such host is known. ({…}amazonaws.com",
      "Name or service not known ({…}amazonaws.com",
      "A connection attempt failed because the connected party did not properly respond",
      "The remote name could not be resolved: {…}",
      "HttpRequestException: Connection refused ({…}",
      "HttpRequestException: Resource temporarily unavailable ({…}",
    ),
  ],
  marks: [
    [
      "dotnet",
      "Amazon.Runtime.",
      "AWSSDK.",
      "Amazon.SecurityToken",
      "Amazon.{…}.Amazon{…}Exception",
    ],
  ],
};

/** Messages of AWS Tools for PowerShell. */
export const POWERSHELL: MessageFamily = {
  client: "powershell",
  messages: [
    ...rows(
      ["no-credentials", "profile-missing"],
      "No credentials specified or obtained from persisted/shell defaults",
    ),
    ...rows("region-missing", "No region specified or obtained from persisted/shell defaults"),
    ...rows(
      ["profile-missing"],
      "Cannot copy object. The source object {profile} does not exist",
      "profile {profile} not found in the shared config (~/.aws/config) file",
    ),
    ...rows(
      "session-missing",
      "session {session} not found in the shared config (~/.aws/config) file",
    ),
    ...rows(
      ["config-invalid", "profile-missing"],
      "There are missing SSO properties for the profile {profile}. Use Initialize-AWSSSOConfiguration",
      "Either ProfileName or SessionName or a default profile with SSO configuration is required",
    ),
  ],
  marks: [
    [
      "powershell",
      "Amazon.PowerShell",
      "(Amazon.PowerShe",
      "persisted/shell defaults",
      "AWS.Tools.",
      "Set-AWSCredential",
      "CategoryInfo : InvalidOperation: (",
      "Initialize-AWSDefault",
      "Initialize-AWSSSOConfiguration",
      "Invoke-AWSSSOLogin",
      "Get-STSCallerIdentity",
      "Get-ORGAccountList",
      "Get-EC2Instance",
      "Get-S3Object",
      "Get-S3Bucket",
      "Get-R53",
    ],
  ],
};
