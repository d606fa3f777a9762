package io.aiproxy.ledger;

import io.aiproxy.usage.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What was read of an upstream's answer while it passed. For the one thread of its exchange.
 */
public final class Answer {
  /** The most text that is kept for an estimate or a payload log, in bytes; of longer text the length is known. */
  public static final int MOST_TEXT = 64 * 1024;

  private Usage usage = Usage.NONE;
  private String model = "";
  private String finishReason = "";
  private int toolCalls;
  private boolean output;
  private boolean complete;
  private boolean failed;
  private boolean spent;
  private final Text text = new Text();

  public Usage usage() {
    return usage;
  }

  /** A later report of the same stream takes the place of an earlier one. */
  public void usage(Usage reported) {
    usage = reported;
  }

  /** Empty if the answer named none. */
  public String model() {
    return model;
  }

  public void model(String name) {
    model = name;
  }

  /** In the provider's words; empty if it gave none. */
  public String finishReason() {
    return finishReason;
  }

  public void finishReason(String reason) {
    finishReason = reason;
  }

  public int toolCalls() {
    return toolCalls;
  }

  public void toolCalls(int count) {
    toolCalls = count;
    output |= count > 0;
  }

  /** Whether anything of the model's making has come: text, reasoning or a tool call. */
  public boolean hasOutput() {
    return output || text.length() > 0;
  }

  public void output() {
    output = true;
  }

  /** Whether the protocol's own end was there. */
  public boolean complete() {
    return complete;
  }

  public void completed() {
    complete = true;
  }

  /** Whether the upstream said in its stream that it failed. */
  public boolean failed() {
    return failed;
  }

  public void failure() {
    failed = true;
  }

  /** Whether the upstream said that what was bought from it is used up. */
  public boolean spent() {
    return spent;
  }

  public void moneyRanOut() {
    spent = true;
  }

  /** What the model wrote. */
  public Text text() {
    return text;
  }

  /** Appends what the model wrote. */
  public void text(Text more) {
    output |= more.length() > 0;
    text.append(more.bytes, 0, more.kept);
    text.length += more.length - more.kept;
  }

  /** UTF-8 of which the beginning is kept and the length is known. */
  public static final class Text {
    private byte[] bytes = new byte[0];
    private int kept;
    private long length;

    public void append(byte[] more, int offset, int count) {
      int taken = Math.min(count, MOST_TEXT - kept);
      if (kept + taken > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(MOST_TEXT, Math.max(256, 2 * (kept + taken))));
      }
      System.arraycopy(more, offset, bytes, kept, taken);
      kept += taken;
      length += count;
    }

    public void clear() {
      kept = 0;
      length = 0;
    }

    /** In bytes, also of what was not kept. */
    public long length() {
      return length;
    }

    /** What was kept: at most {@link Answer#MOST_TEXT} bytes. */
    @Override
    public String toString() {
      return new String(bytes, 0, kept, StandardCharsets.UTF_8);
    }
  }
}
