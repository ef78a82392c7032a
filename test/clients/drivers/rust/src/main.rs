//! The AWS SDK for Rust: `rust [PROFILE]` prints the credentials of the profile, or of the default chain, as one line of JSON.
//! `--sts` calls GetCallerIdentity like any program: Rust prints the error that `main` returns.
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::BehaviorVersion;
use aws_credential_types::provider::ProvideCredentials;
use serde_json::{json, Value};
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().nth(1).as_deref() == Some("--sts") {
        let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
        let identity = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await?;
        println!("{}", identity.arn().unwrap_or_default());
        return Ok(());
    }
    println!("{}", resolve().await);
    Ok(())
}

async fn resolve() -> Value {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(name) = std::env::args().nth(1) {
        loader = loader.profile_name(&name);
        let region = loader.load().await.region().cloned();
        let profile = ProfileFileCredentialsProvider::builder()
            .configure(&ProviderConfig::without_region().with_region(region))
            .profile_name(&name);
        loader = aws_config::defaults(BehaviorVersion::latest())
            .profile_name(name)
            .credentials_provider(profile.build());
    }
    let config = loader.load().await;
    let Some(provider) = config.credentials_provider() else {
        return json!({ "error": "no credentials provider" });
    };
    match provider.provide_credentials().await {
        Ok(keys) => json!({
            "accessKeyId": keys.access_key_id(),
            "sessionToken": keys.session_token(),
            "accountId": keys.account_id().map(|id| id.as_str()),
            "region": config.region().map(|region| region.as_ref()),
        }),
        Err(error) => json!({ "error": describe(&error) }),
    }
}

fn describe(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", describe(source)),
        None => error.to_string(),
    }
}
