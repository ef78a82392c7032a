// The AWS SDK for Go v2: `sdk2 [PROFILE]` prints the credentials of the default chain as one line of JSON.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"

	"latchkey/drivers/answer"
)

func main() {
	ctx := context.Background()
	options := []func(*config.LoadOptions) error{}
	if len(os.Args) > 1 {
		options = append(options, config.WithSharedConfigProfile(os.Args[1]))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		answer.Fail(err)
	}
	keys, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		answer.Fail(err)
	}
	answer.Print(answer.Answer{
		AccessKeyID: keys.AccessKeyID, SessionToken: keys.SessionToken, AccountID: keys.AccountID, Region: cfg.Region,
	})
}
