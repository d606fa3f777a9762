package io.aiproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.provider.Provider;
import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.OutsideProvider;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.WireClient;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers that the gateway has never heard of, from a jar on its class path and from mere configuration. */
class OutsideProviderTest {
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final String QUESTION = "{\"model\":\"m 1\",\"messages\":[]}";

  @TempDir
  private Path folder;

  @Test
  void isFoundInAJarAndSpokenToAsItSays() throws Exception {
    try (URLClassLoader webapp =
        new URLClassLoader(urls(jar()), ClassLoader.getPlatformClassLoader())) {
      @SuppressWarnings("unchecked")
      Function<String, List<String>> trip = (Function<String, List<String>>)
          webapp.loadClass(Trip.class.getName()).getConstructor().newInstance();

      assertThat(trip.apply("outside"))
          .containsExactly(
              "200",
              "{\"choices\":[]}",
              "/models/m%201/chat",
              "{\"messages\":[],\"limits\":{\"output\":5}}",
              "7");
    }
  }

  @Test
  void isAnyThatSpeaksAsOpenAiDoes() {
    assertThat(new Trip().apply("openai-compatible"))
        .containsExactly(
            "200",
            "{\"choices\":[]}",
            "/v1/chat/completions",
            "{\"model\":\"m 1\",\"messages\":[],\"max_tokens\":5}",
            "");
  }

  private Path jar() throws IOException {
    Path jar = folder.resolve("outside.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      String type = OutsideProvider.class.getName().replace('.', '/') + ".class";
      out.putNextEntry(new JarEntry(type));
      try (InputStream in = OutsideProvider.class.getResourceAsStream("/" + type)) {
        in.transferTo(out);
      }
      out.putNextEntry(new JarEntry("META-INF/services/" + Provider.class.getName()));
      out.write(OutsideProvider.class.getName().getBytes(UTF_8));
    }
    return jar;
  }

  private static URL[] urls(Path jar) throws IOException {
    List<URL> urls = new ArrayList<>(List.of(jar.toUri().toURL()));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  /** A request to a provider, and what became of it; may be loaded once more, beside the jar, as in a web application. */
  public static final class Trip implements Function<String, List<String>> {
    private static final String ROUTE =
        "{'uri':'/*','plugins':{'ai-proxy':{'provider':'%s','auth':{},"
            + "'override':{'endpoint':'%s','llm_options':{'max_tokens':5}}}}}";

    /** For a class loader that does not know the test. */
    public Trip() {}

    @Override
    public List<String> apply(String provider) {
      Stage stage = new Stage();
      try (ScriptedUpstream upstream =
              ScriptedUpstream.open().answers(turn -> turn.json("{\"choices\":[]}"));
          JettyContainer container = JettyContainer.open(stage, IDLE);
          Gateway gateway =
              Gateway.open(Settings.configuration(ROUTE.formatted(provider, upstream.url())));
          WireClient client = WireClient.to(container.port())) {
        AiProxyFilter filter = new AiProxyFilter(gateway);
        filter.init(stage.config());
        stage.has(filter);
        WireClient.Answer answer = client.post("/v1/chat/completions", QUESTION).answer();
        ScriptedUpstream.Request sent = upstream.request(0);
        return List.of(
            Integer.toString(answer.status()),
            answer.text(),
            sent.target(),
            sent.text(),
            sent.headers().first("x-outside-version").orElse(""));
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }
  }
}
