import { trimEndOf } from "../text/json.ts";
import { usageError } from "../errors.ts";
import { closestMatches } from "../text/terminal.ts";

/** The AWS console: its hosts in each partition, and the names of its services. */

interface ConsoleHosts {
  readonly signIn: string;
  readonly console: string;
}

/** Keyed by the prefix of a region's name. The last one matches all others. */
const PARTITIONS: ReadonlyArray<readonly [prefix: string, domain: string | undefined]> = [
  ["cn-", "amazonaws.cn"],
  ["us-gov-", "amazonaws-us-gov.com"],
  ["eusc-", "amazonaws-eusc.eu"],
  ["us-iso", undefined],
  ["eu-iso", undefined],
  ["", "aws.amazon.com"],
];

function findPartition(region: string) {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix));
}

/**
 * Returns the console's hosts for a region.
 * @throws LatchkeyError USAGE for a partition whose console can't be reached from outside of it
 */
export function consoleHosts(region: string): ConsoleHosts {
  const domain = findPartition(region)?.[1];
  if (domain !== undefined) return { signIn: `signin.${domain}`, console: `console.${domain}` };
  throw usageError(
    `latchkey does not know the console of the partition that ${region} is in.`,
    "Open it from your access portal.",
  );
}

export function isSamePartition(region: string, other: string): boolean {
  return findPartition(region) === findPartition(other);
}

/** Services whose page is `NAME/home`. The same is assumed for unknown names. */
const PLAIN_SERVICES = `
  acm athena backup batch bedrock billing cloudformation cloudshell cloudwatch config ec2 efs eks
  elasticache events guardduty iam kinesis kms lambda ram rds s3 sagemaker securityhub ses support
  systems-manager
`;

/** Other names, and the path of their page. */
const PAGES: ReadonlyArray<readonly [names: string, path: string]> = [
  ["accounts", "organizations/v2/home/accounts"],
  ["amplify", "amplify/apps"],
  ["apigateway apigw", "apigateway/main/apis"],
  ["autoscaling", "ec2/home#AutoScalingGroups:"],
  ["certificates", "acm/home"],
  ["cfn", "cloudformation/home"],
  ["cloudfront", "cloudfront/v4/home"],
  ["cloudtrail", "cloudtrailv2/home"],
  ["codebuild", "codesuite/codebuild/projects"],
  ["codedeploy", "codesuite/codedeploy/applications"],
  ["codepipeline", "codesuite/codepipeline/pipelines"],
  ["cognito", "cognito/v2/home"],
  ["cost", "costmanagement/home"],
  ["cw", "cloudwatch/home"],
  ["ddb dynamodb", "dynamodbv2/home"],
  ["ecr", "ecr/repositories"],
  ["ecs", "ecs/v2/home"],
  ["elb", "ec2/home#LoadBalancers:"],
  ["eventbridge", "events/home"],
  ["glue", "gluestudio/home"],
  ["identity-center sso", "singlesignon/home"],
  ["lightsail", "ls/webapp/home"],
  ["logs", "cloudwatch/home#logsV2:log-groups"],
  ["opensearch", "aos/home"],
  ["organizations", "organizations/v2/home"],
  ["params parameter-store", "systems-manager/parameters"],
  ["quotas", "servicequotas/home"],
  ["r53 route53", "route53/v2/home"],
  ["redshift", "redshiftv2/home"],
  ["secrets secretsmanager", "secretsmanager/listsecrets"],
  ["sfn stepfunctions", "states/home"],
  ["sns", "sns/v3/home"],
  ["sqs", "sqs/v3/home"],
  ["ssm", "systems-manager/home"],
  ["vpc", "vpcconsole/home"],
  ["waf", "wafv2/homev2"],
];

const SERVICES: ReadonlyMap<string, string> = new Map([
  ...splitWords(PLAIN_SERVICES).map((name) => [name, `${name}/home`] as const),
  ...PAGES.flatMap(([names, path]) => splitWords(names).map((name) => [name, path] as const)),
]);

export const SERVICE_NAMES: readonly string[] = [...SERVICES.keys()].toSorted();

function splitWords(text: string): string[] {
  return text.trim().split(/\s+/);
}

/**
 * Returns the URL of a service's console page, or of the console's home page.
 * @throws LatchkeyError USAGE if the service can't be part of a path
 */
export function consoleDestination(
  partitionRegion: string,
  service: string | undefined,
  region: string | undefined,
): string {
  const [path = "", fragment] = servicePath(service).split("#");
  const url = new URL(`https://${consoleHosts(partitionRegion).console}/${path}`);
  if (region !== undefined) url.searchParams.set("region", region);
  if (fragment !== undefined) url.hash = fragment;
  return url.href;
}

function servicePath(service: string | undefined): string {
  if (service === undefined) return "console/home";
  const name = service.toLowerCase();
  const path = SERVICES.get(name);
  if (path !== undefined) return path;
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) return `${name}/home`;
  const close = closestMatches(name, [...SERVICES.keys()].sort());
  throw usageError(
    "--service is not a service's name.",
    close.length > 0
      ? `The nearest: ${close.join(", ")}`
      : "A name looks like s3, lambda or cloudformation.",
  );
}

export function isKnownService(service: string): boolean {
  return SERVICES.has(service.toLowerCase());
}

/**
 * Returns the link that signs in a browser. Anyone with the link can sign in while its token is valid (15 minutes).
 * @param endpoint the address of `/federation`
 * @param issuer where the console sends the browser after the session has ended
 */
export function signInLink(
  endpoint: string,
  token: string,
  destination: string,
  issuer: string | undefined,
): string {
  const query = new URLSearchParams({
    Action: "login",
    ...(issuer === undefined ? {} : { Issuer: issuer }),
    Destination: destination,
    SigninToken: token,
  });
  return `${endpoint.replace(/\/$/, "")}/federation?${query.toString()}`;
}

/**
 * Returns the access portal's link to a role's console. It contains no credentials: the browser must be signed in to
 * the portal.
 */
export function portalShortcut(
  startUrl: string,
  accountId: string,
  roleName: string,
  destination: string,
): string {
  const base = trimEndOf(startUrl.replace(/#.*$/, ""), "/");
  const query = new URLSearchParams({ account_id: accountId, role_name: roleName, destination });
  return `${base}/#/console?${query.toString()}`;
}

const SHORTEST_SESSION_SECONDS = 15 * 60;
const LONGEST_SESSION_SECONDS = 12 * 3600;

/**
 * Parses `8h`, `90m` or `1h30m` to seconds.
 * @throws LatchkeyError USAGE outside of 15 minutes to 12 hours
 */
export function parseConsoleDuration(text: string): number {
  const match = /^(?:(\d{1,2})h)?(?:(\d{1,3})m)?$/.exec(text.trim().toLowerCase());
  const seconds = Number(match?.[1] ?? 0) * 3600 + Number(match?.[2] ?? 0) * 60;
  if (match !== null && seconds >= SHORTEST_SESSION_SECONDS && seconds <= LONGEST_SESSION_SECONDS)
    return seconds;
  throw usageError(
    "--duration is not a time from 15 minutes to 12 hours.",
    "Write it as 8h, 90m or 1h30m.",
  );
}
