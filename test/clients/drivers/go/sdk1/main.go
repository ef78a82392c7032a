// The AWS SDK for Go v1: `sdk1 [PROFILE]` prints the credentials of a session as one line of JSON.
// It has no endpoint variables of single services, so a resolver reads them.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/endpoints"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/sts"

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

func askSts(options session.Options) {
	current, err := session.NewSessionWithOptions(options)
	if err != nil {
		log.Fatal(err)
	}
	identity, err := sts.New(current).GetCallerIdentity(&sts.GetCallerIdentityInput{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(aws.StringValue(identity.Arn))
}

func main() {
	options := session.Options{Config: aws.Config{EndpointResolver: endpoints.ResolverFunc(resolve)}}
	if answer.AsksSts() {
		askSts(options)
		return
	}
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
