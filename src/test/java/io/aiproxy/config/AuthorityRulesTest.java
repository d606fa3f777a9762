package io.aiproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.auth.AuthSettings;
import io.aiproxy.auth.Authorities;
import io.aiproxy.auth.Authority;
import io.aiproxy.auth.Signer;
import io.aiproxy.provider.Providers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class AuthorityRulesTest {
  private final AtomicReference<AuthSettings> opened = new AtomicReference<>();

  @Test
  void aRouteThatNeedsAMissingLibraryIsRefusedWithItsName() {
    assertThat(errors("{'gcp':{}}", new Fake("gcp", false)))
        .containsExactly(
            "plugins.ai-proxy.auth.gcp: needs the library g:gcp on the class path, beside the gateway's own");
  }

  @Test
  void anAuthorityThatNobodyBringsIsRefused() {
    assertThat(errors("{'aws':{}}", new Fake("gcp", true)))
        .singleElement()
        .asString()
        .startsWith("plugins.ai-proxy.auth.aws: is not known to this gateway");
  }

  @Test
  void onlyOneAuthorityGivesOutTheCredential() {
    assertThat(errors("{'gcp':{},'aws':{}}", new Fake("gcp", true)))
        .containsExactly("plugins.ai-proxy.auth.aws: cannot stand beside gcp");
  }

  @Test
  void whatAnAuthorityFindsWrongIsToldAtItsKey() {
    assertThat(errors("{'gcp':{'max_ttl':13}}", new Fake("gcp", true)))
        .containsExactly("plugins.ai-proxy.auth.gcp.max_ttl: brings bad luck");
  }

  @Test
  void anAuthorityIsToldDefaultsAndWhatReferencesLeadTo() throws BadConfiguration {
    Auth auth = read(
        "{'gcp':{'service_account_json':'${KEY}'}}",
        new Fake("gcp", true),
        new ScriptedEnvironment().with("KEY", "{}\n").with("OTHER", "x"));

    Signer unused = auth.method().orElseThrow().open();

    assertThat(List.of(
            opened.get().text("service_account_json"),
            opened.get().text("expire_early_secs"),
            opened.get().text("max_ttl"),
            opened.get().providerConf("region"),
            opened.get().variable("OTHER"),
            opened.get().variable("NONE")))
        .containsExactly(
            Optional.of("{}\n"),
            Optional.of("60"),
            Optional.empty(),
            Optional.of("eu"),
            Optional.of("x"),
            Optional.empty());
  }

  @Test
  void aClientsOwnKeyStaysBehindWhereAnAuthorityGivesOne() throws BadConfiguration {
    assertThat(
            read("{'gcp':{}}", new Fake("gcp", true), new ScriptedEnvironment()).isOwn())
        .isFalse();
  }

  @Test
  void settingsPrintAsDots() throws BadConfiguration {
    Auth auth = read(
        "{'gcp':{'service_account_json':'secret'}}",
        new Fake("gcp", true),
        new ScriptedEnvironment());

    assertThat(auth.toString()).contains("gcp ......").doesNotContain("secret");
  }

  private List<String> errors(String auth, Authority authority) {
    return catchThrowableOfType(
            BadConfiguration.class, () -> read(auth, authority, new ScriptedEnvironment()))
        .errors()
        .stream()
        .map(ConfigError::toString)
        .toList();
  }

  private static Auth read(String auth, Authority authority, Environment environment)
      throws BadConfiguration {
    String route =
        "{'uri':'/*','plugins':{'ai-proxy':{'provider':'openai','provider_conf':{'region':'eu'},'auth':"
            + auth + "}}}";
    return new ConfigReader(Providers.installed(), Authorities.of(List.of(authority)), environment)
        .read(route.replace('\'', '"').getBytes(UTF_8))
        .routes()
        .get(0)
        .aiProxy()
        .auth();
  }

  private final class Fake implements Authority {
    private final String name;
    private final boolean available;

    private Fake(String name, boolean available) {
      this.name = name;
      this.available = available;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String library() {
      return "g:" + name;
    }

    @Override
    public boolean available() {
      return available;
    }

    @Override
    public void check(AuthSettings settings, BiConsumer<String, String> fault) {
      if (settings.text("max_ttl").equals(Optional.of("13"))) {
        fault.accept("max_ttl", "brings bad luck");
      }
    }

    @Override
    public Signer open(AuthSettings settings) {
      opened.set(settings);
      return (call, next) -> next.handle(call);
    }
  }
}
