package io.aiproxy.testing;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/**
 * Gives a recorded answer as its provider did, in pieces that a seed decides.
 *
 * @param seed 0 for one piece
 */
public record Replay(Recording recording, int seed) implements ScriptedUpstream.Script {
  private static final int LARGEST_PIECE = 700;

  @Override
  public void play(Turn turn) throws IOException {
    byte[] body = recording.body();
    turn.status(recording.status()).header("Content-Type", recording.contentType());
    if (!recording.streaming()) {
      turn.header("Content-Length", Integer.toString(body.length)).head();
    }
    Random random = new Random(seed);
    int at = 0;
    while (at < body.length) {
      int length = seed == 0 ? body.length : 1 + random.nextInt(LARGEST_PIECE);
      byte[] piece = Arrays.copyOfRange(body, at, Math.min(body.length, at + length));
      at += piece.length;
      if (recording.streaming()) {
        turn.chunk(piece);
      } else {
        turn.raw(piece);
      }
    }
    if (recording.streaming()) {
      turn.end();
    }
  }
}
