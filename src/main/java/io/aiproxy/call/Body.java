package io.aiproxy.call;

import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The body of a reply, read once and by one thread. Reading it to its end gives the upstream's connection back; closing it
 * before that aborts the connection.
 */
public interface Body extends AutoCloseable {
  /**
   * Waits for bytes of the upstream, once, and hands out what came of them: any number of pieces, perhaps none.
   *
   * @return false when the body has ended, after its last pieces were handed out
   * @throws Problem if the body cannot be had whole; what was handed out so far stays good
   */
  boolean advance(Consumer<? super Piece> out);

  /** Whether {@link #advance} is likely to have something without waiting; it costs nothing to ask. */
  boolean ready();

  /**
   * Makes it a body that nobody waits for until the watch ends. Only for the thread that reads.
   *
   * @return empty if it can only be waited for; then nothing has changed
   */
  default Optional<Watch> watch() {
    return Optional.empty();
  }

  /** In bytes, as the upstream announced it; -1 if it did not, or if a step changed it. */
  long length();

  /** Idempotent; safe at any time from the reading thread. */
  @Override
  void close();

  /** Bytes that are at hand. */
  static Body of(byte[] bytes) {
    return new Body() {
      @Override
      public boolean advance(Consumer<? super Piece> out) {
        out.accept(Chunk.of(bytes));
        return false;
      }

      @Override
      public boolean ready() {
        return true;
      }

      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public void close() {}
    };
  }

  /** This body with its pieces passed through a step. */
  default Body through(Transducer<? super Piece, ? extends Piece> step, boolean keepsLength) {
    Body source = this;
    return new Body() {
      @Override
      public boolean advance(Consumer<? super Piece> out) {
        boolean more = source.advance(piece -> step.next(piece, out));
        if (!more) {
          step.end(out);
        }
        return more;
      }

      @Override
      public boolean ready() {
        return source.ready();
      }

      @Override
      public Optional<Watch> watch() {
        return source.watch();
      }

      @Override
      public long length() {
        return keepsLength ? source.length() : -1;
      }

      @Override
      public void close() {
        source.close();
      }
    };
  }

  /** This body cut into the pieces of a framing, which changes no byte. */
  default Body framed(Transducer<ByteBuffer, Piece> framing) {
    return through(
        new Transducer<Piece, Piece>() {
          @Override
          public void next(Piece piece, Consumer<? super Piece> out) {
            framing.next(ByteBuffer.wrap(piece.array(), piece.offset(), piece.length()), out);
          }

          @Override
          public void end(Consumer<? super Piece> out) {
            framing.end(out);
          }
        },
        true);
  }
}
