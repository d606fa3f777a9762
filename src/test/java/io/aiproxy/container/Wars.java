package io.aiproxy.container;

import java.io.IOException;
import java.nio.file.Path;

/** The web applications that are put into containers. */
final class Wars {
  private static final String WEB_XML = """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
        <filter><filter-name>g</filter-name><filter-class>io.aiproxy.container.StubGateway</filter-class></filter>
        <filter-mapping><filter-name>g</filter-name><url-pattern>/*</url-pattern></filter-mapping>
      </web-app>
      """;

  private Wars() {}

  /** The gateway as the build packs it. */
  static Path gateway() throws IOException {
    Path file = Path.of("target", "containers", "stub.war").toAbsolutePath();
    try (WarFile war = WarFile.open(file)) {
      war.with(StubGateway.class).with("WEB-INF/web.xml", WEB_XML);
    }
    return file;
  }
}
