// aws-sdk-go-base, as Terraform's AWS provider calls it: `base [PROFILE]` prints the credentials as one line of JSON.
package main

import (
	"context"
	"fmt"
	"os"

	base "github.com/hashicorp/aws-sdk-go-base/v2"

	"latchkey/drivers/answer"
)

func main() {
	config := base.Config{CallerName: "latchkey's test", MaxRetries: 1, SkipCredsValidation: true}
	if len(os.Args) > 1 {
		config.Profile = os.Args[1]
	}
	ctx, cfg, diagnostics := base.GetAwsConfig(context.Background(), &config)
	if diagnostics.HasError() {
		first := diagnostics.Errors()[0]
		answer.Fail(fmt.Errorf("%s: %s", first.Summary(), first.Detail()))
	}
	keys, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		answer.Fail(err)
	}
	answer.Print(answer.Answer{
		AccessKeyID: keys.AccessKeyID, SessionToken: keys.SessionToken, AccountID: keys.AccountID, Region: cfg.Region,
	})
}
