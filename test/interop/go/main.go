// Shows with the AWS SDK for Go v2 the identity of a profile, how its shared config is read, and the route of a request.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "proxies" {
		proxies()
		return
	}
	if len(os.Args) < 3 {
		fail(fmt.Errorf("usage: witness identity PROFILE | read FILE PROFILE... | proxies | proxy URL"))
	}
	switch os.Args[1] {
	case "identity":
		identity(os.Args[2])
	case "read":
		read(os.Args[2], os.Args[3:])
	case "proxy":
		proxy(os.Args[2])
	default:
		fail(fmt.Errorf("unknown verb %s", os.Args[1]))
	}
}

func identity(profile string) {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile(profile))
	if err != nil {
		fail(err)
	}
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		fail(err)
	}
	fmt.Println(*out.Arn)
}

func read(file string, profiles []string) {
	seen := map[string]map[string]string{}
	for _, name := range profiles {
		shared, err := config.LoadSharedConfigProfile(context.Background(), name, func(o *config.LoadSharedConfigOptions) {
			o.ConfigFiles = []string{file}
			o.CredentialsFiles = []string{"/nonexistent"}
		})
		if err != nil {
			fail(err)
		}
		values := map[string]string{}
		for key, value := range map[string]string{
			"region": shared.Region, "sso_session": shared.SSOSessionName, "sso_account_id": shared.SSOAccountID,
			"sso_role_name": shared.SSORoleName, "credential_process": shared.CredentialProcess,
		} {
			if value != "" {
				values[key] = value
			}
		}
		seen[name] = values
	}
	if err := json.NewEncoder(os.Stdout).Encode(seen); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
