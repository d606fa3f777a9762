package io.aiproxy.upstream;

import io.aiproxy.call.Body;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Watch;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as it comes off the connection, through one buffer, which grows as long as reads fill it: most streams
 * wait in front of a small one. For one thread.
 */
final class ReplyBody implements Body {
  /** An event of most streams has a few hundred bytes. */
  static final int SMALL = 2 * 1024;

  static final int MOST_OF_STREAM = 16 * 1024;
  static final int MOST = 64 * 1024;

  private final Conversation conversation;
  private final Incoming incoming;
  private final SilenceWatch silence;
  private final OptionalLong limit;
  private final Slices slices;
  private Duration slice;
  private byte[] buffer;
  private long received;
  private boolean full;
  private boolean over;
  private @Nullable Problem failure;

  /**
   * @param silence is told of each wait, and ends one that is too long
   * @param slices of the waiting, if it is a stream
   */
  ReplyBody(
      Conversation conversation,
      Incoming incoming,
      SilenceWatch silence,
      Slices slices,
      OptionalLong limit) {
    this.conversation = conversation;
    this.incoming = incoming;
    this.silence = silence;
    this.limit = limit;
    this.slices = slices;
    this.slice = incoming.format().isStream() ? slices.beforeOutput() : Duration.ZERO;
    conversation.connection().setSocketTimeout(timeout(slice));
    this.buffer = new byte[size(length() < 0 || incoming.format().isStream() ? SMALL : MOST)];
    if (incoming.framing().ended()) {
      finish(true);
    }
  }

  @Override
  public long length() {
    return incoming.framing().length();
  }

  /** To look for more would cost a system call a read; what did not fill the buffer was nearly always all there is. */
  @Override
  public boolean ready() {
    return over || full || conversation.connection().buffered();
  }

  @Override
  public Optional<Watch> watch() {
    if (over || !incoming.format().isStream()) {
      return Optional.empty();
    }
    try {
      return Optional.of(conversation.watch(silence, slices.after()));
    } catch (IOException closed) {
      return Optional.empty(); // as the next read will find
    }
  }

  @Override
  public boolean advance(Consumer<? super Piece> out) {
    if (failure != null) {
      throw failure;
    }
    if (over) {
      return false;
    }
    int read = read();
    if (read > 0) {
      handOut(read, out);
    } else if (read < 0) {
      endOfConnection();
    }
    return !over;
  }

  /** Waits for bytes once: 0 if there were none by the next heartbeat, -1 if there will be none. */
  private int read() {
    if (full) {
      grow();
    }
    sliceAnew();
    silence.waits();
    try {
      int read = conversation.connection().read(buffer);
      full = read == buffer.length;
      silence.heard();
      if (!conversation.connection().waits()) {
        silence.waits(); // there is no other read before there are other bytes
      }
      return read;
    } catch (SocketTimeoutException quiet) {
      if (conversation.connection().waits()) {
        silence.pauses(); // else the silence goes on between two turns
      }
      return 0;
    } catch (IOException broken) {
      throw fail(Trouble.reading(broken));
    }
  }

  /** Once there is output, other slices apply. */
  private void sliceAnew() {
    boolean isOther = incoming.format().isStream() && !slice.equals(slices.after());
    if (isOther && conversation.attempt().answer().hasOutput()) {
      slice = slices.after();
      conversation.connection().setSocketTimeout(timeout(slice));
    }
  }

  private static Timeout timeout(Duration slice) {
    return slice.isZero() ? Timeout.ZERO_MILLISECONDS : Pool.timeout(slice);
  }

  private void grow() {
    int size = size(2 * buffer.length);
    if (size > buffer.length) {
      buffer = new byte[size];
    }
  }

  /** So large, or smaller: one byte more than announced shows at once if there is more. */
  private int size(int wanted) {
    int most = incoming.format().isStream() ? MOST_OF_STREAM : MOST;
    int bounded = Math.min(wanted, most);
    return length() < 0 ? bounded : (int) Math.min(bounded, length() + 1);
  }

  private void handOut(int read, Consumer<? super Piece> out) {
    int own;
    try {
      own = incoming.framing().next(buffer, read, (offset, length) -> handOut(offset, length, out));
    } catch (IOException broken) {
      throw fail(Trouble.reading(broken));
    }
    if (incoming.framing().ended()) {
      finish(own == read);
    }
  }

  private void handOut(int offset, int length, Consumer<? super Piece> out) {
    received += length;
    conversation.attempt().received(length);
    out.accept(new Chunk(buffer, offset, length, !incoming.format().isStream()));
    if (limit.isPresent() && received > limit.getAsLong()) {
      throw fail(Trouble.tooLarge());
    }
  }

  private void endOfConnection() {
    if (!incoming.framing().endsWithConnection()) {
      throw fail(Trouble.broken(
          "the provider's answer broke off", new IOException("closed within the body")));
    }
    finish(false);
  }

  private void finish(boolean exact) {
    over = true;
    conversation.end(exact && clean() ? incoming.keep() : Optional.empty());
  }

  /** Whether nothing is left of this exchange, as far as is known; the next one looks at the socket before it says a word. */
  private boolean clean() {
    Connection connection = conversation.connection();
    return !connection.halfSent() && !connection.buffered();
  }

  private Problem fail(Problem otherwise) {
    Problem problem = conversation.because(otherwise);
    failure = problem;
    over = true;
    conversation.end(Optional.empty());
    return problem;
  }

  @Override
  public void close() {
    if (!over) {
      fail(Trouble.broken(
          "the answer was given up", new IOException("closed before the end of the body")));
    }
  }
}
