package io.aiproxy.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that is read as a whole, so that its size must have a bound. */
final class SmallFile {
  static final int MAX_BYTES = 16 * 1024 * 1024;

  private SmallFile() {}

  /** @throws IOException with a message that says what is wrong and does not name the file */
  static byte[] read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "there is no such file");
    }
    // a pipe would stop the reader for as long as nobody writes
    if (!Files.isRegularFile(file)) {
      throw new IOException("is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("is larger than " + MAX_BYTES + " bytes");
      }
      return bytes;
    }
  }
}
