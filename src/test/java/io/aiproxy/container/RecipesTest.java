package io.aiproxy.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the READMEs in {@code deploy/} promise is what the build tries. */
class RecipesTest {
  private static final Path DEPLOY = Path.of("deploy");

  @Test
  void namesTheVersionsForTomcatThatAreTried() throws IOException {
    assertThat(readme("tomcat"))
        .contains(
            "Tomcat " + version("tomcat10.zip.version") + " and " + version("tomcat11.zip.version"),
            "`ch.qos.logback.access:logback-access-tomcat` | " + version("logback-access.version"),
            "`ch.qos.logback.access:logback-access-common` | " + version("logback-access.version"),
            "`ch.qos.logback:logback-core` | " + version("logback.version"),
            "ch.qos.logback.access:logback-access-tomcat:" + version("logback-access.version"),
            "ch.qos.logback.access:logback-access-common:" + version("logback-access.version"),
            "ch.qos.logback:logback-core:" + version("logback.version"));
  }

  @Test
  void namesTheVersionsForJettyThatAreTried() throws IOException {
    assertThat(readme("jetty"))
        .contains(
            "Jetty " + version("jetty.version"),
            "`ch.qos.logback.access:logback-access-jetty12` | " + version("logback-access.version"),
            "`ch.qos.logback.access:logback-access-common` | " + version("logback-access.version"),
            "`ch.qos.logback:logback-core` | " + version("logback.version"),
            "ch.qos.logback.access:logback-access-jetty12:" + version("logback-access.version"),
            "ch.qos.logback.access:logback-access-common:" + version("logback-access.version"),
            "ch.qos.logback:logback-core:" + version("logback.version"));
  }

  @Test
  void namesTheSettingsThatTheFilesHave() throws IOException {
    String server = Files.readString(DEPLOY.resolve("tomcat/conf/server.xml"));
    Matcher setting = Pattern.compile(
            "^\\| `(ai-proxy\\.(?!logs|virtual)[a-z-]+)` \\| `?([^ |`]+)", Pattern.MULTILINE)
        .matcher(readme("tomcat"));

    assertThat(setting.results().map(found -> "${" + found.group(1) + ":-" + found.group(2) + "}"))
        .hasSizeGreaterThan(3)
        .allMatch(server::contains);
  }

  private static String readme(String container) throws IOException {
    return Files.readString(DEPLOY.resolve(container).resolve("README.md"));
  }

  private static String version(String property) throws IOException {
    Matcher matcher = Pattern.compile("<" + Pattern.quote(property) + ">([^<]+)<")
        .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
