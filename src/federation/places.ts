/** Menu paths in the consoles of Okta and AWS, and the vendors' documentation pages. */

export const OKTA_APP = "Okta admin › Applications › AWS IAM Identity Center";
export const OKTA_METADATA = `${OKTA_APP} › Sign On › SAML Signing Certificates › Actions › View IdP metadata, then save the page itself (right-click › Save link as)`;
export const AWS_IDENTITY_SOURCE = "AWS › IAM Identity Center › Settings › Identity source";

const AWS_GUIDE = "https://docs.aws.amazon.com/singlesignon/latest/userguide";
/** AWS's documentation page for most problems. */
export const TROUBLESHOOTING_DOCS = `${AWS_GUIDE}/troubleshooting.html`;
export const INSTANCE_DOCS = `${AWS_GUIDE}/enable-identity-center.html`;
export const SAML_DOCS = `${AWS_GUIDE}/gs-okta.html`;
export const SCIM_DOCS = `${AWS_GUIDE}/provision-automatically.html`;
export const GROUP_PUSH_DOCS =
  "https://help.okta.com/oie/en-us/content/topics/users-groups-profiles/usgp-group-push-troubleshoot.htm";
