import { ANY_CREDENTIALS, rows, vague, type MessageFamily } from "../message.ts";

/** Messages of programs that start another client, which prints the reason. */

/** Messages of kubectl (1.32) with `aws eks get-token`. */
export const KUBECTL: MessageFamily = {
  client: "kubectl",
  messages: [
    ...vague(
      ANY_CREDENTIALS,
      "getting credentials: exec: executable {…} failed with exit code",
      // kubectl before 1.20.
      "getting credentials: exec: exit status {…}",
      "getting credentials: decoding stdout:",
    ),
    ...rows(
      ["permission-missing", "other-credentials", "credentials-expired"],
      "You must be logged in to the server",
      "the server has asked for the client to provide credentials",
      "Error from server (Forbidden): {…} is forbidden: User",
    ),
    ...vague(
      ["unreachable", "proxy", "certificate", "no-credentials"],
      "Unable to connect to the server:",
      "Kubernetes cluster unreachable:",
    ),
    ...rows(
      ["region-wrong", "other-credentials"],
      "when calling the DescribeCluster operation: No cluster found for name",
    ),
    ...rows(
      ["unreachable", "proxy"],
      "Unable to connect to the server: dial tcp",
      "Unable to connect to the server: net/http:",
      "The connection to the server {…} was refused - did you specify the right host or port",
    ),
  ],
  marks: [
    [
      "kubectl",
      "getting credentials: exec: executable",
      "couldn't get current server API group list",
      "Unable to connect to the server:",
      "You must be logged in to the server",
      "the server has asked for the client to provide credentials",
      "Error from server (",
      "was refused - did you specify the right host or port",
      "Kubernetes cluster unreachable:",
    ],
  ],
};

/** Messages of Docker (28, and BuildKit) with the ECR helper (0.12). */
export const DOCKER: MessageFamily = {
  client: "docker",
  messages: [
    ...rows(
      ["registry-login"],
      "no basic auth credentials",
      "Your authorization token has expired. Reauthenticate and try again",
      "Your Authorization Token has expired. Please run aws ecr get-login",
      "login attempt to https://{…}.amazonaws.com/v2/ failed with status:",
      "Error saving credentials: error storing credentials - err:",
      "error getting credentials - err: {…}docker-credential-ecr-login",
      "pulling from host {…}.amazonaws.com failed with status code {…}: 401 Unauthorized",
      "unexpected status code [manifests {…}]: 401 Unauthorized",
      "401 Unauthorized: Not Authorized",
      "unexpected status from {…} request to https://{…}.amazonaws.com/{…}: 401 Unauthorized",
    ),
    // A registry responds with HTTP 403 both to an expired login and to a missing permission.
    ...rows(
      ["registry-login", "permission-missing"],
      "pulling from host {…}.amazonaws.com failed with status code {…}: 403 Forbidden",
      "unexpected status code [manifests {…}]: 403 Forbidden",
      "unexpected status from {…} request to https://{…}.amazonaws.com/{…}: 403 Forbidden",
    ),
    ...rows(
      ["unreachable", "region-wrong", "proxy"],
      "https://{…}.dkr.ecr.{region}.amazonaws.com/v2/{…}: dial tcp",
    ),
    ...rows("proxy", "Error retrieving credentials error=Get {…}: proxyconnect tcp: dial tcp"),
    ...rows(
      ["unreachable", "region-wrong", "proxy"],
      "Error retrieving credentials error=Get {…}: dial tcp",
    ),
    ...vague(
      ["registry-login", ...ANY_CREDENTIALS],
      "Cannot perform an interactive login from a non TTY device",
      "credentials not found in native keychain",
      "error getting credentials - err: exit status {…}, out:",
    ),
  ],
  marks: [
    [
      "docker",
      "Error response from daemon:",
      "Cannot perform an interactive login from a non TTY device",
      "docker-credential-ecr-login",
      "level=error msg=Error retrieving credentials error=",
      "credentials not found in native keychain",
      "no basic auth credentials",
      "Your authorization token has expired",
      "error storing credentials - err:",
      "error getting credentials - err:",
      "failed to solve",
      "pulling from host",
      "401 Unauthorized: Not Authorized",
      "unexpected status from HEAD request to",
    ],
  ],
};

/** Messages of git with its two helpers for CodeCommit. */
export const GIT: MessageFamily = {
  client: "git",
  messages: [
    ...rows(
      "profile-missing",
      "The following profile was not found: {profile}. Available profiles",
    ),
    ...rows("region-missing", "The following profile does not have an AWS Region: {profile}. You"),
    ...rows(
      "region-wrong",
      "The following AWS Region is not available for use with AWS CodeCommit: {region}. For",
    ),
    ...rows(
      ["no-credentials", "other-credentials"],
      "The following profile does not have credentials configured: {profile}. You",
    ),
    // CodeCommit also responds with HTTP 403 to an expired password that a keychain has stored.
    ...rows(
      ["permission-missing", "credentials-expired", "other-credentials"],
      "unable to access https://git-codecommit.{region}.amazonaws.com/{…}: The requested URL returned error: 403",
    ),
    ...rows(
      ["credentials-invalid", "credentials-expired", "other-credentials"],
      "Authentication failed for https://git-codecommit.{region}.amazonaws.com",
    ),
    ...rows(
      "proxy",
      "unable to access https://git-codecommit.{region}.amazonaws.com/{…}: CONNECT tunnel failed",
      "unable to access https://git-codecommit.{region}.amazonaws.com/{…}: Received HTTP code {…} from proxy",
    ),
    ...rows(
      "certificate",
      "unable to access https://git-codecommit.{region}.amazonaws.com/{…}: server certificate verification failed",
      "unable to access https://git-codecommit.{region}.amazonaws.com/{…}: SSL certificate problem:",
    ),
    ...rows(
      ["unreachable", "proxy"],
      "unable to access https://git-codecommit.{region}.amazonaws.com/{…}: Failed to connect to",
    ),
    ...rows(
      ["unreachable", "region-wrong"],
      "Could not resolve host: git-codecommit.{region}.amazonaws.com",
    ),
    ...vague(
      ANY_CREDENTIALS,
      "could not read Username for https://git-codecommit.{region}.amazonaws.com",
    ),
  ],
  marks: [
    [
      "git",
      "https://git-codecommit.",
      "Could not resolve host: git-codecommit.",
      "git_remote_codecommit",
      "The following profile was not found: {…}. Available profiles are:",
      "The following profile does not have an AWS Region:",
      "The following profile does not have credentials configured:",
      "not available for use with AWS CodeCommit",
    ],
  ],
};
