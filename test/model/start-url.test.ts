import { describe, expect, test } from "vitest";
import {
  isAccessPortal,
  isDualStackPortal,
  proposeSessionName,
  readTypedStartUrl,
  trimPortalUrl,
  findRegionInStartUrl,
} from "../../src/model/start-url.ts";

test.each([
  ["https://d-1234567890.awsapps.com/start", undefined],
  ["https://my-company.awsapps.com/start/#/", undefined],
  ["https://start.us-gov-home.awsapps.com/directory/d-1234567890", undefined],
  ["https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/my-company", "us-gov-west-1"],
  ["https://start.home.awsapps.cn/directory/my-company", undefined],
  ["https://ssoins-0123456789abcdef.portal.eu-central-1.app.aws", "eu-central-1"],
  ["https://ssoins-0123456789abcdef.eu-central-1.portal.amazonaws.com", "eu-central-1"],
  ["https://ssoins-0123456789abcdef.cn-north-1.portal.amazonaws.com.cn", "cn-north-1"],
  ["https://ssoins-0123456789abcdef.portal.cn-north-1.app.amazonwebservices.com.cn", "cn-north-1"],
  ["https://ssoins-0123456789abcdef.eusc-de-east-1.portal.amazonaws.eu", "eusc-de-east-1"],
  ["https://SSOINS-0123456789ABCDEF.Portal.EU-Central-1.App.AWS./", "eu-central-1"],
  ["https://identitycenter.amazonaws.com/ssoins-0123456789abcdef", undefined],
  ["https://a.b.portal.amazonaws.com", undefined],
])("%s is an access portal, in region %s", (startUrl, region) => {
  expect([isAccessPortal(startUrl), findRegionInStartUrl(startUrl)]).toEqual([true, region]);
});

test.each([
  "https://aws.example.com/start",
  "https://awsapps.com.evil.example/start",
  "https://notawsapps.com/start",
  "https://evil.example/?x=.awsapps.com",
  "https://identitycenter.amazonaws.com.evil.example/",
  "nothing",
])("%s is not an access portal", (url) => {
  expect(isAccessPortal(url)).toBe(false);
});

test("only portals under app.aws are dual-stack, and trimPortalUrl removes query, fragment and final slash", () => {
  expect(isDualStackPortal("https://ssoins-1.portal.eu-central-1.app.aws/")).toBe(true);
  expect(isDualStackPortal("https://my-company.awsapps.com/start")).toBe(false);
  expect(trimPortalUrl("https://My-Company.awsapps.com/start/?x=1#/")).toBe(
    "https://my-company.awsapps.com/start",
  );
});

describe("a start URL as people type it", () => {
  test.each([
    [" https://my-company.awsapps.com/start ", "https://my-company.awsapps.com/start"],
    ["https://my-company.awsapps.com/start\n", "https://my-company.awsapps.com/start"],
    ["my-company.awsapps.com/start", "https://my-company.awsapps.com/start"],
    ["my-company.awsapps.com", "https://my-company.awsapps.com/start"],
    ["my-company.awsapps.com/", "https://my-company.awsapps.com/start"],
    ["d-1234567890", "https://d-1234567890.awsapps.com/start"],
    [
      "ssoins-1234567890abcdef.portal.us-east-1.app.aws",
      "https://ssoins-1234567890abcdef.portal.us-east-1.app.aws",
    ],
    [
      "https://d-1234567890.awsapps.com/start/#/console?account_id=100000000001&role_name=Admin",
      "https://d-1234567890.awsapps.com/start",
    ],
    ["https://d-1234567890.awsapps.com/start#/saml/x", "https://d-1234567890.awsapps.com/start"],
    ["https://d-1234567890.awsapps.com/start/#/", "https://d-1234567890.awsapps.com/start/#/"],
    ["https://d-1234567890.awsapps.com/start#", "https://d-1234567890.awsapps.com/start#"],
    ["https://sso.example.com", "https://sso.example.com"],
    [
      "https://d-1234567890.awsapps.com/start/#/device?user_code=ABCD-EFGH",
      "https://d-1234567890.awsapps.com/start",
    ],
    [
      "https://d-1234567890.awsapps.com/start/#/?tab=accounts",
      "https://d-1234567890.awsapps.com/start",
    ],
    [
      "start.us-gov-home.awsapps.com/directory/acme#/",
      "https://start.us-gov-home.awsapps.com/directory/acme#/",
    ],
  ])("%j is read as %j", (typed, url) => {
    expect(readTypedStartUrl(typed)).toEqual({ kind: "url", url });
  });

  test.each([
    "https://acme.okta.com/home/amazon_aws_sso/0oa1/1",
    "https://acme-admin.okta.com/",
    "https://acme.oktapreview.com/app/x",
    "https://acme.okta.mil/home",
    "https://123456789012.signin.aws.amazon.com/console",
    "https://signin.aws.amazon.com/saml",
    "https://eu-west-1.console.aws.amazon.com/console/home",
    "https://us-east-1.signin.aws/platform/saml/d-1234567890",
    "https://login.microsoftonline.com/x",
    "http://my-company.awsapps.com/start",
    "ftp://my-company.awsapps.com",
    "my-company",
    "example.com/start",
    "d-123",
    "",
    "https://a b.awsapps.com/start",
    "https://user@my-company.awsapps.com/start",
    "javascript:alert(1)",
    "http://example.com/start",
  ])("%j is refused", (typed) => {
    expect(readTypedStartUrl(typed)).toMatchObject({ kind: "refused" });
  });

  test.each([
    ["https://acme.okta.com/home/amazon_aws_sso/0oa1/1", /of Okta/],
    ["acme.okta.com/app/amazon_aws_sso/0oa1/sso/saml", /of Okta/],
    ["https://sso.example.com/home/amazon_aws_sso/0oa1/1", /of Okta/],
    ["https://123456789012.signin.aws.amazon.com/console", /AWS console/],
    ["https://us-gov-west-1.console.amazonaws-us-gov.com/", /AWS console/],
    ["https://signin.amazonaws.cn/console", /AWS console/],
    ["https://us-east-1.console.aws.amazon.com/singlesignon/home", /AWS console/],
    ["https://device.sso.us-east-1.amazonaws.com/?user_code=ABCD-EFGH", /sign-in service/],
    ["https://oidc.us-east-1.amazonaws.com/authorize", /sign-in service/],
    ["https://portal.sso.eu-west-1.amazonaws.com", /sign-in service/],
    ["https://docs.aws.amazon.com/singlesignon/", /another page of AWS/],
    ["https://aws.amazon.com/", /another page of AWS/],
    ["https://my-company.awsapps.com/mail", /another page of AWS/],
    ["https://my-company.awsapps.com/connect/login", /another page of AWS/],
    ["https://portal.azure.com/", /identity provider/],
    ["https://accounts.google.com/o/saml2?idpid=C01", /identity provider/],
    ["https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx", /identity provider/],
    ["https://id.example.com/realms/acme/protocol/saml/clients/aws", /identity provider/],
    ["https://acme.us.auth0.com/samlp/x", /identity provider/],
  ])("%s is recognized as another page", (typed, fault) => {
    for (const completes of [false, true])
      expect(readTypedStartUrl(typed, completes)).toEqual({
        kind: "refused",
        fault: expect.stringMatching(fault),
      });
  });

  test.each([
    ["sso.example.com", "https://sso.example.com"],
    ["aws.example.co.uk/start", "https://aws.example.co.uk/start"],
    ["localhost.example:8443/start", "https://localhost.example:8443/start"],
  ])("%s is completed only if the user sees the result", (typed, url) => {
    expect(readTypedStartUrl(typed, true)).toEqual({ kind: "url", url });
    expect(readTypedStartUrl(typed)).toMatchObject({ kind: "refused" });
  });
});

test.each([
  ["https://my-company.awsapps.com/start", "my-company"],
  ["https://My-Company.awsapps.com/start/#/", "my-company"],
  ["https://d-1234567890.awsapps.com/start", "sso"],
  ["https://ssoins-0123456789abcdef.portal.us-east-1.app.aws", "sso"],
  ["https://ssoins-0123456789abcdef.us-east-1.portal.amazonaws.com", "sso"],
  ["https://identitycenter.amazonaws.com/ssoins-0123456789abcdef", "sso"],
  ["https://start.us-gov-home.awsapps.com/directory/d-1234567890", "sso"],
  ["https://start.us-gov-home.awsapps.com/directory/acme", "acme"],
  ["https://start.home.awsapps.cn/directory/my-company", "my-company"],
  ["https://sso.example.com/start", "example"],
  ["https://aws.acme.co.uk", "acme"],
  ["https://login.cloud", "sso"],
  ["https://127.0.0.1:8443/start", "sso"],
])("the session of %s is named %s", (startUrl, name) => {
  expect(proposeSessionName(startUrl, [])).toBe(name);
  expect(proposeSessionName(startUrl, [name, `${name}-2`])).toBe(`${name}-3`);
});
