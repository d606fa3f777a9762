package io.aiproxy.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.call.Problem;
import io.aiproxy.call.Target;
import io.aiproxy.config.AiProxy;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  private static final String CHAT = "openai-chat";
  private static final String PASSTHROUGH = "passthrough";

  @ParameterizedTest
  @CsvSource({
    "openai,     openai-chat,        https://api.openai.com:443,    /v1/chat/completions",
    "openai,     openai-responses,   https://api.openai.com:443,    /v1/responses",
    "openai,     openai-embeddings,  https://api.openai.com:443,    /v1/embeddings",
    "openai,     openai-completions, https://api.openai.com:443,    /v1/completions",
    "anthropic,  anthropic-count-tokens, https://api.anthropic.com:443, /v1/messages/count_tokens",
    "deepseek,   openai-completions, https://api.deepseek.com:443,  /beta/completions",
    "deepseek,   openai-chat,        https://api.deepseek.com:443,  /chat/completions",
    "aimlapi,    openai-chat,        https://api.aimlapi.com:443,   /chat/completions",
    "openrouter, openai-chat,        https://openrouter.ai:443,     /api/v1/chat/completions",
    "gemini,     openai-chat,        https://generativelanguage.googleapis.com:443, /v1beta/openai/chat/completions",
    "gemini,     openai-embeddings,  https://generativelanguage.googleapis.com:443, /v1beta/openai/embeddings",
    "gemini,     gemini-generate,    https://generativelanguage.googleapis.com:443, /v1beta/models/m:generateContent",
    "gemini,     gemini-embed,       https://generativelanguage.googleapis.com:443, /v1beta/models/m:embedContent",
    "gemini,     gemini-embed-batch, https://generativelanguage.googleapis.com:443, /v1beta/models/m:batchEmbedContents",
    "anthropic,  openai-chat,        https://api.anthropic.com:443, /v1/chat/completions",
    "anthropic,  anthropic-messages, https://api.anthropic.com:443, /v1/messages",
    "openrouter, openai-responses,   https://openrouter.ai:443,     /api/v1/responses",
    "openrouter, openai-embeddings,  https://openrouter.ai:443,     /api/v1/embeddings",
    "mistral,    openai-chat,        https://api.mistral.ai:443,    /v1/chat/completions",
    "mistral,    openai-embeddings,  https://api.mistral.ai:443,    /v1/embeddings",
    "groq,       openai-chat,        https://api.groq.com:443,      /openai/v1/chat/completions",
    "groq,       openai-responses,   https://api.groq.com:443,      /openai/v1/responses",
    "xai,        openai-chat,        https://api.x.ai:443,          /v1/chat/completions",
    "xai,        openai-responses,   https://api.x.ai:443,          /v1/responses",
    "cohere,     cohere-chat,        https://api.cohere.com:443,    /v2/chat",
    "cohere,     cohere-chat-v1,     https://api.cohere.com:443,    /v1/chat",
    "ollama,     openai-chat,        http://localhost:11434,        /v1/chat/completions",
    "ollama,     openai-embeddings,  http://localhost:11434,        /v1/embeddings",
    "ollama,     ollama-chat,        http://localhost:11434,        /api/chat",
    "ollama,     ollama-generate,    http://localhost:11434,        /api/generate"
  })
  void isTheProvidersOwnUnlessConfigured(
      String provider, String protocol, String base, String path) {
    Target target = address("{'provider':'" + provider + "','auth':{}}")
        .of(Calls.at(protocol, "/x", "a=b"), "m");

    assertThat(target.scheme() + "://" + target.address()).isEqualTo(base);
    assertThat(target.pathAndQuery()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "models/.."})
  void noModelLeadsOutOfItsPlace(String model) {
    Address address = address("{'provider':'gemini','auth':{}}");

    Problem problem = catchThrowableOfType(
        Problem.class, () -> address.of(Calls.at("gemini-generate", "/x", ""), model));

    assertThat(problem.kind() + " " + problem.param()).isEqualTo("INVALID_REQUEST model");
  }

  @ParameterizedTest
  @CsvSource({
    "/openai/v1,               openai-chat,        /openai/v1/chat/completions",
    "/openai/v1/,              openai-responses,   /openai/v1/responses",
    "/openai/v1,               openai-embeddings,  /openai/v1/embeddings",
    "/openai/v1,               openai-completions, /openai/v1/completions",
    "/x/openai/v1?a=b,         openai-chat,        /x/openai/v1/chat/completions?a=b",
    "/openai/deployments/d?api-version=1, openai-chat,       /openai/deployments/d/chat/completions?api-version=1",
    "/openai/deployments/d/?api-version=1, openai-embeddings, /openai/deployments/d/embeddings?api-version=1",
    "/openai/deployments/d/chat/completions?api-version=1, openai-chat, /openai/deployments/d/chat/completions?api-version=1",
    "'',                       openai-chat,        /completions",
    "/v1,                      openai-chat,        /v1",
  })
  void beginsWhereAzureHasItsPaths(String endpoint, String protocol, String path) {
    Target target = address(
            toEndpoint("azure-openai", "{}", "https://r.openai.azure.com" + endpoint))
        .of(Calls.at(protocol, "/x", ""), "m");

    assertThat(target.pathAndQuery()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "/openai/v1,                              true",
    "/openai/deployments/d,                   false",
    "/openai/deployments/d/chat/completions,  false",
  })
  void saysWhichModelItIsWhereAzureHasItInThePath(String endpoint, boolean takesModel) {
    AiProxy settings = Settings.of(
        "{'provider':'azure-openai','auth':{},'override':{'endpoint':'https://r.openai.azure.com"
            + endpoint + "'}}");

    assertThat(settings.provider().takesModel(CHAT)).isEqualTo(takesModel);
  }

  @ParameterizedTest
  @CsvSource({
    "europe-west1, openai-chat,     europe-west1-aiplatform.googleapis.com, /v1beta1/projects/p/locations/europe-west1/endpoints/openapi/chat/completions",
    "europe-west1, vertex-predict,  europe-west1-aiplatform.googleapis.com, /v1/projects/p/locations/europe-west1/publishers/google/models/m:predict",
    "europe-west1, gemini-generate, europe-west1-aiplatform.googleapis.com, /v1/projects/p/locations/europe-west1/publishers/google/models/m:generateContent",
    "global,       vertex-predict,  aiplatform.googleapis.com,              /v1/projects/p/locations/global/publishers/google/models/m:predict",
    "eu,           vertex-predict,  aiplatform.eu.rep.googleapis.com,       /v1/projects/p/locations/eu/publishers/google/models/m:predict",
  })
  void isInTheRegionOfTheProject(String region, String protocol, String host, String path) {
    Target target = address(
            "{'provider':'vertex-ai','auth':{},'provider_conf':{'project_id':'p','region':'"
                + region + "'}}")
        .of(Calls.at(protocol, "/x", ""), "m");

    assertThat(target.host() + target.pathAndQuery()).isEqualTo(host + path);
  }

  @ParameterizedTest
  @CsvSource({
    "http://one.example,            http,  one.example:80,   /v1/chat/completions",
    "https://one.example:8443,      https, one.example:8443, /v1/chat/completions",
    "https://one.example/,          https, one.example:443,  /",
    "https://one.example/a/b%20c,   https, one.example:443,  /a/b%20c",
    "https://[::1]:81/a?x=1&y=%2F,  https, [::1]:81,         /a?x=1&y=%2F",
    "https://one.example?x=1,       https, one.example:443,  /v1/chat/completions?x=1",
  })
  void isTheConfiguredOneToTheLetter(String endpoint, String scheme, String at, String path) {
    Target target = address(toEndpoint("openai", "{}", endpoint)).of(Calls.at(CHAT, "/x", ""), "m");

    assertThat(target.scheme()).isEqualTo(scheme);
    assertThat(target.address()).isEqualTo(at);
    assertThat(target.pathAndQuery()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "m,             /v1beta/models/m:generateContent",
    "models/m,      /v1beta/models/m:generateContent",
    "tunedModels/m, /v1beta/tunedModels/m:generateContent",
    "a/b,           /v1beta/models/a%2Fb:generateContent",
    "models/a/b,    /v1beta/models/models%2Fa%2Fb:generateContent",
    "a:b ?#,        /v1beta/models/a%3Ab%20%3F%23:generateContent",
    "../x,          /v1beta/models/..%2Fx:generateContent",
  })
  void namesTheModelAsOneSegmentBehindItsCollection(String model, String path) {
    Address address = address("{'provider':'gemini','auth':{}}");

    assertThat(address.of(Calls.at("gemini-generate", "/x", ""), model).pathAndQuery())
        .isEqualTo(path);
  }

  @Test
  void keepsTheClientsKeyToItself() {
    Address address = address("{'provider':'gemini','auth':{}}");

    assertThat(address
            .of(
                Calls.at("gemini-generate", "/x", "key=secret&alt=sse&$alt=json&prettyPrint=1"),
                "m")
            .query())
        .isEqualTo("alt=sse&$alt=json");
  }

  @Test
  void hasNoPathOfItsOwnForPassedThroughRequests() {
    Address address = address(toEndpoint("openai-compatible", "{}", "http://one.example"));

    assertThat(address.of(Calls.at(PASSTHROUGH, "/v1/files", "a=1&b=%20"), "m").pathAndQuery())
        .isEqualTo("/v1/files?a=1&b=%20");
  }

  @Test
  void leavesTheConfiguredPathToPassedThroughRequests() {
    Address address = address(toEndpoint("openai-compatible", "{}", "http://one.example/fixed"));

    assertThat(address.of(Calls.at(PASSTHROUGH, "/v1/files", "a=1"), "m").pathAndQuery())
        .isEqualTo("/fixed?a=1");
  }

  @ParameterizedTest
  @CsvSource({
    "/a b,        /a%20b",
    "/ä,          /%C3%A4",
    "/a%b,        /a%25b",
    "/a?b,        /a%3Fb",
    "/a#b,        /a%23b",
    "//evil/x,    /evil/x",
    "/a//b,       /a//b",
    "/a;b=c,      /a;b=c",
    "/a@b:c,      /a@b:c"
  })
  void encodesADecodedPathAnew(String decoded, String encoded) {
    Address address = address(toEndpoint("openai-compatible", "{}", "http://one.example"));

    assertThat(address.of(Calls.at(PASSTHROUGH, decoded, ""), "m")).satisfies(target -> {
      assertThat(target.path()).isEqualTo(encoded);
      assertThat(target.address()).isEqualTo("one.example:80");
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/../b", "/..", "/a\\b", "/a\nb", "/a\u0000b"})
  void refusesAPathThatIsNotNormalised(String path) {
    Address address = address(toEndpoint("openai-compatible", "{}", "http://one.example"));

    Problem problem =
        catchThrowableOfType(Problem.class, () -> address.of(Calls.at(PASSTHROUGH, path, ""), "m"));

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
  }

  @Test
  void keepsTheClientsQueryToItselfUnlessPassedThrough() {
    Address address = address(toEndpoint("openai", "{}", "http://one.example?own=1"));

    assertThat(address.of(Calls.at(CHAT, "/x", "client=1&own=2"), "m").query()).isEqualTo("own=1");
  }

  @Test
  void letsTheEndpointsQueryGoBeforeTheCredentials() {
    Address address =
        address(toEndpoint("openai", "{'query':{'key':'k1','v':'1'}}", "http://one.example?v=2"));

    assertThat(address.of(Calls.at(CHAT, "/x", ""), "m").query()).isEqualTo("key=k1&v=2");
  }

  @Test
  void letsTheClientsQueryGoBeforeTheEndpointsButNeverBeforeTheCredentials() {
    Address address =
        address(toEndpoint("openai", "{'query':{'key':'k1'}}", "http://one.example?v=2&w=3"));

    assertThat(address
            .of(Calls.at(PASSTHROUGH, "/x", "key=stolen&v=9&k%65y=again&new=1"), "m")
            .query())
        .isEqualTo("key=k1&v=9&w=3&new=1");
  }

  @Test
  void encodesCredentialsOfTheQuery() {
    Address address = address(toEndpoint("openai", "{'query':{'a b':'x&y=z+ä'}}", "http://h"));

    assertThat(address.of(Calls.at(CHAT, "/x", ""), "m").query())
        .isEqualTo("a%20b=x%26y%3Dz%2B%C3%A4");
  }

  private static Address address(String plugin) {
    return new Address(Settings.of(plugin));
  }

  private static String toEndpoint(String provider, String auth, String endpoint) {
    return "{'provider':'" + provider + "','auth':" + auth + ",'override':{'endpoint':'" + endpoint
        + "'}}";
  }
}
