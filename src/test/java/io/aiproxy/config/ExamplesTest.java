package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.aiproxy.provider.Providers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The examples work as they stand, once the variable that they name is set. */
class ExamplesTest {
  @Test
  void openAi() throws Exception {
    Route route = example("openai", "OPENAI_API_KEY");

    assertThat(route.aiProxy().provider().name()).isEqualTo("openai");
    assertThat(route.uris()).containsExactly("/anything");
    assertThat(route.aiProxy().auth().header())
        .isEqualTo(Map.of("Authorization", Secret.of("Bearer the key")));
    assertThat(route.aiProxy().options()).hasToString("{\"model\":\"gpt-4\"}");
  }

  @Test
  void deepSeek() throws Exception {
    Route route = example("deepseek", "DEEPSEEK_API_KEY");

    assertThat(route.aiProxy().provider().name()).isEqualTo("deepseek");
    assertThat(route.uris()).containsExactly("/anything");
    assertThat(route.aiProxy().auth().header())
        .isEqualTo(Map.of("Authorization", Secret.of("Bearer the key")));
    assertThat(route.aiProxy().options()).hasToString("{\"model\":\"deepseek-chat\"}");
  }

  @Test
  void azureOpenAi() throws Exception {
    Route route = example("azure-openai", "AZ_OPENAI_API_KEY");

    assertThat(route.aiProxy().provider().name()).isEqualTo("azure-openai");
    assertThat(route.uris()).containsExactly("/anything");
    assertThat(route.aiProxy().auth().header()).isEqualTo(Map.of("api-key", Secret.of("the key")));
    assertThat(route.aiProxy().options()).hasToString("{\"model\":\"gpt-4\"}");
    assertThat(route.aiProxy().override().endpoint())
        .contains(new Endpoint(
            "https",
            "api7-azure-openai.openai.azure.com",
            443,
            "/openai/deployments/gpt-4/chat/completions",
            "api-version=2024-02-15-preview"));
  }

  @Test
  void embeddings() throws Exception {
    Route route = example("embeddings", "OPENAI_API_KEY");

    assertThat(route.aiProxy().provider().name()).isEqualTo("openai");
    assertThat(route.uris()).containsExactly("/embeddings");
    assertThat(route.aiProxy().options())
        .hasToString("{\"model\":\"text-embedding-3-small\",\"encoding_format\":\"float\"}");
    assertThat(route.aiProxy().override().endpoint())
        .contains(new Endpoint("https", "api.openai.com", 443, "/v1/embeddings", ""));
  }

  @Test
  void severalInstances() throws Exception {
    byte[] file = Files.readAllBytes(Path.of("deploy/examples/several-instances.json"));
    Environment environment =
        new ScriptedEnvironment().with("OPENAI_API_KEY", "one").with("DEEPSEEK_API_KEY", "another");
    Route route =
        new ConfigReader(Providers.installed(), environment).read(file).routes().get(0);

    assertThat(route.instances())
        .extracting(Instance::name, Instance::weight, Instance::priority)
        .containsExactly(tuple("openai", 8, 1), tuple("own", 2, 1), tuple("deepseek", 1, 0));
    assertThat(route.instances().get(1).check().orElseThrow().request().target())
        .isEqualTo("/health");
    assertThat(route.balancing().orElseThrow().fallback().covers(429)).isTrue();
  }

  @Test
  void byPrompt() throws Exception {
    Route route = example("by-prompt", "OPENAI_API_KEY");
    Semantic semantic = route.balancing().orElseThrow().choosing().semantic().orElseThrow();

    assertThat(semantic.fallback()).isEqualTo("everything-else");
    assertThat(semantic.topics())
        .contains(new Semantic.Topic(
            List.of("Write a Python function that", "Why does this code not compile?"), 0.4));
    assertThat(((Semantic.Remote) semantic.vectors()).auth().header())
        .isEqualTo(Map.of("Authorization", Secret.of("Bearer the key")));
  }

  private static Route example(String name, String variable) throws IOException, BadConfiguration {
    byte[] file = Files.readAllBytes(Path.of("deploy/examples", name + ".json"));
    Environment environment = new ScriptedEnvironment().with(variable, "the key");
    Route route =
        new ConfigReader(Providers.installed(), environment).read(file).routes().get(0);

    assertThat(route.id()).isEqualTo("ai-proxy-route");
    assertThat(route.methods()).isEqualTo(Set.of("POST"));
    return route;
  }
}
