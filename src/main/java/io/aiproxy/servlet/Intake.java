package io.aiproxy.servlet;

import io.aiproxy.call.Problem;
import io.aiproxy.config.AiProxy;
import io.aiproxy.ledger.Ticker;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The body of a client's request as it comes in, within the bounds of its route: how large it may be, and how long the client
 * may be waited for in all. For one thread.
 */
final class Intake {
  private static final int FIRST_BUFFER = 16 * 1024;

  /** Each step copies what there is; but a client that only announces much must not get it at once. */
  private static final int GROWTH = 8;

  private final HttpServletRequest request;
  private final AiProxy settings;
  private final Ticker ticker;
  private final long announced;
  private long received;
  private long waited;
  private boolean begun;
  private boolean ended;
  private boolean refused;

  Intake(HttpServletRequest request, AiProxy settings, Ticker ticker) {
    this.request = request;
    this.settings = settings;
    this.ticker = ticker;
    this.announced = request.getContentLengthLong();
  }

  /** In bytes; -1 if the client did not say. */
  long announced() {
    return announced;
  }

  /** Whether the head of the request says that no body follows; HTTP/2 says nothing of the kind. */
  boolean isEmpty() {
    if (announced >= 0) {
      return announced == 0;
    }
    return Optional.ofNullable(request.getHeader("Transfer-Encoding")).isEmpty()
        && (request.getProtocol().startsWith("HTTP/1") || isFetching());
  }

  private boolean isFetching() {
    return switch (request.getMethod()) {
      case "GET", "HEAD", "DELETE", "OPTIONS" -> true;
      default -> false;
    };
  }

  /** Whether anything was taken of it. */
  boolean begun() {
    return begun;
  }

  /** Whether all of it was taken. */
  boolean ended() {
    return ended;
  }

  /** Whether more of it may be taken: it was neither refused, nor does the client wait to be asked for it. */
  boolean isWelcome() {
    return !refused
        && (begun || Optional.ofNullable(request.getHeader("Expect")).isEmpty());
  }

  /**
   * Refuses what is too large before anything is taken.
   *
   * @throws Problem if it is
   */
  void check() {
    if (announced > settings.limits().maxRequestBytes()) {
      throw tooLarge(announced);
    }
  }

  /**
   * All of it, held.
   *
   * @throws Problem if it is too much, or takes too long
   * @throws ClientGone if it does not come to its end
   */
  byte[] whole() {
    check();
    int most = (int) Math.min(settings.limits().maxRequestBytes(), Integer.MAX_VALUE - 8);
    int expected = announced < 0 ? most : (int) announced;
    byte[] bytes = new byte[Math.min(FIRST_BUFFER, Math.max(1, expected))];
    int length = 0;
    while (true) {
      if (length == bytes.length && !ended) {
        long more = (long) GROWTH * length;
        bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(expected, length + 1L), more));
      }
      int count = read(bytes, length, bytes.length - length);
      if (count < 0) {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
      }
      length += count;
    }
  }

  /**
   * Waits for more of it.
   *
   * @return how many bytes came; -1 if it has ended
   * @throws Problem if it is too much, or takes too long
   * @throws ClientGone if it does not come to its end
   */
  int read(byte[] into, int offset, int length) {
    if (ended) {
      return -1;
    }
    long asked = ticker.nanos();
    try {
      begun = true;
      int count = request.getInputStream().read(into, offset, length);
      waited += ticker.nanos() - asked;
      take(count);
      return count;
    } catch (IOException broken) {
      if (isTimeout(broken)) {
        throw slow();
      }
      throw new ClientGone(broken);
    }
  }

  private void take(int count) throws IOException {
    if (count < 0) {
      if (received < announced) {
        throw new EOFException("the body ended before its announced length");
      }
      ended = true;
      return;
    }
    received += count;
    ended = received == announced;
    if (received > settings.limits().maxRequestBytes()) {
      throw tooLarge(received);
    }
    if (!ended && waited > settings.timeouts().body().toNanos()) {
      throw slow();
    }
  }

  /** Whether {@link #read} would not have to wait, as far as the container can tell. */
  boolean ready() {
    try {
      return ended || request.getInputStream().available() > 0;
    } catch (IOException broken) {
      return true;
    }
  }

  private Problem tooLarge(long size) {
    refused = true;
    return Problem.of(
        Problem.Kind.REQUEST_TOO_LARGE,
        "could not get body: request size " + size + " is greater than the maximum size "
            + settings.limits().maxRequestBytes() + " allowed");
  }

  private Problem slow() {
    refused = true;
    return Problem.of(Problem.Kind.REQUEST_TIMEOUT, "the request body took too long to arrive");
  }

  /** Jetty and Tomcat each have a way of their own to say that a client was silent for too long. */
  private static boolean isTimeout(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }
}
