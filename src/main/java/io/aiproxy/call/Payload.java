package io.aiproxy.call;

import java.io.IOException;
import java.io.OutputStream;

/** The body of a request; may be written any number of times. */
public interface Payload {
  Payload NONE = of(new byte[0]);

  /** In bytes. */
  long length();

  void writeTo(OutputStream out) throws IOException;

  static Payload of(byte[] bytes) {
    return new Payload() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
      }
    };
  }
}
