package io.aiproxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.call.Body;
import io.aiproxy.call.Problem;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A body that gives what it is told, one text each time, and notes what was done with it. For one thread. */
public final class ScriptedBody implements Body {
  private final Iterator<String> texts;
  private final long length;
  private boolean fails;
  private boolean closed;
  private long given;

  private ScriptedBody(Iterator<String> texts, long length) {
    this.texts = texts;
    this.length = length;
  }

  /** These texts. */
  public static ScriptedBody of(String... texts) {
    List<String> all = List.of(texts);
    return new ScriptedBody(
        all.iterator(),
        all.stream().mapToInt(text -> text.getBytes(UTF_8).length).sum());
  }

  /** One text over and over. */
  public static ScriptedBody endless(String text) {
    return new ScriptedBody(Stream.generate(() -> text).iterator(), -1);
  }

  /** Breaks off after its texts. */
  public ScriptedBody fails() {
    fails = true;
    return this;
  }

  @Override
  public boolean advance(Consumer<? super Piece> out) {
    if (texts.hasNext()) {
      byte[] bytes = texts.next().getBytes(UTF_8);
      byte[] shared = Arrays.copyOf(bytes, bytes.length);
      given += bytes.length;
      out.accept(new Chunk(shared, 0, bytes.length, false));
      Arrays.fill(shared, (byte) '#'); // a piece is good only until its reader returns
    }
    if (!texts.hasNext() && fails) {
      throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "broke off");
    }
    return texts.hasNext();
  }

  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Whether it was closed. */
  public boolean closed() {
    return closed;
  }

  /** How many bytes were taken. */
  public long given() {
    return given;
  }

  /** Reads a body to its end. */
  public static byte[] bytes(Body body) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    boolean more = true;
    while (more) {
      more = body.advance(piece -> all.write(piece.array(), piece.offset(), piece.length()));
    }
    return all.toByteArray();
  }

  /** Reads a body to its end. */
  public static String text(Body body) {
    return new String(bytes(body), UTF_8);
  }
}
