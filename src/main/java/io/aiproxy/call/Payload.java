package io.aiproxy.call;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The body of a request. One that is held may be written any number of times; one that comes from the client while it is
 * written can be written once.
 */
public interface Payload {
  /** No body. */
  Payload NONE = of(new byte[0], "");

  /** In bytes; -1 if that is not known before its end. */
  long length();

  /** Its media type with parameters; empty if nobody gave one. */
  default String type() {
    return "application/json";
  }

  /** Whether it comes from the client while it is written. */
  default boolean streams() {
    return false;
  }

  /** Whether some of it was taken and is gone, so that it cannot be written any more. */
  default boolean spent() {
    return false;
  }

  /**
   * Writes it to its end.
   *
   * @throws IOException if it cannot be written
   * @throws Problem if the client does not send what it should
   */
  void writeTo(OutputStream out) throws IOException;

  /** JSON that is held. */
  static Payload of(byte[] bytes) {
    return of(bytes, "application/json");
  }

  private static Payload of(byte[] bytes, String type) {
    return new Payload() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public String type() {
        return type;
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
      }
    };
  }
}
