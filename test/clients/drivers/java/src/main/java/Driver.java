import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.sts.StsClient;

/** The AWS SDK for Java v2: `Driver [PROFILE]` prints the credentials of the profile, or of the default chain, as one line of JSON. `--sts` calls GetCallerIdentity like any program: Java prints the error. */
public final class Driver {
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("--sts")) {
            System.out.println(StsClient.create().getCallerIdentity().arn());
            return;
        }
        try {
            System.out.println(resolve(arguments.length > 0 ? arguments[0] : null));
        } catch (Throwable error) {
            System.out.println("{\"error\":" + quote(describe(error)) + "}");
        }
        System.exit(0);
    }

    private static String resolve(String profile) {
        AwsCredentialsProvider provider = profile == null
            ? DefaultCredentialsProvider.create()
            : ProfileCredentialsProvider.create(profile);
        AwsCredentials keys = provider.resolveCredentials();
        String token = keys instanceof AwsSessionCredentials session ? session.sessionToken() : null;
        return "{\"accessKeyId\":" + quote(keys.accessKeyId())
            + ",\"sessionToken\":" + quote(token)
            + ",\"accountId\":" + quote(keys.accountId().orElse(null))
            + ",\"region\":" + quote(findRegion(profile)) + "}";
    }

    private static String findRegion(String profile) {
        try {
            DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
            if (profile != null) chain.profileName(profile);
            // Region.of has URL-encoded it.
            return URLDecoder.decode(chain.build().getRegion().id(), StandardCharsets.UTF_8);
        } catch (RuntimeException error) {
            return null;
        }
    }

    private static String describe(Throwable error) {
        String words = error.getClass().getSimpleName() + ": " + error.getMessage();
        return error.getCause() == null ? words : words + " <- " + describe(error.getCause());
    }

    private static String quote(String text) {
        if (text == null) return "null";
        StringBuilder quoted = new StringBuilder("\"");
        for (char one : text.toCharArray()) {
            if (one < ' ' || one == '"' || one == '\\') quoted.append(String.format("\\u%04x", (int) one));
            else quoted.append(one);
        }
        return quoted.append('"').toString();
    }
}
