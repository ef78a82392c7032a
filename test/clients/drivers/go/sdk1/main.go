// The AWS SDK for Go v1: `sdk1 [PROFILE]` prints the credentials of a session as one line of JSON.
// It has no endpoint variables of single services, so a resolver reads them.
package main

import (
	"os"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/endpoints"
	"github.com/aws/aws-sdk-go/aws/session"

	"latchkey/drivers/answer"
)

var variables = map[string]string{
	"portal.sso": "AWS_ENDPOINT_URL_SSO",
	"oidc":       "AWS_ENDPOINT_URL_SSO_OIDC",
	"sts":        "AWS_ENDPOINT_URL_STS",
}

func resolve(service, region string, options ...func(*endpoints.Options)) (endpoints.ResolvedEndpoint, error) {
	resolved, err := endpoints.DefaultResolver().EndpointFor(service, region, options...)
	if url := os.Getenv(variables[service]); err == nil && url != "" {
		resolved.URL = url
	}
	return resolved, err
}

func main() {
	options := session.Options{Config: aws.Config{EndpointResolver: endpoints.ResolverFunc(resolve)}}
	if len(os.Args) > 1 {
		options.Profile = os.Args[1]
	}
	current, err := session.NewSessionWithOptions(options)
	if err != nil {
		answer.Fail(err)
	}
	keys, err := current.Config.Credentials.Get()
	if err != nil {
		answer.Fail(err)
	}
	region := aws.StringValue(current.Config.Region)
	answer.Print(answer.Answer{AccessKeyID: keys.AccessKeyID, SessionToken: keys.SessionToken, Region: region})
}
