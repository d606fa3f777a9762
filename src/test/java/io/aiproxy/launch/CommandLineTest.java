package io.aiproxy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  @Test
  void servesWithoutACommand() throws Failure {
    assertThat(parse("--config", "routes.json"))
        .isEqualTo(new Serve(
            "routes.json",
            new ServeOptions(
                "127.0.0.1", 9080, Optional.empty(), Optional.empty(), Duration.ofSeconds(20)),
            Map.of()));
  }

  @Test
  void readsEveryOptionOfServe() throws Failure {
    assertThat(parse(
            "serve",
            "--config",
            "c",
            "--host",
            "::1",
            "--port",
            "0",
            "--access-log-config",
            "a.xml",
            "--log-config",
            "l.xml",
            "--drain-timeout",
            "3"))
        .isEqualTo(new Serve(
            "c",
            new ServeOptions(
                "::1",
                0,
                Optional.of(Path.of("a.xml")),
                Optional.of(Path.of("l.xml")),
                Duration.ofSeconds(3)),
            Map.of()));
  }

  @Test
  void readsAValueAfterAnEqualsSign() throws Failure {
    assertThat(((Serve) parse("serve", "--config=a=b")).config()).isEqualTo("a=b");
  }

  @Test
  void prefersTheOptionThenThePropertyThenTheVariable() throws Failure {
    assertThat(config(
            List.of("--config", "option"),
            Optional.of("property"),
            Map.of("AI_PROXY_CONFIG", "variable")))
        .isEqualTo("option");
    assertThat(config(List.of(), Optional.of("property"), Map.of("AI_PROXY_CONFIG", "variable")))
        .isEqualTo("property");
    assertThat(config(List.of(), Optional.empty(), Map.of("AI_PROXY_CONFIG", "variable")))
        .isEqualTo("variable");
  }

  @Test
  void tellsWhereAConfigurationCanBeNamedIfNoneIs() {
    refused("serve").hasMessageContaining("--config FILE").hasMessageContaining("ai-proxy.config");
  }

  @Test
  void checksEveryFile() throws Failure {
    assertThat(parse("check", "a", "b")).isEqualTo(new Check(List.of("a", "b")));
  }

  @Test
  void givesTheDemoTheOptionsOfServing() throws Failure {
    assertThat(((Demo) parse("demo", "--port", "8000")).options().port()).isEqualTo(8000);
  }

  @Test
  void helpsWhateverElseIsSaid() throws Failure {
    assertThat(parse("serve", "--nonsense", "--help")).isEqualTo(new Help());
    assertThat(parse("--version")).isEqualTo(new Version());
  }

  @Test
  void refusesAnUnknownCommand() {
    refused("server").hasMessageContaining("unknown command: server");
  }

  @Test
  void refusesAnUnknownOption() {
    refused("serve", "--confg", "x").hasMessageContaining("unknown option: --confg");
    refused("demo", "--config", "x").hasMessageContaining("unknown option: --config");
    refused("check", "--port", "1", "x").hasMessageContaining("unknown option: --port");
  }

  @Test
  void refusesAnOptionWithoutItsValue() {
    refused("serve", "--config").hasMessageContaining("--config needs a value");
  }

  @Test
  void refusesAnArgumentThatServeDoesNotTake() {
    refused("serve", "--config", "x", "y").hasMessageContaining("unexpected argument: y");
  }

  @Test
  void refusesNumbersOutOfRange() {
    for (String port : List.of("-1", "65536", "http", "99999999999", "")) {
      refused("serve", "--config", "x", "--port", port)
          .hasMessageContaining("from 0 to 65535, was \"" + port + "\"");
    }
    refused("demo", "--drain-timeout", "1.5").hasMessageContaining("from 0 to 3600");
  }

  @Test
  void refusesACheckOfNothing() {
    refused("check").hasMessageContaining("needs a file");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(String... args) {
    return assertThatThrownBy(() -> parse(args))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.status()).isEqualTo(2));
  }

  private static Command parse(String... args) throws Failure {
    return CommandLine.parse(List.of(args), name -> Optional.empty(), Map.of());
  }

  private static String config(
      List<String> args, Optional<String> property, Map<String, String> variables) throws Failure {
    Command command = CommandLine.parse(
        args, name -> property.filter(value -> name.equals("ai-proxy.config")), variables);
    return ((Serve) command).config();
  }
}
