package io.aiproxy.container;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Pattern;

/** What a README in {@code deploy/} says, step by step, and what its container prints. */
interface Recipe {
  Path DEPLOY = Path.of("deploy").toAbsolutePath();
  Path JARS = Path.of("target", "containers", "jars").toAbsolutePath();

  /** Lays out an instance in a folder that is empty. */
  void lay(Path base, Deployment deployment) throws IOException;

  /** All files that make up the deployed web application, in the order to delete them. */
  List<Path> webapp(Path base);

  /** Starts the instance in the foreground. */
  ProcessBuilder start(Path base, Jdk jdk, Deployment deployment) throws IOException;

  /** Where the web application goes. */
  Path war(Path base);

  /** The line that tells the port, as its group 1. */
  Pattern listening();

  /** The line that tells that everything is up. */
  Pattern ready();

  /** The line that tells that a web application was deployed while the container ran. */
  Pattern deployed();

  /** The line that tells that a web application was taken away while the container ran. */
  Pattern undeployed();

  /** The class whose instances are web applications' class loaders. */
  String webappClassLoader();

  /** Copies a folder of {@code deploy/} as it is. */
  static void copyFolder(Path from, Path to) throws IOException {
    Files.walkFileTree(from, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
          throws IOException {
        Files.createDirectories(to.resolve(from.relativize(folder)));
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  /** Copies libraries whose names begin with these words and a version. */
  static void copyJars(Path to, String... names) throws IOException {
    Files.createDirectories(to);
    for (String name : names) {
      try (var jars = Files.newDirectoryStream(JARS, name + "-[0-9]*.jar")) {
        for (Path jar : jars) {
          Files.copy(jar, to.resolve(jar.getFileName()));
        }
      }
    }
  }

  /** Copies the log configurations that all containers share. */
  static void copyLogConfigurations(Path to) throws IOException {
    for (String name : List.of("logback-access.xml", "logback-access-json.xml")) {
      Files.copy(DEPLOY.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
