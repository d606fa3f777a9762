package io.aiproxy.upstream;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.http.ClassicHttpResponse;

/**
 * A request's body on its way out while it still comes in. Looks before each write whether the answer is there already, and
 * is given an end only if the body had one. For one thread; any may ask for its steps.
 */
final class Sending extends FilterOutputStream {
  private final Early early;
  private final AtomicLong steps;
  private boolean whole;

  /** Where an answer may be that did not wait for all of its request. */
  @FunctionalInterface
  interface Early {
    Optional<ClassicHttpResponse> answer() throws IOException;
  }

  /** The answer is there; nobody wants the rest of the body. */
  static final class Answered extends IOException {
    private final transient ClassicHttpResponse response;

    Answered(ClassicHttpResponse response) {
      super("answered before the body was whole");
      this.response = response;
    }

    ClassicHttpResponse response() {
      return response;
    }
  }

  /**
   * @param framed puts the body in its frame, and ends it when it is closed
   * @param steps counts each beginning and each end of a write, so that it is odd within one
   */
  Sending(OutputStream framed, Early early, AtomicLong steps) {
    super(framed);
    this.early = early;
    this.steps = steps;
  }

  /** All of the body was written. */
  void whole() {
    whole = true;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    stopIfAnswered();
    step(() -> out.write(bytes, offset, length));
  }

  @Override
  public void flush() throws IOException {
    step(out::flush);
  }

  private void stopIfAnswered() throws IOException {
    Optional<ClassicHttpResponse> answer = early.answer();
    if (answer.isPresent()) {
      throw new Answered(answer.get());
    }
  }

  private void step(Write write) throws IOException {
    steps.incrementAndGet();
    try {
      write.run();
    } finally {
      steps.incrementAndGet();
    }
  }

  /** The library closes it whatever happened; an end that is not there would make half a body look whole. */
  @Override
  public void close() throws IOException {
    if (whole) {
      step(out::close);
    }
  }

  @FunctionalInterface
  private interface Write {
    void run() throws IOException;
  }
}
