// The AWS SDK for Go v2: `sdk2 [PROFILE]` prints the credentials of the default chain as one line of JSON.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"latchkey/drivers/answer"
)

func askSts(ctx context.Context) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	identity, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(aws.ToString(identity.Arn))
}

func main() {
	ctx := context.Background()
	if answer.AsksSts() {
		askSts(ctx)
		return
	}
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
