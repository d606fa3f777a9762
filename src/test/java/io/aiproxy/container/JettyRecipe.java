package io.aiproxy.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** {@code deploy/jetty/README.md}. */
record JettyRecipe(Path home) implements Recipe {
  private static final Path FILES = DEPLOY.resolve("jetty");

  @Override
  public void lay(Path base, Deployment deployment) throws IOException {
    Recipe.copyFolder(FILES, base);
    Recipe.copyLogConfigurations(base.resolve("etc"));
    Recipe.copyJars(
        base.resolve("lib/logback-access"),
        "logback-access-jetty12",
        "logback-access-common",
        "logback-core");
    for (String folder : new String[] {"environments", "logs", "temp", "webapps"}) {
      Files.createDirectories(base.resolve(folder));
    }
    Files.writeString(base.resolve("etc/ai-proxy.json"), deployment.config());
    Files.copy(deployment.war(), war(base));
    if (deployment.log() == AccessLog.NATIVE) {
      Path modules = base.resolve("start.d/ai-proxy.ini");
      Files.writeString(
          modules, Files.readString(modules).replace("logback-access", "native-access-log"));
    }
  }

  @Override
  public ProcessBuilder start(Path base, Jdk jdk, Deployment deployment) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        jdk.tool("java"),
        "-Xmx192m",
        "-jar",
        home.resolve("start.jar").toString(),
        "jetty.http.port=0",
        "jetty.deploy.scanInterval=" + (deployment.hot() ? 1 : 0)));
    if (deployment.log() == AccessLog.JSON) {
      command.add("ai-proxy.access-log=etc/logback-access-json.xml");
    }
    if (jdk.hasVirtualThreads()) {
      command.add("--module=threadpool-virtual");
    }
    return new ProcessBuilder(command).directory(base.toFile());
  }

  @Override
  public Path war(Path base) {
    return base.resolve("webapps/ai-proxy.war");
  }

  @Override
  public List<Path> webapp(Path base) {
    return List.of(base.resolve("webapps/ai-proxy.xml"), war(base));
  }

  @Override
  public Pattern listening() {
    return Pattern.compile("Started oejs.ServerConnector@.*\\{[\\d.]+:(\\d+)}");
  }

  @Override
  public Pattern ready() {
    return Pattern.compile("Started oejs.Server@");
  }

  @Override
  public Pattern deployed() {
    return Pattern.compile("Started oeje10w.WebAppContext@");
  }

  @Override
  public Pattern undeployed() {
    return Pattern.compile("Stopped oeje10w.WebAppContext@");
  }

  @Override
  public String webappClassLoader() {
    return "org.eclipse.jetty.ee.webapp.WebAppClassLoader";
  }
}
