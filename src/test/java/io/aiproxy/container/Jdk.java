package io.aiproxy.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java that containers run on: that of the build, unless {@code -Dai-proxy.java-home} names another one. */
record Jdk(Path home) {
  private static final Pattern FEATURE = Pattern.compile("JAVA_VERSION=\"(\\d+)");

  static Jdk ofContainers() {
    return new Jdk(
        Path.of(System.getProperty("ai-proxy.java-home", System.getProperty("java.home"))));
  }

  String tool(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  boolean hasVirtualThreads() throws IOException {
    return feature() >= 21;
  }

  private int feature() throws IOException {
    Matcher matcher = FEATURE.matcher(Files.readString(home.resolve("release")));
    if (!matcher.find()) {
      throw new IOException("no version in " + home.resolve("release"));
    }
    return Integer.parseInt(matcher.group(1));
  }
}
