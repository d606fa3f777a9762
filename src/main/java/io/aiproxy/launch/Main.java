package io.aiproxy.launch;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The first class of {@code java -jar ai-proxy.war}. Unpacks the engine, its libraries and the launcher's own into a folder
 * that only this user can read, and goes on with {@code Launcher} there. Knows nothing but the JDK, since no class loader
 * reads a jar within a jar.
 */
public final class Main {
  private static final String LIBRARIES = "WEB-INF/lib/";
  private static final String LAUNCHER_LIBRARIES = "WEB-INF/launcher/lib/";

  /** It is for containers: here logback takes its place. */
  private static final String CONTAINER_LOGGING = LIBRARIES + "slf4j-jdk14-";

  private Main() {}

  /** Runs the command that the arguments name; see {@code --help}. Does not return before it is done. */
  public static void main(String[] args)
      throws IOException, ReflectiveOperationException, URISyntaxException {
    Path folder = Files.createTempDirectory("ai-proxy-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder), "ai-proxy-clean-up"));
    URI war = Main.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    ClassLoader loader = new URLClassLoader(
        "ai-proxy", unpack(Path.of(war), folder), ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    try {
      loader
          .loadClass("io.aiproxy.launch.Launcher")
          .getMethod("main", String[].class)
          .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      (cause == null ? e : cause).printStackTrace();
      System.exit(1);
    }
  }

  /** The class path that it leaves in the folder. */
  private static URL[] unpack(Path war, Path folder) throws IOException {
    List<URL> classPath = new ArrayList<>();
    try (JarFile jar = new JarFile(war.toFile())) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        String name = entry.getName();
        if (entry.isDirectory() || !wanted(name)) {
          continue;
        }
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder)) {
          throw new IOException("an entry that leads out of its folder: " + name);
        }
        Files.createDirectories(file.getParent());
        try (InputStream content = jar.getInputStream(entry)) {
          Files.copy(content, file);
        }
        classPath.add(file.toUri().toURL());
      }
    }
    return classPath.toArray(URL[]::new);
  }

  private static boolean wanted(String name) {
    return name.startsWith(LAUNCHER_LIBRARIES)
        || (name.startsWith(LIBRARIES) && !name.startsWith(CONTAINER_LOGGING));
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("could not remove " + folder + ": " + e.getMessage());
    }
  }
}
