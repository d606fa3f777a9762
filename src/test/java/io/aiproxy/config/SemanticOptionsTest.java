package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.provider.Providers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SemanticOptionsTest {
  private static final String EMBEDDINGS =
      "'embeddings':{'provider':'openai','model':'m','auth':{'header':{'Authorization':'Bearer hidden'}}}";
  private static final String A = "{'name':'a','provider':'openai','weight':0,'auth':{},";
  private static final String AT = "plugins.ai-proxy-multi.";

  @Test
  void hasTheDefaultsOfTheFamily() throws BadConfiguration {
    Semantic semantic = read("{" + EMBEDDINGS + "}", A + "'examples':['x']}");
    Semantic.Remote remote = (Semantic.Remote) semantic.vectors();

    assertThat(semantic.patience()).isEqualTo(Duration.ofSeconds(3));
    assertThat(semantic.fallback()).isEqualTo("a");
    assertThat(semantic.debugging()).isFalse();
    assertThat(semantic.topics()).containsExactly(new Semantic.Topic(List.of("x"), 0));
    assertThat(remote.endpoint().toString()).isEqualTo("https://api.openai.com:443/v1/embeddings");
    assertThat(remote.model()).isEqualTo("m");
    assertThat(remote.transport().sslVerify()).isTrue();
    assertThat(remote.transport().connectTimeout()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void readsAllKeys() throws BadConfiguration {
    Semantic semantic = read(
        "{'embeddings':{'provider':'azure-openai','model':'m','auth':{'query':{'k e y':'h&n'}},'timeout':50,'ssl_verify':false,"
            + "'endpoint':'https://x/openai/deployments/d/embeddings?api-version=1'},'threshold':0.5,'fallback':'b','debugging':true}",
        A + "'examples':['x','two\\nlines'],'threshold':-1}," + A.replace("'a'", "'b'")
            + "'examples':['y']}");
    Semantic.Remote remote = (Semantic.Remote) semantic.vectors();

    assertThat(semantic.patience()).isEqualTo(Duration.ofMillis(50));
    assertThat(semantic.fallback()).isEqualTo("b");
    assertThat(semantic.debugging()).isTrue();
    assertThat(semantic.topics())
        .containsExactly(
            new Semantic.Topic(List.of("x", "two\nlines"), -1),
            new Semantic.Topic(List.of("y"), 0.5));
    assertThat(remote.target().pathAndQuery())
        .isEqualTo("/openai/deployments/d/embeddings?api-version=1&k%20e%20y=h%26n");
    assertThat(remote.transport().sslVerify()).isFalse();
  }

  @Test
  void findsOpenAisPathWhereAnEndpointHasNone() throws BadConfiguration {
    Semantic semantic = read(
        "{'embeddings':{'provider':'openai','model':'m','endpoint':'http://localhost:1'}}",
        A + "'examples':['x']}");

    assertThat(((Semantic.Remote) semantic.vectors()).target().pathAndQuery())
        .isEqualTo("/v1/embeddings");
  }

  @Test
  void goesByScoreAlone() throws BadConfiguration {
    Instance instance = route(
            "'balancer':{'algorithm':'semantic'},'semantic_opts':{" + EMBEDDINGS + "},",
            A + "'priority':7,'examples':['x']}")
        .instances()
        .get(0);

    assertThat(instance.weight()).isEqualTo(1);
    assertThat(instance.priority()).isZero();
  }

  @Test
  void knowsTheModelInThisJvm() throws BadConfiguration {
    Semantic semantic = read("{'embeddings':{'provider':'in-process'}}", A + "'examples':['x']}");

    assertThat(((Semantic.Local) semantic.vectors()).model().name()).isEqualTo("langchain4j");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {}                                            | semantic_opts.embeddings          | is required, as the algorithm semantic needs semantic_opts.embeddings
      {EMBEDDINGS,'fallback':'nope'}                | semantic_opts.fallback            | unknown instance 'nope'
      {EMBEDDINGS,'threshold':1.1}                  | semantic_opts.threshold           | must be a number from -1 to 1, was 1.1
      {'embeddings':{'provider':'cohere'}}          | semantic_opts.embeddings.provider | must be one of openai, azure-openai, in-process; was "cohere"
      {'embeddings':{'provider':'openai'}}          | semantic_opts.embeddings.model    | is required for the provider openai
      {'embeddings':{'provider':'azure-openai'}}    | semantic_opts.embeddings.endpoint | is required for the provider azure-openai
      {'embeddings':{'provider':'azure-openai','endpoint':'https://x/'}} | semantic_opts.embeddings.endpoint | must contain the full deployment path, such as /openai/deployments/NAME/embeddings?api-version=VERSION
      {'embeddings':{'provider':'openai','model':'m','endpoint':'x/v1/embeddings'}} | semantic_opts.embeddings.endpoint | must begin with http:// or https:// and hold no line breaks
      {'embeddings':{'provider':'openai','model':'m','auth':{'gcp':{}}}} | semantic_opts.embeddings.auth.gcp | unknown key
      {'embeddings':{'provider':'openai','model':'m','auth':{'header':{'Content-Length':'1'}}}} | semantic_opts.embeddings.auth.header.Content-Length | must not be configured: the gateway sets it itself
      {'embeddings':{'provider':'openai','model':'m','timeout':0}} | semantic_opts.embeddings.timeout | must be a whole number from 1 to 600000, was 0
      {'embeddings':{'provider':'in-process','endpoint':'http://x'}} | semantic_opts.embeddings.endpoint | is for an endpoint, and in-process has none
      {'embeddings':{'provider':'in-process','model':'nope'}} | semantic_opts.embeddings.model | must be one of those on the class path: langchain4j
      """)
  void refuses(String options, String path, String message) {
    assertThat(errors(options.replace("EMBEDDINGS", EMBEDDINGS), A + "'examples':['x']}"))
        .containsExactly(new ConfigError(AT + path, message));
  }

  @Test
  void refusesAnInstanceWithoutExamples() {
    assertThat(errors(
            "{" + EMBEDDINGS + "}",
            A + "'examples':['x']}," + A.replace("'a'", "'b'") + "'priority':1}"))
        .containsExactly(new ConfigError(
            AT + "instances[1].examples",
            "is required, as the algorithm semantic goes by examples"));
  }

  @Test
  void refusesTooManyExamples() {
    String examples = String.join(",", Collections.nCopies(65, "'x'"));

    assertThat(errors("{" + EMBEDDINGS + "}", A + "'examples':[" + examples + "]}"))
        .containsExactly(
            new ConfigError(AT + "instances[0].examples", "must have at most 64 items, has 65"));
  }

  @Test
  void letsOtherAlgorithmsAlone() throws BadConfiguration {
    assertThat(route("", A + "'examples':['x']}")
            .balancing()
            .orElseThrow()
            .choosing()
            .semantic())
        .isEmpty();
  }

  private static Semantic read(String options, String instances) throws BadConfiguration {
    return route("'balancer':{'algorithm':'semantic'},'semantic_opts':" + options + ",", instances)
        .balancing()
        .orElseThrow()
        .choosing()
        .semantic()
        .orElseThrow();
  }

  private static List<ConfigError> errors(String options, String instances) {
    try {
      read(options, instances);
      return List.of();
    } catch (BadConfiguration wrong) {
      return wrong.errors();
    }
  }

  private static Route route(String options, String instances) throws BadConfiguration {
    String file = "{'uri':'/*','plugins':{'ai-proxy-multi':{" + options + "'instances':["
        + instances + "]}}}";
    return new ConfigReader(Providers.installed(), new ScriptedEnvironment())
        .read(file.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
        .routes()
        .get(0);
  }
}
