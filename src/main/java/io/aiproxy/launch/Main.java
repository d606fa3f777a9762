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
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The first class of {@code java -jar ai-proxy.war}. Unpacks the engine, its libraries and the launcher's own into a folder
 * that only this user can read, and goes on with {@code Launcher} there. Knows nothing but the JDK, since no class loader
 * reads a jar within a jar.
 *
 * <p>{@code unpack FOLDER} leaves them in a folder of the user's, for a class path that the JVM knows from the beginning:
 * only of such a one it can keep classes from one start to the next.
 */
public final class Main {
  private static final String LAUNCHER = "io.aiproxy.launch.Launcher";
  private static final String LIBRARIES = "WEB-INF/lib/";
  private static final String LAUNCHER_LIBRARIES = "WEB-INF/launcher/lib/";

  /** It is for containers: here logback takes its place. */
  private static final String CONTAINER_LOGGING = LIBRARIES + "slf4j-jdk14-";

  private Main() {}

  /** Runs the command that the arguments name; see {@code --help}. Does not return before it is done. */
  public static void main(String[] args)
      throws IOException, ReflectiveOperationException, URISyntaxException {
    URI location =
        Main.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path war = Path.of(location);
    if (args.length == 2 && args[0].equals("unpack")) {
      System.exit(install(war, Path.of(args[1])));
    }
    Path folder = Files.createTempDirectory("ai-proxy-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder), "ai-proxy-clean-up"));
    List<URL> classPath = new ArrayList<>();
    for (Path library : unpack(war, folder)) {
      classPath.add(library.toUri().toURL());
    }
    launch(args, classPath.toArray(URL[]::new));
  }

  private static void launch(String[] args, URL[] classPath) throws ReflectiveOperationException {
    ClassLoader loader =
        new URLClassLoader("ai-proxy", classPath, ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    try {
      loader.loadClass(LAUNCHER).getMethod("main", String[].class).invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      (cause == null ? e : cause).printStackTrace();
      System.exit(1);
    }
  }

  /** The exit status. */
  private static int install(Path war, Path folder) throws IOException {
    if (Files.exists(folder)) {
      System.err.println(folder + ": is there already");
      return 1;
    }
    Path jar = folder.resolve("ai-proxy.jar");
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, LAUNCHER);
    attributes.put(
        Attributes.Name.CLASS_PATH,
        unpack(war, folder).stream()
            .map(library -> folder.relativize(library).toString())
            .collect(Collectors.joining(" ")));
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    System.out.println("java -jar " + jar);
    return 0;
  }

  /** The jars that it leaves in the folder, in the order of the class path. */
  private static List<Path> unpack(Path war, Path folder) throws IOException {
    List<Path> jars = new ArrayList<>();
    Path libraries = folder.resolve("lib");
    Files.createDirectories(libraries);
    try (JarFile jar = new JarFile(war.toFile())) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        String name = entry.getName();
        if (entry.isDirectory() || !wanted(name)) {
          continue;
        }
        Path file = libraries.resolve(name.substring(name.lastIndexOf('/') + 1));
        try (InputStream content = jar.getInputStream(entry)) {
          Files.copy(content, file);
        }
        jars.add(file);
      }
    }
    return jars;
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
