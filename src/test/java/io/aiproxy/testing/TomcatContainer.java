package io.aiproxy.testing;

import io.aiproxy.NoRoute;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Tomcat as it comes. */
public final class TomcatContainer implements ServletContainer {
  /** Held, since loggers that nobody holds forget what they were told. */
  private static final Logger LOG = Logger.getLogger("org.apache");

  private final Tomcat tomcat;
  private final Path base;

  private TomcatContainer(Tomcat tomcat, Path base) {
    this.tomcat = tomcat;
    this.base = base;
  }

  /** Starts it with that stage. */
  public static TomcatContainer open(Stage stage, Duration idle) {
    LOG.setUseParentHandlers(false); // it logs each cut that a test is about
    try {
      Path base = Files.createTempDirectory("tomcat");
      Tomcat tomcat = new Tomcat();
      tomcat.setBaseDir(base.toString());
      tomcat.setConnector(connector(idle));
      Context context = tomcat.addContext("", new File(base.toString()).getAbsolutePath());
      context.addFilterDef(filter(stage));
      context.addFilterMap(everywhere());
      Tomcat.addServlet(context, "no-route", new NoRoute());
      context.addServletMappingDecoded("/", "no-route");
      tomcat.start();
      return new TomcatContainer(tomcat, base);
    } catch (IOException | LifecycleException failure) {
      throw new AssertionError(failure);
    }
  }

  private static Connector connector(Duration idle) {
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("connectionTimeout", Long.toString(idle.toMillis()));
    return connector;
  }

  private static FilterDef filter(Stage stage) {
    FilterDef definition = new FilterDef();
    definition.setFilterName("stage");
    definition.setFilter(stage);
    return definition;
  }

  private static FilterMap everywhere() {
    FilterMap map = new FilterMap();
    map.setFilterName("stage");
    map.addURLPattern("/*");
    return map;
  }

  @Override
  public int port() {
    return tomcat.getConnector().getLocalPort();
  }

  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
      try (Stream<Path> files = Files.walk(base)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    } catch (LifecycleException failure) {
      throw new AssertionError(failure);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
