package io.aiproxy.rewrite;

import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonWatch;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Takes the chunk out of a stream of chunks that holds nothing but the usage which the gateway asked for: no choices, an
 * object {@code usage}, and no error.
 */
final class UsageChunk implements Transducer<Piece, Piece> {
  private static final int USAGE = 0;
  private static final int CHOICES = 1;
  private static final int ERROR = 2;
  private static final JsonPaths PATHS = JsonPaths.builder()
      .add("usage", USAGE)
      .add("choices", CHOICES)
      .add("error", ERROR)
      .build();
  private static final byte[] CHOICES_MEMBER = "\"choices\"".getBytes(StandardCharsets.US_ASCII);

  private final JsonWatch watch = new JsonWatch(PATHS, this::see);
  private boolean hasUsage;
  private boolean hasNoChoices;
  private boolean hasError;

  @Override
  public void next(Piece piece, Consumer<? super Piece> out) {
    if (!(piece instanceof SseEvent event && event.hasData() && isUsageAlone(event))) {
      out.accept(piece);
    }
  }

  private boolean isUsageAlone(SseEvent event) {
    if (!mayLackChoices(event)) {
      return false;
    }
    hasUsage = false;
    hasNoChoices = false;
    hasError = false;
    watch.reset();
    watch.next(event.dataArray(), event.dataOffset(), event.dataLength());
    watch.end();
    return hasUsage && hasNoChoices && !hasError;
  }

  private void see(int place, byte[] bytes, int offset, int length, boolean whole) {
    switch (place) {
      case USAGE -> hasUsage = bytes[offset] == '{';
      case CHOICES -> hasNoChoices = whole && isEmptyArray(bytes, offset, length);
      default -> hasError = bytes[offset] != 'n';
    }
  }

  /** A quick look that spares nearly all chunks the closer one. */
  private static boolean mayLackChoices(SseEvent event) {
    byte[] data = event.dataArray();
    int end = event.dataOffset() + event.dataLength();
    for (int i = event.dataOffset(); i + CHOICES_MEMBER.length < end; i++) {
      if (data[i] == '"' && matches(data, i)) {
        int next = afterBlanks(data, i + CHOICES_MEMBER.length, end);
        next = next < end && data[next] == ':' ? afterBlanks(data, next + 1, end) : end;
        return next < end
            && data[next] == '['
            && isClosed(data, afterBlanks(data, next + 1, end), end);
      }
    }
    return false;
  }

  private static boolean isClosed(byte[] data, int at, int end) {
    return at < end && data[at] == ']';
  }

  private static boolean matches(byte[] data, int at) {
    for (int i = 0; i < CHOICES_MEMBER.length; i++) {
      if (data[at + i] != CHOICES_MEMBER[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEmptyArray(byte[] bytes, int offset, int length) {
    int end = offset + length;
    return bytes[offset] == '[' && isClosed(bytes, afterBlanks(bytes, offset + 1, end), end);
  }

  private static int afterBlanks(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && bytes[at] <= ' ') {
      at++;
    }
    return at;
  }
}
