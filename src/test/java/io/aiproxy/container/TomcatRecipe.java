package io.aiproxy.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code deploy/tomcat/README.md}. */
record TomcatRecipe(Path home) implements Recipe {
  private static final Path FILES = DEPLOY.resolve("tomcat");
  private static final Pattern LOGBACK_VALVE =
      Pattern.compile("<Valve className=\"ch.qos.logback[^>]*/>");

  @Override
  public void lay(Path base, Deployment deployment) throws IOException {
    for (String folder : new String[] {"bin", "lib", "logs", "temp", "webapps", "work"}) {
      Files.createDirectories(base.resolve(folder));
    }
    Recipe.copyFolder(home.resolve("conf"), base.resolve("conf"));
    Recipe.copyFolder(FILES, base);
    Recipe.copyLogConfigurations(base.resolve("conf"));
    Recipe.copyJars(
        base.resolve("lib"), "logback-access-tomcat", "logback-access-common", "logback-core");
    Files.writeString(base.resolve("conf/ai-proxy.json"), deployment.config());
    Files.copy(deployment.war(), war(base));
    if (deployment.log() == AccessLog.NATIVE) {
      putNativeLog(base.resolve("conf"));
    }
  }

  private static void putNativeLog(Path conf) throws IOException {
    Path server = conf.resolve("server.xml");
    String valve =
        Matcher.quoteReplacement(Files.readString(conf.resolve("access-log-native.xml")));
    Files.writeString(server, LOGBACK_VALVE.matcher(Files.readString(server)).replaceFirst(valve));
  }

  @Override
  public ProcessBuilder start(Path base, Jdk jdk, Deployment deployment) {
    ProcessBuilder process =
        new ProcessBuilder("sh", home.resolve("bin").resolve("catalina.sh").toString(), "run");
    process.environment().put("JAVA_HOME", jdk.home().toString());
    process.environment().put("CATALINA_HOME", home.toString());
    process.environment().put("CATALINA_BASE", base.toString());
    process.environment().put("CATALINA_OPTS", String.join(" ", options(deployment)));
    return process;
  }

  private static String[] options(Deployment deployment) {
    return new String[] {
      "-Xmx192m",
      "-Dai-proxy.port=0",
      "-Dai-proxy.auto-deploy=" + deployment.hot(),
      "-Dai-proxy.deploy-scan-seconds=1",
      "-Dai-proxy.access-log=conf/"
          + (deployment.log() == AccessLog.JSON ? "logback-access-json.xml" : "logback-access.xml")
    };
  }

  @Override
  public Path war(Path base) {
    return base.resolve("webapps/ROOT.war");
  }

  @Override
  public List<Path> webapp(Path base) {
    return List.of(war(base));
  }

  @Override
  public Pattern listening() {
    return Pattern.compile("Starting ProtocolHandler \\[\"http-nio-auto-1-(\\d+)\"]");
  }

  @Override
  public Pattern ready() {
    return Pattern.compile("Server startup in");
  }

  @Override
  public Pattern deployed() {
    return Pattern.compile("Deployment of web application archive .* has finished");
  }

  @Override
  public Pattern undeployed() {
    return Pattern.compile("Undeploying context \\[]");
  }

  @Override
  public String webappClassLoader() {
    return "org.apache.catalina.loader.ParallelWebappClassLoader";
  }
}
