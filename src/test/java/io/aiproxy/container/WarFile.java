package io.aiproxy.container;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs a web application for a test. */
final class WarFile implements AutoCloseable {
  private final Path file;
  private final ZipOutputStream zip;

  private WarFile(Path file, OutputStream out) {
    this.file = file;
    this.zip = new ZipOutputStream(out);
  }

  static WarFile open(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return new WarFile(file, Files.newOutputStream(file));
  }

  WarFile with(String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
    return this;
  }

  WarFile with(String name, String content) throws IOException {
    return with(name, content.getBytes(StandardCharsets.UTF_8));
  }

  WarFile with(Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/') + ".class";
    try (var bytes = type.getResourceAsStream("/" + name)) {
      return with("WEB-INF/classes/" + name, bytes.readAllBytes());
    }
  }

  WarFile withLibrary(Path jar) throws IOException {
    return with("WEB-INF/lib/" + jar.getFileName(), Files.readAllBytes(jar));
  }

  Path file() {
    return file;
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
