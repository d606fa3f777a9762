package io.aiproxy.servlet;

import io.aiproxy.call.Payload;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A body of any type that goes from the client to the upstream as it comes, through one buffer: the client can send no faster
 * than the upstream takes. For one thread.
 */
final class Upload implements Payload {
  private static final int BUFFER = 16 * 1024;

  private final Intake intake;
  private final String type;

  Upload(Intake intake, String type) {
    this.intake = intake;
    this.type = type;
  }

  @Override
  public long length() {
    return intake.announced();
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public boolean streams() {
    return true;
  }

  @Override
  public boolean spent() {
    return intake.begun();
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    int count = intake.read(buffer, 0, BUFFER);
    while (count >= 0) {
      out.write(buffer, 0, count);
      if (!intake.ready()) {
        out.flush();
      }
      count = intake.read(buffer, 0, BUFFER);
    }
  }
}
